// UntagResource: what goes, what stays, and what it refuses.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('UntagResource', (target) => {
  const untag = (ResourceARN: string, TagKeys: string[]) =>
    target().api.untagResource({ ResourceARN, TagKeys });

  it('untagResource() rejects no keys and no ARN', async () => {
    await expectError(untag(target().arnOf('a'), []), {
      name: 'ValidationException',
      message: constraint('[]', 'tagKeys', 'Member must have length greater than or equal to 1'),
    });
    await expectError(untag('a', ['a']), { name: 'ValidationException' });
  });

  it('untagResource() names a stream that does not exist', async () => {
    await expectError(untag(target().arnOf('nobody'), ['a']), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('untagResource() takes the named tags, of whichever form, and ignores others', async () => {
    const StreamName = await target().stream({ Tags: { a: '1', b: '2' } });
    const ResourceARN = target().arnOf(StreamName);
    await target().api.tagResource({ ResourceARN, Tags: { 'c:d': '3' } });
    expect(await untag(ResourceARN, ['a', 'c:d', 'x'])).toEqual({});
    const { Tags } = await target().api.listTagsForStream({ StreamName });
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
  });

  it('untagResource() waits for ACTIVE', async () => {
    const StreamName = await target().stream({ Tags: { a: '1' } });
    await target().api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 });
    const arn = target().arnOf(StreamName);
    await expectError(untag(arn, ['a']), { name: 'ResourceInUseException' });
    await target().active(StreamName);
    await untag(arn, ['a']);
  });
});
