// COMPAT.md against the operations that AWS's SDK has and that the engine carries out.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as sdk from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { handlers } from '../src/engine/handlers.ts';
import { callRates } from '../src/kinesis/callRates.ts';
import { notImplemented } from '../src/server/target.ts';

const page = readFileSync(path.join(import.meta.dirname, '../COMPAT.md'), 'utf8');
const lines = page.split('\n');
const first = lines.indexOf('| operation | state | differences |') + 2;
const rows = lines
  .slice(first, lines.indexOf('', first))
  .map((line) => line.split('|').slice(1, -1))
  .map(([name, state, differences]) => ({
    name: name!.trim(),
    state: state!.trim(),
    differences: differences!.trim(),
  }));

const published = Object.keys(sdk)
  .filter((name) => /[a-z]Command$/.test(name))
  .map((name) => name.slice(0, -'Command'.length))
  .sort();

test('the table has every operation of the SDK once, by name', () => {
  expect(published).toHaveLength(45);
  expect(rows.map(({ name }) => name)).toEqual(published);
});

test('it says `not` of exactly those that nothing here carries out', () => {
  const missing = rows.filter(({ state }) => state === 'not').map(({ name }) => name);
  expect(missing).toEqual([...notImplemented].sort());
  expect(published.filter((name) => !missing.includes(name))).toEqual(Object.keys(handlers).sort());
});

test('it says of which operations nobody knows how often they may be called', () => {
  const guessed = callRates.get('TagResource');
  const named = [...callRates].filter(([, rate]) => rate === guessed).map(([name]) => name);
  expect(named.length).toBeGreaterThan(5);
  const silent = rows.filter(
    ({ name, differences }) => named.includes(name) && !/call rate.* guessed/.test(differences),
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('it knows three states, and `partly` says what is missing', () => {
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['done', 'partly', 'not']));
  const silent = rows.filter(({ state, differences }) => state === 'partly' && differences === '');
  expect(silent).toEqual([]);
});

test('each operation has its file in the conformance suite, which runs on every target', () => {
  for (const name of Object.keys(handlers)) {
    const file = `api/${name[0]!.toLowerCase()}${name.slice(1)}.test.ts`;
    const text = readFileSync(path.join(import.meta.dirname, file), 'utf8');
    expect(text, file).toContain(`onEveryTarget('${name}'`);
  }
});
