// Queries kept per stream of a connection: names, those used last, bounds, and what another version wrote.
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Memory,
  nameCharactersMax,
  recentMax,
  SavedQueries,
  savedMax,
  streamsMax,
} from '../../src/extension/queries/savedQueries.ts';

class TestMemory implements Memory {
  readonly values = new Map<string, unknown>();

  keys(): string[] {
    return [...this.values.keys()];
  }

  get(key: string): unknown {
    return this.values.get(key);
  }

  async update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, JSON.parse(JSON.stringify(value)));
  }
}

const orders = { connection: 'local', stream: 'orders' };
const others = [
  { connection: 'aws:prod', stream: 'orders' },
  { connection: 'local', stream: 'clicks' },
];
let memory: TestMemory;
let queries: SavedQueries;
let nowMs = 0;

beforeEach(() => {
  memory = new TestMemory();
  nowMs = 0;
  queries = new SavedQueries(memory, () => nowMs++);
});

const names = (): string[] => queries.of(orders).saved.map(({ name, text }) => `${name}: ${text}`);

describe('saved queries', () => {
  test('are of one stream of one connection, by name, and outlive the window', async () => {
    await queries.save(orders, { name: 'vip', text: '$.vip = true' });
    await queries.save(orders, { name: ' late ', text: 'age>5m' });
    for (const place of others) expect(queries.of(place)).toEqual({ saved: [], recent: [] });
    queries = new SavedQueries(memory, () => 0);
    expect(names()).toEqual(['late: age>5m', 'vip: $.vip = true']);
  });

  test('are replaced by name, renamed and removed', async () => {
    await queries.save(orders, { name: 'a', text: 'one' });
    await queries.save(orders, { name: 'a', text: 'two' });
    await queries.save(orders, { name: 'b', text: 'three' });
    expect(names()).toEqual(['a: two', 'b: three']);
    await queries.rename(orders, { from: 'a', to: ' c ' });
    expect(names()).toEqual(['b: three', 'c: two']);
    await queries.rename(orders, { from: 'c', to: 'b' });
    await queries.rename(orders, { from: 'nobody', to: 'x' });
    expect(names()).toEqual(['b: two']);
    await queries.remove(orders, 'b');
    expect(names()).toEqual([]);
    expect(memory.keys()).toEqual([]);
  });

  test('have a name that is none too long, and are so many at most', async () => {
    const save = (name: string) => queries.save(orders, { name, text: 'x' });
    await expect(save('  ')).rejects.toThrow('A query is saved under a name.');
    await expect(save('x'.repeat(nameCharactersMax + 1))).rejects.toThrow(/at most 60 characters/);
    for (let at = 0; at < savedMax; at++) await save(`q${at}`);
    await expect(save('one more')).rejects.toThrow(/keeps at most 50 queries. Delete one/);
    await save('q7');
    await expect(queries.rename(orders, { from: 'q7', to: '' })).rejects.toThrow();
    expect(names()).toHaveLength(savedMax);
  });
});

describe('queries used last', () => {
  test('are a few, the last one first, each once', async () => {
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'c']) await queries.used(orders, text);
    expect(queries.of(orders).recent).toEqual(['c', 'f', 'e', 'd', 'b']);
    expect(queries.of(orders).recent).toHaveLength(recentMax);
  });

  test('give way to what goes on from them; what is wrong or empty is none', async () => {
    await queries.used(orders, 'other');
    await queries.used(orders, 'key=7');
    await queries.used(orders, 'key=7 shard:3');
    for (const text of ['', '  ', 'size>', '$.a >']) await queries.used(orders, text);
    expect(queries.of(orders).recent).toEqual(['key=7 shard:3', 'other']);
  });
});

test('of very many streams those are forgotten that have nothing saved and were not used for longest', async () => {
  const place = (at: number) => ({ connection: 'local', stream: `s${at}` });
  await queries.save(place(0), { name: 'kept', text: 'x' });
  for (let at = 1; at <= streamsMax; at++) await queries.used(place(at), 'y');
  expect(memory.keys()).toHaveLength(streamsMax);
  expect(queries.of(place(0)).saved).toHaveLength(1);
  expect(queries.of(place(1)).recent).toEqual([]);
  expect(queries.of(place(2)).recent).toEqual(['y']);
});

test('what is no query in the state is left out', async () => {
  const saved = [{ name: 'a', text: 'b' }, { name: 1, text: 'c' }, null, 'd'];
  memory.values.set('queries:local/orders', { saved, recent: ['x', 5] });
  expect(queries.of(orders)).toEqual({ saved: [{ name: 'a', text: 'b' }], recent: ['x'] });
  for (const value of [null, 7, 'text', []]) {
    memory.values.set('queries:local/orders', value);
    expect(queries.of(orders)).toEqual({ saved: [], recent: [] });
  }
});
