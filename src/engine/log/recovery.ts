/** What happens to a folder before its log can be used. Cuts a torn end, keeps what it cut, refuses damage. */
import { messageOf } from '../../base/errors.ts';
import { corrupt, isFull, type LogContext } from './context.ts';
import {
  decodeSegmentHeader,
  FORMAT_VERSION,
  ordinalOfName,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
  segmentName,
} from './format.ts';
import { readIndexBounds } from './indexFile.ts';
import { LogError } from './logError.ts';
import { type ScanResult, scanSegment } from './scan.ts';
import { SealedIndexes } from './sealedIndex.ts';
import { indexPathOf, Segment } from './segment.ts';
import type { FoundLog } from './segmentLog.ts';

export class Recovery {
  private readonly context: LogContext;
  private readonly indexes: SealedIndexes;
  private readonly notices: string[] = [];
  private readonly aside = new Map<string, number>();

  constructor(context: LogContext) {
    this.context = context;
    this.indexes = new SealedIndexes(context);
  }

  async run(): Promise<FoundLog & { notices: readonly string[] }> {
    const paths = await this.segmentPaths();
    const last = await this.openLast(paths);
    const segments: Segment[] = [];
    for (const path of paths.slice(0, -1)) segments.push(await this.openSealed(path));
    if (last) segments.push(last.segment);
    checkOrdinals(segments);
    const { notices, aside } = this;
    const lastKey = last?.segment.lastKey ?? -1;
    const lastTimeMs = last?.segment.lastTimeMs ?? 0;
    return { segments, epoch: (last?.epoch ?? 0) + 1, lastKey, lastTimeMs, aside, notices };
  }

  /** Oldest first. Leftovers of interrupted work are removed, cut-off ends are counted. */
  private async segmentPaths(): Promise<string[]> {
    const { files, folder } = this.context;
    const names = await files.list(folder);
    // What an earlier process removed may still come back, and would then stand behind what is appended now.
    if (names.length > 0) await files.syncFolder(folder);
    const paths = names
      .filter((name) => ordinalOfName(name) !== undefined)
      .map((name) => `${folder}/${name}`);
    const known = new Set(paths.flatMap((path) => [path, indexPathOf(path)]));
    for (const path of names.map((name) => `${folder}/${name}`)) {
      if (/\.log\.torn-\d+$/.test(path)) this.aside.set(path, (await files.stat(path))?.size ?? 0);
      else if (!known.has(path) && /\.(idx|new)$/.test(path)) await files.remove(path);
    }
    return paths;
  }

  /** The segment to append to. Takes those off `paths` whose header was never finished. */
  private async openLast(
    paths: string[],
  ): Promise<{ segment: Segment; epoch: number } | undefined> {
    for (let path = paths.at(-1); path !== undefined; path = paths.at(-1)) {
      const header = await this.readHeader(path, { mayBeTorn: true });
      if (header) return this.scanLast(path, header);
      paths.pop();
    }
    return undefined;
  }

  private async scanLast(
    path: string,
    header: SegmentHeader,
  ): Promise<{ segment: Segment; epoch: number }> {
    const segment = new Segment(this.context.folder, header);
    const scan = await this.scan(segment, 'append');
    if (scan.problem !== undefined) await this.cutTorn(path, scan);
    else if (scan.end < scan.fileSize) await this.cutAt(path, scan.end);
    else if (this.context.isSynced) await this.syncLast(path);
    return { segment, epoch: scan.epoch };
  }

  /** What an earlier process left with the system only must reach the disk before it is shown. */
  private async syncLast(path: string): Promise<void> {
    const file = await this.context.files.open(path, 'append');
    await file.sync().finally(() => file.close());
  }

  /** By its index file when that is whole and fits, else by a scan of every byte. */
  private async openSealed(path: string): Promise<Segment> {
    const size = (await this.context.files.stat(path))?.size ?? 0;
    const cached = await this.fromIndexFile(path, size);
    if (cached) return cached;
    const header = await this.readHeader(path, { mayBeTorn: false });
    const segment = new Segment(this.context.folder, header!);
    const scan = await this.scan(segment, 'read');
    if (scan.problem !== undefined) throw corrupt(path, scan.end, scan.problem);
    if (scan.end < size) throw corrupt(path, scan.end, 'zeros follow the last batch');
    await this.indexes.write(segment);
    return segment;
  }

  private async fromIndexFile(path: string, size: number): Promise<Segment | undefined> {
    const { files, folder, crc32 } = this.context;
    const indexPath = indexPathOf(path);
    const stat = await files.stat(indexPath);
    if (!stat) return undefined;
    const file = await files.open(indexPath, 'read');
    const found = await readIndexBounds(file, crc32).finally(() => file.close());
    if (!found || found.head.segmentSize !== size) return undefined;
    const segment = new Segment(folder, found.head.header);
    if (segment.path !== path) return undefined;
    segment.restore(found.lanes, { size, batchCount: found.head.batchCount });
    segment.indexFileBytes = stat.size;
    return segment;
  }

