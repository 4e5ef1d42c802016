/** Writes batches to the active segment, cuts back what failed, and begins new segments. Called one at a time. */
import { messageOf } from '../../base/errors.ts';
import type { EncodedBatch, PendingBatch } from './batch.ts';
import { viewOf } from './bytes.ts';
import { type LogContext, writeFailure } from './context.ts';
import type { OpenFile } from './files.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES } from './format.ts';
import { LogError } from './logError.ts';
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
    const { path, size: position, header, nextOrdinal: ordinal } = segment;
    const { crc32, copierOf, isSynced, buffers } = this.context;
    const buffer = buffers.take(batch.length);
    try {
      const file = this.file ?? (await this.openFile());
      const { salt } = header;
      const place = { position, ordinal, epoch: this.epoch, salt, crc32, copierOf };
      const encoded = batch.encode(buffer, place);
      this.mustCut = true;
      await file.write([encoded.bytes], position);
      if (isSynced) await file.sync();
      this.mustCut = false;
      if (isSynced) this.syncedSize = position + encoded.bytes.length;
      return encoded;
    } catch (error) {
      buffers.give(buffer);
      await this.tryCut();
      throw writeFailure(error, { path, position });
    }
  }

  /** Resolves when every batch is on the disk. Rejects with POISONED: what was acknowledged may be lost. */
  async sync(): Promise<void> {
    const { active } = this;
    if (!active || this.syncedSize === active.size) return;
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
    await this.cut();
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
    await this.file?.close();
    this.file = undefined;
  }

  private async segmentFor(length: number): Promise<Segment> {
    const { active } = this;
    if (!active) return this.begin(0);
    const isTooLong = active.size + length > this.context.segmentBytesMax;
    if (!active.isEmpty && (isTooLong || this.isOld)) await this.roll();
    return this.active!;
  }

  private async openFile(): Promise<OpenFile> {
    this.file ??= await this.context.files.open(this.active!.path, 'append');
    return this.file;
  }

  /** Takes back what a failed write left behind, so that the file ends with a whole batch. */
  private async cut(): Promise<void> {
    if (!this.mustCut) return;
    const { path, size } = this.active!;
    try {
      await (await this.openFile()).truncate(size);
      this.mustCut = false;
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
    const header = { firstOrdinal, epoch: this.epoch, salt: this.salt(firstOrdinal), createdMs };
    const segment = new Segment(folder, { ...header, ...this.marks() });
    try {
      this.file = await this.createFile(segment);
    } catch (error) {
      await this.removeUnfinished(segment.path);
      throw writeFailure(error, { path: segment.path });
    }
    this.syncedSize = SEGMENT_HEADER_BYTES;
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
