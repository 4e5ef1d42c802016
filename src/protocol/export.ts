/** What is exported of a stream or of a tail, and what an export says of itself. Plain data. */
import type { FilterAsked, TailStart } from './tail.ts';

export type ExportFormat = 'jsonl' | 'csv';

export interface ExportRequest {
  /** Named in progress events. */
  readonly job: number;
  readonly what: ExportedRows | ExportedRange;
  readonly format: ExportFormat;
  /** Where the file is to be once it is whole; what is there is replaced. */
  readonly path: string;
  /** Beside it: what is written meanwhile. It is there afterwards only of an export that failed. */
  readonly part: string;
}

/** The records that a tail holds and that match a filter, in the order of its list. */
export interface ExportedRows {
  readonly type: 'rows';
  readonly tail: number;
  /** The one that the tail had when the user was asked: by now it may have another. */
  readonly filter: string;
}

/** Read anew from the stream: of each shard from its first record there up to its first that arrived at `toMs` or later. */
export interface ExportedRange {
  readonly type: 'range';
  readonly connection: string;
  readonly stream: string;
  readonly start: TailStart;
  /** Epoch milliseconds; undefined, or still to come: what is there when the export begins. */
  readonly toMs?: number | undefined;
  /** Of each shard on AWS at most, by tails and exports together; undefined: one. */
  readonly awsReadsPerSecond?: number | undefined;
  /** Decoders that the user chose for the stream, outermost first: what is matched is what they read. */
  readonly pinned?: readonly string[] | undefined;
  /** Only what matches is written. */
  readonly query: FilterAsked;
}

export interface ExportCounts {
  /** Written. */
  readonly records: number;
  /** Of the file. */
  readonly bytes: number;
}

export interface ExportProgress extends ExportCounts {
  readonly job: number;
  /** Records looked at, with those that did not match. */
  readonly looked: number;
  /** Of rows: how many there are to look at. */
  readonly total?: number | undefined;
  /** Up to when all shards were read, or when the last row arrived; epoch milliseconds. */
  readonly reachedMs?: number | undefined;
  /** What it waits for, in a sentence. */
  readonly waiting?: string | undefined;
}

export interface ExportResult extends ExportCounts {
  /** `cancelled`: nothing is left of the file; `failed`: whole lines are in `part`. */
  readonly end: 'done' | 'cancelled' | 'failed';
  /** Why it failed, in a sentence. */
  readonly failure?: string | undefined;
  /** Rows that the tail dropped before they could be written. */
  readonly dropped: number;
  /** What else was told on the way that a reader of the file must know, in sentences; `warningsMax` at most. */
  readonly warnings: readonly string[];
}

export const warningsMax = 10;
