// What a split, a merge or a scaling would make of a stream.
import { describe, expect, test } from 'vitest';
import {
  evenKey,
  neighboursOf,
  parseHashKey,
  scaleProblem,
  scaleText,
  splitProblem,
  splitText,
} from '../../src/extension/commands/reshardPlan.ts';
import { hashRangeOf, percentRange } from '../../src/extension/tree/labels.ts';
import { evenRanges, hashKeyMax } from '../../src/kinesis/hashKey.ts';
import { openShard } from './support/shards.ts';

const four = evenRanges(4).map((range, index) => openShard(index, range));

describe('evenKey()', () => {
  test('halves a shard', () => {
    const key = evenKey(four[1]!)!;
    expect(splitText(hashRangeOf(four[1]!), key)).toBe('25-37.5 % and 37.5-50 %');
  });

  test.each([
    [{ start: 5n, end: 5n }, undefined],
    [{ start: 5n, end: 6n }, 6n],
    [{ start: 5n, end: 7n }, 6n],
  ])('of %o is %o', (range, expected) => {
    expect(evenKey(openShard(0, range))).toBe(expected);
  });
});

describe('parseHashKey()', () => {
  test.each([
    ['0', 0n],
    [' 1_000 ', 1000n],
    ['0xFf', 255n],
    [String(hashKeyMax), hashKeyMax],
    [String(hashKeyMax + 1n), undefined],
    ['-1', undefined],
    ['12.5', undefined],
    ['', undefined],
  ])('reads %j as %o', (text, expected) => {
    expect(parseHashKey(text)).toBe(expected);
  });
});

describe('splitProblem()', () => {
  const { start, end } = hashRangeOf(four[1]!);

  test.each([String(start), String(end + 1n), 'x'])('objects to %s', (text) => {
    expect(splitProblem(four[1]!, text)).toBeTypeOf('string');
  });

  test.each([String(start + 1n), String(end)])('has nothing against %s', (text) => {
    expect(splitProblem(four[1]!, text)).toBeUndefined();
  });
});

describe('neighboursOf()', () => {
  test('offers only shards whose ranges touch', () => {
    const found = neighboursOf(four[1]!, four);
    expect(found.map(({ shard }) => shard.ShardId.slice(-1))).toEqual(['0', '2']);
    expect(found.map(({ merged }) => percentRange(merged))).toEqual(['0-50 %', '25-75 %']);
  });

  test('finds none for the only shard', () => {
    const only = openShard(0, evenRanges(1)[0]!);
    expect(neighboursOf(only, [only])).toEqual([]);
  });
});

describe('scaleProblem()', () => {
  test.each(['1', '9', '4', '3.5', '', 'many'])('objects to 4 -> %s', (text) => {
    expect(scaleProblem(4, text)).toBeTypeOf('string');
  });

  test.each(['2', '3', '5', '8'])('has nothing against 4 -> %s', (text) => {
    expect(scaleProblem(4, text)).toBeUndefined();
  });

  test('rounds the half of an odd number up, as AWS does', () => {
    expect(scaleProblem(5, '2')).toBeTypeOf('string');
    expect(scaleProblem(5, '3')).toBeUndefined();
  });
});

test('scaleText() says what comes out', () => {
  expect(scaleText(4, 8)).toBe(
    '4 to 8 shards of 12.5 % each: up to 8 MiB and 8,000 records a second in',
  );
  expect(scaleText(4, 5)).toBe('4 to 5 shards: up to 5 MiB and 5,000 records a second in');
});
