// The order of records over all shards, the numbers they get, and how little of the file is in memory.
import { describe, expect, test } from 'vitest';
import { parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { JsonCursor } from '../../src/migrate/jsonCursor.ts';
import { surveyKinesisLocal } from '../../src/migrate/kinesisLocalFile.ts';
import { mergedRecords } from '../../src/migrate/recordMerge.ts';
import { ControlledBench, rejection } from '../engine/support/controlledBench.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TEST_EPOCH_MS, TestClock } from '../support/testClock.ts';
import { importInto, recordsOf, TestFile } from './support/importing.ts';
import {
  type MadeRecord,
  type MadeShard,
  madeFile,
  madeRecord,
  madeStream,
} from './support/keptFile.ts';

const createdMs = TEST_EPOCH_MS - 3_600_000;
const step = 2n ** 128n;

/** Shards that share the hash keys evenly, with these records. */
function shardsOf(lists: readonly (readonly MadeRecord[])[]): MadeShard[] {
  const count = BigInt(lists.length);
  return lists.map((records, index) => {
    const at = BigInt(index);
    const range = [String((step * at) / count), String((step * (at + 1n)) / count - 1n)] as const;
    return { index, createdMs, range, records };
  });
}

const fileOf = (lists: readonly (readonly MadeRecord[])[]): string =>
  JSON.stringify(
    madeFile({ orders: madeStream('orders', { shards: shardsOf(lists), createdMs }) }),
  );

async function merged(file: TestFile): Promise<string[]> {
  const { streams } = await surveyKinesisLocal(file);
  const found: string[] = [];
  for await (const { shard, record } of mergedRecords(file, streams[0]!.records)) {
    expect(parseSequenceNumber(record.sequenceNumber)!.shardIndex).toBe(shard.index);
    found.push(record.sequenceNumber);
  }
  return found;
}

describe('mergedRecords()', () => {
  test.each([1, 2, 3, 4])(
    'gives the oldest first, of one time the lower shard (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const all: { timeMs: number; shard: number; SequenceNumber: string }[] = [];
      const lists = Array.from({ length: random.integer(1, 40) }, (_, index) => {
        let timeMs = createdMs;
        return Array.from({ length: random.integer(0, 30) }, (__, place) => {
          timeMs += random.integer(0, 40);
          const length = random.chance(0.03) ? 400_000 : random.integer(0, 50);
          const data = new Uint8Array(length);
          const record = madeRecord({ index, createdMs }, { index: place + 1, timeMs, data });
          all.push({ timeMs, shard: index, SequenceNumber: record.SequenceNumber });
          return record;
        });
      });
      all.sort((a, b) => a.timeMs - b.timeMs || a.shard - b.shard);
      const found = await merged(new TestFile(fileOf(lists)));
      expect(found).toEqual(all.map(({ SequenceNumber }) => SequenceNumber));
    },
  );

  test('reads a file of 12 MB in pieces of 256 KiB, each about twice', async () => {
    const data = new Uint8Array(3_000);
    const lists = [0, 1, 2].map((index) =>
      Array.from({ length: 1_000 }, (_, place) =>
        madeRecord({ index, createdMs }, { index: place + 1, timeMs: createdMs + place, data }),
      ),
    );
    const file = new TestFile(fileOf(lists));
    expect(file.size).toBeGreaterThan(12_000_000);
    expect(await merged(file)).toHaveLength(3_000);
    expect(file.largestRead).toBeLessThanOrEqual(256 * 1024);
    const readOnce = Math.ceil(file.size / (256 * 1024));
    expect(file.reads).toBeLessThan(2 * readOnce + 20);
  });
});

test('JsonCursor holds a piece of the file again behind each long value', async () => {
  const long = 'x'.repeat(10_000);
  const chunkBytes = 512;
  const file = new TestFile(JSON.stringify([1, long, long, 'a', 'b', long, { long }, 7]));
  const cursor = new JsonCursor(file, { chunkBytes });
  const found: unknown[] = [];
  await cursor.openList();
  while (await cursor.item()) {
    found.push((await cursor.value({ bytesMax: 20_000, what: 'a value' })).value);
    expect(cursor.heldBytes).toBe(chunkBytes);
  }
  await cursor.close();
  expect(found).toEqual([1, long, long, 'a', 'b', long, { long }, 7]);
});

const opened = () => ControlledBench.open({ clock: new TestClock() });
const shard = { index: 0, createdMs };
const make = (index: number, timeMs: number) => madeRecord(shard, { index, timeMs });

