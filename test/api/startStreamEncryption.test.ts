// StartStreamEncryption: which keys it takes, its states, and which answers say KMS from when on.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

const KeyId = 'alias/aws/kinesis';

onEveryTarget('StartStreamEncryption', (target) => {
  const start = (StreamName: string, key = KeyId, EncryptionType: 'KMS' | 'NONE' = 'KMS') =>
    target().api.startStreamEncryption({ StreamName, KeyId: key, EncryptionType });
  /** As both Describe operations tell it. */
  const keyOf = async (StreamName: string) => {
    const { api } = target();
    const { StreamDescription } = await api.describeStream({ StreamName });
    const { StreamDescriptionSummary } = await api.describeStreamSummary({ StreamName });
    const { EncryptionType, KeyId: key } = StreamDescriptionSummary;
    expect(StreamDescription.EncryptionType).toBe(EncryptionType);
    expect(StreamDescription.KeyId).toBe(key);
    expect('KeyId' in StreamDescription).toBe(key !== undefined);
    return [EncryptionType, key];
  };
  const putRecords = (StreamName: string, text: string) => {
    const Data = new TextEncoder().encode(text);
    return target().api.putRecords({ StreamName, Records: [{ PartitionKey: text, Data }] });
  };

  it('startStreamEncryption() needs a type and a key', async () => {
    const { api } = target();
    await expectError(api.startStreamEncryption({ StreamName: 'a' } as never), {
      name: 'ValidationException',
      message:
        "2 validation errors detected: Value null at 'encryptionType' failed to satisfy " +
        "constraint: Member must not be null; Value null at 'keyId' failed to satisfy " +
        'constraint: Member must not be null',
    });
    await expectError(start('a', KeyId, 'AES' as 'KMS'), {
      name: 'ValidationException',
      message: constraint(
        'AES',
        'encryptionType',
        'Member must satisfy enum value set: [NONE, KMS]',
      ),
    });
    await expectError(start('a', ''), {
      name: 'ValidationException',
      message: constraint('', 'keyId', 'Member must have length greater than or equal to 1'),
    });
    await expectError(start('a', KeyId, 'NONE'), { name: 'InvalidArgumentException' });
  });

  it('startStreamEncryption() names a stream that does not exist', async () => {
    await expectError(start('nobody'), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('startStreamEncryption() encrypts from ACTIVE on, and the answers say so', async () => {
    const StreamName = await target().stream();
    expect(await keyOf(StreamName)).toEqual(['NONE', undefined]);
    expect(await target().put(StreamName, 'a')).not.toHaveProperty('EncryptionType', 'KMS');
    expect(await start(StreamName)).toEqual({});
    expect(await target().statusOf(StreamName)).toBe('UPDATING');
    await expectError(start(StreamName), { name: 'ResourceInUseException' });
    await target().put(StreamName, 'b');
    await target().active(StreamName);
    expect(await keyOf(StreamName)).toEqual(['KMS', KeyId]);
    const put = await target().put(StreamName, 'c');
    expect(put).toMatchObject({ ShardId: 'shardId-000000000000', EncryptionType: 'KMS' });
    const { EncryptionType, Records } = await putRecords(StreamName, 'd');
    expect(EncryptionType).toBe('KMS');
    const records = await target().read(await target().iterator(StreamName, '0'), 4);
    const text = new TextDecoder();
    const seen = records.map(({ Data, PartitionKey, EncryptionType: type = 'NONE' }) => {
      return [text.decode(Data), PartitionKey, type];
    });
    expect(seen).toEqual([
      ['a', 'a', 'NONE'],
      ['b', 'b', 'NONE'],
      ['c', 'c', 'KMS'],
      ['d', 'd', 'KMS'],
    ]);
    expect(records.slice(2).map(({ SequenceNumber }) => SequenceNumber)).toEqual([
      put.SequenceNumber,
      Records[0]!.SequenceNumber,
    ]);
  });
});

const uuid = '12345678-1234-1234-1234-123456789012';

// What KMS has in an account is its owner's business: only on engines, which have every key.
if (process.env.KINESIS_TARGET !== 'aws') {
  onEveryTarget('StartStreamEncryption-keys', (target) => {
    const start = (StreamName: string, key: string) =>
      target().api.startStreamEncryption({ StreamName, KeyId: key, EncryptionType: 'KMS' });

    it('startStreamEncryption() takes every form of a key and shows it as it was given', async () => {
      const StreamName = await target().stream();
      const arn = `arn:aws:kms:us-east-1:${target().account}`;
      for (const key of [uuid, `${arn}:key/${uuid}`, `${arn}:alias/a/b_c`, 'alias/a-b']) {
        await start(StreamName, key);
        await target().active(StreamName);
        const { StreamDescriptionSummary: summary } = await target().api.describeStreamSummary({
          StreamName,
        });
        expect(summary.KeyId).toBe(key);
      }
      await start(StreamName, 'alias/a-b');
      expect(await target().statusOf(StreamName)).toBe('ACTIVE');
    });

    it('startStreamEncryption() does not find what names no key', async () => {
      const StreamName = await target().stream();
      for (const key of ['a', uuid.slice(1), 'alias/', 'alias/a b', 'arn:aws:s3:::a', `x${uuid}`]) {
        await expectError(start(StreamName, key), { name: 'KMSNotFoundException' });
      }
      expect(await target().statusOf(StreamName)).toBe('ACTIVE');
    });
  });
}
