// Files that are not as they should be: each refused with its place, and nothing has changed.
import { describe, expect, test } from 'vitest';
import { surveyKinesisLocal } from '../../src/migrate/kinesisLocalFile.ts';
import { isBase64, timeMsOf } from '../../src/migrate/kinesisLocalRecord.ts';
import { ControlledBench, rejection } from '../engine/support/controlledBench.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';
import { expected, fixture, importInto, recordsOf, TestFile } from './support/importing.ts';
import { type MadeShard, madeArn, madeFile, madeRecord, madeStream } from './support/keptFile.ts';

const real = fixture('kinesis-data.json');
const createdMs = expected.endedMs - 60_000;
const opened = () => ControlledBench.open({ clock: new TestClock(expected.endedMs) });

const made = (shards: readonly MadeShard[], more = {}): string =>
  JSON.stringify(madeFile({ orders: madeStream('orders', { shards, createdMs, ...more }) }));

const shard = { index: 0, createdMs };
const good = madeRecord(shard, { index: 1, timeMs: createdMs + 5 });
const withRecord = (more: object): string => made([{ ...shard, records: [{ ...good, ...more }] }]);
const half = ['0', String(2n ** 127n - 1n)] as const;
const otherHalf = [String(2n ** 127n), String(2n ** 128n - 1n)] as const;
const id = 'shardId-000000000000';
const stream = `stream ${madeArn('orders')}`;

/** Everything of the file's text between two texts, once, replaced. */
function cut(text: string, { from, to, by }: { from: string; to: string; by: string }): string {
  const start = text.indexOf(from);
  const end = text.indexOf(to, start);
  expect(start, from).toBeGreaterThanOrEqual(0);
  return text.slice(0, start) + by + text.slice(end);
}

const nest = '['.repeat(200_000) + ']'.repeat(200_000);

