/** What both retention operations do: check, write the new period, pass through UPDATING. Removes no record. */
import { streamNotActive } from '../kinesis/errors.ts';
import { retentionHoursMax, retentionHoursMin } from '../kinesis/limits.ts';
import { retentionTooLong, retentionTooShort } from '../kinesis/retentionErrors.ts';
import type { Ages } from './ages.ts';
import { type Call, type EngineParts, findStream } from './engineParts.ts';
import { horizonMs } from './shardView.ts';
import type { CatalogChange, StreamEntry } from './streamEntry.ts';

type RetentionCall = Call<'IncreaseStreamRetentionPeriod' | 'DecreaseStreamRetentionPeriod'>;

/** Throws InvalidArgument when the period lies on the wrong side of the stream's own. */
type CheckDirection = (stream: StreamEntry, hours: number) => void;

/**
 * Resolved: the new period holds and is durable; the stream is UPDATING, or as it was when it had that
 * period. @source measured: existence comes first; guessed: that the state comes before the range, and that an
 * equal period is accepted by both operations and leaves the stream ACTIVE.
 */
export async function changeRetention(
  engine: EngineParts,
  call: RetentionCall,
  checkDirection: CheckDirection,
): Promise<Record<string, never>> {
  const hours = call.input.RetentionPeriodHours;
  let started: string | undefined;
  await engine.catalog.update(() => {
    const stream = findStream(engine, call);
    if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
    if (hours < retentionHoursMin) throw retentionTooShort(hours, retentionHoursMin);
    if (hours > retentionHoursMax) throw retentionTooLong(hours, retentionHoursMax);
    checkDirection(stream, hours);
    if (hours === stream.retentionHours) return [];
    started = stream.id;
    return [changeOf(stream, { hours, ages: engine.ages })];
  });
  if (started !== undefined) engine.transitions.start(started);
  return {};
}

/** What has expired under the shorter of both periods stays expired. @source documented */
function changeOf(
  stream: StreamEntry,
  { hours, ages }: { hours: number; ages: Ages },
): CatalogChange {
  const retentionHours = Math.min(hours, stream.retentionHours);
  const expiredBeforeMs = horizonMs({ ...stream, retentionHours }, ages);
  const set = { status: 'UPDATING', retentionHours: hours, expiredBeforeMs } as const;
  return { type: 'change', id: stream.id, set, pending: { kind: 'retention' } };
}
