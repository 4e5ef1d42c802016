// A place that a tail has not come to yet: its panel is led there once, and only if its user waits for it.
import { expect, test } from 'vitest';
import { type OwedLead, OwedPlace } from '../../src/extension/panels/owedPlace.ts';
import type { SeekFound } from '../../src/protocol/histogram.ts';
import { TestClock } from '../support/testClock.ts';

const record: OwedLead = { place: { sequenceNumber: '7' }, clearsFilter: true };
const time: OwedLead = { place: { timestampMs: 7 }, clearsFilter: true };
const settled = () => new Promise<void>((done) => setImmediate(done));

function panel(first: SeekFound['type'] = 'notYet') {
  const done: string[] = [];
  const it = { hasPage: true, found: first, asked: 0, fails: false };
  const clock = new TestClock();
  const owed = new OwedPlace({
    clock,
    hasPage: () => it.hasPage,
    find: async () => {
      it.asked++;
      if (it.fails) throw new Error('There is no tail 1 any more.');
      return it.found === 'found' ? { type: it.found, position: 3 } : { type: it.found };
    },
    reveal: (position) => done.push(`row ${position}`),
    clearFilter: async () => {
      done.push('cleared');
      it.found = 'found';
    },
    missed: () => done.push('missed'),
  });
  /** What is told when rows come and the place is then so. */
  const come = async (found: SeekFound['type']): Promise<string[]> => {
    it.found = found;
    owed.look();
    await clock.advance(1000);
    return done.splice(0);
  };
  const owe = (lead: OwedLead): void => {
    it.found = 'notYet';
    owed.owe(lead);
  };
  return { it, clock, done, owed, owe, come };
}

test('it is led there once the rows are there, and once only', async () => {
  const { it, owed, come } = panel();
  owed.owe(record);
  expect(await come('notYet')).toEqual([]);
  expect(await come('found')).toEqual(['row 3']);
  const { asked } = it;
  expect(await come('found')).toEqual([]);
  expect(it.asked).toBe(asked);
});

test('it waits for a page, and for a tail that is opened again', async () => {
  const { it, owed, come } = panel('found');
  it.hasPage = false;
  owed.owe(record);
  expect(await come('found')).toEqual([]);
  it.hasPage = true;
  it.fails = true;
  expect(await come('found')).toEqual([]);
  it.fails = false;
  expect(await come('found')).toEqual(['row 3']);
});

test('its user is told of a record that the tail came past, and of a time nothing', async () => {
  const { owe, come } = panel();
  owe(record);
  expect(await come('notHeld')).toEqual(['missed']);
  expect(await come('found')).toEqual([]);
  owe(time);
  expect(await come('notHeld')).toEqual([]);
  expect(await come('found')).toEqual([]);
});

test('a filter that hides it goes, unless it came with it', async () => {
  const { owe, come } = panel();
  owe(record);
  expect(await come('filtered')).toEqual(['cleared', 'row 3']);
  owe({ ...record, clearsFilter: false });
  expect(await come('filtered')).toEqual([]);
  expect(await come('found')).toEqual([]);
  // Of a time the first row that matches is meant.
  owe({ ...time, clearsFilter: false });
  expect(await come('filtered')).toEqual([]);
  expect(await come('found')).toEqual(['row 3']);
});

test('a user who goes elsewhere is not led, and no timer is left', async () => {
  const { clock, owed, owe, come } = panel();
  owe(record);
  expect(await come('notYet')).toEqual([]);
  owed.look();
  owed.forget();
  expect(clock.pendingTimers).toBe(0);
  expect(await come('found')).toEqual([]);
});

test('it is looked for at once, then once a second, however many rows come', async () => {
  const { it, clock, done, owe, owed } = panel();
  owe(record);
  await settled();
  expect(it.asked).toBe(1);
  for (let tick = 0; tick < 100; tick++) {
    owed.look();
    await clock.advance(100);
  }
  expect(it.asked).toBe(11);
  owed.look();
  it.found = 'found';
  // No rows come any more: what came last is looked at.
  await clock.advance(1000);
  expect(done).toEqual(['row 3']);
});

test('what is found after its user has left is not shown', async () => {
  const { owed, come } = panel('found');
  owed.owe(record);
  owed.forget();
  await settled();
  expect(await come('found')).toEqual([]);
});
