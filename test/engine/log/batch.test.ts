// Entries that wait together: how long they become, and how they are copied.
import { describe, expect, test } from 'vitest';
import { PendingBatch } from '../../../src/engine/log/batch.ts';
import { plainCopierOf } from '../../../src/engine/log/files.ts';
import { PASSED_OVER } from '../../../src/engine/log/log.ts';
import { nodeCopierOf, nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { IDLE_RUNS_MAX } from '../../../src/engine/log/runTable.ts';
import { addTo, filler } from './support.ts';

const place = {
  ...{ position: 64, ordinal: 3, epoch: 1, salt: 5 },
  ...{ crc32: nodeCrc32, copierOf: nodeCopierOf },
};

/** Runs as objects. */
function encoded(batch: PendingBatch, more: Partial<typeof place> = {}) {
  const { runs, bytes } = batch.encode(new Uint8Array(batch.length + 9), { ...place, ...more });
  return { bytes, runs: Array.from({ length: runs.count }, (_, run) => runs.at(run)) };
}

describe('PendingBatch', () => {
  test('closes a run of 64 KiB', () => {
    // A header of 32 bytes; key and time of one byte, length of three.
    const exactly = 64 * 1024 - 32 - 5;
    const runsOf = (length: number): number => {
      const [batch, ends] = [new PendingBatch(), new Map()];
      addTo(batch, { lane: 0, key: 9, timeMs: 9, bytes: new Uint8Array(length) }, ends);
      addTo(batch, { lane: 0, key: 10, timeMs: 9, bytes: new Uint8Array(1) }, ends);
      return batch.runCount;
    };
    expect([runsOf(exactly - 1), runsOf(exactly)]).toEqual([1, 2]);
  });

  test('foretells what each entry adds', () => {
    const [batch, ends] = [new PendingBatch(), new Map()];
    const lengths = [0, 127, 128, 20_000];
    const keys = [1000, 1001, 1200, 2 ** 40];
    for (const [at, length] of lengths.entries()) {
      const key = keys[at]!;
      addTo(batch, { lane: 7, key, timeMs: 1000 + key, bytes: filler(length) }, ends);
    }
    // Key and time: 1 + 1, 1 + 1, 2 + 2, 6 + 6 bytes; lengths: 1, 1, 2, 3.
    const entries = 2 + 1 + (2 + 1) + (4 + 2) + (12 + 3) + 127 + 128 + 20_000;
    expect([batch.bytes, batch.length]).toEqual([20_255, 64 + entries]);
    const { runs, bytes } = encoded(batch);
    expect(bytes).toHaveLength(batch.length);
    const span = {
      firstKey: 1000,
      lastKey: 2 ** 40,
      firstTimeMs: 2000,
      lastTimeMs: 1000 + 2 ** 40,
    };
    expect(runs).toEqual([{ lane: 7, ...span, position: 64 + 32, length: 32 + entries, count: 4 }]);
  });

  test('takes entries together as it takes them one by one, but for those passed over', () => {
    const lanes = [2, 0, PASSED_OVER, 2, 1, 2];
    const entries = lanes.map((lane, at) => ({ lane, bytes: filler(at * 50, at) }));
    const [together, oneByOne, ends] = [new PendingBatch(), new PendingBatch(), new Map()];
    const bytes = new Uint8Array(Buffer.concat([filler(7), ...entries.map((one) => one.bytes)]));
    let end = 7;
    const group = {
      ...{ lanes, firstKey: 90, timeMs: 5, bytes, start: 7 },
      ends: entries.map((one) => (end += one.bytes.length)),
    };
    const places = new Map(lanes.map((lane) => [lane, { lastKey: 0, batch: 0, run: 0 }]));
    expect(together.add(group, (lane) => places.get(lane)!)).toBe(5);
    let key = 90;
    for (const entry of entries) {
      if (entry.lane !== PASSED_OVER) addTo(oneByOne, { ...entry, key: key++, timeMs: 5 }, ends);
    }
    expect(encoded(together)).toEqual(encoded(oneByOne));
    expect(encoded(together)).toEqual(encoded(together, { copierOf: plainCopierOf }));
  });

  test('uses the table of its runs again, and not one that became large', () => {
    const tableOf = (runs: number) => {
      const [batch, ends] = [new PendingBatch(), new Map()];
      for (let lane = 0; lane < runs; lane++) {
        addTo(batch, { lane, key: 1, timeMs: 1, bytes: filler(1) }, ends);
      }
      const table = batch.encode(new Uint8Array(batch.length), place).runs;
      expect(table.count).toBe(runs);
      batch.release();
      return table;
    };
    const first = tableOf(20);
    expect(tableOf(IDLE_RUNS_MAX)).toBe(first);
    expect(tableOf(IDLE_RUNS_MAX + 1)).toBe(first);
    expect(tableOf(1)).not.toBe(first);
  });
});
