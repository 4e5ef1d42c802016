// Rows out of order per partition key, against a list that is gone over from its beginning each time.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { JsonHeads } from '../../src/tail/jsonHeads.ts';
import { OrderCheck } from '../../src/tail/orderCheck.ts';
import { orderValueOf } from '../../src/tail/orderValue.ts';
import { Ring } from '../../src/tail/ring.ts';

const all = { rows: 1e9, ms: 1e9 };

interface Made {
  readonly key: string;
  /** As JSON; none: the record has no such field. */
  readonly json: string | undefined;
}

function keep(ring: Ring, { key, json }: Made, orderMs: number): number {
  const data = new TextEncoder().encode(json === undefined ? '{}' : `{"n":${json}}`);
  const place = { shardId: 'shardId-000000000000', arrivedMs: orderMs, orderMs };
  return ring.keepRecord({ ...place, sequenceNumber: '1', partitionKey: key, data });
}

const optionsFor = (ring: Ring) => ({
  path: '$.n',
  steps: ['n'],
  heads: new JsonHeads(ring.store, plainDecoder),
  monotonic: () => 0,
});

/** By row: what it came after. */
const flagsOf = (ring: Ring, check: OrderCheck): (string | undefined)[] =>
  Array.from({ length: ring.length }, (_, at) => check.brokenAfter(ring.at(at)));

function checkOf(rowsMax: number, keysMax = 100) {
  const ring = new Ring({ rowsMax, bytesMax: 1e9 });
  const check = new OrderCheck(ring, { ...optionsFor(ring), keysMax });
  const add = (made: Made, orderMs: number): void => void ring.show([keep(ring, made, orderMs)]);
  return { ring, check, add, flags: () => flagsOf(ring, check) };
}

interface ModelRow extends Made {
  readonly orderMs: number;
  readonly isKnown: boolean;
}

/** All rows there ever were, in their order; those that came before some that had gone are not known. */
function naive(rows: readonly ModelRow[]): boolean[] {
  return rows.map((row, at) => {
    const value = row.json === undefined ? undefined : orderValueOf(row.json);
    if (!value || !row.isKnown) return false;
    const before = rows.slice(0, at).filter((one) => one.isKnown && one.key === row.key);
    return before.some(({ json }) => {
      const other = json === undefined ? undefined : orderValueOf(json);
      return other?.kind === value.kind && value.value < other.value;
    });
  });
}

const jsons = fc.oneof(
  { weight: 6, arbitrary: fc.nat(9).map(String) },
  fc.constantFrom('"7"', '"12345678901234567890"', '12345678901234567891', '1.5', '"x"', '"y"'),
  fc.constantFrom('"2026-11-28"', '"2026-11-28T01:00:00.0001Z"', '"2026-11-28T01:00:00.0002Z"'),
  fc.constantFrom(undefined, 'null', '{}', '[3]', 'true'),
);

test('rows are flagged as a look at the whole list says, also when they come late or go', () => {
  const row = fc.record({ key: fc.constantFrom('a', 'b'), json: jsons, lateBy: fc.nat(6) });
  const deed = fc.oneof(
    { weight: 5, arbitrary: fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 3 }) }) },
    fc.record({ advance: fc.nat(3) }),
  );
  const property = fc.property(
    fc.array(deed, { maxLength: 60 }),
    fc.integer({ min: 1, max: 20 }),
    fc.nat(30),
    (deeds, rowsMax, startAt) => {
      const ring = new Ring({ rowsMax, bytesMax: 1e9 });
      let model: ModelRow[] = [];
      let gone = 0;
      let goneMs = Number.NEGATIVE_INFINITY;
      const begin = (): OrderCheck => {
        // It never knew those that had gone.
        model = model.slice(gone);
        [gone, goneMs] = [0, Number.NEGATIVE_INFINITY];
        // A turn that is over at once looks at one row.
        let turn = 0;
        return new OrderCheck(ring, { ...optionsFor(ring), monotonic: () => turn++ * 1e6 });
      };
      const show = (coming: readonly (Made & { readonly orderMs: number })[]): void => {
        ring.show(coming.map((one) => keep(ring, one, one.orderMs)));
        for (const one of coming) {
          const place = model.findLastIndex(({ orderMs }) => orderMs <= one.orderMs) + 1;
          model.splice(Math.max(place, gone), 0, { ...one, isKnown: one.orderMs >= goneMs });
        }
        for (; model.length - gone > rowsMax; gone++) {
          goneMs = Math.max(goneMs, model[gone]!.orderMs);
        }
      };
      let check: OrderCheck | undefined;
      for (const [index, step] of deeds.entries()) {
        if (index === startAt) check = begin();
        if ('advance' in step) check?.advance({ rows: step.advance, ms: 1e9 });
        else {
          const coming = step.rows.map((one) => ({ ...one, orderMs: index - one.lateBy }));
          show(coming.sort((one, other) => one.orderMs - other.orderMs));
        }
      }
      check ??= begin();
      while (!check.advance(all));
      const wanted = naive(model).slice(gone);
      expect(flagsOf(ring, check).map((after) => after !== undefined)).toEqual(wanted);
      const flagged = wanted.filter(Boolean).length;
      expect(check.state).toMatchObject({ flagged, waiting: 0 });
    },
  );
  fc.assert(property, { numRuns: 2000 });
});

