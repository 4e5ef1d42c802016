/** Reads the entries of a run out of its bytes. */
import { Cursor } from './bytes.ts';
import { getRunHeader, RUN_HEADER_BYTES, type RunHeader } from './format.ts';
import type { PageBuilder } from './page.ts';

/**
 * Adds what `page` wants, in order, until it is full; an entry's bytes are a view of the run's. False when
 * the bytes are no run.
 */
export function addEntries(page: PageBuilder, run: Uint8Array): boolean {
  return walk(run, (key, timeMs, bytes) => {
    if (!page.wants(key, timeMs)) return true;
    if (!page.hasRoom(bytes.end - bytes.start)) return false;
    page.add({ key, timeMs, bytes: run.subarray(bytes.start, bytes.end) });
    return !page.isFull;
  });
}

/** As addEntries, of a run whose memory will be used again: the bytes that the page takes are copied. */
export function addCopiedEntries(page: PageBuilder, run: Uint8Array): boolean {
  const from = page.entries.length;
  if (!addEntries(page, run)) return false;
  const first = page.entries[from];
  const last = page.entries.at(-1);
  if (!first || !last) return true;
  const start = first.bytes.byteOffset;
  const copy = run.slice(
    start - run.byteOffset,
    last.bytes.byteOffset + last.bytes.length - run.byteOffset,
  );
  for (let place = from; place < page.entries.length; place++) {
    const { key, timeMs, bytes } = page.entries[place]!;
    const at = bytes.byteOffset - start;
    page.entries[place] = { key, timeMs, bytes: copy.subarray(at, at + bytes.length) };
  }
  return true;
}

/** The header, last key and last time of a whole run; undefined when the bytes are no run. */
export function spanOf(
  run: Uint8Array,
): (RunHeader & { lastKey: number; lastTimeMs: number }) | undefined {
  const header = getRunHeader(run);
  if (!header) return undefined;
  let lastKey = header.firstKey;
  let lastTimeMs = header.firstTimeMs;
  const isRun = walk(run, (key, timeMs) => {
    lastKey = key;
    lastTimeMs = timeMs;
    return true;
  });
  return isRun ? { ...header, lastKey, lastTimeMs } : undefined;
}

interface Range {
  start: number;
  end: number;
}

/** Calls `visit` for each entry until it returns false. `range` is one object, reused. */
function walk(
  run: Uint8Array,
  visit: (key: number, timeMs: number, range: Range) => boolean,
): boolean {
  const header = getRunHeader(run);
  if (!header || header.length !== run.length || header.count === 0) return false;
  const cursor = new Cursor(run, RUN_HEADER_BYTES);
  const range = { start: 0, end: 0 };
  let { firstKey: key, firstTimeMs: timeMs } = header;
  for (let left = header.count; left > 0; left--) {
    key += cursor.getVarint();
    timeMs += cursor.getVarint();
    range.end = cursor.getVarint();
    range.start = cursor.position;
    range.end += range.start;
    // NaN from a varint that does not end fails this comparison too.
    if (!(range.end <= run.length && key <= Number.MAX_SAFE_INTEGER && timeMs >= 0)) return false;
    if (!visit(key, timeMs, range)) return true;
    cursor.position = range.end;
  }
  return cursor.position === run.length;
}
