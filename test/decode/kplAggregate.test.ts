// KPL aggregates: real ones come apart as they were put, wrong ones are told and stay one record.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainOf } from '../../src/decode/chain.ts';
import {
  type Deaggregated,
  deaggregate,
  isAggregate,
  keysMax,
  tagsMax,
  type UserRecord,
  userRecordsMax,
} from '../../src/decode/kplAggregate.ts';
import {
  aggregateOf,
  bytes,
  magic,
  number,
  type Put,
  sealed,
  utf8,
  varint,
} from './support/aggregates.ts';

const text = (data: Uint8Array): string => new TextDecoder().decode(data);
const data = (content: string): Uint8Array => new TextEncoder().encode(content);

function recordsOf(found: Deaggregated): readonly UserRecord[] {
  if (found.kind !== 'aggregate') throw new Error(JSON.stringify(found));
  return found.records;
}

describe('deaggregate()', () => {
  // Made by RecordAggregator of aws-kinesis-agg 4.2.8 (tools/interop has it) from these four records, once with
  // and once without the explicit hash keys.
  test.each(['kplExplicitHashKeys.hex', 'kplPartitionKeys.hex'])(
    "reads %s, of AWS's library",
    (file) => {
      const hex = readFileSync(path.join(import.meta.dirname, 'fixtures', file), 'utf8');
      const aggregate = Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
      const found = recordsOf(deaggregate(aggregate));
      const places = ['0', String(2n ** 127n), String(2n ** 128n - 1n), '0'];
      const put = [
        ['orders-1', '{"order":1}'],
        ['orders-2', ''],
        ['Zürich 🛫', 'Grüße'],
        ['orders-1', 'x'.repeat(300)],
      ];
      expect(found.map((record) => [record.partitionKey, text(record.data)])).toEqual(put);
      expect(found.map((record) => record.subSequenceNumber)).toEqual([0, 1, 2, 3]);
      const hasPlaces = file === 'kplExplicitHashKeys.hex';
      expect(found.map((record) => record.explicitHashKey)).toEqual(
        hasPlaces ? places : [undefined, undefined, undefined, undefined],
      );
    },
  );

  test('gives any records back as they were put, without a copy', () => {
    const put = fc.record<Put>(
      {
        partitionKey: fc.string({ unit: 'binary', maxLength: 256 }),
        explicitHashKey: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String),
        data: fc.uint8Array({ maxLength: 300 }),
        tags: fc.array(fc.tuple(fc.string(), fc.option(fc.string(), { nil: undefined })), {
          maxLength: 3,
        }),
      },
      { requiredKeys: ['partitionKey', 'data'] },
    );
    fc.assert(
      fc.property(fc.array(put, { minLength: 1, maxLength: 20 }), (puts) => {
        const aggregate = aggregateOf(puts);
        const records = recordsOf(deaggregate(aggregate));
        expect(records).toEqual(
          puts.map((one, subSequenceNumber) => ({
            ...one,
            subSequenceNumber,
            tags: (one.tags ?? []).map(([key, value]) =>
              value === undefined ? { key } : { key, value },
            ),
          })),
        );
        expect(records.every((record) => record.data.buffer === aggregate.buffer)).toBe(true);
      }),
    );
  });

  test('looks at four bytes of any other record', () => {
    const looked: PropertyKey[] = [];
    const watched = new Proxy(data('{"a":1}'), {
      get: (target, name) => {
        looked.push(name);
        return Reflect.get(target, name);
      },
    });
    expect(deaggregate(watched)).toEqual({ kind: 'plain' });
    expect(looked).toEqual(['0']);
    expect(isAggregate(Uint8Array.from([...magic.slice(0, 3), 0xc3]))).toBe(false);
  });

  const one: Put = { partitionKey: 'a', data: data('one') };
  const keys = [...bytes(1, utf8('a')), ...bytes(2, utf8('7'))];
  const record = (...fields: number[][]): Uint8Array =>
    sealed([...keys, ...bytes(3, fields.flat())]);
  const good = [number(1, 0), bytes(3, utf8('x'))];

  test('skips fields that it does not know, and takes the last of those that come twice', () => {
    const unknown = [
      ...number(9, 2 ** 40),
      ...bytes(10, [1, 2]),
      ...varint(11 * 8 + 5),
      1,
      2,
      3,
      4,
    ];
    const eight = [...varint(12 * 8 + 1), 1, 2, 3, 4, 5, 6, 7, 8];
    const twice = [number(1, 5), bytes(3, utf8('lost')), ...good, number(2, 0), unknown, eight];
    const aggregate = sealed([...unknown, ...bytes(3, twice.flat()), ...eight, ...keys]);
    expect(recordsOf(deaggregate(aggregate))).toEqual([
      { subSequenceNumber: 0, partitionKey: 'a', explicitHashKey: '7', tags: [], data: data('x') },
    ]);
  });

  const flipped = aggregateOf([one]);
  flipped[6]! ^= 1;
  const tooManyTags = new Array<number[]>(tagsMax + 1).fill(bytes(4, bytes(1, utf8('t'))));
  test.each<[string, Uint8Array]>([
    [
      'it is too short for a message and its MD5',
      Uint8Array.from([...magic, ...new Array<number>(16)]),
    ],
    ['it is too short for a message and its MD5', Uint8Array.from(magic)],
    ['its last 16 bytes are not the MD5', flipped],
    ['its last 16 bytes are not the MD5', aggregateOf([one]).subarray(0, -1)],
    ['it holds no user record', sealed(bytes(1, utf8('a')))],
    ['its message ends inside field 3', sealed([...keys, 3 * 8 + 2, 9, 1])],
    ['its message ends inside field 1', sealed([10, ...varint(2 ** 50), 1])],
    ['its message ends inside a number', sealed([...keys, 0x80])],
    [
      'its message has a number of more than 10 bytes',
      sealed([72, ...new Array<number>(11).fill(255)]),
    ],
    ['its message has a field numbered 0', sealed([...keys, 0, 0])],
    ['its message has a field numbered 536870912', sealed([...varint(2 ** 32), 1])],
    ['its message has field 5 of wire type 3, which is not read', sealed([5 * 8 + 3, 5 * 8 + 4])],
    ['its message has field 5 of wire type 7, which is not read', sealed([5 * 8 + 7])],
    ['its message has field 3 of wire type 0, not 2', sealed([...keys, ...number(3, 1)])],
    ['its user record 0 has field 3 of wire type 0, not 2', record(number(1, 0), number(3, 1))],
    ['its user record 0 has field 1 of wire type 2, not 0', record(bytes(1, []), bytes(3, []))],
    ['its user record 0 ends inside field 3', record(number(1, 0), [26, 5, 1])],
    ['its user record 0 names key 1 of 1', record(number(1, 1), bytes(3, []))],
    ['its user record 0 names key 9007199254740992 of 1', record(number(1, 2 ** 53), bytes(3, []))],
    ['its user record 0 names explicit hash key 1 of 1', record(...good, number(2, 1))],
    ['its user record 0 has no partition key', record(bytes(3, []))],
    ['its user record 0 has no data', record(number(1, 0))],
    ['its user record 0 has a tag without a key', record(...good, bytes(4, []))],
    ['its user record 0 has a tag that ends inside field 1', record(...good, bytes(4, [10, 5]))],
    [`its user record 0 has more than ${tagsMax} tags`, record(...good, ...tooManyTags)],
    ['its partition key 0 has 1025 bytes', sealed(bytes(1, new Array<number>(1025).fill(97)))],
    ['its explicit hash key 0 is no hash key', sealed(bytes(2, utf8('-1')))],
    ['its explicit hash key 0 is no hash key', sealed(bytes(2, utf8(String(2n ** 128n))))],
  ])('tells that %s', (why, aggregate) => {
    expect(deaggregate(aggregate)).toEqual({ kind: 'broken', why });
    const { format, steps } = chainOf().full(aggregate, 1000);
    expect(format).toBe('binary');
    const told = { decoder: 'kpl', outcome: 'broken', why: `begins with f3 89 9a c2, but ${why}` };
    expect(steps).toContainEqual(told);
  });

  test('has a bound on records and on keys', () => {
    const many = new Array<number[]>(userRecordsMax).fill(bytes(3, good.flat())).flat();
    expect(recordsOf(deaggregate(sealed([...keys, ...many])))).toHaveLength(userRecordsMax);
    const more = sealed([...keys, ...many, ...bytes(3, good.flat())]);
    expect(deaggregate(more)).toEqual({
      kind: 'broken',
      why: `it holds more than ${userRecordsMax} user records`,
    });
    const listed = new Array<number[]>(keysMax + 1).fill([10, 0]).flat();
    expect(deaggregate(sealed(listed))).toMatchObject({
      why: `it lists more than ${keysMax} keys`,
    });
  });

  test('never throws, whatever lies between the magic number and a right MD5', () => {
    const message = fc.oneof(
      fc.array(fc.nat(255), { maxLength: 60 }),
      fc.tuple(fc.nat(40), fc.nat(255)).map(([at, byte]) => {
        const valid = [...keys, ...bytes(3, good.flat()), ...bytes(3, good.flat())];
        valid[at % valid.length] = byte;
        return valid;
      }),
    );
    fc.assert(
      fc.property(message, (content) => {
        const found = deaggregate(sealed(content));
        expect(['aggregate', 'broken']).toContain(found.kind);
        if (found.kind === 'aggregate') expect(found.records.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the chain', () => {
  const aggregate = aggregateOf([
    { partitionKey: 'a', data: data('{"id":1}') },
    { partitionKey: 'b', explicitHashKey: '7', data: Uint8Array.from([0, 255]) },
  ]);

  test('shows an aggregate that nobody took apart, and searches in it', () => {
    const { text: shown, format, steps } = chainOf().full(aggregate, 1000);
    expect(shown).toBe('#0 a, 8 B\n{"id":1}\n#1 b, explicit hash key 7, 2 B\n2 B of bytes\n');
    expect(format).toBe('kpl');
    expect(steps.at(-1)).toEqual({
      decoder: 'kpl',
      outcome: 'read',
      why: 'begins with f3 89 9a c2, and its MD5 matches: 2 user records',
    });
    expect(chainOf().preview(aggregate, 100)).toEqual({
      text: '2 user records: {"id":1} 2 B of bytes',
      isCut: false,
      format: 'kpl',
    });
    expect(chainOf().searchText(aggregate)).toBe('a\n{"id":1}\nb\n');
  });

  test.each([100, 1000])('keeps its bounds for an aggregate of %i records', (count) => {
    const put = { partitionKey: 'key', data: data('🛫'.repeat(30)) };
    const large = aggregateOf(new Array<Put>(count).fill(put));
    const format = count === 100 ? 'kpl' : 'begins as binary';
    for (const charactersMax of [0, 1, 20, 100, 1001]) {
      expect(chainOf().full(large, charactersMax).text.length).toBeLessThanOrEqual(charactersMax);
      const shown = chainOf().preview(large, charactersMax);
      expect(shown.text.length).toBeLessThanOrEqual(charactersMax);
      expect(shown).toMatchObject({ isCut: true, format });
    }
    const start = count === 100 ? '100 user records: 🛫' : 'f3 89 9a c2';
    expect(chainOf().preview(large, 512).text.startsWith(start)).toBe(true);
  });
});
