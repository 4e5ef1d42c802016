// CreateStream: constraints, states, hash ranges.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('CreateStream', (target) => {
  it('createStream() rejects an empty name with pattern before length', async () => {
    await expectError(target().api.createStream({ StreamName: '', ShardCount: 1 }), {
      name: 'ValidationException',
      message:
        "2 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; ' +
        "Value '' at 'streamName' failed to satisfy constraint: " +
        'Member must have length greater than or equal to 1',
    });
  });

  it('createStream() rejects a name of 129 characters', async () => {
    const StreamName = 'a'.repeat(129);
    await expectError(target().api.createStream({ StreamName, ShardCount: 1 }), {
      name: 'ValidationException',
      message: constraint(
        StreamName,
        'streamName',
        'Member must have length less than or equal to 128',
      ),
    });
  });

  it('createStream() rejects a shard count of 0', async () => {
    const StreamName = target().freshName();
    await expectError(target().api.createStream({ StreamName, ShardCount: 0 }), {
      name: 'ValidationException',
      message: constraint('0', 'shardCount', 'Member must have value greater than or equal to 1'),
    });
  });

  it('createStream() rejects a shard count above 100000', async () => {
    await expectError(target().api.createStream({ StreamName: 'a', ShardCount: 100_001 }), {
      name: 'ValidationException',
      message: constraint(
        '100001',
        'shardCount',
        'Member must have value less than or equal to 100000',
      ),
    });
  });

  it('createStream() leaves a stream in CREATING without shards to read or to merge', async () => {
    const { api, account } = target();
    const StreamName = target().freshName();
    await api.createStream({ StreamName, ShardCount: 2 });
    await expectError(target().iterator(StreamName, '0'), {
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000000 in stream ${StreamName} under account ${account} does not exist`,
    });
    const merge = { StreamName, ShardToMerge: '0', AdjacentShardToMerge: '1' };
    await expectError(api.mergeShards(merge), {
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account ${account} not ACTIVE, instead in state CREATING`,
    });
    await target().active(StreamName);
  });

  it('createStream() rejects a name that exists', async () => {
    const StreamName = await target().stream();
    await expectError(target().api.createStream({ StreamName, ShardCount: 1 }), {
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account ${target().account} already exists.`,
    });
  });

  it('createStream() takes names that differ only in case, and `..`', async () => {
    const { api } = target();
    const name = target().freshName();
    for (const StreamName of [name.toUpperCase(), '..']) {
      await api.createStream({ StreamName, ShardCount: 1 });
      await target().active(StreamName);
      await api.deleteStream({ StreamName });
      await target().gone(StreamName);
    }
  });

  it('createStream() splits the hash space evenly, the last shard taking the rest', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const ranges = (await target().shards(StreamName)).map(({ HashKeyRange }) => HashKeyRange);
    expect(ranges).toEqual([
      {
        StartingHashKey: '0',
        EndingHashKey: '113427455640312821154458202477256070484',
      },
      {
        StartingHashKey: '113427455640312821154458202477256070485',
        EndingHashKey: '226854911280625642308916404954512140969',
      },
      {
        StartingHashKey: '226854911280625642308916404954512140970',
        EndingHashKey: '340282366920938463463374607431768211455',
      },
    ]);
  });

  it('createStream() numbers neighbouring shards 2^144 + 2^4 apart, 56 digits long', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const [first, second] = (await target().shards(StreamName)).map(
      ({ SequenceNumberRange }) => SequenceNumberRange.StartingSequenceNumber,
    );
    expect(first).toMatch(/^\d{56}$/);
    const distance = BigInt(second!) - BigInt(first!);
    expect(distance).toBe(22300745198530623141535718272648361505980432n);
  });

  it('createStream() without mode and count makes an on-demand stream of 4 shards', async () => {
    const StreamName = target().freshName();
    await target().api.createStream({ StreamName });
    await target().active(StreamName);
    const { StreamDescriptionSummary: summary } = await target().api.describeStreamSummary({
      StreamName,
    });
    expect(summary.StreamModeDetails).toEqual({ StreamMode: 'ON_DEMAND' });
    expect(summary.OpenShardCount).toBe(4);
  });

  it('createStream() answers at once; the stream is CREATING and takes no records', async () => {
    const { api, account } = target();
    const StreamName = target().freshName();
    await api.createStream({ StreamName, ShardCount: 1 });
    const { StreamDescription: description } = await api.describeStream({ StreamName });
    expect(description).toMatchObject({
      StreamStatus: 'CREATING',
      Shards: [],
      HasMoreShards: false,
      RetentionPeriodHours: 24,
      EncryptionType: 'NONE',
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    });
    await expectError(target().put(StreamName, 'a'), {
      name: 'ResourceNotFoundException',
      message: `Stream ${StreamName} under account ${account} not found.`,
    });
    const split = { StreamName, ShardToSplit: 'shardId-0', NewStartingHashKey: '2' };
    await expectError(api.splitShard(split), {
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account ${account} not ACTIVE, instead in state CREATING`,
    });
    await target().active(StreamName);
  });
});
