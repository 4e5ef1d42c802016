/** Reads the entries of a run out of its bytes. */
import { Cursor } from './bytes.ts';
import { getRunHeader, RUN_HEADER_BYTES, type RunHeader } from './format.ts';
import type { PageBuilder } from './page.ts';

/** Where the numbers of a run's next entry begin, and what they are added to. */
export interface RunPlace {
  readonly position: number;
  readonly key: number;
  readonly timeMs: number;
}

/** Neighbouring entries of one run as they lie in it. */
export interface RunPart extends RunPlace {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Goes through entries; its numbers and its place are those of the entry it stands on. */
export class EntryCursor implements RunPlace {
  key: number;
  timeMs: number;
  /** Where the entry's bytes begin and end. */
  start = 0;
  end: number;
  private readonly cursor: Cursor;

  constructor(bytes: Uint8Array, { position, key, timeMs }: RunPlace) {
    this.cursor = new Cursor(bytes, position);
    this.key = key;
    this.timeMs = timeMs;
    this.end = position;
  }

  /** Where the next entry begins. */
  get position(): number {
    return this.end;
  }

  /** Goes to the next entry; false when the bytes there are none. */
  next(): boolean {
    const { cursor } = this;
    cursor.position = this.end;
    this.key += cursor.getVarint();
    this.timeMs += cursor.getVarint();
    const length = cursor.getVarint();
    this.start = cursor.position;
    this.end = this.start + length;
    // NaN from a varint that does not end fails this comparison too.
    return (
      this.end <= cursor.bytes.length && this.key <= Number.MAX_SAFE_INTEGER && this.timeMs >= 0
    );
  }
}

/** Adds what `page` wants, in order, until it is full; false when the bytes are no run. */
export function addEntries(page: PageBuilder, run: Uint8Array): boolean {
  const part = partFor(page, run);
  if (part) page.add(part);
  return part !== undefined;
}

/** As addEntries, of a run whose memory will be used again: what the page takes is copied to memory of its own. */
export function addCopiedEntries(page: PageBuilder, run: Uint8Array): boolean {
  const part = partFor(page, run);
  if (!part) return false;
  const { position, end } = part;
  const bytes = page.takeMemory(end - position);
  bytes.set(run.subarray(position, end));
  page.add({ ...part, bytes, position: 0 });
  return true;
}

/** What a page takes of a run. */
export interface TakenPart extends RunPart {
  /** Behind the last entry. */
  end: number;
  lastKey: number;
  lastTimeMs: number;
  /** Of all its entries. */
  entryBytes: number;
  count: number;
  /** The next entry does not fit. */
  isCut: boolean;
}

/** Undefined when the bytes are no run, as far as they are looked at. */
function partFor(page: PageBuilder, run: Uint8Array): TakenPart | undefined {
  const header = getRunHeader(run);
  if (!header || header.length !== run.length || header.count === 0) return undefined;
  const { firstKey: key, firstTimeMs: timeMs } = header;
  const cursor = new EntryCursor(run, { position: RUN_HEADER_BYTES, key, timeMs });
  for (let left = header.count; left > 0; left--) {
    const { position, key: before, timeMs: timeBefore } = cursor;
    if (!cursor.next()) return undefined;
    if (!page.wants(cursor.key, cursor.timeMs)) continue;
    return partFrom(page, { run, cursor, left, key: before, timeMs: timeBefore, position });
  }
  return cursor.end === run.length ? emptyPart(run) : undefined;
}

const emptyPart = (
  bytes: Uint8Array,
  at: RunPlace = { position: 0, key: 0, timeMs: 0 },
): TakenPart => ({
  ...at,
  bytes,
  count: 0,
  end: at.position,
  lastKey: at.key,
  lastTimeMs: at.timeMs,
  entryBytes: 0,
  isCut: false,
});

interface Wanted extends RunPlace {
  readonly run: Uint8Array;
  /** Stands on the first entry that the page wants. */
  readonly cursor: EntryCursor;
  /** Entries from that one to the end of the run. */
  readonly left: number;
}

function partFrom(
  page: PageBuilder,
  { run, cursor, left, ...place }: Wanted,
): TakenPart | undefined {
  const part = emptyPart(run, place);
  const countMax = Math.min(left, page.countLeft);
  const { bytesLeft } = page;
  const mayBeLong = page.count === 0;
  for (;;) {
    const length = cursor.end - cursor.start;
    part.isCut = part.entryBytes + length > bytesLeft && !(mayBeLong && part.count === 0);
    if (part.isCut) return part;
    part.count += 1;
    part.entryBytes += length;
    part.end = cursor.end;
    part.lastKey = cursor.key;
    part.lastTimeMs = cursor.timeMs;
    if (part.count === countMax) break;
    if (!cursor.next()) return undefined;
  }
  return part.count < left || cursor.end === run.length ? part : undefined;
}

/** The header, last key and last time of a whole run; undefined when the bytes are no run. */
export function spanOf(
  run: Uint8Array,
): (RunHeader & { lastKey: number; lastTimeMs: number }) | undefined {
  const header = getRunHeader(run);
  if (!header || header.length !== run.length || header.count === 0) return undefined;
  const { firstKey: key, firstTimeMs: timeMs } = header;
  const cursor = new EntryCursor(run, { position: RUN_HEADER_BYTES, key, timeMs });
  for (let left = header.count; left > 0; left--) if (!cursor.next()) return undefined;
  if (cursor.end !== run.length) return undefined;
  return { ...header, lastKey: cursor.key, lastTimeMs: cursor.timeMs };
}

/** Calls `visit` for each entry of a part with the cursor that stands on it. */
export function visitEntries(part: RunPart, visit: (entry: EntryCursor) => void): void {
  const cursor = new EntryCursor(part.bytes, part);
  for (let left = part.count; left > 0; left--) {
    cursor.next();
    visit(cursor);
  }
}
