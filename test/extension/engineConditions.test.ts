// What is said of an engine that is not as usual, and by which commands that is undone.
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { conditionsOf } from '../../src/extension/tree/engineConditions.ts';

const nowMs = Date.UTC(2026, 10, 25, 14, 2, 5);
const hourMs = 3_600_000;

const conditions = (over: { rate?: number; aheadMs?: number; faultCount?: number }) => {
  const { rate = 1, aheadMs = 0, faultCount = 0 } = over;
  return conditionsOf({ clock: { nowMs, now: '', rate, aheadMs }, faultCount });
};

test.each([
  [{}, []],
  [{ aheadMs: -999 }, []],
  [{ rate: 0 }, ['clock stopped']],
  [{ rate: 0, aheadMs: -hourMs }, ['clock stopped']],
  [{ aheadMs: 25 * hourMs }, ['clock +25 h']],
  [{ aheadMs: -10 * 60_000 }, ['clock -10 min']],
  [{ rate: 60, aheadMs: hourMs }, ['clock 60 times as fast']],
  [{ faultCount: 1 }, ['1 fault']],
  [{ faultCount: 2, rate: 0 }, ['clock stopped', '2 faults']],
])('%o reads %o', (over, expected) => {
  expect(conditions(over).map(({ text }) => text)).toEqual(expected);
});

test('each is a sentence, and a command undoes it', () => {
  const all = [
    { rate: 0 },
    { rate: 60 },
    { aheadMs: hourMs },
    { aheadMs: -hourMs },
    { faultCount: 2 },
  ];
  const found = all.flatMap(conditions);
  const known = new Set(manifest.contributes.commands.map(({ command }) => command));
  expect(found.map(({ sentence }) => sentence)).toEqual([
    "The engine's clock stands still at 2026-11-25 14:02:05 UTC.",
    "The engine's clock goes 60 times as fast as the machine's.",
    "The engine's clock is 1 h ahead of the machine's.",
    "The engine's clock is 1 h behind the machine's.",
    '2 faults are played to clients of the engine.',
  ]);
  for (const { remedies } of found) {
    expect(remedies.length).toBeGreaterThan(0);
    expect(remedies.filter(({ command }) => !known.has(command))).toEqual([]);
  }
});

test("a clock that is behind is stepped to the machine's time, exactly", () => {
  expect(conditions({ aheadMs: -12_345 })[0]?.remedies).toEqual([
    { title: 'Step Clock to Now', command: 'shardscope.stepClock', argument: { ms: 12_345 } },
  ]);
});
