/** Writes batches to the active segment, cuts back what failed, and begins new segments. Called one at a time. */
import { messageOf } from '../../base/errors.ts';
import type { BatchPlace, EncodedBatch, PendingBatch } from './batch.ts';
import { viewOf } from './bytes.ts';
import { isFull, type LogContext, writeFailure } from './context.ts';
import type { OpenFile } from './files.ts';
import {
  BATCH_HEADER_BYTES,
  encodeSegmentHeader,
  putBatchHeader,
  SEGMENT_HEADER_BYTES,
} from './format.ts';
import { LogError } from './logError.ts';
import { roomEnd, zeroChunks } from './roomAhead.ts';
import type { SealedIndexes } from './sealedIndex.ts';
import { Segment } from './segment.ts';

/** The highest key and latest time handed out, written or not. */
export interface Marks {
  readonly lastKey: number;
  readonly lastTimeMs: number;
}

export class SegmentWriter {
  private readonly context: LogContext;
  private readonly indexes: SealedIndexes;
  private readonly segments: Segment[];
  private readonly epoch: number;
  private readonly marks: () => Marks;
  /** Of the active segment; opened by the first write. */
  private file: OpenFile | undefined;
  private syncedSize = 0;
  private mustCut = false;
  /** The disk had no room for zeros: until the next segment, what there is belongs to batches. */
  private isTight = false;

  constructor(
    context: LogContext,
    of: { indexes: SealedIndexes; segments: Segment[]; epoch: number; marks: () => Marks },
  ) {
    this.context = context;
    this.indexes = of.indexes;
    this.segments = of.segments;
    this.epoch = of.epoch;
    this.marks = of.marks;
  }

  get active(): Segment | undefined {
    return this.segments[this.segments.length - 1];
  }

  /**
   * Resolved: the batch is as safe as the log's durability says; it is not in the index yet.
   * Rejects with FULL (the next call may succeed) or POISONED.
   */
  async write(batch: PendingBatch): Promise<EncodedBatch> {
    if (this.mustCut) await this.cut();
    const segment = await this.segmentFor(batch.length);
    const buffer = this.context.buffers.take(batch.length);
    try {
      return await this.writeTo(segment, { batch, buffer });
    } catch (error) {
      this.context.buffers.give(buffer);
      await this.tryCut();
      throw writeFailure(error, { path: segment.path, position: segment.size });
    }
  }

  private async writeTo(
    segment: Segment,
    { batch, buffer }: { batch: PendingBatch; buffer: Uint8Array },
  ): Promise<EncodedBatch> {
    const file = this.file ?? (await this.openFile());
    const mark = this.markFor(segment);
    const encoded = batch.encode(buffer, this.placeIn(segment, mark));
    this.mustCut = true;
    await file.write(mark ? [mark, encoded.bytes] : [encoded.bytes], segment.size);
    if (this.context.isSynced) await this.syncBatch(file, encoded);
    this.mustCut = false;
    if (mark) segment.addBatch(mark.length, []);
    return encoded;
  }

  /** Of the mark that the next batch comes with; only where batches do not wait for the disk. */
  private get markBytes(): number {
    const { header, size, isEmpty } = this.active!;
    return header.mayHaveGaps && !isEmpty && this.syncedSize === size ? BATCH_HEADER_BYTES : 0;
  }

  /** Says to who finds a gap before it that what is missing there was on the disk. */
  private markFor(segment: Segment): Uint8Array | undefined {
    if (this.markBytes === 0) return undefined;
    const bytes = new Uint8Array(BATCH_HEADER_BYTES);
    const { position, ordinal, epoch, salt, crc32 } = this.placeIn(segment);
    const header = { length: bytes.length, position, ordinal, epoch, runCount: 0 };
    putBatchHeader(bytes, { header, salt, crc32 });
    return bytes;
  }

  /** Where the next batch goes, behind `mark` if there is one. */
  private placeIn({ size, nextOrdinal, header }: Segment, mark?: Uint8Array): BatchPlace {
    const { epoch } = this;
    const { crc32, copierOf } = this.context;
    const position = size + (mark?.length ?? 0);
    const ordinal = nextOrdinal + (mark ? 1 : 0);
    return { position, ordinal, epoch, salt: header.salt, crc32, copierOf };
  }

  /**
   * Resolves when every batch is on the disk, and nothing behind the last one. Rejects with POISONED: what
   * was acknowledged may be lost.
   */
  async sync(): Promise<void> {
    const { active } = this;
    if (!active) return;
    await this.cut();
    if (this.syncedSize === active.size) return;
    try {
      await (await this.openFile()).sync();
      this.syncedSize = active.size;
    } catch (error) {
      const message = `Bringing ${active.path} to the disk failed: ${messageOf(error)}`;
      throw new LogError('POISONED', message, { path: active.path });
    }
  }

  /** Seals the active segment and begins the next; nothing to do while the active one is empty. */
  async roll(): Promise<void> {
    const sealed = this.active;
    if (!sealed || sealed.isEmpty) return;
    await this.sync();
    const sealedFile = this.file;
    await this.begin(sealed.nextOrdinal);
    await sealedFile?.close();
    await this.indexes.write(sealed);
  }

  /** Whether the active segment has entries and has been open for its time. */
  get isOld(): boolean {
    const { active } = this;
    if (!active || active.isEmpty) return false;
    // A clock that was set back far makes a segment old as well, or it would stay open until then.
    const ageMs = Math.abs(this.context.clock.now() - active.header.createdMs);
    return ageMs >= this.context.segmentAgeMs;
  }

