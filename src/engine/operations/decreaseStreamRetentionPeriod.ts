/** DecreaseStreamRetentionPeriod: the new period holds at once, durable before the answer. */
import { retentionNotShorter } from '../../kinesis/retentionErrors.ts';
import type { Handler } from '../engineParts.ts';
import { changeRetention } from '../retentionChange.ts';

export const decreaseStreamRetentionPeriod: Handler<'DecreaseStreamRetentionPeriod'> = (
  engine,
  call,
) =>
  changeRetention(engine, call, ({ name, retentionHours: existing }, hours) => {
    if (hours > existing) throw retentionNotShorter({ stream: name, hours, existing });
  });
