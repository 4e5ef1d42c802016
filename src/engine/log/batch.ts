/** Appends that wait for one write together, and how they become bytes. */
import { Cursor, joined, VARINT_BYTES_MAX, viewOf } from './bytes.ts';
import type { Crc32 } from './files.ts';
import {
  BATCH_HEADER_BYTES,
  putBatchHeader,
  putRunHeader,
  RUN_HEADER_BYTES,
  runSeed,
} from './format.ts';
import type { LogEntry } from './log.ts';
import type { RunEntry } from './runIndex.ts';

/** A run is read and checked as a whole, so it must not grow with the batch. */
const RUN_BYTES_MAX = 256 * 1024;
/** Entries up to this size are copied: cheaper than one more piece for the system to gather. */
const COPIED_BYTES_MAX = 8 * 1024;
const ENTRY_HEADER_BYTES_MAX = 3 * VARINT_BYTES_MAX;

/** The entries of one lane in a batch, in the order of their keys. */
export class PendingRun {
  readonly lane: number;
  readonly entries: LogEntry[] = [];
  bytes = 0;

  constructor(lane: number) {
    this.lane = lane;
  }

  get isFull(): boolean {
    return this.bytes >= RUN_BYTES_MAX;
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
  /** Most bytes that headers and copied entries take. */
  private headBytesMax = BATCH_HEADER_BYTES;
  /** Bytes of entries that are not copied. */
  private looseBytes = 0;

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Most bytes that the batch takes in the file. */
  get lengthMax(): number {
    return this.headBytesMax + this.looseBytes;
  }

  startRun(lane: number): PendingRun {
    const run = new PendingRun(lane);
    this.runs.push(run);
    this.headBytesMax += RUN_HEADER_BYTES;
    return run;
  }

  add(run: PendingRun, entry: LogEntry): void {
    const { length } = entry.bytes;
    run.entries.push(entry);
    run.bytes += length;
    this.bytes += length;
    this.headBytesMax += ENTRY_HEADER_BYTES_MAX;
    if (length <= COPIED_BYTES_MAX) this.headBytesMax += length;
    else this.looseBytes += length;
  }

  encode(place: BatchPlace): EncodedBatch {
    return new BatchEncoder(place, this.headBytesMax).encode(this.runs);
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
  readonly chunks: readonly Uint8Array[];
  readonly length: number;
  /** In the order of the batch's runs. */
  readonly runs: readonly EncodedRun[];
}

export interface EncodedRun extends RunEntry {
  readonly lane: number;
  /** As it lies in the file, header included. */
  readonly bytes: Uint8Array;
}

/** Fills one buffer with headers and small entries; large entries stay where the caller has them. */
class BatchEncoder {
  private readonly place: BatchPlace;
  private readonly head: Cursor;
  private readonly chunks: Uint8Array[] = [];
  /** Where in `head` the next chunk begins. */
  private chunkStart = 0;
  /** Bytes of large entries so far. */
  private looseBytes = 0;

  constructor(place: BatchPlace, headBytesMax: number) {
    this.place = place;
    this.head = new Cursor(new Uint8Array(headBytesMax), BATCH_HEADER_BYTES);
  }

  encode(runs: readonly PendingRun[]): EncodedBatch {
    const encoded = runs.map((run) => this.encodeRun(run));
    const { position, ordinal, epoch, salt, crc32 } = this.place;
    const header = { length: this.length, position, ordinal, epoch, runCount: runs.length };
    putBatchHeader(this.head.bytes, { header, salt, crc32 });
    this.endChunk();
    return { chunks: this.chunks, length: header.length, runs: encoded };
  }

  private get length(): number {
    return this.head.position + this.looseBytes;
  }

  private encodeRun(run: PendingRun): EncodedRun {
    const first = run.entries[0]!;
    const last = run.entries[run.entries.length - 1]!;
    const offset = this.length;
    const headStart = this.head.position;
    const chunkCount = this.chunks.length;
    this.head.position += RUN_HEADER_BYTES;
    this.putEntries(run.entries);
    const entry = {
      lane: run.lane,
      firstKey: first.key,
      lastKey: last.key,
      firstTimeMs: first.timeMs,
      lastTimeMs: last.timeMs,
      position: this.place.position + offset,
      length: this.length - offset,
      count: run.entries.length,
    };
    const header = this.head.bytes.subarray(headStart, headStart + RUN_HEADER_BYTES);
    putRunHeader(header, entry);
    viewOf(header).setUint32(0, this.checksum(entry.position, { headStart, chunkCount }), true);
    return { ...entry, bytes: joined(this.pieces({ headStart, chunkCount })) };
  }

  private putEntries(entries: readonly LogEntry[]): void {
    let { key, timeMs } = entries[0]!;
    for (const entry of entries) {
      this.head.putVarint(entry.key - key);
      this.head.putVarint(entry.timeMs - timeMs);
      this.head.putVarint(entry.bytes.length);
      ({ key, timeMs } = entry);
      if (entry.bytes.length <= COPIED_BYTES_MAX) this.head.putBytes(entry.bytes);
      else this.putLoose(entry.bytes);
    }
  }

  private putLoose(bytes: Uint8Array): void {
    this.endChunk();
    this.chunks.push(bytes);
    this.looseBytes += bytes.length;
  }

  private endChunk(): void {
    if (this.head.position === this.chunkStart) return;
    this.chunks.push(this.head.bytes.subarray(this.chunkStart, this.head.position));
    this.chunkStart = this.head.position;
  }

  /** Over the run from behind its checksum to its end. */
  private checksum(position: number, start: RunStart): number {
    const { crc32, salt } = this.place;
    let crc = runSeed(salt, position);
    this.pieces(start).forEach((piece, index) => {
      crc = crc32(index === 0 ? piece.subarray(4) : piece, crc);
    });
    return crc;
  }

  /** The run that ends here, piece by piece as it will lie in the file. */
  private pieces({ headStart, chunkCount }: RunStart): Uint8Array[] {
    const { bytes, position } = this.head;
    const pieces: Uint8Array[] = [];
    let from = headStart;
    for (const chunk of this.chunks.slice(chunkCount)) {
      if (chunk.buffer !== bytes.buffer) pieces.push(chunk);
      else {
        const end = chunk.byteOffset - bytes.byteOffset + chunk.length;
        pieces.push(bytes.subarray(from, end));
        from = end;
      }
    }
    if (from < position) pieces.push(bytes.subarray(from, position));
    return pieces;
  }
}

/** Where a run begins: in the head, and in the chunks. */
interface RunStart {
  readonly headStart: number;
  readonly chunkCount: number;
}
