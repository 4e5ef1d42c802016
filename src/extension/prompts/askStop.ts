/** Asks where a tail is to pause by itself: at a time, in a while, or after so many records. */
import type { TailStop } from '../../protocol/tail.ts';
import { durationMsOf, momentMsBehind, type Now } from '../../query/values.ts';
import type { StreamTimes } from '../times.ts';
import { askText, hint } from './choose.ts';

/** Rejects with a CancellationError when the user goes away. */
export async function askStop(times: StreamTimes): Promise<TailStop> {
  const answer = await askText({
    title: 'Stop Tail At',
    prompt: `A number of records, a time, or in how long${times.zoneNote}`,
    placeHolder: '1000, 14:05, 2026-11-28 14:05:30, 10m or 2h30m',
    check: (text) => said(stopOf(text, times.now), times),
  });
  return stopOf(answer, times.now)!;
}

/** Undefined when it is none of them. */
export function stopOf(text: string, at: Now): TailStop | undefined {
  const asked = text.trim().replaceAll(',', '');
  if (/^\d{1,12}$/.test(asked)) {
    return Number(asked) > 0 ? { type: 'AFTER_RECORDS', count: Number(asked) } : undefined;
  }
  const inMs = durationMsOf(asked);
  // A time of day is the next one: elsewhere it is the last one.
  const timestampMs =
    inMs === undefined ? momentMsBehind(at.nowMs, text.trim(), at) : at.nowMs + inMs;
  return timestampMs === undefined ? undefined : { type: 'AT_TIMESTAMP', timestampMs };
}

function said(stop: TailStop | undefined, times: StreamTimes) {
  if (!stop)
    return 'Write a number of records like 1000, a time like 14:05, or in how long like 10m.';
  if (stop.type === 'AFTER_RECORDS') {
    return hint(`Pauses after ${stop.count.toLocaleString()} more records.`);
  }
  return hint(`Pauses behind what arrived up to ${times.words(stop.timestampMs)}.`);
}
