// One producer that waits for each acknowledgement: its latency beside the disk's own.

import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Round, Runner } from '../compare.ts';
import { newFolder } from '../folders.ts';
import { ownProcess } from '../processCpu.ts';
import { comparison, type Workload } from '../workload.ts';
import { putRunner, single } from './puts.ts';

const appendsPerRound = 300;

/** What this disk takes to append 1 KiB and to sync it, in a file beside the engine's folders. */
function disk(): Runner {
  const folder = newFolder('disk');
  const record = randomBytes(1024);
  const round = async (): Promise<Round> => {
    const file = openSync(path.join(folder, 'log'), 'a');
    const latenciesMs: number[] = [];
    const began = performance.now();
    for (let index = 0; index < appendsPerRound; index++) {
      const start = performance.now();
      writeSync(file, record);
      fdatasyncSync(file);
      latenciesMs.push(performance.now() - start);
    }
    closeSync(file);
    return { count: appendsPerRound, wallMs: performance.now() - began, latenciesMs };
  };
  return { name: 'disk', process: ownProcess, round };
}

export const putRecord1: Workload = comparison({
  id: 'putRecord1',
  title: 'PutRecord, 1 KiB, one connection; append and fdatasync of 1 KiB',
  unit: 'call',
  servers: ['limit', 'written', 'synced', 'baseline'],
  base: 'limit',
  others: () => [disk()],
  prepare: (server, { contender }) => putRunner(server, { puts: single(1, 1000), contender }),
});
