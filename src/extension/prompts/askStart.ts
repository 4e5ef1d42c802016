/** Asks where a tail is to begin: a time, how long ago, or a record by its sequence number. */
import type { TailStart } from '../../protocol/tail.ts';
import { durationMsOf, momentMsOf, type Now } from '../../query/values.ts';
import type { StreamTimes } from '../times.ts';
import { askText, hint, type Question } from './choose.ts';

/** A shorter number is a slip of the hand; those of Kinesis have 56 digits. */
const digitsMin = 20;

/** What is meant by a place in the stream: where a tail begins, or what it is led to. */
export interface PlaceMeant {
  readonly title: string;
  /** What happens at a record, in a sentence. */
  readonly record: string;
  /** Begins a sentence that ends with the moment: `Begins with what arrived from`. */
  readonly from: string;
}

const startMeant = {
  record: 'Begins at this record; the other shards begin at its second.',
  from: 'Begins with what arrived from',
};

export type PlaceAsked = Extract<TailStart, { type: 'AT_TIMESTAMP' | 'AT_SEQUENCE_NUMBER' }>;

/** Rejects with a CancellationError when the user goes away. */
export async function askStart(times: StreamTimes, title = 'Start Tail From'): Promise<TailStart> {
  return askPlace(times, { title, ...startMeant });
}

/** A time or a sequence number. Rejects with a CancellationError when the user goes away. */
export async function askPlace(times: StreamTimes, meant: PlaceMeant): Promise<PlaceAsked> {
  const answer = await askText({
    title: meant.title,
    prompt: `A time, how long ago, or the sequence number of a record${times.zoneNote}`,
    placeHolder: '14:05, 2026-11-28 14:05:30, 10m, 2h30m or 4968047172…',
    check: (text) => said(startOf(text, times.now), { meant, times }),
  });
  return startOf(answer, times.now)!;
}

interface TimeQuestion extends Question {
  /** The time has to be after this one. */
  readonly afterMs: number | undefined;
}

/** Epoch milliseconds. Rejects with a CancellationError when the user goes away. */
export async function askTime(
  times: StreamTimes,
  { title, prompt, afterMs }: TimeQuestion,
): Promise<number> {
  const answer = await askText({
    title,
    prompt: `${prompt}${times.zoneNote}`,
    placeHolder: '14:05, 2026-11-28 14:05:30, 10m or 2h30m',
    check: (text) => {
      const ms = timeOf(text, times.now);
      if (ms === undefined) return 'Write a time like 14:05, or how long ago like 10m.';
      if (afterMs !== undefined && ms <= afterMs)
        return `This is not after ${times.words(afterMs)}.`;
      return hint(times.words(ms));
    },
  });
  return timeOf(answer, times.now)!;
}

/** Undefined when it is none of them. */
export function startOf(text: string, at: Now): PlaceAsked | undefined {
  const asked = text.trim();
  if (/^\d+$/.test(asked) && asked.length >= digitsMin) {
    return { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: asked };
  }
  const timestampMs = timeOf(asked, at);
  return timestampMs === undefined ? undefined : { type: 'AT_TIMESTAMP', timestampMs };
}

function timeOf(text: string, at: Now): number | undefined {
  const asked = text.trim();
  const ago = durationMsOf(asked);
  return ago === undefined ? momentMsOf(asked, at) : at.nowMs - ago;
}

function said(
  start: PlaceAsked | undefined,
  { meant, times }: { meant: PlaceMeant; times: StreamTimes },
) {
  if (!start) return 'Write a time like 14:05, how long ago like 10m, or a whole sequence number.';
  if (start.type !== 'AT_TIMESTAMP') return hint(meant.record);
  return hint(`${meant.from} ${times.words(start.timestampMs)} on.`);
}
