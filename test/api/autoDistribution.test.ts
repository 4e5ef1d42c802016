// Distribution AUTO: a partition key is optional and says nothing of where its record goes; a record that was put
// without one has none when it is read.
import { describe, expect, it } from 'vitest';
import type { KinesisRecord } from '../../src/kinesis/shapes.ts';
import { eventsOf } from './eventFrames.ts';
import { callIn, rawCodecs } from './rawCodecs.ts';
import { expectError, onEveryTarget, openTarget, type Target } from './targets.ts';

const auto = {
  StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  RecordDistributionStrategy: 'AUTO',
} as const;
const Data = new Uint8Array([0, 0xff, 1]);
const missing = (path: string) =>
  `Value null at '${path}' failed to satisfy constraint: Member must not be null`;

/** All records, by the number they were put with. */
async function all(target: Target, StreamName: string, count: number): Promise<KinesisRecord[]> {
  const iterators = new Map<string, string>();
  for (const { ShardId } of await target.shards(StreamName)) {
    iterators.set(ShardId, await target.iterator(StreamName, ShardId));
  }
  const found: KinesisRecord[] = [];
  await target.until(async () => {
    for (const [shard, ShardIterator] of iterators) {
      const page = await target.api.getRecords({ ShardIterator });
      found.push(...page.Records);
      iterators.set(shard, page.NextShardIterator!);
    }
    return found.length >= count;
  });
  return found;
}

/** Absent over the wire, empty in process. */
const keyOf = ({ PartitionKey }: KinesisRecord) => PartitionKey;

onEveryTarget('AutoDistribution', (target) => {
  const update = (StreamName: string, RecordDistributionStrategy: 'AUTO' | 'USER_PARTITION_KEY') =>
    target().api.updateStreamRecordDistributionStrategy({
      StreamARN: target().arnOf(StreamName),
      RecordDistributionStrategy,
    });

  it('takes records with and without a key, and gives each back as it was put', async () => {
    const { api } = target();
    const StreamName = await target().stream(auto);
    const keys = new Map<string, string | undefined>();
    for (const PartitionKey of [undefined, 'ключ', undefined, 'k']) {
      const { SequenceNumber } = await api.putRecord({ StreamName, Data, PartitionKey });
      keys.set(SequenceNumber, PartitionKey);
    }
    const entries = ['a', undefined, 'b', undefined, undefined];
    const { FailedRecordCount, Records } = await api.putRecords({
      StreamName,
      Records: entries.map((PartitionKey) => ({ Data, PartitionKey })),
    });
    expect(FailedRecordCount).toBe(0);
    for (const [place, key] of entries.entries()) keys.set(Records[place]!.SequenceNumber!, key);
    const records = await all(target(), StreamName, 9);
    expect(new Map(records.map((record) => [record.SequenceNumber, keyOf(record)]))).toEqual(keys);
    expect(records.every((record) => Buffer.compare(record.Data, Data) === 0)).toBe(true);
  });

  it('ignores explicit hash keys, also one that is none', async () => {
    const StreamName = await target().stream(auto);
    const ExplicitHashKey = String(2n ** 128n);
    const one = await target().api.putRecord({ StreamName, Data, ExplicitHashKey });
    const Records = Array.from({ length: 8 }, () => ({ Data, ExplicitHashKey: '0' }));
    const many = await target().api.putRecords({ StreamName, Records });
    const shards = [one, ...many.Records].map(({ ShardId }) => ShardId);
    expect(new Set(shards).size).toBe(4);
  });

  it('switched off, a key is needed again; the records without one stay', async () => {
    const { api } = target();
    const StreamName = await target().stream(auto);
    await api.putRecord({ StreamName, Data });
    await update(StreamName, 'USER_PARTITION_KEY');
    await expectError(api.putRecord({ StreamName, Data }), {
      name: 'ValidationException',
      message: `1 validation error detected: ${missing('partitionKey')}`,
    });
    const Records = [{ Data }, { Data, PartitionKey: 'k' }, { Data }];
    await expectError(api.putRecords({ StreamName, Records }), {
      name: 'ValidationException',
      message:
        `2 validation errors detected: ${missing('records.1.member.partitionKey')}; ` +
        missing('records.3.member.partitionKey'),
    });
    await api.putRecord({ StreamName, Data, PartitionKey: 'k' });
    const keys = (await all(target(), StreamName, 2)).map(keyOf);
    expect(keys).toHaveLength(2);
    expect(new Set(keys)).toEqual(new Set([undefined, 'k']));
    await update(StreamName, 'AUTO');
    await api.putRecord({ StreamName, Data });
  });

  it('is not of a provisioned stream: a key is needed there, and an empty one is legal nowhere', async () => {
    const { api } = target();
    const StreamName = await target().stream();
    await expectError(api.putRecord({ StreamName, Data }), {
      name: 'ValidationException',
      message: `1 validation error detected: ${missing('partitionKey')}`,
    });
    const Records = Array.from({ length: 11 }, () => ({ Data }));
    await expectError(api.putRecords({ StreamName, Records }), {
      name: 'ValidationException',
      message: /^10 validation errors detected: Value null at 'records\.1\.member\.partitionKey'/,
    });
    const other = await target().stream(auto);
    for (const name of [StreamName, other]) {
      await expectError(api.putRecord({ StreamName: name, Data, PartitionKey: '' }), {
        name: 'ValidationException',
        message: /at 'partitionKey' .* length greater than or equal to 1$/,
      });
    }
  });

  it('holds on an encrypted stream as well', async () => {
    const { api } = target();
    const StreamName = await target().stream(auto);
    await api.putRecord({ StreamName, Data });
    const key = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
    await api.startStreamEncryption({ StreamName, ...key });
    await target().active(StreamName);
    await api.putRecords({ StreamName, Records: [{ Data }, { Data, PartitionKey: 'k' }] });
    const records = await all(target(), StreamName, 3);
    const seen = records.map((one) => `${keyOf(one)} ${one.EncryptionType ?? 'NONE'}`);
    expect(seen.sort()).toEqual(['k KMS', 'undefined KMS', 'undefined NONE']);
  });

  it('a subscription gets records without a key too', async () => {
    const { api } = target();
    const StreamName = await target().stream(auto);
    const ConsumerARN = await target().consumer(StreamName);
    const { ShardId } = await api.putRecord({ StreamName, Data });
    const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
    const { EventStream } = await api.subscribeToShard({ ConsumerARN, ShardId, StartingPosition });
    const events = EventStream[Symbol.asyncIterator]();
    const { value } = await events.next();
    await events.return?.();
    const { Records } = (value as { SubscribeToShardEvent: { Records: KinesisRecord[] } })
      .SubscribeToShardEvent;
    expect(Records.map(keyOf)).toEqual([undefined]);
    expect([...Records[0]!.Data]).toEqual([...Data]);
  });
});