async function imported(records: readonly MadeRecord[]) {
  const bench = await opened();
  const { imported: counts } = await importInto(bench, fileOf([records]));
  const found = (await recordsOf(bench, 'orders'))['shardId-000000000000'] as MadeRecord[];
  expect(found.map(({ Data }) => Data)).toEqual(records.map(({ Data }) => Data));
  const indexes = found.map(({ SequenceNumber }) => parseSequenceNumber(SequenceNumber)!.index);
  return { found, indexes, renumbered: counts[0]!.renumbered };
}

describe('sequence numbers', () => {
  test('with gaps are kept', async () => {
    const records = [make(3, createdMs), make(700, createdMs + 1), make(2 ** 40, createdMs + 2)];
    const { found, renumbered } = await imported(records);
    expect([found, renumbered]).toEqual([records, 0]);
  });

  test('that do not rise, or are of another form, become the next ones; order and times stay', async () => {
    const old = { ...make(1, createdMs + 3), SequenceNumber: '17' };
    const high = {
      ...make(5, createdMs + 4),
      SequenceNumber: make(2 ** 53, createdMs).SequenceNumber,
    };
    const records = [make(5, createdMs), make(5, createdMs + 1), make(2, createdMs + 2), old, high];
    const { found, indexes, renumbered } = await imported(records);
    expect([indexes, renumbered]).toEqual([[5n, 6n, 7n, 8n, 9n], 4]);
    const times = found.map((record) => record.ApproximateArrivalTimestamp);
    expect(times).toEqual(records.map((record) => record.ApproximateArrivalTimestamp));
  });

  test('of a clock that was set back keep their index, and arrive with the one before', async () => {
    const records = [
      make(1, createdMs + 9_000),
      make(2, createdMs + 1_000),
      make(3, createdMs + 9_500),
    ];
    const { found, indexes, renumbered } = await imported(records);
    expect([indexes, renumbered]).toEqual([[1n, 2n, 3n], 1]);
    const times = found.map(
      (record) => Number(record.ApproximateArrivalTimestamp) * 1000 - createdMs,
    );
    expect(times).toEqual([9_000, 9_000, 9_500]);
  });
});

test('a record of 10 MiB comes in, a longer one does not, and the rest of its batch neither', async () => {
  const bytes = 10 * 1024 ** 2;
  const long = (length: number) =>
    madeRecord(shard, { index: 2, timeMs: createdMs + 1, data: new Uint8Array(length) });
  const bench = await opened();
  await importInto(bench, fileOf([[make(1, createdMs), long(bytes)]]));
  const { Shards = [] } = await bench.api.listShards({ StreamName: 'orders' });
  const from = { StreamName: 'orders', ShardId: Shards[0]!.ShardId };
  const { ShardIterator = '' } = await bench.api.getShardIterator({
    ...from,
    ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
    StartingSequenceNumber: make(1, createdMs).SequenceNumber,
  });
  const { Records } = await bench.api.getRecords({ ShardIterator });
  expect(Records.map(({ Data }) => Data.length)).toEqual([bytes]);
  const other = await opened();
  const refusal = await rejection(
    importInto(other, fileOf([[make(1, createdMs), long(bytes + 3)]])),
  );
  expect(refusal.message).toContain('record 2 at byte');
  expect(refusal.message).toContain('its Data are longer than 10485760 bytes');
  expect(await other.streamNames()).toEqual([]);
});

test('progress counts the bytes looked at and the records stored, in batches of 2,000 at most', async () => {
  const records = Array.from({ length: 4_500 }, (_, at) => make(at + 1, createdMs + at));
  const said: [string, number, number][] = [];
  const bench = await opened();
  const file = fileOf([records]);
  await importInto(bench, file, {
    onProgress: ({ what, done, of }) => void said.push([what, done, of]),
  });
  const stored = said.filter(([what]) => what === 'records');
  expect(stored.map(([, done, of]) => [done, of])).toEqual([
    [2_000, 4_500],
    [4_000, 4_500],
    [4_500, 4_500],
  ]);
  const looked = said.filter(([what]) => what === 'bytes').map(([, done]) => done);
  expect(looked).toEqual([...looked].sort((a, b) => a - b));
  expect(looked.length).toBeGreaterThan(15);
  expect(looked.at(-1)).toBeLessThanOrEqual(file.length);
});
