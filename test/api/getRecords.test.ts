// GetRecords: pages, bad iterators, the end of a shard.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

const half = (2n ** 127n).toString();

onEveryTarget('GetRecords', (target) => {
  it('getRecords() rejects iterators that are none', async () => {
    for (const ShardIterator of ['abc', 'AAAAAAAAAAE=', 'a'.repeat(512)]) {
      await expectError(target().api.getRecords({ ShardIterator }), {
        name: 'InvalidArgumentException',
        message: 'Invalid ShardIterator.',
      });
    }
    await expectError(target().api.getRecords({ ShardIterator: 'a'.repeat(513) }), {
      name: 'ValidationException',
    });
  });

  it('getRecords() reads an iterator again, and one in quotes', async () => {
    const StreamName = await target().stream();
    await target().put(StreamName, 'a');
    const ShardIterator = await target().iterator(StreamName, '0');
    await target().read(ShardIterator, 1);
    const again = await target().read(ShardIterator, 1);
    const quoted = await target().read(`"${ShardIterator}"`, 1);
    expect(again).toHaveLength(1);
    expect(quoted).toEqual(again);
  });

  it('getRecords() answers a new iterator each time, also without records', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const first = await target().iterator(StreamName, '0');
    const second = (await api.getRecords({ ShardIterator: first })).NextShardIterator!;
    const page = await api.getRecords({ ShardIterator: second });
    expect(page).toMatchObject({ Records: [], MillisBehindLatest: 0 });
    expect(page).not.toHaveProperty('ChildShards');
    expect(new Set([first, second, page.NextShardIterator]).size).toBe(3);
    expect(second.length).toBeLessThanOrEqual(512);
  });

  it('getRecords() cuts a page at Limit and goes on without loss', async () => {
    const StreamName = await target().stream();
    const Records = Array.from({ length: 5 }, (_, index) => ({
      PartitionKey: String(index),
      Data: new Uint8Array(),
    }));
    await target().api.putRecords({ StreamName, Records });
    const ShardIterator = await target().iterator(StreamName, '0');
    await target().read(ShardIterator, 5);
    const first = await target().api.getRecords({ ShardIterator, Limit: 2 });
    expect(first.Records.map(({ PartitionKey }) => PartitionKey)).toEqual(['0', '1']);
    expect(first.MillisBehindLatest).toBeGreaterThan(0);
    const rest = await target().read(first.NextShardIterator!, 3);
    expect(rest.map(({ PartitionKey }) => PartitionKey)).toEqual(['2', '3', '4']);
  });

  it('getRecords() gives a record as it was put, without an encryption type', async () => {
    const StreamName = await target().stream();
    const Data = Uint8Array.from({ length: 256 }, (_, index) => index);
    const put = await target().api.putRecord({ StreamName, PartitionKey: 'ключ😀', Data });
    const [record] = await target().read(await target().iterator(StreamName, '0'), 1);
    expect({ ...record, Data: [...record!.Data] }).toEqual({
      SequenceNumber: put.SequenceNumber,
      ApproximateArrivalTimestamp: expect.any(Date),
      Data: [...Data],
      PartitionKey: 'ключ😀',
    });
  });

  it('getRecords() ends a split shard with both children and no iterator', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    await target().put(StreamName, 'a');
    const ShardIterator = await target().iterator(StreamName, '0');
    await target().read(ShardIterator, 1);
    const latest = { StreamName, ShardId: '0', ShardIteratorType: 'LATEST' } as const;
    await api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: half });
    await target().active(StreamName);
    for (const start of [ShardIterator, (await api.getShardIterator(latest)).ShardIterator!]) {
      let page = await api.getRecords({ ShardIterator: start });
      while (page.NextShardIterator !== undefined) {
        expect(page.ChildShards).toBeUndefined();
        page = await api.getRecords({ ShardIterator: page.NextShardIterator });
      }
      expect(page.ChildShards).toEqual([
        {
          ShardId: 'shardId-000000000001',
          ParentShards: ['shardId-000000000000'],
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: (2n ** 127n - 1n).toString() },
        },
        {
          ShardId: 'shardId-000000000002',
          ParentShards: ['shardId-000000000000'],
          HashKeyRange: { StartingHashKey: half, EndingHashKey: (2n ** 128n - 1n).toString() },
        },
      ]);
    }
  });

  it('getRecords() ends a merged shard with the one child and both of its parents', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const { api } = target();
    await api.mergeShards({ StreamName, ShardToMerge: '0', AdjacentShardToMerge: '1' });
    await target().active(StreamName);
    let next: string | undefined = await target().iterator(StreamName, '1');
    let children: { ParentShards: string[] }[] | undefined;
    while (next !== undefined) {
      const page = await api.getRecords({ ShardIterator: next });
      next = page.NextShardIterator;
      children = page.ChildShards;
    }
    expect(children?.map(({ ParentShards }) => ParentShards)).toEqual([
      ['shardId-000000000000', 'shardId-000000000001'],
    ]);
  });
});