describe.each(rawCodecs)('in $name, below any SDK', (codec) => {
  const expected = (PartitionKey?: string) => ({
    SequenceNumber: expect.stringMatching(/^\d{56}$/),
    ApproximateArrivalTimestamp: codec.time,
    Data: codec.blob(Data),
    ...(PartitionKey !== undefined && { PartitionKey }),
  });

  it('the member is neither sent nor empty in a page and in an event, with others or alone', async () => {
    const { target, close } = await openTarget('auto');
    const endpoint = target.backend.endpoint!;
    const call = async (operation: string, input: object) =>
      callIn(codec, { endpoint, operation, input });
    const StreamName = await target.stream(auto);
    const ConsumerARN = await target.consumer(StreamName);

    const StreamARN = target.arnOf(StreamName);
    for (const keys of [[undefined], [undefined, 'ключ"', undefined]]) {
      const Records = keys.map((key) => ({ Data, ...(key && { PartitionKey: key }) }));
      for (let turn = 0; turn < 4; turn++) {
        expect((await call('PutRecords', { StreamARN, Records })).status).toBe(200);
      }
    }
    expect((await call('PutRecord', { StreamARN, Data })).status).toBe(200);
    const seen: object[] = [];
    for (const { ShardId } of await target.shards(StreamName)) {
      const ShardIterator = await target.iterator(StreamName, ShardId);
      const answer = await call('GetRecords', { ShardIterator });
      expect(answer.headers['content-type']).toBe(codec.contentType);
      const page = codec.read(answer) as { Records: { PartitionKey?: string }[] };
      expect(page).toEqual({
        Records: page.Records.map(({ PartitionKey }) => expected(PartitionKey)),
        NextShardIterator: expect.any(String),
        MillisBehindLatest: 0,
      });
      seen.push(...page.Records);
    }
    const keys = seen.map((record) => (record as { PartitionKey?: string }).PartitionKey);
    expect(keys.filter((key) => key === 'ключ"')).toHaveLength(4);
    expect(keys.filter((key) => key === undefined)).toHaveLength(13);
    await target.api.updateStreamMode({
      StreamARN,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    });
    await target.active(StreamName);
    const [low, high] = ['0', '1'];
    const ShardToMerge = low!;
    await target.api.mergeShards({ StreamName, ShardToMerge, AdjacentShardToMerge: high! });
    await target.active(StreamName);
    const ShardId = 'shardId-000000000000';
    const StartingPosition = { Type: 'TRIM_HORIZON' };
    const answer = await call('SubscribeToShard', { ConsumerARN, ShardId, StartingPosition });
    const events = eventsOf(answer, codec) as { Records: { PartitionKey?: string }[] }[];
    const told = events.flatMap(({ Records }) => Records);
    expect(told.length).toBeGreaterThan(2);
    expect(told.some(({ PartitionKey }) => PartitionKey === undefined)).toBe(true);
    expect(told).toEqual(told.map(({ PartitionKey }) => expected(PartitionKey)));
    await close();
  });
});
