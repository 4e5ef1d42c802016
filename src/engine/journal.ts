/**
 * The last calls of clients, in a ring: one object a call, none of it record data, no text of a caller in
 * full length. Nothing is on the disk.
 */
import {
  type JournalEntry,
  type JournalPage,
  type JournalQuery,
  journalEntriesMax,
} from '../admin/controls.ts';
import { streamNameInArn } from '../kinesis/arn.ts';

/** A call as it is kept: what a reader can work out later is left for later. */
export interface JournalCall extends Omit<JournalEntry, 'number' | 'stream'> {
  readonly streamName: string | undefined;
  readonly streamArn: string | undefined;
  /** Of GetRecords; it knows its stream. */
  readonly iterator: string | undefined;
}

export const journalLimitDefault = 100;

/** Characters kept of what a caller says of itself, or names. */
const nameCharactersMax = 512;
/** Characters kept of an exception's text, which may quote a whole body. */
const messageCharactersMax = 1024;

export class Journal {
  private readonly ring: JournalCall[] = [];
  private readonly nameOfIterator: (iterator: string) => string | undefined;
  /** Calls ever; the number of the newest. */
  private count = 0;

  constructor(nameOfIterator: (iterator: string) => string | undefined) {
    this.nameOfIterator = nameOfIterator;
  }

  add(call: JournalCall): void {
    this.ring[this.count % journalEntriesMax] = bounded(call);
    this.count++;
  }

  page({ after, limit = journalLimitDefault }: JournalQuery): JournalPage {
    const oldest = Math.max(0, this.count - journalEntriesMax);
    const newest = Math.max(0, this.count - limit);
    // A number above ours is of the engine that ran before.
    const asked = after === undefined ? newest : after > this.count ? 0 : after;
    const from = Math.max(asked, oldest);
    const until = Math.min(from + limit, this.count);
    const entries: JournalEntry[] = [];
    for (let index = from; index < until; index++) entries.push(this.entryAt(index));
    return { entries, next: until, missed: from - asked };
  }

  private entryAt(index: number): JournalEntry {
    const call = this.ring[index % journalEntriesMax]!;
    const { streamName, streamArn, iterator, ...entry } = call;
    const ofArn = streamArn === undefined ? undefined : streamNameInArn(streamArn);
    const ofIterator = iterator === undefined ? undefined : this.nameOfIterator(iterator);
    return { number: index + 1, ...entry, stream: streamName ?? ofArn ?? ofIterator };
  }
}

/** A call that succeeded has names within AWS's limits; nearly all are such and are kept as they are. */
function bounded(call: JournalCall): JournalCall {
  const { message, userAgent, streamName, streamArn, iterator } = call;
  if (message === undefined && (userAgent?.length ?? 0) <= nameCharactersMax) return call;
  return {
    ...call,
    message: copyOf(message, messageCharactersMax),
    userAgent: copyOf(userAgent, nameCharactersMax),
    streamName: copyOf(streamName, nameCharactersMax),
    streamArn: copyOf(streamArn, nameCharactersMax),
    iterator: copyOf(iterator, nameCharactersMax),
  };
}

const utf8 = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A text of its own: a piece cut from a longer one would hold all of that. */
function copyOf(text: string | undefined, charactersMax: number): string | undefined {
  if (text === undefined) return undefined;
  const cut = text.length > charactersMax ? `${text.slice(0, charactersMax)}…` : text;
  return decoder.decode(utf8.encode(cut));
}
