/** Appends that wait for one write together, and how they become bytes. */
import { varintLength, viewOf, writeVarint } from './bytes.ts';
import type { CopierOf, Crc32 } from './files.ts';
import {
  BATCH_HEADER_BYTES,
  putBatchHeader,
  putRunHeader,
  RUN_HEADER_BYTES,
  type RunHeader,
  runSeed,
} from './format.ts';
import { type NewEntries, PASSED_OVER } from './log.ts';
import { COUNT, FIRST_KEY, FIRST_TIME, LAST_KEY, LAST_TIME, LENGTH, POSITION } from './runIndex.ts';
import { giveTable, LANE, type RunTable, TABLE_FIELDS, takeTable } from './runTable.ts';

/** A run is read and checked as a whole, also for one entry of it, so it must not grow with the batch. */
const RUN_BYTES_MAX = 64 * 1024;

/** Where the next entry of a lane goes. */
export interface LaneEnd {
  /** The last key that was taken. */
  lastKey: number;
  /** Serial of the batch that it is in; 0 for none. */
  batch: number;
  /** Number of its run there. */
  run: number;
}

/** Entries that came together, with the number of each one's run, or PASSED_OVER. */
interface Group {
  readonly entries: NewEntries;
  readonly runs: readonly number[];
}

let lastSerial = 0;

/** Everything appended while the last batch was being written. One promise serves all its appends. */
export class PendingBatch {
  /** From 1 on, never used again: who remembers it holds nothing. */
  readonly serial = ++lastSerial;
  readonly done: Promise<void>;
  resolve!: () => void;
  reject!: (reason: Error) => void;
  /** Entry bytes. */
  bytes = 0;
  /** What the batch takes in the file. */
  length = BATCH_HEADER_BYTES;
  private readonly table = takeTable();
  private readonly groups: Group[] = [];

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  get runCount(): number {
    return this.table.count;
  }

  /**
   * Takes in entries, whose keys follow `endOf` their lane; that end is moved on. Returns how many were not
   * passed over.
   */
  add(entries: NewEntries, endOf: (lane: number) => LaneEnd): number {
    const { lanes, ends } = entries;
    const runs = new Array<number>(lanes.length);
    let key = entries.firstKey;
    let start = entries.start;
    for (let place = 0; place < lanes.length; place++) {
      const lane = lanes[place]!;
      const length = ends[place]! - start;
      start = ends[place]!;
      if (lane === PASSED_OVER) runs[place] = PASSED_OVER;
      else {
        const end = endOf(lane);
        if (end.batch !== this.serial || this.isFull(end.run)) this.startRun(end, lane);
        this.extend(end.run, { key, timeMs: entries.timeMs, length });
        runs[place] = end.run;
        end.lastKey = key;
        key += 1;
      }
    }
    this.groups.push({ entries, runs });
    return key - entries.firstKey;
  }

  /** `buffer`: of `length` bytes or more. The runs are right until `release`. */
  encode(buffer: Uint8Array, place: BatchPlace): EncodedBatch {
    const bytes = buffer.subarray(0, this.length);
    const encoder = new BatchEncoder({ bytes, runs: this.table, place });
    encoder.putHeaders();
    for (const group of this.groups) encoder.putEntries(group);
    encoder.putChecksums();
    return { position: place.position, buffer, bytes, runs: this.table };
  }

  /** The batch is written, and its runs are known to whoever needs them. */
  release(): void {
    giveTable(this.table);
  }

  private isFull(run: number): boolean {
    return this.table.fields[run * TABLE_FIELDS + LENGTH]! >= RUN_BYTES_MAX;
  }

  private startRun(end: LaneEnd, lane: number): void {
    end.batch = this.serial;
    end.run = this.table.start(lane, RUN_HEADER_BYTES);
    this.length += RUN_HEADER_BYTES;
  }

