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

describe('a ring that grows', () => {
  const secondsOf = (ring: SecondsRing, since: number) =>
    rowsOf(ring, since).map(({ second, bytes }) => [second, bytes]);
  const grown = (seconds: readonly number[]) => {
    const budget = new RowBudget(1000);
    const ring = new SecondsRing(budget);
    for (const second of seconds) ring.addRecord(second, second + 7);
    let free = 0;
    while (budget.take(1, 0) === 1) free += 1;
    return { ring, rows: 1000 - free };
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, second) => second);

  it('keeps every row with its counts', () => {
    for (const count of [8, 9, 17, 300]) {
      const { ring } = grown(upTo(count));
      expect(secondsOf(ring, -1)).toEqual(upTo(count).map((second) => [second, second + 7]));
    }
  });

  it('does so only when its oldest row is still in the window', () => {
    expect(grown([...upTo(8), 299]).rows).toBe(16);
    expect(grown([...upTo(8), 300]).rows).toBe(8);
    const seldom = grown(upTo(50).map((at) => 100 * at));
    expect(seldom.rows).toBe(8);
    expect(secondsOf(seldom.ring, 4600).map(([second]) => second)).toEqual([4700, 4800, 4900]);
  });

  it('keeps the order of its rows, wherever the oldest lies', () => {
    const { ring, rows } = grown([0, 1, 2, 3, 200, 201, 202, 203, 301, 302, 303, 304, 305]);
    expect(rows).toBe(16);
    expect(secondsOf(ring, 4).map(([second]) => second)).toEqual([
      ...[200, 201, 202, 203, 301, 302, 303, 304, 305],
    ]);
  });

  it('tells the seconds after the one asked for, not that one', () => {
    const { ring } = grown([4, 5, 6]);
    expect(secondsOf(ring, 5).map(([second]) => second)).toEqual([6]);
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

  it('forgets everybody after half a window in which nobody came', () => {
    const callers = new TopCallers();
    callers.noteIn({ caller: 'a', second: 310 }, 5);
    expect(callers.list(599).map(({ caller }) => caller)).toEqual(['a']);
    const others = new TopCallers();
    others.noteIn({ caller: 'a', second: 310 }, 5);
    expect(others.list(600)).toEqual([]);
    others.noteIn({ caller: 'b', second: 610 }, 1);
    expect(others.list(9999)).toEqual([]);
  });

  it('lists eight of both halves together, the largest', () => {
    const callers = new TopCallers();
    for (let who = 0; who < 8; who++)
      callers.noteIn({ caller: `old ${who}`, second: 10 }, 10 + who);
    for (let who = 0; who < 8; who++)
      callers.noteIn({ caller: `new ${who}`, second: 160 }, 1 + who);
    const listed = callers.list(160);
    expect(listed.map(({ caller }) => caller)).toEqual(
      Array.from({ length: 8 }, (_, at) => `old ${7 - at}`),
    );
  });
});
