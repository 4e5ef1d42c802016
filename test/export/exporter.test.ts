// What an export writes: whole lines and nothing else, however it ends; of a tail, the rows that it shows.
import { describe, expect, test } from 'vitest';
import { chunkCharactersMax, type ExportSource } from '../../src/export/exporter.ts';
import type { ExportedRecord } from '../../src/export/record.ts';
import { RowsSource } from '../../src/export/rowsSource.ts';
import { HeldRecords, pieceBytesMax, pieceRowsMax } from '../../src/tail/heldRecords.ts';
import { RowStore } from '../../src/tail/rowStore.ts';
import { aggregateOf } from '../decode/support/aggregates.ts';
import { TestClock } from '../support/testClock.ts';
import { recordsOf as shown, tailing } from '../tail/support/openTail.ts';
import { exported, filterOf, rangeOf, recordsOf, textOf } from './support/exporting.ts';

const utf8 = new TextEncoder();
const signal = new AbortController().signal;

const recordOf = (n: number, data: Uint8Array = utf8.encode(`{"n":${n}}`)): ExportedRecord => ({
  shardId: 'shardId-000000000000',
  sequenceNumber: String(n),
  arrivedMs: n,
  partitionKey: `key-${n % 7}`,
  data,
});

/** Pages of records, then an end or an error. */
function sourceOf(pages: readonly ExportedRecord[][], failure?: Error): ExportSource {
  const left = [...pages];
  let isClosed = false;
  return {
    ...{ dropped: 0, reachedMs: undefined, waiting: undefined, warnings: [] },
    next: async () => {
      const page = isClosed ? undefined : left.shift();
      if (!page && failure && !isClosed) throw failure;
      return page;
    },
    close: () => {
      isClosed = true;
    },
  };
}

const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => recordOf(from + n));

describe('a file', () => {
  test.each(['jsonl', 'csv'] as const)(
    '%s holds what was asked for, a line each',
    async (format) => {
      const clock = new TestClock();
      const source = sourceOf([many(3000), many(10, 3000)]);
      const { result, chunks } = await exported(
        { source, clock, query: '$.n >= 1000 and key:key-3' },
        { format },
      );
      const wanted = many(3010).filter(({ arrivedMs: n }) => n >= 1000 && n % 7 === 3);
      const records = recordsOf(chunks);
      expect(records).toEqual(wanted);
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      expect(result).toMatchObject({ end: 'done', records: wanted.length, bytes });
      if (format === 'csv') expect(textOf(chunks)).toMatch(/^arrived,shardId,/);
    },
  );

  test('without a record is empty, or a header', async () => {
    const clock = new TestClock();
    const empty = await exported({ source: sourceOf([]), clock });
    expect(textOf(empty.chunks)).toBe('');
    const header = await exported({ source: sourceOf([]), clock }, { format: 'csv' });
    expect(textOf(header.chunks).split('\r\n')).toHaveLength(2);
  });

  test('that fails on the way holds whole lines of all that came before', async () => {
    const clock = new TestClock();
    const source = sourceOf([many(500)], new Error('The stream went away.'));
    const { result, chunks } = await exported({ source, clock });
    expect(result).toMatchObject({ end: 'failed', failure: 'The stream went away.', records: 500 });
    expect(recordsOf(chunks)).toEqual(many(500));
  });

  test('that cannot be written any more says so, and counts what was', async () => {
    const clock = new TestClock();
    const large = new Uint8Array(chunkCharactersMax).fill(0x41);
    const source = sourceOf([[recordOf(0, large), recordOf(1, large), recordOf(2, large)]]);
    let writes = 0;
    const write = async () => {
      if (++writes > 2) throw new Error('The file could not be written: no space is left.');
    };
    const { result } = await exported({ source, clock }, { sink: { write } });
    expect(result).toMatchObject({ end: 'failed', records: 2 });
    expect(result.failure).toMatch(/no space/);
  });

  test('that is cancelled ends after the write under way, and takes no more', async () => {
    const clock = new TestClock();
    const cancelling = new AbortController();
    let taken = 0;
    const pages = Array.from({ length: 50 }, (_, page) => many(2000, page * 2000));
    const inner = sourceOf(pages);
    const source = {
      ...inner,
      next: () => {
        taken++;
        return inner.next();
      },
    };
    let writes = 0;
    const write = async () => {
      if (++writes === 3) cancelling.abort();
    };
    const { result } = await exported(
      { source, clock },
      { sink: { write }, signal: cancelling.signal },
    );
    expect(result.end).toBe('cancelled');
    expect(writes).toBe(3);
    expect(taken).toBeLessThan(25);
  });

  test('that was cancelled before it began waits for no record', async () => {
    const clock = new TestClock();
    let isClosed = false;
    const waits: boolean[] = [];
    const source = {
      ...sourceOf([]),
      next: async () => {
        waits.push(!isClosed);
        return undefined;
      },
      close: () => {
        isClosed = true;
      },
    };
    const { result } = await exported({ source, clock }, { signal: AbortSignal.abort() });
    expect(result.end).toBe('cancelled');
    expect(waits).not.toContain(true);
  });

  test('a query that is wrong, or that no record gets through, is said', async () => {
    const clock = new TestClock();
    expect(() => filterOf('size>x', clock)).toThrow('The query is wrong: ');
    const hostile = utf8.encode(`${'a'.repeat(40)}!`);
    const source = sourceOf([[recordOf(7, hostile)]]);
    const { result } = await exported({ source, clock, query: '/^(a+)+$/' });
    expect(result).toMatchObject({ end: 'failed', records: 0 });
    expect(result.failure).toMatch(/takes too long, last on the record 7\. Write it without/);
  });
});

