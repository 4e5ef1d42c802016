// GetResourcePolicy: what a resource without a policy has, and one of a name that is used again.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

onEveryTarget('GetResourcePolicy', (target) => {
  const get = (ResourceARN: string) => target().api.getResourcePolicy({ ResourceARN });

  it('getResourcePolicy() rejects what is no ARN and names a missing stream', async () => {
    await expectError(get('orders'), { name: 'ValidationException' });
    await expectError(get(target().arnOf('nobody')), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('getResourcePolicy() of a stream without one is an empty document', async () => {
    const arn = target().arnOf(await target().stream());
    expect(await get(arn)).toEqual({ Policy: '{}' });
  });

  it('getResourcePolicy() of a name that is used again has no old policy', async () => {
    const StreamName = await target().stream();
    const arn = target().arnOf(StreamName);
    const Statement = { Effect: 'Allow', Principal: '*', Action: 'kinesis:*', Resource: arn };
    const Policy = JSON.stringify({ Statement });
    await target().api.putResourcePolicy({ ResourceARN: arn, Policy });
    expect(await get(arn)).toEqual({ Policy });
    await target().api.deleteStream({ StreamName });
    await target().gone(StreamName);
    await target().api.createStream({ StreamName, ShardCount: 1 });
    await target().active(StreamName);
    expect(await get(arn)).toEqual({ Policy: '{}' });
  });
});
