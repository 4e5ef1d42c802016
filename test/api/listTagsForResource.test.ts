// ListTagsForResource: all tags at once, of whichever form they came by.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

onEveryTarget('ListTagsForResource', (target) => {
  const list = (ResourceARN: string) => target().api.listTagsForResource({ ResourceARN });

  it('listTagsForResource() rejects what is no ARN and names a missing stream', async () => {
    await expectError(list('orders'), { name: 'ValidationException' });
    await expectError(list(target().arnOf('nobody')), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('listTagsForResource() gives all tags by key', async () => {
    const StreamName = await target().stream();
    const arn = target().arnOf(StreamName);
    expect(await list(arn)).toEqual({ Tags: [] });
    await target().api.addTagsToStream({ StreamName, Tags: { b: '2', a: '' } });
    await target().api.tagResource({ ResourceARN: arn, Tags: { 'a:b': '3' } });
    expect(await list(arn)).toEqual({
      Tags: [
        { Key: 'a', Value: '' },
        { Key: 'a:b', Value: '3' },
        { Key: 'b', Value: '2' },
      ],
    });
  });

  it('listTagsForResource() of a name that is used again has no old tags', async () => {
    const StreamName = await target().stream({ Tags: { a: '1' } });
    await target().api.deleteStream({ StreamName });
    await target().gone(StreamName);
    await target().api.createStream({ StreamName, ShardCount: 1 });
    await target().active(StreamName);
    expect(await list(target().arnOf(StreamName))).toEqual({ Tags: [] });
  });
});
