// The key that a log goes on with after an opening: never one that somebody was told.
import { expect, test } from 'vitest';
import { firstKeyAfterOpening } from '../../src/engine/firstKey.ts';
import { TEST_EPOCH_MS } from '../support/testClock.ts';

const opened = (parts: {
  lastKey?: number;
  bytes?: number;
  nowMs?: number;
  startKeys?: readonly number[];
  keyFloor?: number;
}): number => {
  const { lastKey = -1, bytes = 64, nowMs = TEST_EPOCH_MS, startKeys = [] } = parts;
  const { keyFloor = 0 } = parts;
  const shards = startKeys.map((startKey) => ({ startKey }));
  return firstKeyAfterOpening({ log: { lastKey, bytes }, nowMs, shards, keyFloor });
};

test('a log without files begins at 1', () => {
  expect(opened({ bytes: 0 })).toBe(1);
});

test('two openings from the same last key, as after a power cut, give different keys', () => {
  const first = opened({ lastKey: 70 });
  const second = opened({ lastKey: 70, nowMs: TEST_EPOCH_MS + 1 });
  expect(second - first).toBe(4096);
  const third = opened({ lastKey: first, nowMs: TEST_EPOCH_MS + 2 });
  expect(third - second).toBe(4096);
});

test('a clock that was set back, or centuries ahead, still leads above the last key', () => {
  expect(opened({ lastKey: 70, nowMs: 0 })).toBe(71 + 2 ** 30);
  const lastKey = opened({ lastKey: 70 });
  expect(opened({ lastKey, nowMs: 0 })).toBe(lastKey + 1 + 2 ** 30);
  expect(opened({ lastKey: 70, nowMs: Date.UTC(2300, 0) })).toBe(71 + 2 ** 30);
});

test('keys by the clock stay safe integers for centuries', () => {
  expect(opened({ nowMs: Date.UTC(2054, 0) })).toBeGreaterThan(2 ** 51);
  expect(Number.isSafeInteger(opened({ nowMs: Date.UTC(3000, 0) }) + 2 ** 40)).toBe(true);
});

test('a shard whose records are all lost still begins above its start', () => {
  expect(opened({ bytes: 0, startKeys: [5, 900, 7] })).toBe(900 + 2 ** 30);
  expect(opened({ bytes: 0, startKeys: [1] })).toBe(1);
});

test('what was told before a restore is never told again, by whichever rule a key begins', () => {
  const keyFloor = 2 ** 51;
  expect(opened({ bytes: 0, keyFloor })).toBe(keyFloor);
  expect(opened({ lastKey: 70, keyFloor })).toBe(keyFloor);
  expect(opened({ bytes: 0, startKeys: [900], keyFloor })).toBe(keyFloor);
  expect(opened({ lastKey: keyFloor + 7, nowMs: 0, keyFloor })).toBe(keyFloor + 8 + 2 ** 30);
});
