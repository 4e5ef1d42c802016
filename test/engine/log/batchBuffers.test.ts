// Buffers that lie idle: which are used again, and which make way when there are too many.
// Compared by identity and told as a boolean: a failure that prints megabytes takes minutes.
import { describe, expect, test } from 'vitest';
import { BatchBuffers } from '../../../src/engine/log/batchBuffers.ts';

const MIB = 1024 * 1024;

/** How many of `given` are given out again for `length`, before others are made. */
function again(buffers: BatchBuffers, given: readonly Uint8Array[], length: number): number {
  let count = 0;
  while (given.includes(buffers.take(length))) count += 1;
  return count;
}

/** `count` buffers of `length` bytes, lying idle. */
function idle(buffers: BatchBuffers, count: number, length: number): Uint8Array[] {
  const taken = Array.from({ length: count }, () => buffers.take(length));
  for (const buffer of taken) buffers.give(buffer);
  return taken;
}

describe('BatchBuffers.take()', () => {
  test.each([
    [1, 256],
    [256, 256],
    [257, 320],
    [320, 320],
    [1000, 1024],
    [1025, 1280],
    [MIB, MIB],
    [5 * MIB + 1, 6 * MIB],
  ])('rounds %i bytes up to %i', (length, expected) => {
    expect(new BatchBuffers().take(length)).toHaveLength(expected);
  });

  test('gives out what was given back last, and then new ones', () => {
    const buffers = new BatchBuffers();
    const [one, two] = idle(buffers, 2, 1000);
    expect(buffers.take(1000) === two).toBe(true);
    expect(buffers.take(1000) === one).toBe(true);
    buffers.give(one!);
    expect(buffers.take(900) === one).toBe(true);
    expect(buffers.take(900)).toEqual(new Uint8Array(1024));
  });

  test('one that goes in and out a thousand times is always the same', () => {
    const buffers = new BatchBuffers();
    const [buffer] = idle(buffers, 1, 4 * MIB);
    for (let round = 0; round < 1000; round++) {
      expect(buffers.take(4 * MIB) === buffer).toBe(true);
      buffers.give(buffer!);
    }
  });
});

describe('BatchBuffers.give()', () => {
  test('keeps 8 MiB, in one piece or in many, and nothing more', () => {
    const buffers = new BatchBuffers();
    const [large] = idle(buffers, 1, 8 * MIB);
    expect(buffers.take(8 * MIB) === large).toBe(true);
    const tooLarge = new Uint8Array(10 * MIB);
    buffers.give(tooLarge);
    expect(buffers.take(10 * MIB) === tooLarge).toBe(false);
    const small = idle(buffers, 10, MIB);
    expect(again(buffers, small, MIB)).toBe(8);
  });

  test('drops the length that was given back least recently', () => {
    const buffers = new BatchBuffers();
    const ones = idle(buffers, 3, MIB);
    const twos = idle(buffers, 2, 2 * MIB);
    buffers.give(buffers.take(MIB));
    // 7 MiB lie idle, the pieces of 2 MiB untouched for longest.
    const fours = idle(buffers, 1, 4 * MIB);
    expect([
      again(buffers, twos, 2 * MIB),
      again(buffers, ones, MIB),
      again(buffers, fours, 4 * MIB),
    ]).toEqual([0, 3, 1]);
  });

  test('drops of one length after the other until there is room', () => {
    const buffers = new BatchBuffers();
    const ones = idle(buffers, 1, MIB);
    const twos = idle(buffers, 3, 2 * MIB);
    const fours = idle(buffers, 1, 4 * MIB);
    // 11 MiB lay idle: the one of 1 MiB went, and one of 2 MiB.
    expect([
      again(buffers, ones, MIB),
      again(buffers, twos, 2 * MIB),
      again(buffers, fours, 4 * MIB),
    ]).toEqual([0, 2, 1]);
  });
});