  private extend(run: number, entry: { key: number; timeMs: number; length: number }): void {
    const { fields } = this.table;
    const { key, timeMs, length } = entry;
    const at = run * TABLE_FIELDS;
    if (fields[at + COUNT] === 0) {
      fields[at + FIRST_KEY] = fields[at + LAST_KEY] = key;
      fields[at + FIRST_TIME] = fields[at + LAST_TIME] = timeMs;
    }
    const added =
      varintLength(key - fields[at + LAST_KEY]!) +
      varintLength(timeMs - fields[at + LAST_TIME]!) +
      varintLength(length) +
      length;
    fields[at + LAST_KEY] = key;
    fields[at + LAST_TIME] = timeMs;
    fields[at + LENGTH] = fields[at + LENGTH]! + added;
    fields[at + COUNT] = fields[at + COUNT]! + 1;
    this.bytes += length;
    this.length += added;
  }
}

export interface BatchPlace {
  readonly position: number;
  readonly ordinal: number;
  readonly epoch: number;
  readonly salt: number;
  readonly crc32: Crc32;
  readonly copierOf: CopierOf;
}

export interface EncodedBatch {
  /** Where in the file it belongs. */
  readonly position: number;
  /** What it was encoded into. */
  readonly buffer: Uint8Array;
  readonly bytes: Uint8Array;
  /** In the order in which they lie in the batch. */
  readonly runs: RunTable;
}

/**
 * Fills every byte of a buffer, so that an entry is copied once and the batch written in one piece. Entries
 * are taken as they came, each to its run: while they are, a run's last key and time are those of the entry
 * before, and its position is where the next one goes.
 */
class BatchEncoder {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly runs: RunTable;
  private readonly place: BatchPlace;

  constructor(of: { bytes: Uint8Array; runs: RunTable; place: BatchPlace }) {
    this.bytes = of.bytes;
    this.view = viewOf(of.bytes);
    this.runs = of.runs;
    this.place = of.place;
  }

  /** The checksums of runs are missing still. */
  putHeaders(): void {
    const { bytes, runs, view } = this;
    const { position, ordinal, epoch, salt, crc32 } = this.place;
    const header = { length: bytes.length, position, ordinal, epoch, runCount: runs.count };
    putBatchHeader(bytes, { header, salt, crc32 });
    const { fields } = runs;
    let start = BATCH_HEADER_BYTES;
    for (let run = 0; run < runs.count; run++) {
      const at = run * TABLE_FIELDS;
      putRunHeader(view, { at: start, header: headerAt(fields, at) });
      fields[at + LAST_KEY] = fields[at + FIRST_KEY]!;
      fields[at + LAST_TIME] = fields[at + FIRST_TIME]!;
      fields[at + POSITION] = start + RUN_HEADER_BYTES;
      start += fields[at + LENGTH]!;
    }
  }

  putEntries({ entries, runs }: Group): void {
    const { bytes } = this;
    const { fields } = this.runs;
    const { ends, timeMs } = entries;
    const copy = this.place.copierOf(entries.bytes, bytes);
    let key = entries.firstKey;
    let start = entries.start;
    for (let place = 0; place < runs.length; place++) {
      const end = ends[place]!;
      const run = runs[place]!;
      if (run !== PASSED_OVER) {
        const at = run * TABLE_FIELDS;
        let to = fields[at + POSITION]! | 0;
        to = writeVarint(bytes, to, key - fields[at + LAST_KEY]!);
        to = writeVarint(bytes, to, timeMs - fields[at + LAST_TIME]!);
        to = writeVarint(bytes, to, end - start);
        copy(start, end, to);
        fields[at + LAST_KEY] = key;
        fields[at + LAST_TIME] = timeMs;
        fields[at + POSITION] = to + end - start;
        key += 1;
      }
      start = end;
    }
  }

  putChecksums(): void {
    const { bytes, view, runs, place } = this;
    const { fields } = runs;
    for (let run = 0; run < runs.count; run++) {
      const at = run * TABLE_FIELDS;
      const end = fields[at + POSITION]!;
      const start = end - fields[at + LENGTH]!;
      const position = place.position + start;
      const checked = bytes.subarray(start + 4, end);
      view.setUint32(start, place.crc32(checked, runSeed(place.salt, position)), true);
      fields[at + POSITION] = position;
    }
  }
}

/** The header of the run whose numbers begin at `at`. */
const headerAt = (fields: Float64Array, at: number): RunHeader => ({
  length: fields[at + LENGTH]!,
  lane: fields[at + LANE]!,
  count: fields[at + COUNT]!,
  firstKey: fields[at + FIRST_KEY]!,
  firstTimeMs: fields[at + FIRST_TIME]!,
});
