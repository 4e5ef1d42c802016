// Every workload, in the order of a run.
import type { Workload } from '../workload.ts';
import { depth } from './depth.ts';
import { encodings } from './encodings.ts';
import { getRecords } from './getRecords.ts';
import { putRecord1 } from './putRecord1.ts';
import { putWorkloads } from './puts.ts';
import { shardAmongMany } from './shardAmongMany.ts';
import { start } from './start.ts';

export const workloads: readonly Workload[] = [
  start,
  ...putWorkloads,
  putRecord1,
  getRecords,
  ...encodings,
  shardAmongMany,
  depth,
];
