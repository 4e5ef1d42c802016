// PutRecord: constraints, routing, sequence numbers.
import { expect, it } from 'vitest';
import { parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { constraint, expectError, onEveryTarget } from './targets.ts';

const Data = new Uint8Array([1]);
const sizeRule = 'Member must have length less than or equal to';

onEveryTarget('PutRecord', (target) => {
  it('putRecord() rejects a partition key of 257 characters and takes one of 256', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const long = 'é'.repeat(257);
    await expectError(api.putRecord({ StreamName, PartitionKey: long, Data }), {
      name: 'ValidationException',
      message: constraint(long, 'partitionKey', `${sizeRule} 256`),
    });
    await api.putRecord({ StreamName, PartitionKey: '\u{1f600}'.repeat(256), Data });
  });

  it('putRecord() rejects data above 1 MiB and takes 1 MiB less its key', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const big = new Uint8Array(1024 ** 2 + 1);
    await expectError(api.putRecord({ StreamName, PartitionKey: 'k', Data: big }), {
      name: 'ValidationException',
    });
    const fits = new Uint8Array(1024 ** 2 - 1);
    await api.putRecord({ StreamName, PartitionKey: 'k', Data: fits });
    await api.putRecord({ StreamName, PartitionKey: 'k', Data: new Uint8Array() });
  });

  it('putRecord() rejects an explicit hash key of 2^128 and of 40 digits', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const ExplicitHashKey = (2n ** 128n).toString();
    await expectError(api.putRecord({ StreamName, PartitionKey: 'k', Data, ExplicitHashKey }), {
      name: 'InvalidArgumentException',
      message:
        'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
        `Specified value was ${ExplicitHashKey}`,
    });
    const digits = `1${'0'.repeat(39)}`;
    await expectError(
      api.putRecord({ StreamName, PartitionKey: 'k', Data, ExplicitHashKey: digits }),
      {
        name: 'ValidationException',
        message: constraint(
          digits,
          'explicitHashKey',
          'Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})',
        ),
      },
    );
  });

  it('putRecord() names a stream that does not exist, before it looks at the hash key', async () => {
    const ExplicitHashKey = (2n ** 128n).toString();
    const input = { StreamName: 'nobody', PartitionKey: 'k', Data, ExplicitHashKey };
    await expectError(target().api.putRecord(input), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('putRecord() routes by the MD5 of the partition key', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const shards: string[] = [];
    for (const PartitionKey of ['a', 'b', 'e', 'f']) {
      const { ShardId } = await target().api.putRecord({ StreamName, PartitionKey, Data });
      shards.push(ShardId.slice(-1));
    }
    expect(shards).toEqual(['0', '1', '2', '1']);
  });

  it('putRecord() routes by an explicit hash key, both ends of a range included', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const { HashKeyRange } = (await target().shards(StreamName))[1]!;
    for (const ExplicitHashKey of [HashKeyRange.StartingHashKey, HashKeyRange.EndingHashKey]) {
      const { ShardId } = await target().put(StreamName, 'x', { ExplicitHashKey });
      expect(ShardId).toBe('shardId-000000000001');
    }
  });

  it('putRecord() answers rising numbers that lie in the shard and carry its creation', async () => {
    const StreamName = await target().stream();
    const [shard] = await target().shards(StreamName);
    const start = shard!.SequenceNumberRange.StartingSequenceNumber;
    let last = BigInt(start);
    for (const text of ['a', 'b', 'c']) {
      const put = await target().put(StreamName, text);
      expect(put).not.toHaveProperty('EncryptionType');
      const parts = parseSequenceNumber(put.SequenceNumber)!;
      expect(parts).toMatchObject({
        shardCreatedSeconds: parseSequenceNumber(start)!.shardCreatedSeconds,
        shardIndex: 0,
      });
      expect(BigInt(put.SequenceNumber)).toBeGreaterThan(last);
      last = BigInt(put.SequenceNumber);
    }
  });

  it('putRecord() exceeds SequenceNumberForOrdering and rejects one from the future', async () => {
    const StreamName = await target().stream();
    const { api, account } = target();
    const { SequenceNumber: first } = await target().put(StreamName, 'a');
    const ordered = { StreamName, PartitionKey: 'a', Data };
    const next = await api.putRecord({ ...ordered, SequenceNumberForOrdering: first });
    expect(BigInt(next.SequenceNumber)).toBeGreaterThan(BigInt(first));
    const future = (BigInt(first) + (1_000_000n << 36n)).toString();
    const bad = { ...ordered, SequenceNumberForOrdering: future };
    await expectError(api.putRecord(bad), {
      name: 'InvalidArgumentException',
      message:
        `ExclusiveMinimumSequenceNumber ${future} used in PutRecord on ` +
        `stream ${StreamName} under account ${account} is invalid.`,
    });
  });

  it('putRecord() takes ordering numbers of every format Kinesis gave out, and no others', async () => {
    const StreamName = await target().stream();
    const put = (digits: string) => {
      const SequenceNumberForOrdering = BigInt(`0x${digits}`).toString();
      return target().api.putRecord({
        StreamName,
        PartitionKey: 'k',
        Data,
        SequenceNumberForOrdering,
      });
    };
    const zeros = '0'.repeat(45);
    const good = [
      '5',
      `2${zeros}1`,
      `2${zeros}2`,
      '2ffffffffff7fffffffffffffff000000000007fffffff2',
    ];
    let last = 0n;
    for (const digits of good) {
      const { SequenceNumber } = await put(digits);
      expect(BigInt(SequenceNumber)).toBeGreaterThan(last);
      last = BigInt(SequenceNumber);
    }
    const future = 'f'.repeat(9);
    const bad = [
      `2${zeros}0`,
      `2${zeros}4`,
      `3${zeros}1`,
      '1ffffffffff7fffffffffffffff000000000007fffffff2',
      '20000000000800000000000000000000000000000000002',
      '20000000000000000000000000000000000000800000002',
      '13bb2cc3d80000000000000000000000',
      `2${'0'.repeat(12)}${future}${'0'.repeat(24)}1`,
    ];
    for (const digits of bad) {
      await expectError(put(digits), { name: 'InvalidArgumentException' });
    }
    await expectError(put(`2${zeros}3`), { name: 'InternalFailure' });
  });

  it('putRecord() takes the ARN alone', async () => {
    const StreamARN = target().arnOf(await target().stream());
    const { ShardId } = await target().api.putRecord({ StreamARN, PartitionKey: 'k', Data });
    expect(ShardId).toBe('shardId-000000000000');
  });
});
