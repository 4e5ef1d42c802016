// What may be typed where the engine's controls ask; it agrees with what the engine takes.
import { describe, expect, test } from 'vitest';
import { rateMax, stepMsMax } from '../../src/admin/controls.ts';
import { faultSpecOf } from '../../src/admin/faults.ts';
import {
  callsProblem,
  freeName,
  latencyProblem,
  percentProblem,
  rateProblem,
  snapshotNameProblem,
  stepProblem,
} from '../../src/extension/commands/controlAnswers.ts';

/** Whether each text is taken. */
const taken = (problem: (text: string) => string | undefined, texts: readonly string[]) =>
  texts.map((text) => problem(text) === undefined);

describe('answers', () => {
  test.each([
    ['a step', stepProblem, ['1ms', ' 25h ', '1h30m', '400d'], ['', '0s', '5', '401d', '-1h']],
    ['a speed', rateProblem, ['1', '0.5', String(rateMax)], ['', ' ', '0', '-1', '3601', 'x']],
    ['a latency', latencyProblem, ['1', '300000'], ['', '0', '300001', '1.5', '1e3', '-1']],
    ['a number of calls', callsProblem, ['1', '1000000'], ['0', '1000001', 'x', '']],
    ['a share', percentProblem, ['100', '0.1', '.5'], ['0', '101', '', '-1', '1e1', '5.']],
  ])('%s', (_, problem, good, bad) => {
    expect(taken(problem, good)).toEqual(good.map(() => true));
    expect(taken(problem, bad)).toEqual(bad.map(() => false));
  });

  test('the engine takes the highest and the lowest that are let through', () => {
    for (const ms of ['1', '300000']) faultSpecOf({ effect: 'latency', latencyMs: Number(ms) });
    for (const count of [1, 1_000_000]) faultSpecOf({ effect: 'throttle', count });
    for (const percent of ['100', '.5']) {
      expect(faultSpecOf({ effect: 'throttle', probability: Number(percent) / 100 })).toBeDefined();
    }
    expect(stepProblem(`${stepMsMax}ms`)).toBe(undefined);
    expect(stepProblem(`${stepMsMax + 1}ms`)).toBe('One step is 400 d at most');
  });

  test('a snapshot gets a name that the engine knows to write and that is free', () => {
    const known = [{ name: 'snapshot-1' }, { name: 'before' }];
    expect(freeName([])).toBe('snapshot-1');
    expect(freeName(known)).toBe('snapshot-2');
    const problem = (text: string) => snapshotNameProblem(text, known);
    expect(taken(problem, ['after', 'a.b-c_1', 'x'.repeat(64)])).toEqual([true, true, true]);
    expect(taken(problem, ['', 'a b', '../a', 'x'.repeat(65)])).toEqual(Array(4).fill(false));
    expect(problem('before')).toBe('There is a snapshot before already');
  });
});