describe('the rows of a tail', () => {
  test('are those that its filter chooses, in the order of its list, also of a hidden tab', async () => {
    const { clock, stream, shard, tab } = await tailing({ shards: 2, arrivalJitterMs: () => 500 });
    for (let n = 0; n < 300; n++) stream.put(stream.shards[n % 2]!, `{"n":${n}}`, `key-${n % 3}`);
    stream.split(shard);
    await clock.advance(5000);
    tab.show(false);
    tab.filter({ text: 'key:key-2' });
    const source = new RowsSource(await tab.matching('key:key-2', signal));
    const { result, chunks } = await exported({ source, clock });
    expect(result).toMatchObject({ end: 'done', records: 100, dropped: 0 });
    tab.show(true);
    await clock.advance(1000);
    const rows = shown(tab).map(({ sequenceNumber }) => sequenceNumber);
    expect(rows).toHaveLength(100);
    expect(recordsOf(chunks).map(({ sequenceNumber }) => sequenceNumber)).toEqual(rows);
  });

  test('are those of the filter that was asked for, whatever the tail is filtered by meanwhile', async () => {
    const { clock, stream, shard, tab } = await tailing();
    for (let n = 0; n < 40_000; n++) stream.put(shard, `{"n":${n}}`, n % 4 ? 'other' : 'wanted');
    await clock.advance(20_000);
    tab.show(false);
    tab.filter({ text: 'key=wanted' });
    const asked = tab.matching('key=wanted', signal);
    tab.filter({ text: 'key=other' });
    await clock.advance(1000);
    const held = await asked;
    expect(held.total).toBe(10_000);
    expect(new Set(held.next()!.map(({ partitionKey }) => partitionKey))).toEqual(
      new Set(['wanted']),
    );
    const begun = tab.matching('key=wanted', signal);
    await clock.advance(1000);
    expect((await begun).total).toBe(10_000);
    expect(tab.view.filter).toBe('key=other');
  });

  test('that are dropped before their turn are counted, and the others are whole', async () => {
    const { clock, stream, shard, tab } = await tailing(
      {},
      { bounds: { rowsMax: 3000, bytesMax: 2 ** 26 } },
    );
    for (let n = 0; n < 3000; n++) stream.put(shard, `{"n":${n}}`);
    await clock.advance(5000);
    const held = await tab.matching('', signal);
    const first = held.next()!;
    for (let n = 3000; n < 5000; n++) stream.put(shard, `{"n":${n}}`);
    await clock.advance(5000);
    const { result, chunks } = await exported({ source: new RowsSource(held), clock });
    expect(first).toHaveLength(pieceRowsMax);
    expect(result).toMatchObject({ records: 1000, dropped: 1000 });
    const texts = recordsOf(chunks).map(({ data }) => new TextDecoder().decode(data));
    expect(texts).toEqual(Array.from({ length: 1000 }, (_, n) => `{"n":${2000 + n}}`));
  });

  test('that all go, when the tail starts again, are all counted', async () => {
    const { clock, stream, shard, tab, session } = await tailing();
    for (let n = 0; n < 10; n++) stream.put(shard, String(n));
    await clock.advance(1000);
    const held = await tab.matching('', signal);
    session.restart({ type: 'LATEST' });
    await clock.advance(1000);
    const { result } = await exported({ source: new RowsSource(held), clock });
    expect(result).toMatchObject({ end: 'done', records: 0, dropped: 10 });
  });

  test('have the explicit hash keys of their aggregate, as a range has them', async () => {
    const { clock, stream, shard, tab } = await tailing();
    const puts = ['1', '340282366920938463463374607431768211455', undefined].map(
      (explicitHashKey, n) => ({
        partitionKey: `user-${n}`,
        data: utf8.encode(`{"n":${n}}`),
        ...(explicitHashKey !== undefined && { explicitHashKey }),
      }),
    );
    stream.put(shard, aggregateOf(puts));
    await clock.advance(1000);
    const rows = await exported({ source: new RowsSource(await tab.matching('', signal)), clock });
    const range = await exported({ source: rangeOf({ stream, clock }), clock });
    expect(textOf(rows.chunks)).toBe(textOf(range.chunks));
    expect(recordsOf(rows.chunks)).toMatchObject(
      puts.map((put, subSequenceNumber) => ({ ...put, subSequenceNumber })),
    );
  });

  test('1,000,000 of them are held as numbers, and copied a piece at a time', async () => {
    const clock = new TestClock();
    const store = new RowStore(2 ** 28);
    const ids = new Float64Array(1_000_000);
    for (let n = 0; n < ids.length; n++) {
      ids[n] = store.idOf(store.addRecord({ ...recordOf(n), orderMs: n }));
    }
    let copies = 0;
    let copiesMax = 0;
    const held = new HeldRecords(store, ids);
    const inner = new RowsSource(held);
    const source = {
      ...{ dropped: 0, reachedMs: undefined, waiting: undefined, warnings: [] },
      next: async () => {
        const piece = await inner.next();
        copies += piece?.length ?? 0;
        copiesMax = Math.max(copiesMax, piece?.length ?? 0);
        return piece;
      },
      close: () => inner.close(),
    };
    let lines = 0;
    let chunkMax = 0;
    const write = async (bytes: Uint8Array) => {
      chunkMax = Math.max(chunkMax, bytes.length);
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
      expect(bytes.at(-1)).toBe(10);
    };
    const { result } = await exported({ source, clock, query: 'key=key-3' }, { sink: { write } });
    expect(result.records).toBe(142_857);
    expect(lines).toBe(142_857);
    expect(copies).toBe(1_000_000);
    expect(copiesMax).toBe(pieceRowsMax);
    expect(chunkMax).toBeLessThan(chunkCharactersMax + 1024);
  });

  test('of 10 MiB go one at a time', () => {
    const store = new RowStore(2 ** 27);
    const large = new Uint8Array(10 * 1024 * 1024).fill(0xff);
    const sizes = [100, large.length, 100, 100, large.length, large.length];
    const ids = sizes.map((size, n) =>
      store.idOf(store.addRecord({ ...recordOf(n, large.subarray(0, size)), orderMs: n })),
    );
    const held = new HeldRecords(store, Float64Array.from(ids));
    const pieces: number[][] = [];
    for (let piece = held.next(); piece; piece = held.next()) {
      pieces.push(piece.map(({ data }) => data.length));
    }
    expect(pieces.flat()).toEqual(sizes);
    for (const piece of pieces) {
      const bytes = piece.reduce((sum, size) => sum + size, 0);
      expect(piece.length === 1 || bytes <= pieceBytesMax).toBe(true);
    }
  });
});
