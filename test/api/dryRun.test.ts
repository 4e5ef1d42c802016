// DryRun: each operation that takes it checks everything and does nothing.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

const Data = new Uint8Array([1]);
const passed = { name: 'DryRunOperationException' };
const notFound = { name: 'ResourceNotFoundException' };

onEveryTarget('DryRun', (target) => {
  it('putRecord() and putRecords() with DryRun store nothing', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const one = { PartitionKey: 'k', Data };
    await expectError(api.putRecord({ StreamName, ...one, DryRun: true }), passed);
    await expectError(api.putRecords({ StreamName, Records: [one], DryRun: true }), passed);
    await api.putRecord({ StreamName, ...one, PartitionKey: 'real', DryRun: false });
    const records = await target().read(await target().iterator(StreamName, '0'), 1);
    expect(records.map(({ PartitionKey }) => PartitionKey)).toEqual(['real']);
  });

  it('getShardIterator() and getRecords() with DryRun answer nothing', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const from = { StreamName, ShardId: '0', ShardIteratorType: 'LATEST' } as const;
    await expectError(api.getShardIterator({ ...from, DryRun: true }), passed);
    const { ShardIterator } = await api.getShardIterator(from);
    await expectError(api.getRecords({ ShardIterator: ShardIterator!, DryRun: true }), passed);
  });

  it('subscribeToShard() with DryRun begins no subscription', async () => {
    const ConsumerARN = await target().consumer(await target().stream());
    const StartingPosition = { Type: 'LATEST' } as const;
    const asked = { ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition };
    for (let time = 0; time < 2; time++) {
      await expectError(target().api.subscribeToShard({ ...asked, DryRun: true }), passed);
    }
    const { EventStream } = await target().api.subscribeToShard(asked);
    await EventStream[Symbol.asyncIterator]().return?.();
  });

  it('what would fail fails with its own error', async () => {
    const { api } = target();
    const StreamName = 'nobody';
    const one = { PartitionKey: 'k', Data };
    await expectError(api.putRecord({ StreamName, ...one, DryRun: true }), notFound);
    await expectError(api.putRecords({ StreamName, Records: [one], DryRun: true }), notFound);
    const from = { StreamName, ShardId: '0', ShardIteratorType: 'LATEST' } as const;
    await expectError(api.getShardIterator({ ...from, DryRun: true }), notFound);
    await expectError(api.getRecords({ ShardIterator: 'abc', DryRun: true }), {
      name: 'InvalidArgumentException',
    });
    const long = { ...one, PartitionKey: 'k'.repeat(257) };
    await expectError(api.putRecord({ StreamName, ...long, DryRun: true }), {
      name: 'ValidationException',
    });
  });
});
