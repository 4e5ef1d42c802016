// Whether a place that is not among the rows is still to come, or is passed: by where the tail began and how far it read.
import { expect, test } from 'vitest';
import { formatSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { Ring } from '../../src/tail/ring.ts';
import { type SeekReading, seek, seekFromStart } from '../../src/tail/seek.ts';
import { View } from '../../src/tail/view.ts';
import { type Put, parts, put } from './support/ringRows.ts';

const second = 1_700_000_000;
const atMs = second * 1000;
const sequenceNumber = formatSequenceNumber({
  ...{ shardCreatedSeconds: 1, shardIndex: 0, index: 7n, seconds: second },
});

/** What is said of the record and of its moment, with rows that arrived then. */
function said(
  reading: Partial<SeekReading>,
  arrivals: number[] = [],
  { rowsMax = 100, ...of }: { rowsMax?: number } & Partial<Put> = {},
) {
  const ring = new Ring({ rowsMax, bytesMax: 1e9 });
  const view = new View(ring, parts);
  put(ring, ...arrivals.map((arrivedMs) => ({ arrivedMs, ...of })));
  const latest = { start: { type: 'LATEST' }, startedMs: 0, shard: () => undefined } as const;
  const asked = { ring, view, reading: { ...latest, ...reading } };
  return [seek({ sequenceNumber }, asked).type, seek({ timestampMs: atMs }, asked).type];
}

const at = (timestampMs: number) => ({ type: 'AT_TIMESTAMP', timestampMs }) as const;
const shard = (reachedMs: number, isCaughtUp: boolean) => ({
  shard: () => ({ reachedMs, isCaughtUp }),
});

test('a tail that begins at a place or before it comes to it', () => {
  expect(said({ start: at(atMs) })).toEqual(['notYet', 'notYet']);
  expect(said({ start: { type: 'AT_SEQUENCE_NUMBER', sequenceNumber } })[0]).toBe('notYet');
  expect(said({ start: { type: 'TRIM_HORIZON' } })[0]).toBe('notYet');
  expect(said({ startedMs: atMs })[0]).toBe('notYet');
  expect(said({ start: at(atMs) }, [atMs + 500])).toEqual(['notYet', 'found']);
  expect(said({ startedMs: atMs + 9000 }, [atMs - 1])).toEqual(['notYet', 'notYet']);
});

test('one that begins later does not hold it, nor one that dropped its oldest rows', () => {
  expect(said({ start: at(atMs + 1000) }, [atMs + 5000])).toEqual(['notHeld', 'notHeld']);
  expect(said({ startedMs: atMs + 1000 })[0]).toBe('notHeld');
  const rows = [1, 2, 3].map((n) => atMs + n * 1000);
  expect(said({ start: at(atMs) }, rows)).toEqual(['notHeld', 'found']);
  expect(said({ start: at(atMs) }, rows, { rowsMax: 2 })).toEqual(['notHeld', 'notHeld']);
});

test('a record is to come while its own shard is behind, and is missing when that was read past it', () => {
  const rows = [atMs + 3000];
  const start = at(atMs);
  expect(said({ start, ...shard(atMs - 1, false) }, rows)[0]).toBe('notYet');
  expect(said({ start, ...shard(atMs + 1000, false) }, rows)[0]).toBe('notHeld');
  // Read to its end once: what it does not have by now was put after the tail began, or is not there.
  expect(said({ start, startedMs: atMs + 1, ...shard(atMs - 1, true) }, rows)[0]).toBe('notHeld');
  expect(said({ start, startedMs: atMs, ...shard(atMs - 1, true) }, rows)[0]).toBe('notYet');
});

test('a record is missing once a later one of its shard is held, also of the same second', () => {
  const later = String(BigInt(sequenceNumber) + (1n << 80n));
  const start = at(atMs);
  expect(said({ start }, [atMs], { sequenceNumber: later })[0]).toBe('notHeld');
  expect(said({ start }, [atMs], { sequenceNumber: later, shard: 1 })[0]).toBe('notYet');
});

test('what is no number of a record never comes', () => {
  const ring = new Ring({ rowsMax: 9, bytesMax: 1e9 });
  const view = new View(ring, parts);
  const reading = { start: at(0), startedMs: 0, shard: () => undefined };
  expect(seek({ sequenceNumber: '4' }, { ring, view, reading }).type).toBe('notHeld');
});

test('while no row of a start is there, it comes to what is not before it', () => {
  const of = (reading: Partial<SeekReading>) => {
    const latest = { start: { type: 'LATEST' }, startedMs: 0, shard: () => undefined } as const;
    const asked = [{ sequenceNumber }, { timestampMs: atMs }, { sequenceNumber: '7' }];
    return asked.map((place) => seekFromStart(place, { ...latest, ...reading }).type);
  };
  expect(of({ start: { type: 'TRIM_HORIZON' } })).toEqual(['notYet', 'notYet', 'notHeld']);
  expect(of({ start: at(atMs) })).toEqual(['notYet', 'notYet', 'notHeld']);
  expect(of({ start: { type: 'AT_SEQUENCE_NUMBER', sequenceNumber } })[0]).toBe('notYet');
  expect(of({ startedMs: atMs + 1 })).toEqual(['notYet', 'notHeld', 'notHeld']);
  expect(of({ start: at(atMs + 1000) })).toEqual(['notHeld', 'notHeld', 'notHeld']);
});
