// TagResource: what an ARN may name, which tags it takes, and that both forms change the same tags.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('TagResource', (target) => {
  const tag = (ResourceARN: string, Tags: Record<string, string>) =>
    target().api.tagResource({ ResourceARN, Tags });

  it('tagResource() rejects what is no ARN of Kinesis', async () => {
    for (const arn of ['orders', 'arn:aws:s3:::orders', 'arn:aws:kinesis:eu-west-1:1:stream/a']) {
      await expectError(tag(arn, { a: '' }), {
        name: 'ValidationException',
        message: constraint(
          arn,
          'resourceARN',
          'Member must satisfy regular expression pattern: ' +
            'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel)/\\S+',
        ),
      });
    }
    const odd = `${target().arnOf('a')}/consumer`;
    await expectError(tag(odd, { a: '' }), { name: 'InvalidArgumentException' });
  });

  it('tagResource() names a stream that does not exist', async () => {
    await expectError(tag(target().arnOf('nobody'), { a: '' }), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('tagResource() does not find what is not registered, and no channels', async () => {
    const arn = target().arnOf(await target().stream());
    for (const other of [`${arn}/consumer/c:1`, arn.replace(':stream/', ':channel/')]) {
      await expectError(tag(other, { a: '' }), { name: 'ResourceNotFoundException' });
    }
  });

  it('tagResource() takes a colon and no percent sign', async () => {
    const StreamName = await target().stream({ Tags: { a: '0' } });
    const arn = target().arnOf(StreamName);
    expect(await tag(arn, { 'team:a': 'b:c', a: '1' })).toEqual({});
    await expectError(tag(arn, { 'a%': '' }), { name: 'InvalidArgumentException' });
    await expectError(tag(arn, { 'aws:a': '' }), { name: 'InvalidArgumentException' });
    const { Tags } = await target().api.listTagsForStream({ StreamName });
    expect(Tags).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'team:a', Value: 'b:c' },
    ]);
  });

  it('tagResource() stops at fifty and waits for ACTIVE', async () => {
    const StreamName = await target().stream();
    const arn = target().arnOf(StreamName);
    const many = Array.from({ length: 51 }, (_, index) => [`k${index}`, '']);
    await expectError(tag(arn, Object.fromEntries(many)), { name: 'InvalidArgumentException' });
    await tag(arn, Object.fromEntries(many.slice(1)));
    await target().api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 });
    await expectError(tag(arn, { k1: 'new' }), { name: 'ResourceInUseException' });
    await target().active(StreamName);
  });
});
