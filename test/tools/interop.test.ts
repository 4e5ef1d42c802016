// What judges the clients of test/interop finds each kind of fault that it is there for.
import { describe, expect, test } from 'vitest';
import { parseOutput, planText } from '../interop/support/planFile.ts';
import { complaints, type Got } from '../interop/support/verdict.ts';
import {
  endCount,
  endKey,
  planOf,
  recordsOf,
  type WorkRecord,
} from '../interop/support/workload.ts';

const put: WorkRecord[] = ['a', 'b', 'a', 'b'].map((key, index) => ({
  key,
  data: Buffer.from([index]),
}));

const gotOf = (record: WorkRecord, index: number): Got => ({
  ...record,
  shard: 'shardId-000000000000',
  sequenceNumber: String(100 + index),
});

const read = (...indexes: number[]): Got[] => indexes.map((index) => gotOf(put[index]!, index));

describe('complaints()', () => {
  test('has none where all was read in the order of each key', () => {
    expect(complaints(put, read(0, 1, 2, 3))).toEqual([]);
  });

  test.each([
    ['a lost record', read(0, 1, 2), /^1 lost, as "b"/],
    ['a record that came twice', read(0, 1, 2, 3, 3), /^1 twice/],
    [
      'a record that nobody put',
      [...read(0, 1, 2, 3), gotOf({ ...put[0]!, key: 'c' }, 9)],
      /^1 never/,
    ],
    ['other bytes', [...read(0, 1, 2), gotOf({ ...put[3]!, data: Buffer.of(9) }, 3)], /^1 lost/],
    [
      'a key out of order',
      read(2, 0, 1, 3).map((one) => ({ ...one, shard: one.sequenceNumber })),
      /^1 out/,
    ],
    ['a number that falls', read(1, 0, 2, 3), /^1 with a number below/],
  ])('tells of %s', (_, got, sentence) => {
    expect(complaints(put, got)).toEqual(expect.arrayContaining([expect.stringMatching(sentence)]));
  });
});

describe('planOf()', () => {
  test('puts each record once and ends with one for each shard that stays open', () => {
    const records = recordsOf(planOf({ stream: 'orders' }));
    const identities = records.map(({ key, data }) => `${key} ${data.toString('base64')}`);
    expect(new Set(identities).size).toBe(records.length);
    const last = records.slice(-endCount);
    expect(last.every(({ key }) => key.startsWith(endKey))).toBe(true);
    expect(
      records.some(({ key }) => key.startsWith(endKey) && !last.some((one) => one.key === key)),
    ).toBe(false);
  });

  test('a client that takes data for text is given UTF-8', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const records = recordsOf(planOf({ stream: 'orders', isBinary: false }));
    expect(() => records.map(({ data }) => decoder.decode(data))).not.toThrow();
    expect(records.length).toBeGreaterThan(400);
  });
});

test('planText() tells a batch and parseOutput() takes any key and data', () => {
  const text = planText(planOf({ stream: 'orders', singles: 1, batches: 1, batchRecords: 2 }));
  expect(text).toMatch(/^stream orders 2\nput \S+ \S+ \S+\nbatch 2\nput .*\nput .*\nsplit /);
  const line = `got shardId-1 7 ${Buffer.from('鍵 \n').toString('base64')} ${Buffer.of(0, 255).toString('base64')}`;
  expect(parseOutput(`noise\nversion 1.2 (x)\n${line}\n`)).toEqual({
    version: '1.2 (x)',
    got: [{ shard: 'shardId-1', sequenceNumber: '7', key: '鍵 \n', data: Buffer.of(0, 255) }],
  });
});
