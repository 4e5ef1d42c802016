/** What a live tail says of itself: ticks of its state, pages of its rows, one record in full. Plain data. */

import type { CellValue, FieldCell, OrderState } from './columns.ts';
import type { TailHistogram } from './histogram.ts';

/** Where a tail starts in every shard. */
export type TailStart =
  | { readonly type: 'LATEST' }
  | { readonly type: 'TRIM_HORIZON' }
  /** That record first, of its shard; of the others what arrived from its second on. */
  | { readonly type: 'AT_SEQUENCE_NUMBER'; readonly sequenceNumber: string }
  | {
      readonly type: 'AT_TIMESTAMP';
      readonly timestampMs: number;
      /** A tail goes on from there: what expired since is a gap. */
      readonly isResumed?: boolean;
    };

/** Where a tail pauses by itself. */
export type TailStop =
  /** Behind what arrived up to then. */
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampMs: number }
  /** As the list shows them. An aggregate is not taken apart: it pauses behind the one that reaches the number. */
  | { readonly type: 'AFTER_RECORDS'; readonly count: number };

/** Up to which record each shard was read, by shard id: its sequence number, or `readToEnd`. */
export type TailReached = Readonly<Record<string, string>>;

export const readToEnd = 'END';
/** Of more shards a tick does not tell how far they were read. */
export const reachedShardsMax = 500;

export type TailState =
  /** Looking up shards and iterators. */
  | 'starting'
  | 'live'
  | 'paused'
  /** Every shard was read to its end and none is open (the stream was deleted, say). */
  | 'ended'
  /** Cannot go on without the user; `problem` says why. It keeps its rows. */
  | 'failed';

/** What a user can do about a problem; the panel shows it as one button. */
export type ProblemAction = 'retry' | 'startEngine' | 'signIn' | 'showLog';

export interface Problem {
  /** What happened, why, and what to do, in a sentence. */
  readonly message: string;
  readonly action?: ProblemAction;
}

/** One shard as the tail sees it. */
export interface TailShard {
  readonly id: string;
  readonly parents: readonly string[];
  /** Decimal hash keys, both inclusive. */
  readonly startingHashKey: string;
  readonly endingHashKey: string;
  readonly isOpen: boolean;
  /** `waiting`: its parents are not drained yet; `drained`: read to its end. */
  readonly reading: 'waiting' | 'reading' | 'drained';
  /** Records taken of it since the tail began. */
  readonly received: number;
  /** Arrivals at the stream in the last second seen, by the records' own arrival times. */
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly millisBehindLatest: number;
}

/** What a window takes, in tails and exports, of the shard that a tail reads most, where other consumers read it too. */
export interface TailReads {
  readonly shardId: string;
  /** GetRecords calls, of AWS's 5 a second and shard for all readers together. */
  readonly callsPerSecond: number;
  /** Of its 2 MiB. */
  readonly bytesPerSecond: number;
  /** The larger one of both parts, 1 for all of it. */
  readonly share: number;
  /** Shards that are asked less often since their reads were throttled. */
  readonly heldBackCount: number;
}

/** Sent at once on the first change, then at most ten a second while the tail is visible. */
export interface TailTick {
  readonly tail: number;
  readonly state: TailState;
  /** Why the tail failed; also while it is live and waits for a connection that is lost. */
  readonly problem?: Problem;
  /**
   * The rows that match the filter, by position: their place in the list, counted since the tail began. Rows
   * below `first` were dropped from the ring; `end` is one past the newest.
   */
  readonly view: { readonly first: number; readonly end: number };
  /** Raised whenever positions change their meaning (a new filter, a restart): ask for pages again. */
  readonly generation: number;
  /** Rows that came late and stand before others, which moved to later positions. */
  readonly moves: TailMoves;
  readonly held: { readonly rows: number; readonly bytes: number };
  readonly bounds: { readonly rowsMax: number; readonly bytesMax: number };
  /** Records received since the start, dropped ones included. */
  readonly received: number;
  /** Records held, and those of them that match the filter. */
  readonly records: { readonly held: number; readonly matching: number };
  /** Not all that are held were compared with the filter yet: more may match. A tick tells the end of it. */
  readonly isLooking?: boolean;
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  /** The largest of all shards. */
  readonly millisBehindLatest: number;
  /** While paused: since when, in epoch milliseconds of the machine's clock. */
  readonly pausedSinceMs?: number;
  readonly shards: readonly TailShard[];
  /** Only of AWS, while it reads. */
  readonly reads?: TailReads;
  /** Where the tail was started. */
  readonly start: TailStart;
  /** Where it pauses by itself, with the records that are still to come. */
  readonly stop?: TailStop;
  /** Where to start again after a reload so that the same rows come back. */
  readonly resume: TailStart;
  /** Up to where it was read, so that a reload shows no more; absent with too many shards. */
  readonly reached?: TailReached;
  readonly filter: string;
  readonly filterProblem?: string;
  /** While the order of a field is checked. */
  readonly order?: OrderState;
  /** When it is shown and has changed, twice a second at most. */
  readonly histogram?: TailHistogram;
}

/** `count` rows came to stand at `at`; those that stood there and behind it stand so many positions later. */
export interface TailMove {
  readonly at: number;
  readonly count: number;
}

