import { expect, test } from 'vitest';
import type { TailTick } from '../../src/protocol/tail.ts';
import { Announcer } from '../../webview/state/announcer.ts';
import { Saver } from '../../webview/state/saver.ts';
import { Store } from '../../webview/state/store.ts';

function tick(patch: Partial<TailTick> = {}): TailTick {
  return {
    tail: 1,
    state: 'live',
    view: { first: 0, end: 0 },
    generation: 1,
    moves: { revision: 0, from: 0, list: [], late: 0 },
    held: { rows: 0, bytes: 0 },
    bounds: { rowsMax: 100, bytesMax: 100 },
    received: 0,
    records: { held: 12_431, matching: 1096 },
    recordsPerSecond: 212,
    bytesPerSecond: 0,
    millisBehindLatest: 0,
    shards: [],
    start: { type: 'LATEST' },
    resume: { type: 'LATEST' },
    filter: '',
    ...patch,
  };
}

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

test('next() says why reading stopped, and how many match a new filter', () => {
  const announcer = new Announcer();
  announcer.next(tick(), 0);
  expect(announcer.next(tick({ filter: 'x' }), 1)).toBe('1,096 of 12,431 records match.');
  const problem = { message: 'The engine ended.' };
  expect(announcer.next(tick({ state: 'failed', filter: 'x', problem }), 2)).toBe(
    'Stopped. The engine ended.',
  );
});

test('next() says that nobody answers a live tail, and that it goes on', () => {
  const announcer = new Announcer();
  announcer.next(tick(), 0);
  const problem = { message: 'The engine does not answer.' };
  expect(announcer.next(tick({ problem }), 1)).toBe('The engine does not answer.');
  expect(announcer.next(tick(), 2)).toBe('Live.');
});

test('put() saves the first value at once and the newest of the rest when the interval is over', () => {
  const saved: number[] = [];
  const due: (() => void)[] = [];
  const schedule = (_: number, task: () => void) => {
    due.push(task);
    return { dispose: () => {} };
  };
  const saver = new Saver<number>({ schedule }, (value) => saved.push(value));
  for (const value of [1, 2, 3]) saver.put(value, 1000);
  expect(saved).toEqual([1]);
  due.shift()?.();
  expect(saved).toEqual([1, 3]);
  due.shift()?.();
  saver.put(4, 1000);
  expect(saved).toEqual([1, 3, 4]);
});
