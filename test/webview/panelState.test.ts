import { expect, test, vi } from 'vitest';
import { Announcer } from '../../webview/state/announcer.ts';
import { Memory } from '../../webview/state/memory.ts';
import { initialModel, type PanelModel } from '../../webview/state/panelModel.ts';
import type { Rows } from '../../webview/state/rows.ts';
import { Saver } from '../../webview/state/saver.ts';
import type { Selection } from '../../webview/state/selection.ts';
import { Store } from '../../webview/state/store.ts';
import { tailTick as tick } from '../support/tailTick.ts';

test('update() tells its listeners only of a change', () => {
  const store = new Store({ a: 1, b: 2 });
  const seen: number[] = [];
  const subscription = store.subscribe(({ a }) => seen.push(a));
  store.update({ a: 1, b: 2 });
  store.update({ a: 3 });
  subscription.dispose();
  store.update({ a: 4 });
  expect(seen).toEqual([3]);
});

test('next() says a new state at once and rates every ten seconds at most', () => {
  const announcer = new Announcer();
  expect(announcer.next(tick(), 0)).toBe('Live.');
  const said = Array.from({ length: 250 }, (_, at) => announcer.next(tick(), 100 + at * 100));
  expect(said.filter((text) => text !== undefined)).toEqual([
    '212 records a second, 12,431 records held, 0 ms behind.',
    '212 records a second, 12,431 records held, 0 ms behind.',
    '212 records a second, 12,431 records held, 0 ms behind.',
  ]);
  expect(announcer.next(tick({ state: 'paused' }), 25_200)).toBe('Paused.');
});

test('next() says how many match a new filter, and leaves to an alert why reading stopped', () => {
  const announcer = new Announcer();
  announcer.next(tick(), 0);
  expect(announcer.next(tick({ filter: 'x' }), 1)).toBe('1,096 of 12,431 records match.');
  const problem = { message: 'The engine ended.' };
  expect(announcer.next(tick({ state: 'failed', filter: 'x', problem }), 2)).toBeUndefined();
  expect(announcer.next(tick({ filter: 'x' }), 3)).toBe('Live.');
  expect(announcer.next(tick({ state: 'ended', filter: 'x' }), 4)).toBeUndefined();
});

test('next() says how many match once all were looked at, also when the state changes with that', () => {
  const announcer = new Announcer();
  announcer.next(tick(), 0);
  const looking = { filter: 'x', isLooking: true, records: { held: 100_000, matching: 100 } };
  expect(announcer.next(tick(looking), 1)).toBe(
    '212 records a second, 100,000 records held, 0 ms behind.',
  );
  expect(announcer.next(tick(looking), 2)).toBeUndefined();
  expect(announcer.next(tick({ ...looking, state: 'paused' }), 3)).toBe('Paused.');
  const done = {
    filter: 'x',
    state: 'paused',
    records: { held: 100_000, matching: 10_000 },
  } as const;
  expect(announcer.next(tick(done), 4)).toBe('10,000 of 100,000 records match.');
  expect(announcer.next(tick(done), 5)).toBeUndefined();
  expect(announcer.next(tick({ ...done, filter: 'y', state: 'live' }), 6)).toBe(
    'Live. 10,000 of 100,000 records match.',
  );
  const wrong = { ...looking, filterProblem: 'A value is missing.' };
  expect(announcer.next(tick(wrong), 7)).toBeUndefined();
  expect(announcer.next(tick({ isLooking: true }), 8)).toBe('No filter.');
});

test('next() says that a live tail that nobody answered goes on', () => {
  const announcer = new Announcer();
  announcer.next(tick(), 0);
  const problem = { message: 'The engine does not answer.' };
  announcer.next(tick(), 1);
  expect(announcer.next(tick({ problem }), 2)).toBeUndefined();
  expect(announcer.next(tick(), 3)).toBe('Live.');
});

test('look() takes the last tick of a tail that pauses also while it looks for what an earlier one told of', async () => {
  const store = new Store<PanelModel>(initialModel);
  const answers: (() => void)[] = [];
  const find = () => new Promise<undefined>((resolve) => answers.push(() => resolve(undefined)));
  const memory = new Memory({ store, find, rows: {} as Rows, selection: {} as Selection });
  memory.restore({ details: { shardId: 'one', sequenceNumber: '1' } });
  const looking = memory.look(tick());
  await memory.look(tick({ state: 'paused' }));
  answers[0]!();
  await looking;
  expect(store.get().details.kind).toBe('none');
  expect(answers).toHaveLength(2);
  answers[1]!();
  await vi.waitFor(() => expect(store.get().details.kind).toBe('gone'));
});

test('ask() saves at once, then no more for a while, but soon where that is asked for; nothing is lost', () => {
  const saved: number[] = [];
  const due: { waitMs: number; task(): void }[] = [];
  const schedule = (waitMs: number, task: () => void) => {
    const timer = { waitMs, task };
    due.push(timer);
    return { dispose: () => due.splice(due.indexOf(timer), 1) };
  };
  let value = 0;
  const save = () => saved.at(-1) !== value && saved.push(value) > 0;
  const saver = new Saver({ clock: { schedule }, restMs: 1000, save });
  const ask = (next: number, withinMs?: number) => {
    value = next;
    saver.ask(withinMs);
  };
  const run = () => due.shift()?.task();
  for (const next of [1, 2, 3]) ask(next);
  expect([saved, due.map(({ waitMs }) => waitMs)]).toEqual([[1], [1000]]);
  run();
  expect(saved).toEqual([1, 3]);
  ask(4, 100);
  ask(5, 100);
  ask(6);
  expect([saved, due.map(({ waitMs }) => waitMs)]).toEqual([[1, 3], [100]]);
  run();
  expect([saved, due.map(({ waitMs }) => waitMs)]).toEqual([[1, 3, 6], [1000]]);
  run();
  ask(6);
  expect(due).toEqual([]);
  ask(7);
  expect(saved).toEqual([1, 3, 6, 7]);
});
