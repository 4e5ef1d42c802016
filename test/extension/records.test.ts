import { expect, test } from 'vitest';
import { pinProblem } from '../../src/decode/chain.ts';
import { decodeChoices } from '../../src/extension/records/decodeChoices.ts';
import { Pins, pinsMax } from '../../src/extension/records/pins.ts';
import { compareTitle, titleOf } from '../../src/extension/records/recordTitles.ts';

const record = {
  connection: 'local',
  stream: 'flights',
  shardId: 'shardId-000000000001',
  sequenceNumber: '49680471723091059274005162501201421646625734457710087098',
};

test('a record is called by its stream and the end of its number', () => {
  expect(titleOf(record)).toBe('flights …7098');
  expect(titleOf({ ...record, subSequenceNumber: 2 })).toBe('flights …7098.2');
});

test('compareTitle() always tells two records apart', () => {
  const number = '49680471723091059274005162501201421646625734457710087104';
  expect(compareTitle(record, { ...record, sequenceNumber: number })).toBe(
    'flights …7098 ↔ flights …7104',
  );
  expect(compareTitle(record, { ...record, connection: 'aws:prod' })).toBe(
    'flights …7098 (local) ↔ flights …7098 (prod)',
  );
  const other = record.sequenceNumber.replace('4968', '4969');
  expect(compareTitle(record, { ...record, sequenceNumber: other })).toBe(
    `flights ${record.sequenceNumber} ↔ flights ${other}`,
  );
});

test('every way to decode that is offered is one', () => {
  const problems = decodeChoices.map(({ decoders }) => pinProblem(decoders));
  expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  expect(new Set(decodeChoices.map(({ decoders }) => decoders.join())).size).toBe(
    decodeChoices.length,
  );
});

function memory(kept?: unknown) {
  const values = new Map([['shardscope.pins', kept]]);
  return {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: async (key: string, value: unknown) => void values.set(key, value),
  } as never;
}

test('Pins remembers by connection and stream, the newest of them', async () => {
  const pins = new Pins(memory());
  const told: string[] = [];
  pins.onChange(({ stream }) => told.push(stream));
  await pins.set(record, ['gzip', 'json']);
  expect(pins.of(record)).toEqual(['gzip', 'json']);
  expect(pins.of({ ...record, connection: 'aws:prod' })).toEqual([]);
  await pins.set(record, []);
  expect(pins.of(record)).toEqual([]);
  expect(told).toEqual(['flights', 'flights']);
  for (let at = 0; at <= pinsMax; at++) await pins.set({ ...record, stream: `s${at}` }, ['hex']);
  expect([pins.of({ ...record, stream: 's0' }), pins.of({ ...record, stream: 's1' })]).toEqual([
    [],
    ['hex'],
  ]);
});

test.each([['text'], [{ a: 1 }], [[['flights']]], [[['flights', [1]]]], [[null]]])(
  'Pins reads nothing from what is no memory of its own: %j',
  (kept) => {
    expect(new Pins(memory(kept)).of(record)).toEqual([]);
  },
);
