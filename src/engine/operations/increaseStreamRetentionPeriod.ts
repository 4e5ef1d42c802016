/** IncreaseStreamRetentionPeriod: the new period holds at once, durable before the answer. */
import { retentionNotLonger } from '../../kinesis/retentionErrors.ts';
import type { Handler } from '../engineParts.ts';
import { changeRetention } from '../retentionChange.ts';

export const increaseStreamRetentionPeriod: Handler<'IncreaseStreamRetentionPeriod'> = (
  engine,
  call,
) =>
  changeRetention(engine, call, ({ name, retentionHours: existing }, hours) => {
    if (hours < existing) throw retentionNotLonger({ stream: name, hours, existing });
  });
