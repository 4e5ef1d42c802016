// What a run must be to be read, and what a page takes of it.
import { describe, expect, test } from 'vitest';
import { PendingBatch } from '../../../src/engine/log/batch.ts';
import { addCopiedEntries, addEntries, spanOf } from '../../../src/engine/log/decodeRun.ts';
import { putRunHeader, RUN_HEADER_BYTES } from '../../../src/engine/log/format.ts';
import type { ReadRequest } from '../../../src/engine/log/log.ts';
import { nodeCopierOf, nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { PageBuilder } from '../../../src/engine/log/page.ts';
import { PageBuffers } from '../../../src/engine/log/pageBuffers.ts';
import { addTo, filler } from './support.ts';

const pageOf = (more: Partial<ReadRequest> = {}): PageBuilder =>
  new PageBuilder(
    { lane: 0, fromKey: 0, horizonMs: 0, countMax: 99, bytesMax: 999, ...more },
    new PageBuffers(),
  );

const entriesOf = (page: PageBuilder) => page.finish(0).entries;

const entries = [10, 12, 15, 19].map((key) => {
  return { key, timeMs: 100 + key, bytes: filler(10, key) };
});

/** The run of `entries`, as it lies in the buffer of its batch. */
function wholeRun(): Uint8Array {
  const batch = new PendingBatch();
  const ends = new Map();
  for (const entry of entries) addTo(batch, { lane: 0, ...entry }, ends);
  const place = {
    position: 64,
    ordinal: 0,
    epoch: 1,
    salt: 0,
    crc32: nodeCrc32,
    copierOf: nodeCopierOf,
  };
  return batch.encode(new Uint8Array(batch.length + 50), place).bytes.subarray(32);
}

interface RawRun {
  readonly count?: number;
  readonly length?: number;
  readonly firstKey?: number;
  readonly firstTimeMs?: number;
}

/** A run of these bytes behind its header, which says what `header` says. */
function rawRun(bytes: readonly number[], header: RawRun = {}): Uint8Array {
  const run = new Uint8Array([...new Uint8Array(RUN_HEADER_BYTES), ...bytes]);
  const right = { length: run.length, lane: 0, count: 1, firstKey: 1, firstTimeMs: 1, ...header };
  putRunHeader(new DataView(run.buffer), { at: 0, header: right });
  return run;
}

const endless = Array.from({ length: 8 }, () => 0xff);

describe('a run', () => {
  test('is none when its header or any of its entries is wrong', () => {
    const max = Number.MAX_SAFE_INTEGER;
    const bad: Record<string, Uint8Array> = {
      'no header': new Uint8Array(RUN_HEADER_BYTES - 1),
      'longer than it says': rawRun([0, 0, 0], { length: 34 }),
      'shorter than it says': rawRun([0, 0, 0], { length: 36 }),
      'no entries': rawRun([], { count: 0 }),
      'fewer entries': rawRun([0, 0, 0], { count: 2 }),
      'more entries': rawRun([0, 0, 0, 0, 0, 0]),
      'an entry that goes on behind it': rawRun([0, 0, 1]),
      'a key that does not end': rawRun([...endless, 0, 0]),
      'a time that does not end': rawRun([0, ...endless, 0]),
      'a length that does not end': rawRun([0, 0, ...endless]),
      'a key too large': rawRun([0, 0, 0, 1, 0, 0], { count: 2, firstKey: max }),
    };
    for (const [what, run] of Object.entries(bad)) {
      expect([addEntries(pageOf(), run), what]).toEqual([false, what]);
      expect([addCopiedEntries(pageOf(), run), what]).toEqual([false, what]);
      expect([spanOf(run), what]).toEqual([undefined, what]);
    }
    expect(addEntries(pageOf(), rawRun([0, 0, 0], { firstKey: max }))).toBe(true);
  });

  test('spans from its first entry to its last', () => {
    const run = wholeRun();
    const span = { firstKey: 10, lastKey: 19, firstTimeMs: 110, lastTimeMs: 119 };
    expect(spanOf(run)).toEqual({ length: run.length, lane: 0, count: 4, ...span });
  });
});

describe('addEntries()', () => {
  test('takes what the page wants, up to exactly its bytes or its count', () => {
    const taken = (more: Partial<ReadRequest>) => {
      const page = pageOf(more);
      expect(addEntries(page, wholeRun())).toBe(true);
      return [entriesOf(page), page.isFull];
    };
    expect(taken({})).toEqual([entries, false]);
    expect(taken({ fromKey: 12 })).toEqual([entries.slice(1), false]);
    expect(taken({ horizonMs: 113 })).toEqual([entries.slice(2), false]);
    expect(taken({ countMax: 2 })).toEqual([entries.slice(0, 2), true]);
    expect(taken({ bytesMax: 29 })).toEqual([entries.slice(0, 2), true]);
    expect(taken({ bytesMax: 30 })).toEqual([entries.slice(0, 3), true]);
    expect(taken({ bytesMax: 40 })).toEqual([entries, false]);
    expect(taken({ bytesMax: 1 })).toEqual([entries.slice(0, 1), true]);
  });

  test('a page says what it may still take', () => {
    const page = pageOf({ countMax: 9, bytesMax: 100 });
    addEntries(page, wholeRun());
    expect([page.countLeft, page.bytesLeft]).toEqual([5, 60]);
    const finished = { entries, count: 4, lastTimeMs: 119, nextKey: 20 };
    expect(page.finish(50)).toMatchObject(finished);
  });
});

describe('addCopiedEntries()', () => {
  test('copies from its first entry to its last, and nothing that lies around them', () => {
    const run = wholeRun();
    const page = pageOf({ fromKey: 12, countMax: 2 });
    expect(addCopiedEntries(page, run)).toBe(true);
    run.fill(0xee);
    const copied = entriesOf(page);
    expect(copied).toEqual(entries.slice(1, 3));
    // Two entries of ten bytes, each behind three numbers of a byte.
    for (const { bytes } of copied) expect(bytes.buffer.byteLength).toBe(26);
  });

  test('leaves alone what the page had before', () => {
    const page = pageOf();
    const before = rawRun([0, 0, 2, 7, 8]);
    expect(addEntries(page, before)).toBe(true);
    expect(addCopiedEntries(page, wholeRun())).toBe(true);
    const first = { key: 1, timeMs: 1, bytes: Uint8Array.of(7, 8) };
    expect(entriesOf(page)).toEqual([first, ...entries]);
    expect(entriesOf(page)[0]!.bytes.buffer).toBe(before.buffer);
    const none = pageOf({ fromKey: 20 });
    expect([addCopiedEntries(none, wholeRun()), entriesOf(none)]).toEqual([true, []]);
  });
});
