// Buffers that are used again: never two borrowers at once, and never much lying idle.
import { describe, expect, test } from 'vitest';
import { BufferPool } from '../../src/server/bufferPool.ts';

const MIB = 1024 * 1024;

describe('BufferPool', () => {
  test('gives a returned buffer to the next that fits, and never to two at once', () => {
    const pool = new BufferPool();
    const first = pool.loan();
    const one = first.take(700_000);
    const other = first.take(700_000);
    expect(one.length).toBeGreaterThanOrEqual(700_000);
    expect(other.buffer).not.toBe(one.buffer);
    first.end();
    first.end();
    const second = pool.loan();
    const taken = [second.take(600_000), second.take(600_000), second.take(600_000)];
    expect(new Set(taken.map(({ buffer }) => buffer)).size).toBe(3);
    expect(taken.map(({ buffer }) => buffer)).toEqual(expect.arrayContaining([one.buffer]));
  });

  test('keeps at most 8 MiB idle', () => {
    const pool = new BufferPool();
    const loan = pool.loan();
    const taken = Array.from({ length: 20 }, () => loan.take(MIB).buffer);
    loan.end();
    const next = pool.loan();
    const again = Array.from({ length: 20 }, () => next.take(MIB).buffer);
    expect(again.filter((buffer) => taken.includes(buffer))).toHaveLength(8);
  });

  test('lets lengths that are no longer asked for make way', () => {
    const pool = new BufferPool();
    const [before, after, again] = [pool.loan(), pool.loan(), pool.loan()];
    for (let i = 0; i < 100; i++) before.take(100_000);
    before.end();
    const taken = Array.from({ length: 4 }, () => after.take(MIB).buffer);
    after.end();
    const buffers = Array.from({ length: 4 }, () => again.take(MIB).buffer);
    expect(buffers.every((buffer) => taken.includes(buffer))).toBe(true);
  });
});
