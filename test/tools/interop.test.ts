// What judges the clients of test/interop finds each kind of fault that it is there for.
import { describe, expect, test } from 'vitest';
import { judgeKpl, type KplRun, type Landed } from '../interop/support/kplVerdict.ts';
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

  test('with more keys a key waits for eight times as many records, each key at most once', () => {
    const plan = planOf({ stream: 'orders', singles: 0, batchRecords: 200, keyVariants: 25 });
    const batch = plan.steps.find((step) => step.kind === 'batch');
    const used = batch?.records.map(({ key }) => key) ?? [];
    expect(new Set(used).size).toBe(200);
    expect(used.every((key) => [...key].length <= 256)).toBe(true);
  });

  test('a client that takes data for text is given UTF-8', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const records = recordsOf(planOf({ stream: 'orders', isBinary: false }));
    expect(() => records.map(({ data }) => decoder.decode(data))).not.toThrow();
    expect(records.length).toBeGreaterThan(400);
  });
});

const first = 'shardId-000000000000';
const second = 'shardId-000000000001';
const half = 1n << 127n;

/** Two records for the first shard and one for the second, each with its explicit hash key. */
const kplPut: WorkRecord[] = ['0', '1', half.toString()].map((explicitHashKey, index) => ({
  key: `key-${index}`,
  explicitHashKey,
  data: Buffer.of(index),
}));

const kplGot = (index: number, change: Partial<Got> = {}): Got => ({
  key: kplPut[index]!.key,
  data: kplPut[index]!.data,
  shard: index === 2 ? second : first,
  sequenceNumber: String(100 + index),
  aggregatedHashKey: kplPut[index]!.explicitHashKey!,
  ...change,
});

const landedAt = (got: Got, resent = 0): Landed => ({ ...got, resent });

/** All three put, the first of them in an aggregate that first came to the second shard. */
const kplRun: KplRun = {
  put: kplPut,
  got: [kplGot(0, { shard: second, sequenceNumber: '99' }), ...[0, 1, 2].map((n) => kplGot(n))],
  landed: [landedAt(kplGot(0), 1), landedAt(kplGot(1)), landedAt(kplGot(2))],
  ranges: [
    { shard: first, first: 0n, last: half - 1n },
    { shard: second, first: half, last: 2n * half - 1n },
  ],
  isAllKept: true,
  isAggregating: true,
};

describe('judgeKpl()', () => {
  test('takes for one record what the KPL has sent again, and keeps it where the KPL says', () => {
    expect(judgeKpl(kplRun)).toEqual({ got: [0, 1, 2].map((n) => kplGot(n)), complaints: [] });
  });

  test('does not ask a reader that drops them for the copies', () => {
    const got = [0, 1, 2].map((n) => kplGot(n));
    expect(judgeKpl({ ...kplRun, got, isAllKept: false }).complaints).toEqual([]);
    expect(judgeKpl({ ...kplRun, got }).complaints).toEqual([expect.stringMatching(/^1 not read/)]);
  });

  test.each<[string, Partial<KplRun>, RegExp]>([
    [
      'a copy that was never sent again',
      { got: [...kplRun.got, kplGot(1, { sequenceNumber: '200' })] },
      /^1 not read as often as sent, as "key-1"/,
    ],
    [
      'a record in a shard of other hash keys',
      {
        got: [...kplRun.got.slice(0, 3), kplGot(2, { shard: first })],
        landed: [...kplRun.landed.slice(0, 2), landedAt(kplGot(2, { shard: first }))],
      },
      /^1 in a shard of other hash keys, as "key-2"/,
    ],
    [
      'an explicit hash key that an aggregate lost',
      { got: [...kplRun.got.slice(0, 3), kplGot(2, { aggregatedHashKey: '' })] },
      /^1 with another explicit hash key, as "key-2"/,
    ],
    [
      'a map of shards that was never stale',
      {
        got: [0, 1, 2].map((n) => kplGot(n)),
        landed: kplRun.landed.map((one) => ({ ...one, resent: 0 })),
      },
      /^none was sent again/,
    ],
    [
      'a run that aggregated nothing',
      { got: kplRun.got.map(({ aggregatedHashKey: _, ...one }) => one) },
      /^only 0 of 4/,
    ],
    ['aggregates where none are wanted', { isAggregating: false }, /^4 were aggregated/],
  ])('tells of %s', (_, change, sentence) => {
    const { complaints: found } = judgeKpl({ ...kplRun, ...change });
    expect(found).toEqual([expect.stringMatching(sentence)]);
  });

  test('leaves a record that is not where the KPL says to complaints(): it is lost', () => {
    const moved = [...kplRun.got.slice(0, 3), kplGot(2, { sequenceNumber: '201' })];
    const { got } = judgeKpl({ ...kplRun, got: moved });
    expect(complaints(kplPut, got)).toEqual([expect.stringMatching(/^1 lost, as "key-2"/)]);
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
  const aggregated = parseOutput(`${line} -\n${line} 17\n`).got.map((one) => one.aggregatedHashKey);
  expect(aggregated).toEqual(['', '17']);
});