test('a flag says what the row came after, also once that has gone', () => {
  const { check, add, flags, ring } = checkOf(3);
  for (const [at, json] of ['3', '"41"', '7', '"2026-11-28"', '"b"'].entries()) {
    add({ key: 'a', json }, at);
  }
  check.advance(all);
  expect(flags()).toEqual(['41', undefined, undefined]);
  add({ key: 'a', json: '40.5' }, 5);
  expect(flags()).toEqual([undefined, undefined, '41']);
  add({ key: 'a', json: '"2026-11-27T23:00:00Z"' }, 6);
  add({ key: 'a', json: '"a"' }, 7);
  expect(flags()).toEqual(['41', '2026-11-28T00:00:00.000Z', 'b']);
  expect(check.next(undefined, 1)).toBe(ring.at(0));
  expect(check.next(ring.at(0), 1)).toBe(ring.at(1));
  expect(check.next(ring.at(2), 1)).toBeUndefined();
  expect(check.next(ring.at(2), -1)).toBe(ring.at(1));
  expect(check.next(undefined, -1)).toBe(ring.at(2));
});

test('keys are watched up to a number, those without rows give way, and what is not watched is counted', () => {
  const { check, add } = checkOf(3, 2);
  for (const [at, key] of ['a', 'b', 'c'].entries()) add({ key, json: '5' }, at);
  expect(check.state).toMatchObject({ keys: 2, unwatched: 1, flagged: 0 });
  add({ key: 'c', json: '4' }, 3); // the row of `a` goes after this one came
  expect(check.state).toMatchObject({ keys: 2, unwatched: 2, flagged: 0 });
  add({ key: 'c', json: '6' }, 4);
  add({ key: 'c', json: '3' }, 5);
  expect(check.state).toMatchObject({ keys: 2, unwatched: 1, flagged: 1 });
});

test('a late row that brings others out of order raises the revision, rows at the end do not', () => {
  const { check, add, flags } = checkOf(10);
  add({ key: 'a', json: '1' }, 0);
  add({ key: 'a', json: '5' }, 10);
  add({ key: 'a', json: '3' }, 20);
  const { revision } = check.state;
  expect(flags()).toEqual([undefined, undefined, '5']);
  add({ key: 'a', json: '9' }, 5);
  expect(flags()).toEqual([undefined, undefined, '9', '9']);
  expect(check.state.revision).toBeGreaterThan(revision);
  expect(check.state.flagged).toBe(2);
});

test('values are compared as what they are', () => {
  const value = (json: string) => orderValueOf(json)?.value;
  expect(value('"0042"')).toBe(42);
  expect(value('-1.5e2')).toBe(-150);
  expect(value('"49590338271490256608559692538361571095921575989136588898"')).toBe(
    49590338271490256608559692538361571095921575989136588898n,
  );
  expect(orderValueOf('"2026-11-28T10:00:00+02:00"')).toEqual({
    kind: 'date',
    value: Date.UTC(2026, 10, 28, 8),
  });
  expect(value('"2026-11-28 10:00:00.000250"')).toBe(Date.UTC(2026, 10, 28, 10) + 0.25);
  expect(orderValueOf('"2026-13-28"')?.kind).toBe('text');
  for (const json of ['true', 'null', '{}', '[1]', 'nonsense', `"${'x'.repeat(2000)}"`]) {
    expect(orderValueOf(json)).toBeUndefined();
  }
});
