// The ring of seconds and the table of callers: what they keep, and that they keep no more.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columns,
  counterWindowSeconds,
  RowBudget,
  SecondsRing,
} from '../../../src/engine/limits/secondsRing.ts';
import { TopCallers, topCallersMax } from '../../../src/engine/limits/topCallers.ts';

const rowsOf = (ring: SecondsRing, since: number) =>
  [...ring.since(since)].map(({ second, value }) => ({
    second,
    records: value(columns.recordsIn),
    bytes: value(columns.bytesIn),
    age: value(columns.iteratorAge),
  }));

describe('SecondsRing', () => {
  it('holds every second of the window in which something happened', () => {
    const step = fc.record({ pass: fc.oneof(fc.nat(2), fc.nat(400)), bytes: fc.nat(5000) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 900 }), (steps) => {
        const ring = new SecondsRing(new RowBudget());
        const model = new Map<
          number,
          { second: number; records: number; bytes: number; age: number }
        >();
        let second = 5;
        for (const { pass, bytes } of steps) {
          second += pass;
          ring.addRecord(second, bytes);
          ring.raise(second, columns.iteratorAge, bytes);
          const row = model.get(second) ?? { second, records: 0, bytes: 0, age: 0 };
          row.records += 1;
          row.bytes += bytes;
          row.age = Math.max(row.age, bytes);
          model.set(second, row);
        }
        const since = second - counterWindowSeconds;
        expect(rowsOf(ring, since)).toEqual(
          [...model.values()].filter((row) => row.second > since),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('takes rows as they are needed, 300 at most, and gives them back', () => {
    const budget = new RowBudget(1000);
    const ring = new SecondsRing(budget);
    const free = (): number => {
      let rows = 0;
      while (budget.take(1, 0) === 1) rows += 1;
      budget.give(rows);
      return rows;
    };
    ring.addRecord(0, 1);
    expect(free()).toBe(992);
    for (let second = 0; second < 10_000; second++) ring.addRecord(second, 1);
    expect(free()).toBe(700);
    ring.dispose();
    expect(free()).toBe(1000);
  });

  it('looks back less when the rows of the engine are used up, and goes on counting', () => {
    const budget = new RowBudget(8);
    const [first, second] = [new SecondsRing(budget), new SecondsRing(budget)];
    for (let at = 0; at < 100; at++) {
      first.addRecord(at, 1);
      second.addRecord(at, 2);
    }
    expect(rowsOf(first, -1).map((row) => row.second)).toEqual([92, 93, 94, 95, 96, 97, 98, 99]);
    expect(rowsOf(second, -1)).toEqual([{ second: 99, records: 1, bytes: 2, age: 0 }]);
  });
});

describe('TopCallers', () => {
  it('never misses a caller that used more than a ninth of all', () => {
    const use = fc.record({ who: fc.nat(30), bytes: fc.integer({ min: 1, max: 100 }) });
    fc.assert(
      fc.property(fc.array(use, { minLength: 1, maxLength: 400 }), (uses) => {
        const callers = new TopCallers();
        const sums = new Map<string, number>();
        let all = 0;
        for (const { who, bytes } of uses) {
          const caller = `key ${who}`;
          callers.noteIn({ caller, second: 10 }, bytes);
          sums.set(caller, (sums.get(caller) ?? 0) + bytes);
          all += bytes;
        }
        const listed = callers.list(10);
        expect(listed.length).toBeLessThanOrEqual(topCallersMax);
        expect(listed.reduce((sum, { bytesIn }) => sum + bytesIn, 0)).toBe(all);
        for (const [caller, sum] of sums) {
          const shown = listed.find((place) => place.caller === caller);
          if (shown) expect(shown.bytesIn).toBeGreaterThanOrEqual(sum);
          else expect(sum).toBeLessThanOrEqual(all / topCallersMax);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('forgets who was not there for the whole window', () => {
    const callers = new TopCallers();
    callers.noteIn({ caller: 'a', second: 10 }, 5);
    callers.noteOut({ caller: 'b', second: 160 }, 7);
    expect(callers.list(299)).toEqual([
      { caller: 'b', bytesIn: 0, bytesOut: 7 },
      { caller: 'a', bytesIn: 5, bytesOut: 0 },
    ]);
    expect(callers.list(300).map(({ caller }) => caller)).toEqual(['b']);
    expect(callers.list(460)).toEqual([]);
  });
});
