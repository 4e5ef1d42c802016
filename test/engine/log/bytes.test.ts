// Numbers and pieces in byte arrays, at the ends of their ranges.
import { expect, test } from 'vitest';
import {
  Cursor,
  getU64,
  joined,
  putU64,
  varintLength,
  viewOf,
  writeVarint,
} from '../../../src/engine/log/bytes.ts';

const largest = Number.MAX_SAFE_INTEGER;

/** Each number that needs one byte more than the one below it, and that one. */
const steps = [1, 2, 3, 4, 5, 6, 7].flatMap((bytes) => [128 ** bytes - 1, 128 ** bytes]);

test.each([0, 1, ...steps, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32, largest])(
  'a varint of %i takes the bytes foretold and comes back',
  (value) => {
    const bytes = new Uint8Array(12).fill(0xff);
    const end = writeVarint(bytes, 1, value);
    const length = Math.ceil(value.toString(2).length / 7);
    expect([varintLength(value), end]).toEqual([length, 1 + length]);
    const cursor = new Cursor(bytes, 1);
    expect([cursor.getVarint(), cursor.position]).toEqual([value, 1 + length]);
  },
);

test('a varint is NaN when it does not end in its bytes, or has nine', () => {
  const read = (...bytes: number[]) => new Cursor(Uint8Array.from(bytes)).getVarint();
  expect(read()).toBeNaN();
  expect(read(0x80)).toBeNaN();
  expect(read(0xff, 0xff)).toBeNaN();
  const eight = Array.from({ length: 8 }, () => 0x80);
  expect(read(...eight, 1)).toBeNaN();
  expect(read(...eight.slice(1), 1)).toBe(2 ** 49);
});

test('a u64 has its low half first', () => {
  const bytes = new Uint8Array(10);
  putU64(viewOf(bytes), { offset: 1, value: 0x01_0203_0405_0607 });
  expect([...bytes]).toEqual([0, 7, 6, 5, 4, 3, 2, 1, 0, 0]);
  expect(getU64(viewOf(bytes), 1)).toBe(0x01_0203_0405_0607);
});

test('joined() copies several pieces, and gives a single one as it is', () => {
  const [one, two, three] = [[1], [2, 3], [4, 5, 6]].map((piece) => Uint8Array.from(piece));
  expect(joined([one!, two!, three!])).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  expect(joined([two!])).toBe(two);
  expect(joined([])).toEqual(new Uint8Array(0));
});
