// PutResourcePolicy: which documents are kept, and that they come back as they were given.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('PutResourcePolicy', (target) => {
  const put = (ResourceARN: string, Policy: string) =>
    target().api.putResourcePolicy({ ResourceARN, Policy });
  const policyOf = async (ResourceARN: string) =>
    (await target().api.getResourcePolicy({ ResourceARN })).Policy;
  const statement = (Resource: string) => ({
    Sid: 'reading',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111122223333:root' },
    Action: ['kinesis:DescribeStreamSummary', 'kinesis:ListShards', 'kinesis:Get*'],
    Resource,
  });
  const document = (Statement: unknown) => JSON.stringify({ Version: '2012-10-17', Statement });

  it('putResourcePolicy() needs a policy and an ARN', async () => {
    await expectError(target().api.putResourcePolicy({ ResourceARN: 'a' } as never), {
      name: 'ValidationException',
      message: /^2 validation errors detected: /,
    });
    const ResourceARN = target().arnOf('a');
    await expectError(target().api.putResourcePolicy({ ResourceARN } as never), {
      name: 'ValidationException',
      message: constraint(null, 'policy', 'Member must not be null'),
    });
  });

  it('putResourcePolicy() names a stream that does not exist', async () => {
    const arn = target().arnOf('nobody');
    await expectError(put(arn, document([statement(arn)])), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('putResourcePolicy() keeps the text as it was given, and the last one counts', async () => {
    const arn = target().arnOf(await target().stream());
    const first = `${document([statement(arn)])}\n`;
    expect(await put(arn, first)).toEqual({});
    expect(await policyOf(arn)).toBe(first);
    const second = document({ ...statement(arn), Resource: [arn], Effect: 'Deny', Action: '*' });
    await put(arn, second);
    expect(await policyOf(arn)).toBe(second);
  });

  it('putResourcePolicy() refuses what is no policy of the resource', async () => {
    const arn = target().arnOf(await target().stream());
    const good = statement(arn);
    const cases: [string, RegExp][] = [
      ['', /no JSON/],
      ['{', /no JSON/],
      ['[]', /one JSON object/],
      ['null', /one JSON object/],
      ['{}', /no Statement/],
      [document([]), /no Statement/],
      [document(['a']), /must be an object/],
      [JSON.stringify({ Version: '2013', Statement: good }), /Version/],
      [document({ ...good, Effect: 'allow' }), /Effect/],
      [document({ ...good, Principal: undefined }), /Principal/],
      [document({ ...good, Action: [] }), /Action/],
      [document({ ...good, Action: [7] }), /Action/],
      [document({ ...good, Action: 's3:GetObject' }), /s3:GetObject is no Action/],
      [document({ ...good, Resource: undefined }), /Resource/],
      [document({ ...good, Resource: [arn, `${arn}2`] }), /Resource/],
      [document([good, { ...good, Resource: '*' }]), /Resource/],
      [document({ ...good, Sid: 'x'.repeat(20_480) }), /longer than/],
      [document({ ...good, NotAction: 'kinesis:*' }), /both Action and NotAction/],
      [document({ ...good, Principal: 'me' }), /a Principal that is neither/],
      [document({ ...good, Condition: [] }), /a Condition that is no object/],
      [JSON.stringify({ Statement: good, More: 1 }), /an unknown member "More"/],
    ];
    for (const [policy, message] of cases) {
      await expectError(put(arn, policy), { name: 'InvalidArgumentException', message });
    }
    expect(await policyOf(arn)).toBe('{}');
  });

  it('putResourcePolicy() waits for ACTIVE', async () => {
    const StreamName = await target().stream();
    const arn = target().arnOf(StreamName);
    await target().api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 });
    const policy = document(statement(arn));
    await expectError(put(arn, policy), { name: 'ResourceInUseException' });
    await target().active(StreamName);
    await put(arn, policy);
  });
});