const bad: [what: string, content: string, sentence: string | RegExp][] = [
  ['nothing', '', 'at byte 0: the file ends in the midst of something'],
  ['text', 'hello', 'at byte 0: it should have an object here'],
  ['a list', '[]', 'at byte 0: it should have an object here'],
  ['shards of AWS', '{"Shards": []}', 'it has no "streams", so kinesis-local did not write it'],
  ['something behind', '{"streams": {}} {}', 'at byte 16: something follows the end'],
  ['streams twice', '{"streams": {}, "streams": {}}', '"streams" is there twice'],
  ['a comma too many', '{"streams": {},}', 'the name of a member is missing'],
  ['a missing comma', '{"streams": {} "a": 1}', 'it should have "," here'],
  ['no UTF-8', '', 'no JSON in UTF-8'],
  [
    'a stream by its name',
    '{"streams": {"orders": {}}}',
    '"orders" is no ARN of a stream. Versions',
  ],
  [
    'a stream of no region',
    made([shard]).replace('kinesis:us-east-1:', 'kinesis::'),
    '"arn:aws:kinesis::000000000000:stream/orders" is no ARN of a stream.',
  ],
  [
    'a name that is none',
    made([shard]).replace('stream/orders', `stream/${'a'.repeat(129)}`),
    'is no ARN of a stream.',
  ],
  [
    'a stream twice',
    made([shard])
      .replace('"resourcePolicies"', '"a"')
      .replace(/^\{"streams":\{(.*?)\},"a"/, '{"streams":{$1,$1},"a"'),
    `${stream} is there twice`,
  ],
  ['no shards', made([]), `${stream}, at byte `],
  [
    'a shard twice',
    made([shard, { ...shard, createdMs: createdMs + 1000 }]),
    `${id} is there twice`,
  ],
  ['a shard of no JSON', made([shard]).replace('{\\"Adj', 'Adj'), 'this names no shard'],
  [
    'another shard id',
    made([shard]).replace('Id-000000000000', 'Id-0'),
    '"shardId-0" is no shard id',
  ],
  [
    'a hash key',
    made([{ ...shard, range: ['-1', '5'] }]),
    `a hash key of ${id} is no whole number: "-1"`,
  ],
  [
    'a parent',
    made([shard]).replace('ParentShardId\\":null', 'ParentShardId\\":7'),
    `a parent of ${id}`,
  ],
  [
    'no creation',
    cut(made([shard]), { from: '\\"CreatedAt', to: '\\"HashKey', by: '' }),
    'no CreatedAtTimestamp',
  ],
  [
    'no closing',
    made([shard]).replace('EndingSequenceNumber\\":null', 'EndingSequenceNumber\\":\\"9\\"'),
    'is closed and has no ClosedTimestamp',
  ],
  [
    'a gap',
    made([{ ...shard, range: half }]),
    'Stream orders cannot be imported: The open shards must cover the hash keys',
  ],
  [
    'an overlap',
    made([
      { ...shard, range: half },
      { ...shard, index: 1 },
    ]),
    'one should start at 170141183460469231731687303715884105728, the next is at 0',
  ],
  [
    'an open parent',
    made([
      { ...shard, range: half },
      { ...shard, index: 1, range: otherHalf, parents: [0] },
    ]),
    `${id} is open (no EndingSequenceNumber), but has children`,
  ],
  [
    'a closed shard without children',
    made([
      { ...shard, closedMs: createdMs },
      { ...shard, index: 1 },
    ]),
    'none of the shards is its child',
  ],
  [
    'no time',
    withRecord({ ApproximateArrivalTimestamp: null }),
    `${stream}, ${id}, record 1 at byte `,
  ],
  [
    'a time',
    withRecord({ ApproximateArrivalTimestamp: 'x' }),
    'its ApproximateArrivalTimestamp is no time: "x"',
  ],
  [
    'a time to come',
    withRecord({ ApproximateArrivalTimestamp: 5e9 }),
    "at 2128-06-11T08:53:20.000Z, which is ahead of the engine's clock",
  ],
  [
    'no key',
    withRecord({ PartitionKey: '' }),
    'its PartitionKey is no text of 1 to 256 characters: ""',
  ],
  ['a long key', withRecord({ PartitionKey: 'k'.repeat(257) }), 'its PartitionKey is no text'],
  [
    'a long key of keys',
    withRecord({ PartitionKey: '🔑'.repeat(257) }),
    'its PartitionKey is no text',
  ],
  ['no base64', withRecord({ Data: 'eA' }), 'its Data are no base64: "eA"'],
  ['stray bits', withRecord({ Data: 'eB==' }), 'its Data are no base64: "eB=="'],
  [
    'a number of another shard',
    withRecord({
      SequenceNumber: madeRecord({ ...shard, index: 5 }, { index: 1, timeMs: createdMs })
        .SequenceNumber,
    }),
    `its SequenceNumber is of shard 5, and it lies in ${id}`,
  ],
  ['a number that is none', withRecord({ SequenceNumber: 7 }), 'its SequenceNumber is no text: 7'],
  [
    'a record that is none',
    made([shard]).replace(':[]},"streamArn', ':[7]},"streamArn'),
    'record 1 at byte',
  ],
  [
    'records that are no list',
    made([shard]).replace(':[]},"streamArn', ':{}},"streamArn'),
    `${id}, at byte`,
  ],
  [
    'a retention',
    made([shard], { retentionPeriod: { length: 1, unit: 'HOURS' } }),
    'its retentionPeriod is not as kinesis-local writes it: {"length":1',
  ],
  [
    'a unit',
    made([shard], { retentionPeriod: { length: 24, unit: 'toString' } }),
    'its retentionPeriod is not',
  ],
  [
    'a mode',
    made([shard], { streamModeDetails: { StreamMode: 'BOTH' } }),
    'its streamModeDetails is not',
  ],
  ['tags', made([shard], { tags: { a: 7 } }), 'its tags is not as kinesis-local writes it'],
  ['a tag of AWS', made([shard], { tags: { 'aws:a': '7' } }), 'Stream orders cannot be imported: '],
  ['consumers', made([shard], { consumers: { a: { ConsumerARN: 'x' } } }), 'its consumers is not'],
  ['a key', made([shard], { encryptionType: 'KMS', keyId: null }), 'its keyId is not'],
  [
    'metrics',
    made([shard], { enhancedMonitoring: [{ ShardLevelMetrics: ['x'] }] }),
    '"x" is no metric of a shard',
  ],
  ['a record size', made([shard], { maxRecordSizeInKiB: 1e9 }), 'its maxRecordSizeInKiB is not'],
  [
    'a policy',
    made([shard]).replace(
      '"resourcePolicies":{}',
      `"resourcePolicies":{"${madeArn('orders')}":"x"}`,
    ),
    'Stream orders cannot be imported: ',
  ],
  [
    'a policy that is no text',
    made([shard]).replace('"resourcePolicies":{}', '"resourcePolicies":{"a":7}'),
    'the policy of "a" is no text',
  ],
  ['a long name', `{"${'a'.repeat(70_000)}": 1}`, 'a name is longer than 65536 bytes'],
  ['a long member', `{"a": "${'a'.repeat(5_000_000)}"}`, '"a" is longer than 4194304 bytes'],
  [
    'a long record',
    withRecord({ PartitionKey: 'k'.repeat(17_000_000) }),
    'record 1 is longer than 16777216 bytes',
  ],
  [
    'members without end',
    made([shard]).replace(
      '"resourcePolicies":{}',
      `"resourcePolicies":{${['a', 'b', 'c', 'd', 'e'].map((name) => `"${name}":"${'p'.repeat(4_000_000)}"`)}}`,
    ),
    'members of streams and policies take more than 16777216 bytes',
  ],
  ['tags that nest deep', made([shard]).replace('"tags":{}', `"tags":${nest}`), 'its tags is not'],
  [
    'a record that nests deep',
    made([shard]).replace(':[]},"streamArn', `:[${nest}]},"streamArn`),
    'this is no record: ["…"]',
  ],
  [
    'a shard created beyond all numbers',
    made([{ ...shard, createdMs: 8.64e15 }]),
    `${id} has no CreatedAtTimestamp that is a time`,
  ],
  [
    'a shard that closes later',
    made([
      { ...shard, closedMs: expected.endedMs + 1e9 },
      { ...shard, index: 1, parents: [0] },
    ]),
    'a shard was created or closed, at 20',
  ],
  ['depth without end', `{"streams": ${'['.repeat(100_000)}`, 'it should have an object here'],
];

describe('importKinesisLocal() refuses', () => {
  test.each(bad)('%s', async (what, content, sentence) => {
    const bench = await opened();
    const file =
      what === 'no UTF-8'
        ? new TestFile(Buffer.from('{"\xff": 1}', 'latin1'))
        : new TestFile(content);
    const { message } = await rejection(importInto(bench, file));
    expect(message).toContain(sentence);
    expect(await bench.streamNames()).toEqual([]);
    expect(await bench.files.list('streams')).toEqual([]);
  });

  test('the file of kinesis-local cut off anywhere, and does nothing', async () => {
    const bench = await opened();
    const bytes = Buffer.from(real);
    for (let length = 0; length < bytes.length; length += 97) {
      const file = new TestFile(bytes.subarray(0, length));
      const { message } = await rejection(surveyKinesisLocal(file));
      expect(message).toMatch(/at byte \d+: (the file ends in the midst|this is no JSON)/);
    }
    expect((await rejection(importInto(bench, real.slice(0, -1)))).message).toContain('cut short');
    expect(await bench.streamNames()).toEqual([]);
  });

  test('and never breaks on a file with bytes changed by chance', async () => {
    const random = seededRandom(5);
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(real);
      for (let change = 0; change < 3; change++) {
        bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
      }
      const survey = surveyKinesisLocal(new TestFile(bytes));
      const error = await survey.then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      if (!error) continue;
      refused += 1;
      expect(error.name, error.stack).toBe('FileMistake');
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe('importKinesisLocal()', () => {
  test('takes the members of an older version, and what it does not know', async () => {
    const older = JSON.parse(real) as { streams: Record<string, Record<string, unknown>> };
    for (const kept of Object.values(older.streams)) {
      for (const name of ['maxRecordSizeInKiB', 'warmThroughputMiBps', 'shardCountUpdates']) {
        delete kept[name];
      }
      kept.somethingNew = { a: [1, '}'] };
      for (const name of ['a', 'b', 'c', 'd', 'e']) kept[name] = 'x'.repeat(4_000_000);
    }
    const bench = await opened();
    await importInto(bench, JSON.stringify({ streams: older.streams }, undefined, 2));
    expect(await recordsOf(bench, 'orders')).toEqual(expected.orders.records);
  });

  test('leaves out streams and consumers that were being deleted', async () => {
    const gone = madeStream('gone', { shards: [], createdMs, streamStatus: 'DELETING' });
    const consumers = Object.fromEntries(
      ['ACTIVE', 'DELETING', 'CREATING'].map((ConsumerStatus) => {
        const ConsumerARN = `${madeArn('orders')}/consumer/${ConsumerStatus}:7`;
        return [ConsumerStatus, { ConsumerARN, ConsumerStatus }];
      }),
    );
    const orders = madeStream('orders', { shards: [shard], createdMs, consumers });
    const bench = await opened();
    const { deleting } = await importInto(bench, JSON.stringify(madeFile({ gone, orders })));
    expect([deleting, await bench.streamNames()]).toEqual([['gone'], ['orders']]);
    const { Consumers = [] } = await bench.api.listStreamConsumers({
      StreamARN: madeArn('orders'),
    });
    expect(
      Consumers.map(({ ConsumerName, ConsumerStatus }) => [ConsumerName, ConsumerStatus]),
    ).toEqual([
      ['ACTIVE', 'ACTIVE'],
      ['CREATING', 'ACTIVE'],
    ]);
    const nothing = await importInto(bench, JSON.stringify(madeFile({ gone })));
    expect(nothing).toEqual({ imported: [], deleting: ['gone'] });
  });

  test('the files that tests make have the members of the real ones', () => {
    type Kept = { streams: Record<string, { shards: Record<string, object[]> }> };
    const shape = (text: string) => {
      const kept = JSON.parse(text) as Kept;
      const orders = kept.streams[madeArn('orders')]!;
      const [name, records] = Object.entries(orders.shards)[0]!;
      return [kept, orders, JSON.parse(name), records[0]!].map((value) => Object.keys(value));
    };
    expect(shape(made([{ ...shard, records: [good] }]))).toEqual(shape(real));
  });
});

test.each([
  [1_795_885_180.65, 1_795_885_180_650],
  [1_795_885_180_650, 1_795_885_180_650],
  ['2026-11-28T16:59:39.853749Z', 1_795_885_179_853],
  ['yesterday', undefined],
  ['foo 5', undefined],
  ['2026', undefined],
  ['2026-11-28T16:59:39', undefined],
  ['2026-11-28T16:59:39+01:00', 1_795_881_579_000],
  [-1, undefined],
  [Number.NaN, undefined],
  [1e300, undefined],
  [null, undefined],
])('timeMsOf(%o) is %o', (value, ms) => {
  expect(timeMsOf(value)).toBe(ms);
});

test('isBase64() takes what is written again as it was, and nothing else', () => {
  const random = seededRandom(3);
  const letters = 'ABCDEFxyz0189+/=-_ \n';
  for (let round = 0; round < 20_000; round++) {
    const length = random.integer(0, 9);
    const text = Array.from({ length }, () => letters[random.integer(0, letters.length - 1)]).join(
      '',
    );
    const again = Buffer.from(text, 'base64').toString('base64');
    expect([text, isBase64(text)]).toEqual([text, again === text]);
  }
});
