/** A tick of a live tail without rows, but for what a test says of it. */
import type { TailTick } from '../../src/protocol/tail.ts';

export function tailTick(patch: Partial<TailTick> = {}): TailTick {
  return {
    tail: 1,
    state: 'live',
    view: { first: 0, end: 0 },
    generation: 1,
    moves: { revision: 0, from: 0, list: [], late: 0 },
    held: { rows: 0, bytes: 0 },
    bounds: { rowsMax: 100, bytesMax: 100 },
    received: 0,
    records: { held: 12_431, matching: 1096 },
    recordsPerSecond: 212,
    bytesPerSecond: 0,
    millisBehindLatest: 0,
    shards: [],
    start: { type: 'LATEST' },
    resume: { type: 'LATEST' },
    filter: '',
    ...patch,
  };
}
