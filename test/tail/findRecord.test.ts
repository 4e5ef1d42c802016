// A record is found again by what its stream calls it, and rows are chosen anew when they are decoded otherwise.
import { expect, onTestFinished, test } from 'vitest';
import { PinnedDecoder } from '../../src/decode/pinnedDecoder.ts';
import type { RecordRow, TailTick } from '../../src/protocol/tail.ts';
import { timeBox } from '../../src/worker/timeBox.ts';
import { TestClock } from '../support/testClock.ts';
import { FakeStream } from './support/fakeStream.ts';
import { openTail, recordsOf } from './support/openTail.ts';

const shards = ['shardId-000000000000', 'shardId-000000000001'];
const numberOf = (at: number): string =>
  `4968047172309105927400516250120142164662573445771008${1000 + at}`;

/** Ten records in turn of both shards, and one more of an aggregate with the number of the last. */
function filled() {
  const clock = new TestClock();
  const stream = new FakeStream({ clock, shards: 1 });
  const { session } = openTail({ stream, clock });
  onTestFinished(() => session.dispose());
  const decoder = new PinnedDecoder();
  const ticks: TailTick[] = [];
  const tick = (told: TailTick) => ticks.push(told);
  const tab = session.openTab({ tail: 2, decoder, timeBox, tick });
  const slots = Array.from({ length: 11 }, (_, at) =>
    session.ring.keepRecord({
      shardId: shards[at % 2]!,
      partitionKey: 'key',
      sequenceNumber: numberOf(Math.min(at, 9)),
      subSequenceNumber: at === 10 ? 3 : undefined,
      arrivedMs: 1000,
      orderMs: 1000 + at,
      data: new TextEncoder().encode(JSON.stringify({ n: at })),
    }),
  );
  session.ring.show(slots);
  return { tab, decoder, session, clock, ticks };
}

test('find() tells where a record stands, by shard, number and place in its aggregate', async () => {
  const { tab } = filled();
  const rows = recordsOf(tab);
  for (const { shardId, sequenceNumber, subSequenceNumber, position, id } of rows) {
    expect(await tab.find({ shardId, sequenceNumber, subSequenceNumber })).toEqual({
      position,
      id,
    });
  }
  expect(await tab.find({ shardId: shards[1]!, sequenceNumber: numberOf(0) })).toBeUndefined();
  expect(await tab.find({ shardId: shards[0]!, sequenceNumber: numberOf(11) })).toBeUndefined();
});

test('find() tells of a record that the filter does not choose that it is held', async () => {
  const { tab } = filled();
  const [, , { id }] = recordsOf(tab) as [RecordRow, RecordRow, RecordRow];
  tab.filter({ text: '$.n = 4' });
  const place = (at: number) => ({ shardId: shards[0]!, sequenceNumber: numberOf(at) });
  expect((await tab.find(place(4)))?.position).toBe(tab.tick().view.first);
  expect(await tab.find(place(2))).toEqual({ id });
  expect(await tab.find({ id })).toEqual({ id });
  expect(tab.record({ position: -1, id })?.decoded).toContain('"n": 2');
});

test('find() has a tick sent for a position alone: none for a record that is not there', async () => {
  const { tab, session, ticks } = filled();
  tab.changed();
  const place = { shardId: shards[0]!, partitionKey: 'k', sequenceNumber: numberOf(12) };
  const times = { arrivedMs: 2000, orderMs: 2000 };
  const come = session.ring.keepRecord({ ...place, ...times, data: new Uint8Array(1) });
  session.ring.show([come]);
  tab.changed();
  const told = ticks.length;
  for (let round = 0; round < 5; round++) {
    expect(await tab.find({ ...place, sequenceNumber: numberOf(11) })).toBeUndefined();
  }
  expect(ticks).toHaveLength(told);
  const found = await tab.find(place);
  expect(ticks).toHaveLength(told + 1);
  expect(found?.position).toBe(ticks.at(-1)!.view.end - 1);
});

test('find() tells where a row stands by its id, once all rows were compared with the filter', async () => {
  const { tab, session, clock } = filled();
  const rows = recordsOf(tab);
  const { id } = rows[0]!;
  expect(await tab.find({ id })).toEqual({ position: rows[0]!.position, id });
  expect(await tab.find({ id: id + 999 })).toBeUndefined();
  const place = { shardId: shards[0]!, partitionKey: 'k', sequenceNumber: numberOf(9) };
  const data = new TextEncoder().encode('{"n":0}');
  const times = { arrivedMs: 2000, orderMs: 2000 };
  // More than are looked at at once.
  for (let at = 0; at < 3000; at++) {
    session.ring.show([session.ring.keepRecord({ ...place, ...times, data })]);
  }
  tab.filter({ text: '$.n = 0' });
  expect(tab.view.isComplete).toBe(false);
  const finding = tab.find({ id });
  await clock.advance(10);
  expect(await finding).toEqual({ position: tab.view.first, id });
  tab.filter({ text: '$.n = 1' });
  const held = tab.find({ id });
  await clock.advance(10);
  expect(await held).toEqual({ id });
});

test('chooseAnew() has the filter look at records as they are decoded now', () => {
  const { tab, decoder } = filled();
  tab.filter({ text: 'format:binary' });
  expect(tab.tick().records.matching).toBe(0);
  decoder.pin(['hex']);
  const { generation } = tab.tick();
  tab.chooseAnew();
  expect(tab.tick().records.matching).toBe(11);
  expect(tab.tick().generation).toBeGreaterThan(generation);
  expect(recordsOf(tab)[0]?.preview).toBe('7b 22 6e 22 3a 30 7d');
});
