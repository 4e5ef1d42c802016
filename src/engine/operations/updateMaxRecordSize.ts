/** UpdateMaxRecordSize: UPDATING at once, the new size from ACTIVE on. Records that are stored stay readable. */
import { KIB } from '../../kinesis/limits.ts';
import type { Handler } from '../engineParts.ts';
import { changeSetting } from '../settingChange.ts';

export const updateMaxRecordSize: Handler<'UpdateMaxRecordSize'> = async (engine, call) => {
  const bytesMax = call.input.MaxRecordSizeInKiB * KIB;
  await changeSetting(engine, call, ({ recordBytesMax }) => ({
    pending: { kind: 'recordSize', bytesMax },
    isUnchanged: bytesMax === recordBytesMax,
  }));
  return {};
};