export interface TailMoves {
  /** Raised by each tick that tells of moves; the positions of a page are those of its revision. */
  readonly revision: number;
  /** The revision that `list` leads on from, -1 when it does not; whoever was not there asks for pages again. */
  readonly from: number;
  /** One after the other. */
  readonly list: readonly TailMove[];
  /** Rows that came late, since the start. */
  readonly late: number;
}

/** A stretch of characters, end exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

export interface RecordRow {
  readonly kind: 'record';
  readonly position: number;
  /** Of this row alone, wherever it stands. */
  readonly id: number;
  readonly shardId: string;
  /** Empty of a record that was put without one. */
  readonly partitionKey: string;
  readonly sequenceNumber: string;
  /** Of a record within an aggregate. */
  readonly subSequenceNumber?: number | undefined;
  readonly arrivedMs: number;
  /** Bytes of the data as stored. */
  readonly size: number;
  /** One line, at most `previewCharactersMax`; cut is said by `isCut`. */
  readonly preview: string;
  readonly isCut: boolean;
  /** `json`, `text`, `binary`, `gzip json`, …; `begins as json` where the beginning alone was looked at. */
  readonly format: string;
  /** Where what is looked for occurs in the preview, and in the partition key. */
  readonly matches: readonly TextSpan[];
  readonly keyMatches: readonly TextSpan[];
  /** A mask hides a part of it. */
  readonly isMasked?: boolean;
  /** One for each path that the page was asked with. */
  readonly cells?: readonly FieldCell[];
  /** Of each of `cells`, what it shows. */
  readonly cellValues?: readonly CellValue[];
  /** Of a row out of order: the highest value before it, as a cell shows it. */
  readonly brokenAfter?: string;
}

export type EventTone = 'info' | 'warning' | 'error';

/** Something that happened to the stream or the tail, at its place among the records. */
export interface EventRow {
  readonly kind: 'event';
  readonly position: number;
  /** Of this row alone, wherever it stands. */
  readonly id: number;
  readonly atMs: number;
  readonly tone: EventTone;
  /** A sentence. */
  readonly text: string;
}

export type TailRow = RecordRow | EventRow;

export const previewCharactersMax = 512;
export const pageRowsMax = 200;

/** The rows from a position on, with cells for JSON fields by their paths. */
export interface PageAsked {
  readonly from: number;
  readonly count: number;
  readonly paths?: readonly string[];
}

/** How many of the newest rows are to come with each tick, at most, while a panel follows them; 0: none. */
export type NewestAsked = Omit<PageAsked, 'from'>;

export interface TailPage {
  readonly generation: number;
  readonly revision: number;
  /** Rows at consecutive positions from `from` on; fewer than asked for at the end. */
  readonly from: number;
  readonly rows: readonly TailRow[];
  /** Those that it was asked with. */
  readonly paths?: readonly string[];
}

/** What a filter asks for. */
export interface FilterAsked {
  readonly text: string;
  /** Of the clock that times without a zone in it go by, its IANA name; absent, or not known there: the worker's. */
  readonly timeZone?: string | undefined;
}

/** A record by its id, which tells it wherever it stands now, or by its position. */
export interface RecordAsked {
  readonly position: number;
  readonly id?: number | undefined;
}

/** A record in full; `isWhole`: with all of its bytes, which its user is about to copy. */
export interface FullRecordAsked extends RecordAsked {
  readonly isWhole?: boolean;
}

/** A record by its place in the stream, which every tail of it can tell. */
export interface RecordPlace {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly subSequenceNumber?: number | undefined;
}

/** A record that is looked for: by its place, or a row of this tail by its id. */
export type RecordSought = RecordPlace | { readonly id: number };

/** A row that was looked for and is held. */
export interface RecordFound {
  readonly id: number;
  /** Where it stands now, as of the last tick; absent while it does not match the filter. */
  readonly position?: number;
}

/** What one decoder had to say about a record. */
export interface DecodeStep {
  readonly decoder: string;
  /** `broken`: begins like this and is not, or not whole. */
  readonly outcome: 'read' | 'notThis' | 'broken';
  /** A short sentence without its full stop. */
  readonly why: string;
}

/** A record opened by the user. */
export interface FullRecord {
  /** Its format is proven by all of the data; a page's row of more than 16 KiB goes by the beginning. */
  readonly row: RecordRow;
  /** The format that a page's row of it has, and a filter goes by, where that is another one. */
  readonly formatInRows?: string;
  readonly startingHashKey: string;
  readonly endingHashKey: string;
  /** Decimal: the explicit one if it is known, else the MD5 of the partition key; empty where nobody can tell. */
  readonly hashKey: string;
  /** Decimal; of a record within an aggregate that has one. */
  readonly explicitHashKey?: string;
  /** It was put with an explicit hash key, as the MD5 of its partition key belongs to another shard. */
  readonly isHashKeyUntold?: boolean;
  /** Decoded, JSON indented; at most `decodedCharactersMax`. */
  readonly decoded: string;
  readonly decodedIsCut: boolean;
  /** Where what is looked for occurs in it; the first ones of very many. */
  readonly decodedMatches: readonly TextSpan[];
  /** Every decoder that was tried, in order: what follows one that read is about what came out of it. */
  readonly steps: readonly DecodeStep[];
  /** The bytes as stored: the first `rawBytesMax`, or all when these were asked for. */
  readonly raw: Uint8Array;
  /** Why a mask leaves out `raw` and `hashKey`, in a sentence. */
  readonly withheld?: string;
}

export const decodedCharactersMax = 2 * 1024 * 1024;
export const rawBytesMax = 256 * 1024;
