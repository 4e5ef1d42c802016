// Where local emulators and Kinesis are known to differ: one row each, pinned to the one answer of Kinesis.
// `documented`, `measured` or `guessed` says how sure that answer is.
import { expect, it } from 'vitest';
import { formatSequenceNumber, parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { constraint, expectError, onEveryTarget } from './targets.ts';

const half = (2n ** 127n).toString();
const Data = new Uint8Array([1]);
const ofBytes = (count: number) => new Uint8Array(count);

onEveryTarget('Probe', (target) => {
  const split = (StreamName: string) =>
    target().api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: half });

  /** A stream whose one shard is closed, and its two children. */
  const resharded = async (): Promise<{ StreamName: string; shards: Shard[] }> => {
    const StreamName = await target().stream();
    await target().put(StreamName, 'a');
    await split(StreamName);
    await target().active(StreamName);
    return { StreamName, shards: await target().shards(StreamName) };
  };

  it('documented: an SDK client without any transport of its own is answered', async () => {
    expect(await target().api.listStreams({})).toHaveProperty('StreamNames');
  });

  it('documented: CreateStream in on-demand mode without ShardCount makes 4 shards', async () => {
    const StreamName = await target().stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    expect(await target().open(StreamName)).toHaveLength(4);
  });

  it('documented: CreateStream rejects the name "a b" as a constraint', async () => {
    await expectError(target().api.createStream({ StreamName: 'a b', ShardCount: 1 }), {
      name: 'ValidationException',
      message: constraint(
        'a b',
        'streamName',
        'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
      ),
    });
  });

  it('documented: CreateStream rejects a ShardCount of 0 as a constraint', async () => {
    await expectError(target().api.createStream({ StreamName: 'a', ShardCount: 0 }), {
      name: 'ValidationException',
      message: constraint('0', 'shardCount', 'Member must have value greater than or equal to 1'),
    });
  });

  it('documented: PutRecord rejects a partition key of 257 characters as a constraint', async () => {
    const PartitionKey = 'k'.repeat(257);
    await expectError(target().api.putRecord({ StreamName: 'a', PartitionKey, Data }), {
      name: 'ValidationException',
      message: constraint(
        PartitionKey,
        'partitionKey',
        'Member must have length less than or equal to 256',
      ),
    });
  });

  it('documented: PutRecords rejects 0 and 501 records as a constraint', async () => {
    for (const count of [0, 501]) {
      const Records = Array.from({ length: count }, () => ({ PartitionKey: 'k', Data }));
      await expectError(target().api.putRecords({ StreamName: 'a', Records }), {
        name: 'ValidationException',
        message: /^1 validation error detected: Value '\[.*\]' at 'records' failed to satisfy/s,
      });
    }
  });

  it('documented: PutRecords takes 6 MB and rejects 12 MB', async () => {
    const StreamName = await target().stream();
    const megabytes = (count: number) =>
      Array.from({ length: count }, () => ({ PartitionKey: 'k', Data: ofBytes(1_000_000) }));
    const { Records } = await target().api.putRecords({ StreamName, Records: megabytes(6) });
    expect(Records).toHaveLength(6);
    await expectError(target().api.putRecords({ StreamName, Records: megabytes(12) }), {
      name: 'InvalidArgumentException',
    });
  });

  it('guessed: PutRecord with DryRun throws DryRunOperationException and writes nothing', async () => {
    const StreamName = await target().stream();
    const input = { StreamName, PartitionKey: 'k', Data, DryRun: true };
    await expectError(target().api.putRecord(input), { name: 'DryRunOperationException' });
    await target().put(StreamName, 'real');
    const records = await target().read(await target().iterator(StreamName, '0'), 1);
    expect(records.map(({ PartitionKey }) => PartitionKey)).toEqual(['real']);
  });

  it('documented: MillisBehindLatest grows with the time behind the tip', async () => {
    const StreamName = await target().stream();
    for (const text of ['a', 'b']) await target().put(StreamName, text);
    const ShardIterator = await target().iterator(StreamName, '0');
    await target().read(ShardIterator, 2);
    const behind = async () =>
      (await target().api.getRecords({ ShardIterator, Limit: 1 })).MillisBehindLatest!;
    const first = await behind();
    expect(first).toBeGreaterThan(0);
    await target().until(async () => (await behind()) > first + 20);
  });

  it('measured: GetShardIterator rejects an AT_TIMESTAMP in the future', async () => {
    const StreamName = await target().stream();
    const at = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date('2100-01-01') } as const;
    await expectError(target().api.getShardIterator({ StreamName, ShardId: '0', ...at }), {
      name: 'InvalidArgumentException',
      message:
        /^The timestampInMillis parameter cannot be greater than the currentTimestampInMillis\./,
    });
  });

  it('measured: AT_TIMESTAMP after the last record gives an iterator at the tip', async () => {
    const StreamName = await target().stream();
    await target().put(StreamName, 'a');
    const [last] = await target().read(await target().iterator(StreamName, '0'), 1);
    await target().backend.pass();
    const { ShardIterator } = await target().api.getShardIterator({
      StreamName,
      ShardId: '0',
      ShardIteratorType: 'AT_TIMESTAMP',
      Timestamp: new Date(last!.ApproximateArrivalTimestamp!.getTime() + 1),
    });
    await target().put(StreamName, 'b');
    const records = await target().read(ShardIterator!, 1);
    expect(records.map(({ PartitionKey }) => PartitionKey)).toEqual(['b']);
  });

  it('measured: AT_SEQUENCE_NUMBER takes a number of the shard that no record has', async () => {
    const StreamName = await target().stream();
    const { SequenceNumber } = await target().put(StreamName, 'a');
    const parts = parseSequenceNumber(SequenceNumber)!;
    const { ShardIterator } = await target().api.getShardIterator({
      StreamName,
      ShardId: '0',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: formatSequenceNumber({ ...parts, index: parts.index + 1n }),
    });
    await target().put(StreamName, 'b');
    const records = await target().read(ShardIterator!, 1);
    expect(records.map(({ PartitionKey }) => PartitionKey)).toEqual(['b']);
  });

  it('measured: GetRecords rejects what is no iterator', async () => {
    await expectError(target().api.getRecords({ ShardIterator: 'garbage' }), {
      name: 'InvalidArgumentException',
      message: 'Invalid ShardIterator.',
    });
  });

  it('measured: GetRecords takes an iterator in double quotes', async () => {
    const StreamName = await target().stream();
    await target().put(StreamName, 'a');
    const ShardIterator = `"${await target().iterator(StreamName, '0')}"`;
    expect(await target().read(ShardIterator, 1)).toHaveLength(1);
  });

  it('measured: SplitShard refuses a closed shard', async () => {
    const { StreamName } = await resharded();
    await expectError(split(StreamName), {
      name: 'InvalidArgumentException',
      message:
        `Shard shardId-000000000000 in stream ${StreamName} under account ${target().account} ` +
        'has already been merged or split, and thus is not eligible for merging or splitting.',
    });
  });

  it('documented: GetRecords ends a drained closed shard with ChildShards and no iterator', async () => {
    const { StreamName } = await resharded();
    const { api } = target();
    let page = await api.getRecords({ ShardIterator: await target().iterator(StreamName, '0') });
    while (page.NextShardIterator !== undefined) {
      expect(page).not.toHaveProperty('ChildShards');
      page = await api.getRecords({ ShardIterator: page.NextShardIterator });
    }
    expect(page.ChildShards!.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).toEqual([
      ['shardId-000000000001', ['shardId-000000000000']],
      ['shardId-000000000002', ['shardId-000000000000']],
    ]);
  });

  it('documented: ListShards at the trim horizon gives 2 shards after one of 2 was split', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const NewStartingHashKey = (2n ** 126n).toString();
    await target().api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey });
    await target().active(StreamName);
    const ShardFilter = { Type: 'AT_TRIM_HORIZON' as const };
    const { Shards } = await target().api.listShards({ StreamName, ShardFilter });
    expect(Shards!.map(({ ShardId }) => ShardId.slice(-1))).toEqual(['0', '1']);
  });

  it('documented: ListShards pages by MaxResults and NextToken', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const found: string[] = [];
    let page = await target().api.listShards({ StreamName, MaxResults: 1 });
    found.push(...page.Shards!.map(({ ShardId }) => ShardId.slice(-1)));
    while (page.NextToken !== undefined) {
      page = await target().api.listShards({ NextToken: page.NextToken, MaxResults: 1 });
      expect(page.Shards).toHaveLength(1);
      found.push(...page.Shards!.map(({ ShardId }) => ShardId.slice(-1)));
    }
    expect(found).toEqual(['0', '1', '2']);
  });

  it('measured: UpdateShardCount refuses 3 to 12', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const scaling = { TargetShardCount: 12, ScalingType: 'UNIFORM_SCALING' } as const;
    await expectError(target().api.updateShardCount({ StreamName, ...scaling }), {
      name: 'LimitExceededException',
    });
  });

  it('measured: UpdateShardCount refuses an on-demand stream with a ValidationException', async () => {
    const StreamName = await target().stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const scaling = { TargetShardCount: 8, ScalingType: 'UNIFORM_SCALING' } as const;
    await expectError(target().api.updateShardCount({ StreamName, ...scaling }), {
      name: 'ValidationException',
      message: `Request is invalid. Stream ${StreamName} under account ${target().account} is in On-Demand mode.`,
    });
  });

  it('measured: an EndingSequenceNumber has 56 digits and lies above all records', async () => {
    const { StreamName, shards } = await resharded();
    const ending = shards[0]!.SequenceNumberRange.EndingSequenceNumber!;
    expect(ending).toMatch(/^\d{56}$/);
    const [record] = await target().read(await target().iterator(StreamName, '0'), 1);
    expect(BigInt(ending)).toBeGreaterThan(BigInt(record!.SequenceNumber));
  });

  it('documented: ListStreams gives summaries and pages by NextToken', async () => {
    for (let count = 0; count < 2; count++) await target().stream();
    const page = await target().api.listStreams({ Limit: 1 });
    expect(page).toMatchObject({ HasMoreStreams: true, NextToken: expect.any(String) });
    expect(page.StreamSummaries).toMatchObject([
      { StreamName: page.StreamNames[0], StreamARN: target().arnOf(page.StreamNames[0]!) },
    ]);
    const next = await target().api.listStreams({ Limit: 1, NextToken: page.NextToken });
    expect(next.StreamNames[0]! > page.StreamNames[0]!).toBe(true);
  });

  it('measured: GetResourcePolicy of a stream without one is an empty document', async () => {
    const ResourceARN = target().arnOf(await target().stream());
    expect(await target().api.getResourcePolicy({ ResourceARN })).toEqual({ Policy: '{}' });
  });

  it('documented: the distribution of an on-demand stream`s records can be chosen', async () => {
    const StreamName = await target().stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const StreamARN = target().arnOf(StreamName);
    const chosen = { StreamARN, RecordDistributionStrategy: 'AUTO' as const };
    await target().api.updateStreamRecordDistributionStrategy(chosen);
    const { StreamDescriptionSummary } = await target().api.describeStreamSummary({ StreamName });
    expect(StreamDescriptionSummary.RecordDistributionStrategy).toBe('AUTO');
  });
});
