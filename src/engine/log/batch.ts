/** Appends that wait for one write together, and how they become bytes. */
import { Cursor, varintLength, viewOf } from './bytes.ts';
import type { Crc32 } from './files.ts';
import {
  BATCH_HEADER_BYTES,
  putBatchHeader,
  putRunHeader,
  RUN_HEADER_BYTES,
  runSeed,
} from './format.ts';
import type { NewEntry } from './log.ts';
import type { RunEntry } from './runIndex.ts';

/** A run is read and checked as a whole, also for one entry of it, so it must not grow with the batch. */
const RUN_BYTES_MAX = 64 * 1024;

/** The entries of one lane in a batch, in the order of their keys. */
export class PendingRun {
  readonly lane: number;
  readonly entries: NewEntry[] = [];
  /** What the run takes in the file. */
  length = RUN_HEADER_BYTES;
  private lastKey = 0;
  private lastTimeMs = 0;

  constructor(lane: number) {
    this.lane = lane;
  }

  get isFull(): boolean {
    return this.length >= RUN_BYTES_MAX;
  }

  /** Returns the bytes that the entry adds to the file. */
  add(entry: NewEntry): number {
    const { key, timeMs } = entry;
    const { length } = entry.bytes;
    const isFirst = this.entries.length === 0;
    const added =
      varintLength(isFirst ? 0 : key - this.lastKey) +
      varintLength(isFirst ? 0 : timeMs - this.lastTimeMs) +
      varintLength(length) +
      length;
    this.lastKey = key;
    this.lastTimeMs = timeMs;
    this.entries.push(entry);
    this.length += added;
    return added;
  }
}

/** Everything appended while the last batch was being written. One promise serves all its appends. */
export class PendingBatch {
  readonly runs: PendingRun[] = [];
  readonly done: Promise<void>;
  resolve!: () => void;
  reject!: (reason: Error) => void;
  /** Entry bytes. */
  bytes = 0;
  /** What the batch takes in the file. */
  length = BATCH_HEADER_BYTES;

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  startRun(lane: number): PendingRun {
    const run = new PendingRun(lane);
    this.runs.push(run);
    this.length += RUN_HEADER_BYTES;
    return run;
  }

  add(run: PendingRun, entry: NewEntry): void {
    this.bytes += entry.bytes.length;
    this.length += run.add(entry);
  }

  /** `buffer`: of `length` bytes or more. */
  encode(buffer: Uint8Array, place: BatchPlace): EncodedBatch {
    const bytes = buffer.subarray(0, this.length);
    const runs = new BatchEncoder(bytes, place).encode(this.runs);
    return { position: place.position, buffer, bytes, runs };
  }
}

export interface BatchPlace {
  readonly position: number;
  readonly ordinal: number;
  readonly epoch: number;
  readonly salt: number;
  readonly crc32: Crc32;
}

export interface EncodedBatch {
  /** Where in the file it belongs. */
  readonly position: number;
  /** What it was encoded into. */
  readonly buffer: Uint8Array;
  readonly bytes: Uint8Array;
  /** In the order of the batch's runs. */
  readonly runs: readonly EncodedRun[];
}

export interface EncodedRun extends RunEntry {
  readonly lane: number;
}

/** Fills every byte of a buffer, so that an entry is copied once and the batch written in one piece. */
class BatchEncoder {
  private readonly place: BatchPlace;
  private readonly view: DataView;
  private readonly cursor: Cursor;

  constructor(bytes: Uint8Array, place: BatchPlace) {
    this.place = place;
    this.view = viewOf(bytes);
    this.cursor = new Cursor(bytes, BATCH_HEADER_BYTES);
  }

  encode(runs: readonly PendingRun[]): EncodedRun[] {
    const encoded = runs.map((run) => this.encodeRun(run));
    const { bytes } = this.cursor;
    const { position, ordinal, epoch, salt, crc32 } = this.place;
    const header = { length: bytes.length, position, ordinal, epoch, runCount: runs.length };
    putBatchHeader(bytes, { header, salt, crc32 });
    return encoded;
  }

  private encodeRun(run: PendingRun): EncodedRun {
    const { cursor, view, place } = this;
    const start = cursor.position;
    const first = run.entries[0]!;
    const last = run.entries[run.entries.length - 1]!;
    const encoded = {
      lane: run.lane,
      firstKey: first.key,
      lastKey: last.key,
      firstTimeMs: first.timeMs,
      lastTimeMs: last.timeMs,
      position: place.position + start,
      length: run.length,
      count: run.entries.length,
    };
    putRunHeader(view, { at: start, header: encoded });
    cursor.position += RUN_HEADER_BYTES;
    this.putEntries(run.entries);
    const checked = cursor.bytes.subarray(start + 4, cursor.position);
    view.setUint32(start, place.crc32(checked, runSeed(place.salt, encoded.position)), true);
    return encoded;
  }

  private putEntries(entries: readonly NewEntry[]): void {
    const { cursor } = this;
    let { key, timeMs } = entries[0]!;
    for (const entry of entries) {
      const { bytes } = entry;
      cursor.putVarint(entry.key - key);
      cursor.putVarint(entry.timeMs - timeMs);
      cursor.putVarint(bytes.length);
      ({ key, timeMs } = entry);
      if (bytes instanceof Uint8Array) cursor.bytes.set(bytes, cursor.position);
      else bytes.copyTo(cursor.bytes, cursor.position);
      cursor.position += bytes.length;
    }
  }
}
