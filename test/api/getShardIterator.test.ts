// GetShardIterator: lax shard ids, argument rules, all five types.
import { expect, it } from 'vitest';
import { formatSequenceNumber, parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { expectError, onEveryTarget } from './targets.ts';

const textsOf = (records: { PartitionKey?: string | undefined }[]) =>
  records.map((each) => each.PartitionKey);

onEveryTarget('GetShardIterator', (target) => {
  it('getShardIterator() knows a shard by any prefix and any number of zeros', async () => {
    const StreamName = await target().stream();
    await target().put(StreamName, 'a');
    for (const ShardId of ['0', '-0', 'abc-0', 'shardId-0', 'shardId-000000000000']) {
      const records = await target().read(await target().iterator(StreamName, ShardId), 1);
      expect(textsOf(records)).toEqual(['a']);
    }
  });

  it('getShardIterator() tells an unreadable shard id from one that does not exist', async () => {
    const StreamName = await target().stream();
    const { account } = target();
    for (const ShardId of ['shardId-2147483648', 'shardId-a', 'ab-c']) {
      await expectError(target().iterator(StreamName, ShardId), {
        name: 'ResourceNotFoundException',
        message: `Could not find shard ${ShardId} in stream ${StreamName} under account ${account}.`,
      });
    }
    await expectError(target().iterator(StreamName, '5'), {
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000005 in stream ${StreamName} under account ${account} does not exist`,
    });
    await expectError(target().iterator('nobody', '0'), {
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000000 in stream nobody under account ${account} does not exist`,
    });
  });

  it('getShardIterator() rejects a type and a sequence number that do not belong together', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const { SequenceNumber } = await target().put(StreamName, 'a');
    const either =
      'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber ' +
      'or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ';
    const at = { StreamName, ShardId: '0', ShardIteratorType: 'AT_SEQUENCE_NUMBER' } as const;
    await expectError(api.getShardIterator(at), {
      name: 'InvalidArgumentException',
      message: `${either}AT_SEQUENCE_NUMBER and no StartingSequenceNumber.`,
    });
    const latest = { ...at, ShardIteratorType: 'LATEST' } as const;
    await expectError(api.getShardIterator({ ...latest, StartingSequenceNumber: SequenceNumber }), {
      name: 'InvalidArgumentException',
      message: `${either}LATEST and also a StartingSequenceNumber.`,
    });
  });

  it('getShardIterator() needs a timestamp that is not in the future', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const at = { StreamName, ShardId: '0', ShardIteratorType: 'AT_TIMESTAMP' } as const;
    await expectError(api.getShardIterator(at), {
      name: 'InvalidArgumentException',
      message:
        'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. ' +
        'Current request has no timestamp parameter.',
    });
    const Timestamp = new Date('2100-01-01T00:00:00Z');
    await expectError(api.getShardIterator({ ...at, Timestamp }), {
      name: 'InvalidArgumentException',
      message:
        /^The timestampInMillis parameter cannot be greater than the currentTimestampInMillis\. timestampInMillis: 4102444800000, currentTimestampInMillis: \d+$/,
    });
  });

  it('getShardIterator() rejects numbers of another shard, of another stream, of no form', async () => {
    const StreamName = await target().stream();
    const { api, account } = target();
    const { SequenceNumber } = await target().put(StreamName, 'a');
    const parts = parseSequenceNumber(SequenceNumber)!;
    const with_ = (StartingSequenceNumber: string) =>
      api.getShardIterator({
        StreamName,
        ShardId: '0',
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber,
      });
    await expectError(with_(formatSequenceNumber({ ...parts, shardIndex: 5 })), {
      name: 'InvalidArgumentException',
      message:
        'Invalid StartingSequenceNumber. It encodes shardId-000000000005, ' +
        'while it was used in a call to a shard with shardId-000000000000',
    });
    const used = (number: string) =>
      `StartingSequenceNumber ${number} used in GetShardIterator on shard shardId-000000000000 ` +
      `in stream ${StreamName} under account ${account} is invalid`;
    const shardCreatedSeconds = parts.shardCreatedSeconds - 100;
    const foreign = formatSequenceNumber({ ...parts, shardCreatedSeconds });
    await expectError(with_(foreign), {
      name: 'InvalidArgumentException',
      message: `${used(foreign)} because it did not come from this stream.`,
    });
    const unreadable = (BigInt(SequenceNumber) + 1n).toString();
    await expectError(with_(unreadable), {
      name: 'InvalidArgumentException',
      message: `${used(unreadable)}.`,
    });
  });

  it('getShardIterator() tells numbers of old formats by their shard', async () => {
    const StreamName = await target().stream();
    const with_ = (StartingSequenceNumber: string) =>
      target().api.getShardIterator({
        StreamName,
        ShardId: '0',
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber,
      });
    const encodes = (shard: string) => ({
      name: 'InvalidArgumentException',
      message:
        `Invalid StartingSequenceNumber. It encodes ${shard}, ` +
        'while it was used in a call to a shard with shardId-000000000000',
    });
    await expectError(with_('0'), { name: 'InternalFailure' });
    await expectError(with_('5'), encodes('shardId-000000000005'));
    const zeros = '0'.repeat(36);
    const negative = BigInt(`0x20${zeros}800000002`).toString();
    await expectError(with_(negative), encodes('shardId--02147483648'));
    const used = (number: string) =>
      `StartingSequenceNumber ${number} used in GetShardIterator on shard shardId-000000000000 ` +
      `in stream ${StreamName} under account ${target().account} is invalid`;
    const invalid = 'InvalidArgumentException';
    const first = BigInt(`0x20${zeros}000000001`).toString();
    const message = `${used(first)} because it did not come from this stream.`;
    await expectError(with_(first), { name: invalid, message });
    for (const digits of [
      '13bb2cc3d80000000000000000000000',
      '20000000000800000000000000000000000000000000002',
    ]) {
      const number = BigInt(`0x${digits}`).toString();
      await expectError(with_(number), { name: invalid, message: `${used(number)}.` });
    }
  });

  it('getShardIterator() rejects the ending number of a closed shard', async () => {
    const StreamName = await target().stream();
    const NewStartingHashKey = (2n ** 127n).toString();
    await target().api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey });
    await target().active(StreamName);
    const [parent] = await target().shards(StreamName);
    const StartingSequenceNumber = parent!.SequenceNumberRange.EndingSequenceNumber;
    for (const ShardIteratorType of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
      const input = { StreamName, ShardId: '0', ShardIteratorType, StartingSequenceNumber };
      await expectError(target().api.getShardIterator(input), {
        name: 'InvalidArgumentException',
        message:
          `Invalid SequenceNumber for ShardIteratorType ${ShardIteratorType}, ` +
          'SequenceNumber has reached max possible value for the shard.',
      });
    }
  });

  it('getShardIterator() starts each type where AWS does', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    const first = await target().put(StreamName, 'a');
    await target().backend.pass();
    const second = await target().put(StreamName, 'b');
    const from = async (type: string, more: object = {}) => {
      const ShardIteratorType = type as 'LATEST';
      const input = { StreamName, ShardId: '0', ShardIteratorType, ...more };
      return (await api.getShardIterator(input)).ShardIterator!;
    };
    const latest = await from('LATEST');
    const StartingSequenceNumber = second.SequenceNumber;
    const at = await from('AT_SEQUENCE_NUMBER', { StartingSequenceNumber });
    const after = await from('AFTER_SEQUENCE_NUMBER', { StartingSequenceNumber });
    const [, recordB] = await target().read(await from('TRIM_HORIZON'), 2);
    const Timestamp = recordB!.ApproximateArrivalTimestamp!;
    const byTime = await from('AT_TIMESTAMP', { Timestamp });
    await target().put(StreamName, 'c');
    expect(textsOf(await target().read(await from('TRIM_HORIZON'), 3))).toEqual(['a', 'b', 'c']);
    expect(textsOf(await target().read(latest, 1))).toEqual(['c']);
    expect(textsOf(await target().read(at, 2))).toEqual(['b', 'c']);
    expect(textsOf(await target().read(after, 1))).toEqual(['c']);
    expect(textsOf(await target().read(byTime, 2))).toEqual(['b', 'c']);
    const { SequenceNumber: number } = first;
    const start = await from('AFTER_SEQUENCE_NUMBER', { StartingSequenceNumber: number });
    expect(textsOf(await target().read(start, 2))).toEqual(['b', 'c']);
  });

  it('getShardIterator() takes the starting number of an empty shard', async () => {
    const StreamName = await target().stream();
    const [shard] = await target().shards(StreamName);
    const { ShardIterator } = await target().api.getShardIterator({
      StreamName,
      ShardId: '0',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: shard!.SequenceNumberRange.StartingSequenceNumber,
    });
    await target().put(StreamName, 'a');
    expect(textsOf(await target().read(ShardIterator!, 1))).toEqual(['a']);
  });
});
