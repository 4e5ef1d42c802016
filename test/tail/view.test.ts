// What is held and what of it is seen: bounds, positions, filters.

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import type { KinesisRecord } from '../../src/kinesis/shapes.ts';
import { parseQuery } from '../../src/query/query.ts';
import { type HeldRecord, Ring } from '../../src/tail/ring.ts';
import { fullRecord, heldRecord, recordRow } from '../../src/tail/rows.ts';
import { View } from '../../src/tail/view.ts';
import { TestClock } from '../support/testClock.ts';
import { FakeStream } from './support/fakeStream.ts';
import { openTail, recordsOf } from './support/openTail.ts';

const all = { rows: 1e9, bytes: 1e9 };

function record(text: string): HeldRecord {
  const data = new TextEncoder().encode(text);
  const { text: preview, isCut, format } = plainDecoder.preview(data, 512);
  const where = { shardId: 'shardId-000000000000', sequenceNumber: '1', partitionKey: 'key' };
  return { kind: 'record', ...where, arrivedMs: 0, data, preview, isCut, format };
}

test('a view shows what a plain array with the same filter would, under any sequence of deeds', () => {
  const deed = fc.oneof(
    fc.record({ push: fc.constantFrom('alpha', 'beta', 'alpha beta', 'gamma') }),
    fc.record({ filter: fc.constantFrom('', 'alpha', 'alpha beta', 'none') }),
    fc.record({ advance: fc.integer({ min: 1, max: 4 }) }),
  );
  fc.assert(
    fc.property(
      fc.array(deed, { maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (deeds, max) => {
        let view: View | undefined;
        const ring = new Ring({ rowsMax: max, bytesMax: 1e9 }, (index, row) =>
          view?.dropped(index, row),
        );
        view = new View(ring, plainDecoder);
        const seen = new Map<number, string>();
        let filter = '';
        const pushed: string[] = [];
        for (const step of deeds) {
          if ('push' in step) {
            pushed.push(step.push);
            ring.push(record(step.push));
          } else if ('filter' in step) {
            filter = step.filter;
            view.setFilter(filter, 0);
            for (const position of seen.keys()) expect(view.at(position)).toBeUndefined();
          } else view.advance({ rows: step.advance, bytes: 1e9 });
          for (let position = view.first; position < view.end; position++) {
            const row = view.at(position) as HeldRecord;
            expect(seen.get(position) ?? row.preview).toBe(row.preview);
            seen.set(position, row.preview);
          }
        }
        view.advance(all);
        const terms = filter.split(' ').filter(Boolean);
        const wanted = pushed
          .slice(-max)
          .filter((text) => terms.every((term) => text.includes(term)));
        const shown: string[] = [];
        for (let at = view.first; at < view.end; at++)
          shown.push((view.at(at) as HeldRecord).preview);
        expect(shown).toEqual(wanted);
        expect(view.matching).toBe(wanted.length);
      },
    ),
  );
});

describe('a tail', () => {
  const filled = async (
    bounds: { rowsMax: number; bytesMax: number },
    texts: (string | Uint8Array)[],
  ) => {
    const clock = new TestClock();
    const stream = new FakeStream({ clock, shards: 1 });
    for (const text of texts) stream.put(stream.shards[0]!, text);
    const { session } = openTail({ stream, clock }, { bounds });
    await clock.advance(500);
    return { session, clock };
  };

  test('holds no more bytes than allowed, whatever the stream does', async () => {
    const texts = Array.from({ length: 300 }, (_, n) => `${n} ${'x'.repeat(10_000)}`);
    const { session } = await filled({ rowsMax: 1e6, bytesMax: 500_000 }, texts);
    const { held, view, received } = session.tick();
    expect(held.bytes).toBeLessThanOrEqual(500_000);
    expect(received).toBe(300);
    expect(view).toEqual({ first: 300 - held.rows, end: 300 });
    expect(recordsOf(session).at(-1)!.preview).toMatch(/^299 /);
    expect(session.page({ from: 0, count: 10 })).toMatchObject({ from: view.first, rows: [] });
    expect(session.record(0)).toBeUndefined();
  });

  test('finds text behind a preview and inside gzip, and marks it where it shows', async () => {
    const texts = [`${'x'.repeat(3000)} needle`, gzipSync('a needle in gzip'), 'hay'];
    const { session, clock } = await filled({ rowsMax: 100, bytesMax: 1e9 }, texts);
    session.filter('NEEDLE');
    await clock.advance(10);
    const rows = recordsOf(session);
    expect(rows.map((row) => row.format)).toEqual(['text', 'gzip text']);
    expect(rows[0]!.matches).toEqual([]);
    expect(rows[1]!.matches).toEqual([{ start: 2, end: 8 }]);
    expect(session.tick()).toMatchObject({ filter: 'NEEDLE', records: { held: 3, matching: 2 } });
  });

  test('speaks the query language, and says what is wrong with a query', async () => {
    const texts = Array.from({ length: 5 }, (_, n) => `{"n":${n}}`);
    const { session, clock } = await filled({ rowsMax: 100, bytesMax: 1e9 }, texts);
    const shown = async (query: string): Promise<string[]> => {
      session.filter(query);
      await clock.advance(10);
      return recordsOf(session).map((row) => row.preview);
    };
    expect(await shown('$.n >= 3 or $.n = 0')).toEqual(['{"n":0}', '{"n":3}', '{"n":4}']);
    expect(await shown('-/[1-4]/ age<1h')).toEqual(['{"n":0}']);
    expect(await shown('age>1h')).toEqual([]);
    expect(session.tick()).not.toHaveProperty('filterProblem');
    expect(await shown('$.n >')).toHaveLength(5);
    expect(session.tick().filterProblem).toMatch(/A value belongs behind >/);
  });

  test('compares many rows in slices, oldest first', async () => {
    const texts = Array.from({ length: 9000 }, (_, n) => `row ${n % 2 === 0 ? 'even' : 'odd'}`);
    const { session, clock } = await filled({ rowsMax: 1e6, bytesMax: 1e9 }, texts);
    await clock.advance(1000);
    session.filter('even');
    expect(session.tick().records.matching).toBe(1000);
    await clock.advance(1);
    expect(session.tick().records.matching).toBe(4500);
  });
});

test('a record without a partition key is shown with an empty one, and has no hash key', () => {
  const Data = new TextEncoder().encode('{"a":1}');
  const SequenceNumber = '1';
  const filter = parseQuery('a');
  for (const record of [
    { SequenceNumber, Data, PartitionKey: '' },
    // As the SDK gives it.
    { SequenceNumber, Data } as KinesisRecord,
  ]) {
    const held = heldRecord('shardId-000000000000', { record, decoder: plainDecoder });
    const row = recordRow(0, { row: held, filter });
    expect(row.partitionKey).toBe('');
    const full = fullRecord(row, { data: held.data, shard: undefined, decoder: plainDecoder });
    expect([full.hashKey, full.decoded]).toEqual(['', '{\n  "a": 1\n}']);
  }
});
