// StopStreamEncryption: its states, and that records of both kinds stay readable.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

const key = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;

onEveryTarget('StopStreamEncryption', (target) => {
  const stop = (StreamName: string) => target().api.stopStreamEncryption({ StreamName, ...key });

  it('stopStreamEncryption() needs type, key and a stream that exists', async () => {
    await expectError(target().api.stopStreamEncryption({ StreamName: 'a' } as never), {
      name: 'ValidationException',
      message: /^2 validation errors detected: /,
    });
    await expectError(
      target().api.stopStreamEncryption({ StreamName: 'a', ...key, EncryptionType: 'NONE' }),
      { name: 'InvalidArgumentException' },
    );
    await expectError(stop('nobody'), { name: 'ResourceNotFoundException' });
  });

  it('stopStreamEncryption() leaves old records encrypted and readable, new ones plain', async () => {
    const StreamName = await target().stream();
    await target().api.startStreamEncryption({ StreamName, ...key });
    await target().active(StreamName);
    await target().put(StreamName, 'a');
    expect(await stop(StreamName)).toEqual({});
    expect(await target().statusOf(StreamName)).toBe('UPDATING');
    await expectError(stop(StreamName), { name: 'ResourceInUseException' });
    expect(await target().put(StreamName, 'b')).toMatchObject({ EncryptionType: 'KMS' });
    await target().active(StreamName);
    expect(await target().put(StreamName, 'c')).not.toHaveProperty('EncryptionType', 'KMS');
    const { StreamDescription } = await target().api.describeStream({ StreamName });
    expect(StreamDescription).toMatchObject({ EncryptionType: 'NONE' });
    expect(StreamDescription).not.toHaveProperty('KeyId');
    const records = await target().read(await target().iterator(StreamName, '0'), 3);
    const seen = records.map(({ PartitionKey, EncryptionType = 'NONE' }) => {
      return [PartitionKey, EncryptionType];
    });
    expect(seen).toEqual([
      ['a', 'KMS'],
      ['b', 'KMS'],
      ['c', 'NONE'],
    ]);
  });

  it('stopStreamEncryption() of a stream that is not encrypted changes nothing', async () => {
    const StreamName = await target().stream();
    expect(await stop(StreamName)).toEqual({});
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
  });
});