  async close(): Promise<void> {
    if (this.active) await this.tryCut();
    await this.file?.close();
    this.file = undefined;
  }

  private async segmentFor(length: number): Promise<Segment> {
    const { active } = this;
    if (!active) return this.begin(0);
    const { segmentBytesMax, isSynced } = this.context;
    // A segment says of all its batches how they were brought to the disk; format 1 began without that.
    const isOther = active.header.mayHaveGaps === isSynced;
    if (active.isEmpty) return isOther ? this.beginAgain(active) : active;
    const isTooLong = active.size + this.markBytes + length > segmentBytesMax;
    if (isTooLong || this.isOld || isOther) await this.roll();
    return this.active!;
  }

  /** The same segment, still empty, for batches that are brought to the disk in our way. */
  private async beginAgain({ path, header }: Segment): Promise<Segment> {
    const { files, folder, crc32, isSynced } = this.context;
    const segment = new Segment(folder, { ...header, mayHaveGaps: !isSynced });
    try {
      await this.close();
      await files.replace(path, encodeSegmentHeader(segment.header, crc32));
    } catch (error) {
      throw writeFailure(error, { path });
    }
    this.syncedSize = SEGMENT_HEADER_BYTES;
    this.segments[this.segments.length - 1] = segment;
    return segment;
  }

  private async openFile(): Promise<OpenFile> {
    this.file ??= await this.context.files.open(this.active!.path, 'append');
    return this.file;
  }

  private async syncBatch(file: OpenFile, { position, bytes }: EncodedBatch): Promise<void> {
    const end = position + bytes.length;
    if (end > this.active!.roomEnd) await this.writeAhead(file, { end, length: bytes.length });
    await file.sync();
    this.syncedSize = end;
  }

  /** Zeros for the batches to come to go into. A disk without room for them may have room for the batch. */
  private async writeAhead(
    file: OpenFile,
    { end, length }: { end: number; length: number },
  ): Promise<void> {
    const segment = this.active!;
    const target = roomEnd(end, { length, bytesMax: this.context.segmentBytesMax });
    if (this.isTight || target === end) return;
    segment.roomEnd = target;
    try {
      await file.write(zeroChunks(target - end), end);
    } catch (error) {
      if (!isFull(error)) throw error;
      this.isTight = true;
      await file.truncate(end);
      segment.roomEnd = 0;
    }
  }

  /** Takes back what a failed write left behind and what is written ahead: the file ends with a whole batch. */
  private async cut(): Promise<void> {
    const { path, size, fileBytes } = this.active!;
    if (!this.mustCut && fileBytes === size) return;
    try {
      await (await this.openFile()).truncate(size);
      this.mustCut = false;
      this.active!.roomEnd = 0;
      this.syncedSize = 0; // nor is the cut on the disk yet
    } catch (error) {
      throw writeFailure(error, { path, position: size });
    }
  }

  /** Before a failure is told; the next write tries again when this fails too. */
  private async tryCut(): Promise<void> {
    try {
      await this.cut();
    } catch (error) {
      this.context.logger.warn(`${this.active!.path} was not cut: ${messageOf(error)}`);
    }
  }

  /**
   * Begins a segment whose header is on the disk before anything relies on it: it is what keeps the
   * ordinal, the keys and the times from falling once older segments are gone.
   */
  private async begin(firstOrdinal: number): Promise<Segment> {
    const { folder, clock } = this.context;
    const createdMs = Math.max(0, Math.floor(clock.now()));
    const mayHaveGaps = !this.context.isSynced;
    const salt = this.salt(firstOrdinal);
    const header = { firstOrdinal, epoch: this.epoch, salt, createdMs, mayHaveGaps };
    const segment = new Segment(folder, { ...header, ...this.marks() });
    try {
      this.file = await this.createFile(segment);
    } catch (error) {
      await this.removeUnfinished(segment.path);
      throw writeFailure(error, { path: segment.path });
    }
    this.syncedSize = SEGMENT_HEADER_BYTES;
    this.isTight = false;
    this.segments.push(segment);
    return segment;
  }

  private async createFile({ path, header }: Segment): Promise<OpenFile> {
    const { files, folder, crc32 } = this.context;
    if (this.segments.length === 0) await files.makeFolder(folder);
    const file = await files.open(path, 'append');
    try {
      await file.truncate(0);
      await file.write([encodeSegmentHeader(header, crc32)], 0);
      await file.sync();
      await files.syncFolder(folder);
    } catch (error) {
      await file.close();
      throw error;
    }
    return file;
  }

  /** A header whose segment never began would hide the batches that still go to the one before. */
  private async removeUnfinished(path: string): Promise<void> {
    const { files, folder } = this.context;
    try {
      await files.remove(path);
      await files.syncFolder(folder);
    } catch (error) {
      throw new LogError('POISONED', `${path} could not be taken back: ${messageOf(error)}`, {
        path,
      });
    }
  }

  private salt(firstOrdinal: number): number {
    const { random, clock } = this.context;
    if (random) return viewOf(random.bytes(4)).getUint32(0, true);
    return (Math.imul(clock.now() % 2 ** 31, 0x9e3779b1) ^ firstOrdinal ^ this.epoch) >>> 0;
  }
}
