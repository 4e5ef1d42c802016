// UpdateMaxRecordSize: bounds, states, and which records are stored before and after.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

const MIB = 1024 ** 2;

onEveryTarget('UpdateMaxRecordSize', (target) => {
  const update = (name: string, MaxRecordSizeInKiB: number) =>
    target().api.updateMaxRecordSize({ StreamARN: target().arnOf(name), MaxRecordSizeInKiB });
  const sizeOf = async (StreamName: string) =>
    (await target().api.describeStreamSummary({ StreamName })).StreamDescriptionSummary
      .MaxRecordSizeInKiB;
  const put = (StreamName: string, bytes: number) => {
    const Data = new Uint8Array(bytes).fill(7);
    return target().api.putRecord({ StreamName, PartitionKey: 'k', Data });
  };

  it('updateMaxRecordSize() rejects less than 1 and more than 10 MiB', async () => {
    await expectError(update('a', 1023), {
      name: 'ValidationException',
      message: constraint(
        '1023',
        'maxRecordSizeInKiB',
        'Member must have value greater than or equal to 1024',
      ),
    });
    await expectError(update('a', 10_241), {
      name: 'ValidationException',
      message: constraint(
        '10241',
        'maxRecordSizeInKiB',
        'Member must have value less than or equal to 10240',
      ),
    });
  });

  it('updateMaxRecordSize() needs an ARN of a stream that exists', async () => {
    await expectError(update('nobody', 2048), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
    await expectError(target().api.updateMaxRecordSize({ MaxRecordSizeInKiB: 2048 }), {
      name: 'InvalidArgumentException',
    });
  });

  it('updateMaxRecordSize() lets a record of 3 MiB in from ACTIVE on, and out again', async () => {
    const StreamName = await target().stream();
    expect(await sizeOf(StreamName)).toBe(1024);
    const refused = { name: 'ValidationException' };
    await expectError(put(StreamName, 3 * MIB), refused);
    expect(await update(StreamName, 3073)).toEqual({});
    expect(await target().statusOf(StreamName)).toBe('UPDATING');
    expect(await sizeOf(StreamName)).toBe(1024);
    await expectError(put(StreamName, 3 * MIB), refused);
    await expectError(update(StreamName, 2048), { name: 'ResourceInUseException' });
    await target().active(StreamName);
    expect(await sizeOf(StreamName)).toBe(3073);
    const { SequenceNumber } = await put(StreamName, 3 * MIB);
    const Records = [{ PartitionKey: 'k', Data: new Uint8Array(2 * MIB) }];
    const { FailedRecordCount } = await target().api.putRecords({ StreamName, Records });
    expect(FailedRecordCount).toBe(0);
    await expectError(put(StreamName, 4 * MIB), refused);
    const [record] = await target().read(await target().iterator(StreamName, '0'), 1);
    expect(record!.SequenceNumber).toBe(SequenceNumber);
    expect(record!.Data.length).toBe(3 * MIB);
  });

  it('updateMaxRecordSize() back to 1 MiB leaves larger records readable', async () => {
    const StreamName = await target().stream({ MaxRecordSizeInKiB: 2048 });
    await put(StreamName, 2 * MIB - 1);
    await update(StreamName, 1024);
    await target().active(StreamName);
    await expectError(put(StreamName, MIB), { name: 'ValidationException' });
    await put(StreamName, MIB - 1);
    const records = await target().read(await target().iterator(StreamName, '0'), 2);
    expect(records.map(({ Data }) => Data.length)).toEqual([2 * MIB - 1, MIB - 1]);
  });

  it('updateMaxRecordSize() to the size a stream has changes nothing', async () => {
    const StreamName = await target().stream();
    expect(await update(StreamName, 1024)).toEqual({});
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
  });
});
