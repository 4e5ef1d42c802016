// PutRecords: what fails as a whole, what each entry is told, order.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

const Data = new Uint8Array([1]);

onEveryTarget('PutRecords', (target) => {
  it('putRecords() rejects no records and 501 records', async () => {
    const { api } = target();
    await expectError(api.putRecords({ StreamName: 'a', Records: [] }), {
      name: 'ValidationException',
      message: constraint('[]', 'records', 'Member must have length greater than or equal to 1'),
    });
    const Records = Array.from({ length: 501 }, () => ({ Data, PartitionKey: 'k' }));
    await expectError(api.putRecords({ StreamName: 'a', Records }), {
      name: 'ValidationException',
      message: /Member must have length less than or equal to 500$/,
    });
  });

  it('putRecords() names the broken entry by its place', async () => {
    const Records = [
      { Data, PartitionKey: 'k' },
      { Data, PartitionKey: '' },
    ];
    await expectError(target().api.putRecords({ StreamName: 'a', Records }), {
      name: 'ValidationException',
      message: constraint(
        '',
        'records.2.member.partitionKey',
        'Member must have length greater than or equal to 1',
      ),
    });
  });

  it('putRecords() stores nothing when one explicit hash key is bad', async () => {
    const StreamName = await target().stream();
    const ExplicitHashKey = (2n ** 128n).toString();
    const Records = [
      { Data, PartitionKey: 'k' },
      { Data, PartitionKey: 'k', ExplicitHashKey },
    ];
    await expectError(target().api.putRecords({ StreamName, Records }), {
      name: 'InvalidArgumentException',
    });
    const ShardIterator = await target().iterator(StreamName, 'shardId-0');
    expect((await target().api.getRecords({ ShardIterator })).Records).toEqual([]);
  });

  it('putRecords() rejects more than 10 MiB in all', async () => {
    const StreamName = await target().stream();
    const big = new Uint8Array(1024 ** 2 - 1);
    const Records = Array.from({ length: 11 }, () => ({ Data: big, PartitionKey: 'k' }));
    await expectError(target().api.putRecords({ StreamName, Records }), {
      name: 'InvalidArgumentException',
      message: /^Records size exceeds/,
    });
  });

  it('putRecords() answers in request order, rising within each shard', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const Records = Array.from({ length: 60 }, (_, index) => ({
      Data: new Uint8Array([index]),
      PartitionKey: `key-${index}`,
    }));
    const answer = await target().api.putRecords({ StreamName, Records });
    expect(answer.FailedRecordCount).toBe(0);
    expect(answer.Records).toHaveLength(60);
    const shards = [...new Set(answer.Records.map(({ ShardId }) => ShardId!))];
    expect(shards).toHaveLength(3);
    for (const ShardId of shards) {
      const entries = answer.Records.filter((entry) => entry.ShardId === ShardId);
      const numbers = entries.map(({ SequenceNumber }) => BigInt(SequenceNumber!));
      expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
      const iterator = await target().iterator(StreamName, ShardId);
      const records = await target().read(iterator, entries.length);
      expect(records.map((record) => BigInt(record.SequenceNumber))).toEqual(numbers);
      expect(records.map((record) => record.PartitionKey)).toEqual(
        records.map(({ Data: [index] }) => `key-${index}`),
      );
    }
  });
});
