// Every workload, in the order of a run.
import type { Workload } from '../workload.ts';
import { depth } from './depth.ts';
import { encodings } from './encodings.ts';
import { getRecords } from './getRecords.ts';
import { http2PerCall } from './http2PerCall.ts';
import { http2Shared } from './http2Shared.ts';
import { idleSubscriptions } from './idleSubscriptions.ts';
import { putRecord1 } from './putRecord1.ts';
import { putWorkloads } from './puts.ts';
import { shardAmongMany } from './shardAmongMany.ts';
import { signatures } from './signatures.ts';
import { start } from './start.ts';
import { subscribe } from './subscribe.ts';
import { tailFollow } from './tailFollow.ts';
import { tailSearch } from './tailSearch.ts';

export const workloads: readonly Workload[] = [
  start,
  ...putWorkloads,
  putRecord1,
  getRecords,
  ...encodings,
  http2Shared,
  http2PerCall,
  subscribe,
  idleSubscriptions,
  signatures,
  shardAmongMany,
  tailFollow,
  tailSearch,
  depth,
];
