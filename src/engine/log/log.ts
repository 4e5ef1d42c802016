/** The contract of a segmented append-only log with many lanes in one sequence of files. See FORMAT.md. */

import type { Disposable } from '../../base/disposable.ts';
import type { RunPart } from './decodeRun.ts';
/** One entry as it is stored. */
export interface LogEntry {
  /** Rises by at least 1 within its lane; at most 2^53 - 1. */
  readonly key: number;
  /** Milliseconds since 1970; never falls within a log. */
  readonly timeMs: number;
  readonly bytes: Uint8Array;
}

/** One entry on its way in. */
export interface NewEntry {
  readonly lane: number;
  readonly key: number;
  readonly timeMs: number;
  /** Must stay as it is until the append has settled. */
  readonly bytes: Uint8Array;
}

/** The lane of an entry that is passed over: it is not appended and takes no key. */
export const PASSED_OVER = -1;

/** Entries that come in together, of one time, with keys that follow each other. */
export interface NewEntries {
  /** The lane of each, or PASSED_OVER. */
  readonly lanes: readonly number[];
  readonly firstKey: number;
  readonly timeMs: number;
  /** One entry behind the other. It and `ends` must stay as they are until the append has settled. */
  readonly bytes: Uint8Array;
  /** Where in `bytes` the first one begins. */
  readonly start: number;
  /** Where in `bytes` each one ends. */
  readonly ends: readonly number[] | Uint32Array;
}

export interface LogPage {
  /** Made when first asked for: objects for thousands of entries cost more than what they say. */
  readonly entries: LogEntry[];
  /** The same entries as they lie in memory. */
  readonly parts: readonly RunPart[];
  readonly count: number;
  /** Of the last entry. */
  readonly lastTimeMs: number | undefined;
  /** Key to go on from: above the last entry returned, or where the search ended in an empty page. */
  readonly nextKey: number;
  /** Nobody looks at `parts` any more: their memory is used again, unless `entries` were asked for. */
  release(): void;
}

/** Where a lane stands. */
export interface LaneBounds {
  readonly firstKey: number;
  readonly lastKey: number;
  readonly lastTimeMs: number;
}

export interface ReadRequest {
  readonly lane: number;
  /** First key wanted; a later one when there is no such key. */
  readonly fromKey: number;
  /** Entries older than this are not returned. */
  readonly horizonMs: number;
  /** 1 or more. */
  readonly countMax: number;
  /** Entry bytes; the first entry is returned whatever its size. */
  readonly bytesMax: number;
}

/**
 * Appending is synchronous up to the queue: keys and times are checked and taken in call order with no
 * await, so order on disk is order of calls. The promise resolves when the entry is as safe as the
 * log's durability says, and only then can it be read.
 */
export interface Log {
  append(entry: NewEntry): Promise<void>;
  /** Appends them in order, in one batch. */
  appendAll(entries: NewEntries): Promise<void>;
  /** Only entries whose append has resolved. */
  read(request: ReadRequest): Promise<LogPage>;
  /** Calls `listener` when the lane has new readable entries, until disposed. */
  onReadable(lane: number, listener: () => void): Disposable;
  /** The first key of a lane at or after `timeMs`, or undefined when all are earlier. */
  keyAtTime(lane: number, timeMs: number): Promise<number | undefined>;
  /** Undefined for a lane without readable entries. Includes entries below the horizon not yet removed. */
  bounds(lane: number): LaneBounds | undefined;
  /** The time of the oldest entry of a lane at or after `horizonMs`; undefined when there is none. */
  firstTimeMs(lane: number, horizonMs: number): Promise<number | undefined>;
  /** The highest key ever appended, over all lanes, readable or not; -1 for none. Survives removal of segments. */
  readonly lastKey: number;
  /** The latest time ever appended; 0 for none. */
  readonly lastTimeMs: number;
  /** Bytes of all files. */
  readonly bytes: number;
  /** Bytes queued and not yet written. */
  readonly pendingBytes: number;
  /** Closes the active segment when old enough and removes whole segments whose entries are all older than `horizonMs`; returns bytes freed. */
  trim(horizonMs: number): Promise<number>;
  /**
   * Removes the oldest whole segment; returns bytes freed, 0 when there is none. The active one goes only with
   * `mayRoll`, and when it is the only one: it is closed first.
   */
  dropOldest(options?: { mayRoll?: boolean }): Promise<number>;
  /** Removes every entry; `lastKey` and `lastTimeMs` stay. */
  clear(): Promise<void>;
  /** Resolves when everything appended so far is on the disk, whatever the durability. */
  flush(): Promise<void>;
  /** Waits for what is queued, then refuses everything. */
  close(): Promise<void>;
}
