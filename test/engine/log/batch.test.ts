// Entries that wait together: how long they become, and how they are copied.
import { describe, expect, test } from 'vitest';
import { PendingBatch, PendingRun } from '../../../src/engine/log/batch.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { filler } from './support.ts';

const place = { position: 64, ordinal: 3, epoch: 1, salt: 5, crc32: nodeCrc32 };

describe('PendingRun', () => {
  test('is full from 64 KiB on', () => {
    const run = (length: number) => {
      const pending = new PendingRun(0);
      pending.add({ lane: 0, key: 9, timeMs: 9, bytes: new Uint8Array(length) });
      return pending;
    };
    // A header of 32 bytes; key and time of one byte, length of three.
    const exactly = 64 * 1024 - 32 - 5;
    expect([run(exactly).length, run(exactly).isFull]).toEqual([64 * 1024, true]);
    expect(run(exactly - 1).isFull).toBe(false);
  });

  test('foretells what each entry adds', () => {
    const batch = new PendingBatch();
    const run = batch.startRun(7);
    const lengths = [0, 127, 128, 20_000];
    const keys = [1000, 1001, 1200, 2 ** 40];
    for (const [at, length] of lengths.entries()) {
      batch.add(run, { lane: 7, key: keys[at]!, timeMs: 1000 + keys[at]!, bytes: filler(length) });
    }
    // Key and time: 1 + 1, 1 + 1, 2 + 2, 6 + 6 bytes; lengths: 1, 1, 2, 3.
    const entries = 2 + 1 + (2 + 1) + (4 + 2) + (12 + 3) + 127 + 128 + 20_000;
    expect([batch.bytes, run.length, batch.length]).toEqual([20_255, 32 + entries, 64 + entries]);
    const { runs, bytes } = batch.encode(new Uint8Array(batch.length + 9), place);
    expect(bytes).toHaveLength(batch.length);
    const span = {
      firstKey: 1000,
      lastKey: 2 ** 40,
      firstTimeMs: 2000,
      lastTimeMs: 1000 + 2 ** 40,
    };
    expect(runs).toEqual([{ lane: 7, ...span, position: 64 + 32, length: run.length, count: 4 }]);
  });
});

describe('PendingBatch', () => {
  test('takes entries that copy themselves as it takes bytes', () => {
    const encoded = (asBytes: boolean) => {
      const batch = new PendingBatch();
      for (const lane of [0, 1]) {
        const run = batch.startRun(lane);
        for (let key = 0; key < 3; key++) {
          const source = filler(50 + key, lane);
          const copying = {
            length: source.length,
            copyTo: (target: Uint8Array, at: number) => target.set(source, at),
          };
          batch.add(run, { lane, key, timeMs: key, bytes: asBytes ? source : copying });
        }
      }
      return batch.encode(new Uint8Array(batch.length), place).bytes;
    };
    expect(encoded(false)).toEqual(encoded(true));
  });
});