  /** The one that is appended to is opened so: its content must not change behind what was seen. */
  private async scan(segment: Segment, mode: 'append' | 'read'): Promise<ScanResult> {
    const { files, crc32 } = this.context;
    const file = await files.open(segment.path, mode);
    try {
      const fileSize = (await files.stat(segment.path))?.size ?? 0;
      return await scanSegment(segment, { file, fileSize, crc32 });
    } finally {
      await file.close();
    }
  }

  /** Undefined when the header was never finished, which only the newest file may show. */
  private async readHeader(
    path: string,
    { mayBeTorn }: { mayBeTorn: boolean },
  ): Promise<SegmentHeader | undefined> {
    const size = (await this.context.files.stat(path))?.size ?? 0;
    const bytes = await this.readBytes(path, {
      start: 0,
      end: Math.min(size, SEGMENT_HEADER_BYTES),
    });
    const header = decodeSegmentHeader(bytes, this.context.crc32);
    if (header === 'newer') throw newer(path);
    const isOurs = header !== 'bad' && path.endsWith(`/${segmentName(header.firstOrdinal)}`);
    if (isOurs) return header;
    // A header is on the disk before its first batch: with batches behind it, a bad one is damage.
    if (!mayBeTorn || (size > SEGMENT_HEADER_BYTES && !(await this.isZero(path, size)))) {
      throw corrupt(path, 0, 'the header of the file is wrong');
    }
    await this.dropHeader(path, bytes);
    return undefined;
  }

  private async dropHeader(path: string, bytes: Uint8Array): Promise<void> {
    const { files } = this.context;
    await files.remove(path);
    await files.remove(indexPathOf(path));
    if (bytes.every((byte) => byte === 0)) return;
    const kept = await this.keepAside(path, bytes);
    this.notices.push(`${path} was begun but not finished and is begun again; ${kept}`);
  }

  private async cutTorn(path: string, scan: ScanResult): Promise<void> {
    if (scan.laterBatch !== undefined) {
      const detail = `${scan.problem}, and whole entries follow at byte ${scan.laterBatch}`;
      throw corrupt(path, scan.end, detail);
    }
    const bytes = await this.readBytes(path, { start: scan.end, end: scan.fileSize });
    const kept = await this.keepAside(path, withoutZeros(bytes));
    await this.cutAt(path, scan.end);
    const what = scan.hasGap
      ? 'lost writes that had not reached the disk when the power went, as durability "written" allows,'
      : 'ended in an unfinished write';
    this.notices.push(`${path} ${what} and was cut at byte ${scan.end}; ${kept}`);
  }

  private async cutAt(path: string, end: number): Promise<void> {
    const file = await this.context.files.open(path, 'append');
    try {
      await file.truncate(end);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** The end of a sentence that says where the bytes are now. */
  private async keepAside(path: string, bytes: Uint8Array): Promise<string> {
    if (bytes.length === 0) return 'nothing but zeros stood behind it.';
    let number = 1;
    while (this.aside.has(`${path}.torn-${number}`)) number += 1;
    const target = `${path}.torn-${number}`;
    try {
      await this.context.files.replace(target, bytes);
    } catch (error) {
      // A full disk is what tears writes most often; it must not keep the log from opening.
      if (!isFull(error)) throw error;
      this.context.logger.warn(`${target} was not written: ${messageOf(error)}`);
      return `the disk had no room to keep the ${bytes.length} bytes behind it.`;
    }
    this.aside.set(target, bytes.length);
    return `the ${bytes.length} bytes behind it are kept in ${target}.`;
  }

  private async isZero(path: string, size: number): Promise<boolean> {
    const bytes = await this.readBytes(path, { start: 0, end: size });
    return bytes.every((byte) => byte === 0);
  }

  private async readBytes(
    path: string,
    { start, end }: { start: number; end: number },
  ): Promise<Uint8Array> {
    const file = await this.context.files.open(path, 'read');
    try {
      const bytes = new Uint8Array(end - start);
      return bytes.subarray(0, await file.read(bytes, start));
    } finally {
      await file.close();
    }
  }
}

/** The zeros at the end were written ahead, and nobody's bytes. */
function withoutZeros(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}

function newer(path: string): LogError {
  const message = `${path} was written by a newer version; this one reads format ${FORMAT_VERSION}.`;
  return new LogError('FORMAT', message, { path, position: 8 });
}

/** A file that is missing in the middle, or cut short at a batch, shows as a gap in the ordinals. */
function checkOrdinals(segments: readonly Segment[]): void {
  for (let at = 1; at < segments.length; at++) {
    const before = segments[at - 1]!;
    const { header, path } = segments[at]!;
    if (before.nextOrdinal === header.firstOrdinal) continue;
    const gap = `batch ${header.firstOrdinal} begins it, but ${before.nextOrdinal} is missing`;
    throw corrupt(path, 0, `${gap} (${before.path} ends before it)`);
  }
}
