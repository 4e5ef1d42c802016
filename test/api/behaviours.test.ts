// What a Kinesis must do that emulators are known to get wrong, one row each: shard ends, numbers, filters, sizes,
// lineage, modes. `documented`, `measured` or `guessed` says how sure the one answer is.
import { expect, it } from 'vitest';
import { parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { constraint, expectError, onEveryTarget } from './targets.ts';

const MIB = 1024 ** 2;
const half = (2n ** 127n).toString();
const Data = new Uint8Array([1]);
const digitOf = ({ ShardId }: Pick<Shard, 'ShardId'>) => ShardId.slice(-1);

onEveryTarget('Behaviours', (target) => {
  const split = (StreamName: string) =>
    target().api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: half });
  const iteratorAt = async (StreamName: string, StartingSequenceNumber: string) => {
    const ShardIteratorType = 'AT_SEQUENCE_NUMBER' as const;
    const input = { StreamName, ShardId: '0', ShardIteratorType, StartingSequenceNumber };
    return (await target().api.getShardIterator(input)).ShardIterator!;
  };

  it('documented: GetRecords of an open shard has an iterator and no ChildShards, also at the tip', async () => {
    const StreamName = await target().stream();
    await target().put(StreamName, 'a');
    let ShardIterator = await target().iterator(StreamName, '0');
    await target().read(ShardIterator, 1);
    for (let call = 0; call < 3; call++) {
      const page = await target().api.getRecords({ ShardIterator });
      expect(page).not.toHaveProperty('ChildShards');
      ShardIterator = page.NextShardIterator!;
      expect(ShardIterator).toEqual(expect.any(String));
    }
  });

  it('documented: the child of a merge is told at the end of both parents, with both of them', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const { api } = target();
    await api.mergeShards({ StreamName, ShardToMerge: '0', AdjacentShardToMerge: '1' });
    await target().active(StreamName);
    for (const parent of ['0', '1']) {
      let page = await api.getRecords({
        ShardIterator: await target().iterator(StreamName, parent),
      });
      while (page.NextShardIterator !== undefined) {
        page = await api.getRecords({ ShardIterator: page.NextShardIterator });
      }
      expect(page.ChildShards).toEqual([
        {
          ShardId: 'shardId-000000000002',
          ParentShards: ['shardId-000000000000', 'shardId-000000000001'],
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: (2n ** 128n - 1n).toString() },
        },
      ]);
    }
  });

  it('documented: records stay in the shard that was split, and their numbers with them', async () => {
    const StreamName = await target().stream();
    const { SequenceNumber, ShardId } = await target().put(StreamName, 'a');
    await split(StreamName);
    await target().active(StreamName);
    const [record] = await target().read(await target().iterator(StreamName, ShardId), 1);
    expect(record).toMatchObject({ SequenceNumber, PartitionKey: 'a' });
    for (const child of ['1', '2']) {
      const ShardIterator = await target().iterator(StreamName, child);
      expect((await target().api.getRecords({ ShardIterator })).Records).toEqual([]);
    }
  });

  it('measured: a number has 56 digits and tells its shard, the shard`s second and its own', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const [, shard] = await target().shards(StreamName);
    const start = parseSequenceNumber(shard!.SequenceNumberRange.StartingSequenceNumber)!;
    const { SequenceNumber } = await target().put(StreamName, 'a', { ExplicitHashKey: half });
    expect(SequenceNumber).toMatch(/^\d{56}$/);
    const { shardIndex, shardCreatedSeconds, seconds } = parseSequenceNumber(SequenceNumber)!;
    expect([shardIndex, shardCreatedSeconds]).toEqual([1, start.shardCreatedSeconds]);
    const [record] = await target().read(await target().iterator(StreamName, '1'), 1);
    const afterMs = record!.ApproximateArrivalTimestamp!.getTime() - seconds * 1000;
    expect(afterMs).toBeGreaterThanOrEqual(0);
    expect(afterMs).toBeLessThan(3000);
  });

  it('documented: numbers of puts that come together differ, and order what is read', async () => {
    const StreamName = await target().stream();
    const puts = await Promise.all(
      Array.from({ length: 20 }, (_, at) => target().put(StreamName, `${at}`)),
    );
    const numbers = puts.map(({ SequenceNumber }) => BigInt(SequenceNumber));
    expect(new Set(numbers).size).toBe(20);
    const records = await target().read(await target().iterator(StreamName, '0'), 20);
    const rising = [...numbers].sort((a, b) => (a < b ? -1 : 1));
    expect(records.map((record) => BigInt(record.SequenceNumber))).toEqual(rising);
  });

  it('measured: AT_SEQUENCE_NUMBER of a shard`s start begins with its first record', async () => {
    const StreamName = await target().stream();
    await target().put(StreamName, 'a');
    const [shard] = await target().shards(StreamName);
    const start = shard!.SequenceNumberRange.StartingSequenceNumber;
    const records = await target().read(await iteratorAt(StreamName, start), 1);
    expect(records.map(({ PartitionKey }) => PartitionKey)).toEqual(['a']);
  });

  it('measured: an iterator of a stream that is gone is refused, and (guessed) also under the old name', async () => {
    const StreamName = await target().stream();
    const ShardIterator = await target().iterator(StreamName, '0');
    const refused = {
      name: 'ResourceNotFoundException',
      message:
        `Shard shardId-000000000000 in stream ${StreamName} under account ${target().account} ` +
        'does not exist',
    };
    await target().api.deleteStream({ StreamName });
    await target().gone(StreamName);
    await expectError(target().api.getRecords({ ShardIterator }), refused);
    await target().api.createStream({ StreamName, ShardCount: 1 });
    await target().active(StreamName);
    await expectError(target().api.getRecords({ ShardIterator }), refused);
  });

  it('documented: MillisBehindLatest is 0 at the tip only', async () => {
    const StreamName = await target().stream();
    for (const text of ['a', 'b']) await target().put(StreamName, text);
    const ShardIterator = await target().iterator(StreamName, '0');
    await target().read(ShardIterator, 2);
    const first = await target().api.getRecords({ ShardIterator, Limit: 1 });
    expect(first.MillisBehindLatest).toBeGreaterThan(0);
    const last = await target().api.getRecords({ ShardIterator: first.NextShardIterator! });
    expect([last.Records.length, last.MillisBehindLatest]).toEqual([1, 0]);
  });

  it('documented: each of the six filters of ListShards, by name and by ARN', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const Timestamp = new Date(0);
    const NewStartingHashKey = (2n ** 126n).toString();
    await target().api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey });
    await target().active(StreamName);
    const StreamARN = target().arnOf(StreamName);
    for (const [ShardFilter, expected] of [
      [{ Type: 'AT_LATEST' }, '123'],
      [{ Type: 'AT_TRIM_HORIZON' }, '01'],
      [{ Type: 'FROM_TRIM_HORIZON' }, '0123'],
      [{ Type: 'AT_TIMESTAMP', Timestamp }, '01'],
      [{ Type: 'FROM_TIMESTAMP', Timestamp }, '0123'],
      [{ Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000001' }, '23'],
    ] as const) {
      for (const stream of [{ StreamName }, { StreamARN }]) {
        const { Shards } = await target().api.listShards({ ...stream, ShardFilter });
        expect([ShardFilter.Type, Shards!.map(digitOf).join('')]).toEqual([
          ShardFilter.Type,
          expected,
        ]);
      }
    }
  });

  it('documented: ListShards takes StreamCreationTimestamp, not beside a token; (guessed) another one is another stream', async () => {
    const { api } = target();
    const StreamName = await target().stream({ ShardCount: 2 });
    const { StreamDescription } = await api.describeStream({ StreamName });
    const StreamCreationTimestamp = StreamDescription.StreamCreationTimestamp!;
    const page = await api.listShards({ StreamName, StreamCreationTimestamp, MaxResults: 1 });
    expect(page.Shards!.map(digitOf)).toEqual(['0']);
    const { NextToken } = page;
    await expectError(api.listShards({ NextToken, StreamCreationTimestamp }), {
      name: 'InvalidArgumentException',
    });
    const earlier = new Date(StreamCreationTimestamp.getTime() - 1000);
    await expectError(api.listShards({ StreamName, StreamCreationTimestamp: earlier }), {
      name: 'ResourceNotFoundException',
    });
  });

  it('guessed: each of the four operations with DryRun throws DryRunOperationException', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const record = { PartitionKey: 'k', Data };
    const from = { StreamName, ShardId: '0', ShardIteratorType: 'LATEST' } as const;
    const ShardIterator = await target().iterator(StreamName, '0');
    for (const call of [
      api.putRecord({ StreamName, ...record, DryRun: true }),
      api.putRecords({ StreamName, Records: [record], DryRun: true }),
      api.getShardIterator({ ...from, DryRun: true }),
      api.getRecords({ ShardIterator, DryRun: true }),
    ]) {
      await expectError(call, { name: 'DryRunOperationException' });
    }
    expect((await api.getRecords({ ShardIterator })).Records).toEqual([]);
  });

  it('measured: UpdateShardCount from 2 to 3 leaves 4 closed shards and 3 open ones', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const scaling = { TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' } as const;
    await target().api.updateShardCount({ StreamName, ...scaling });
    await target().active(StreamName);
    const shards = await target().shards(StreamName);
    expect([shards.length, (await target().open(StreamName)).length]).toEqual([7, 3]);
    const parents = new Map(shards.map((shard) => [digitOf(shard), shard.ParentShardId]));
    expect(['2', '3', '4', '5'].map((shard) => parents.get(shard)!.slice(-1))).toEqual([
      ...['0', '0', '1', '1'],
    ]);
  });

  it('documented: PutRecords takes 10 MiB of data and keys, and no byte more', async () => {
    const StreamName = await target().stream();
    const records = (more: number) =>
      Array.from({ length: 11 }, (_, at) => {
        const length = at < 10 ? MIB - 100 : 10 * 100 + more;
        return { PartitionKey: 'k', Data: new Uint8Array(length - 1) };
      });
    const { Records } = await target().api.putRecords({ StreamName, Records: records(0) });
    expect(Records).toHaveLength(11);
    await expectError(target().api.putRecords({ StreamName, Records: records(1) }), {
      name: 'InvalidArgumentException',
    });
  });

  it('documented: MaxRecordSizeInKiB is 1024 to 10240; (guessed) what is above it is a constraint', async () => {
    const { api } = target();
    for (const [MaxRecordSizeInKiB, rule] of [
      [1023, 'greater than or equal to 1024'],
      [10_241, 'less than or equal to 10240'],
    ] as const) {
      const input = { StreamName: 'a', ShardCount: 1, MaxRecordSizeInKiB };
      await expectError(api.createStream(input), {
        name: 'ValidationException',
        message: constraint(
          `${MaxRecordSizeInKiB}`,
          'maxRecordSizeInKiB',
          `Member must have value ${rule}`,
        ),
      });
    }
    const StreamName = await target().stream({ MaxRecordSizeInKiB: 2048 });
    const record = (length: number) => {
      return { StreamName, PartitionKey: '€', Data: new Uint8Array(length) };
    };
    await api.putRecord(record(2 * MIB - 3));
    await expectError(api.putRecord(record(2 * MIB - 2)), { name: 'ValidationException' });
    const [stored] = await target().read(await target().iterator(StreamName, '0'), 1);
    expect(stored!.Data).toHaveLength(2 * MIB - 3);
  });

  it('measured: an on-demand stream refuses SplitShard, MergeShards and UpdateShardCount by its mode', async () => {
    const StreamName = await target().stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const { api } = target();
    const ScalingType = 'UNIFORM_SCALING' as const;
    for (const call of [
      api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: '9' }),
      api.mergeShards({ StreamName, ShardToMerge: '0', AdjacentShardToMerge: '1' }),
      api.updateShardCount({ StreamName, TargetShardCount: 2, ScalingType }),
    ]) {
      await expectError(call, { name: 'ValidationException', message: /is in On-Demand mode\.$/ });
    }
  });

  it('documented: switching the mode keeps the shards, both ways', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const StreamARN = target().arnOf(StreamName);
    const before = await target().shards(StreamName);
    for (const StreamMode of ['ON_DEMAND', 'PROVISIONED'] as const) {
      await target().api.updateStreamMode({ StreamARN, StreamModeDetails: { StreamMode } });
      await target().active(StreamName);
      expect(await target().shards(StreamName)).toEqual(before);
    }
  });

  it('documented: every operation on a stream takes its ARN alone', async () => {
    const StreamARN = target().arnOf(await target().stream({ ShardCount: 2 }));
    const { api } = target();
    const { ShardId } = await api.putRecord({ StreamARN, PartitionKey: 'k', Data });
    await api.putRecords({ StreamARN, Records: [{ PartitionKey: 'k', Data }] });
    const from = { StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await api.getShardIterator(from);
    expect(await target().read(ShardIterator!, 2)).toHaveLength(2);
    const { StreamDescription } = await api.describeStream({ StreamARN });
    expect(StreamDescription.StreamARN).toBe(StreamARN);
    const { StreamDescriptionSummary } = await api.describeStreamSummary({ StreamARN });
    expect(StreamDescriptionSummary.StreamARN).toBe(StreamARN);
    expect((await api.listShards({ StreamARN })).Shards).toHaveLength(2);
    await api.mergeShards({ StreamARN, ShardToMerge: '0', AdjacentShardToMerge: '1' });
    await target().active(StreamDescription.StreamName);
    await api.increaseStreamRetentionPeriod({ StreamARN, RetentionPeriodHours: 48 });
    await target().active(StreamDescription.StreamName);
    await api.deleteStream({ StreamARN });
    await target().gone(StreamDescription.StreamName);
  });

  it('documented: a subscription ends a merged shard with the child of both parents', async () => {
    const { api } = target();
    const StreamName = await target().stream({ ShardCount: 2 });
    const ConsumerARN = await target().consumer(StreamName);
    await api.mergeShards({ StreamName, ShardToMerge: '0', AdjacentShardToMerge: '1' });
    await target().active(StreamName);
    const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
    for (const ShardId of ['shardId-000000000000', 'shardId-000000000001']) {
      const { EventStream } = await api.subscribeToShard({
        ConsumerARN,
        ShardId,
        StartingPosition,
      });
      const events = [];
      for await (const { SubscribeToShardEvent: event } of EventStream) events.push(event);
      const ends = events.map((event) => 'ChildShards' in event);
      expect(ends).toEqual([...ends.slice(1).fill(false), true]);
      expect(events.map((event) => 'ContinuationSequenceNumber' in event)).toEqual(
        ends.map((isEnd) => !isEnd),
      );
      const [child] = events.at(-1)!.ChildShards!;
      expect(child).toMatchObject({
        ShardId: 'shardId-000000000002',
        ParentShards: ['shardId-000000000000', 'shardId-000000000001'],
      });
    }
  });

  it('documented: arrival times are to the millisecond', async () => {
    const StreamName = await target().stream();
    for (let count = 0; count < 3; count++) {
      await target().put(StreamName, 'a');
      await target().backend.pass();
    }
    const records = await target().read(await target().iterator(StreamName, '0'), 3);
    const times = records.map((record) => record.ApproximateArrivalTimestamp!.getTime());
    expect(times.filter((time) => time % 1000 !== 0).length).toBeGreaterThan(1);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('documented: AFTER_SEQUENCE_NUMBER begins behind its record, AT_SEQUENCE_NUMBER with it', async () => {
    const StreamName = await target().stream();
    const { SequenceNumber } = await target().put(StreamName, 'a');
    await target().put(StreamName, 'b');
    for (const [ShardIteratorType, expected] of [
      ['AT_SEQUENCE_NUMBER', ['a', 'b']],
      ['AFTER_SEQUENCE_NUMBER', ['b']],
    ] as const) {
      const from = { StreamName, ShardId: '0', StartingSequenceNumber: SequenceNumber };
      const { ShardIterator } = await target().api.getShardIterator({ ...from, ShardIteratorType });
      const records = await target().read(ShardIterator!, expected.length);
      expect(records.map(({ PartitionKey }) => PartitionKey)).toEqual(expected);
    }
  });
});
