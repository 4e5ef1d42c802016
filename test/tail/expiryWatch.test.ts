// When it is asked whether retention took records between two pages: a wrong "no" would hide a gap.
import { expect, test } from 'vitest';
import { formatSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { ExpiryWatch, momentOf } from '../../src/tail/expiryWatch.ts';
import type { ShardPage } from '../../src/tail/shardPage.ts';
import { TestClock } from '../support/testClock.ts';

const hourMs = 3_600_000;

/** A watch of a reader that began at the oldest record, of 30 hours ago, and asked for it then. */
function watchOf({ isShared }: { isShared: boolean }) {
  const clock = new TestClock();
  const startMs = clock.now() - 30 * hourMs;
  const watch = new ExpiryWatch(clock, { asked: momentOf(clock), isShared });
  const pageOf = (...secondsOn: number[]): ShardPage => ({
    Records: secondsOn.map((seconds) => ({
      SequenceNumber: String(seconds),
      ApproximateArrivalTimestamp: new Date(startMs + seconds * 1000),
      Data: new Uint8Array(),
      PartitionKey: 'k',
    })),
    MillisBehindLatest: 30 * hourMs - (secondsOn.at(-1) ?? 0) * 1000,
    isEnd: false,
  });
  expect(watch.isDoubtful(pageOf(0, 5))).toBe(false);
  watch.read(pageOf(0, 5));
  expect(watch.isDoubtful(pageOf(5, 6))).toBe(true);
  watch.asked();
  return { clock, watch, pageOf };
}

test('of records that others read too it is asked once a minute, of those far apart in ten seconds', async () => {
  const { clock, watch, pageOf } = watchOf({ isShared: true });
  await clock.advance(10_000);
  expect(watch.isDoubtful(pageOf(6, 7))).toBe(false);
  expect(watch.isDoubtful(pageOf(65, 66))).toBe(false);
  expect(watch.isDoubtful(pageOf(66, 67))).toBe(true);
  watch.asked();
  expect(watch.isDoubtful(pageOf(66, 67))).toBe(false);
  await clock.advance(59_999);
  expect(watch.isDoubtful(pageOf(6, 7))).toBe(false);
  await clock.advance(1);
  expect(watch.isDoubtful(pageOf(6, 7))).toBe(true);
});

test('where asking costs nobody anything each page is doubtful, as long as it is old', () => {
  const { watch, pageOf } = watchOf({ isShared: false });
  expect(watch.isDoubtful(pageOf(5, 6))).toBe(true);
  watch.asked();
  expect(watch.isDoubtful(pageOf(5, 6))).toBe(true);
  watch.read(pageOf(30 * 3600));
  expect(watch.isDoubtful(pageOf(30 * 3600))).toBe(false);
});

test('the end of the shard a day behind the last record, and nothing between them, is doubtful', async () => {
  const { clock, watch, pageOf } = watchOf({ isShared: true });
  const nothing = { ...pageOf(), MillisBehindLatest: 0 };
  await clock.advance(10_000);
  expect(watch.isDoubtful(nothing)).toBe(true);
  watch.asked();
  watch.read(nothing);
  await clock.advance(60_000);
  expect(watch.isDoubtful(nothing)).toBe(false);
  // On the way there: nothing was skipped.
  expect(watch.isDoubtful(pageOf())).toBe(false);
});

test('a quiet shard is doubtful when it was not asked for a day', async () => {
  const { clock, watch, pageOf } = watchOf({ isShared: true });
  const nothing = { ...pageOf(), MillisBehindLatest: 0 };
  watch.read(nothing);
  watch.asked();
  await clock.advance(22 * hourMs);
  expect(watch.isDoubtful(nothing)).toBe(false);
  await clock.advance(2 * hourMs);
  expect(watch.isDoubtful(nothing)).toBe(true);
});

test('nights of sleep do not add up: time went on elsewhere', async () => {
  const { clock, watch, pageOf } = watchOf({ isShared: true });
  watch.read(pageOf(30 * 3600));
  for (let night = 0; night < 4; night++) {
    clock.setWall(clock.now() + 8 * hourMs); // the other clock stood still
    watch.read({ ...pageOf(), MillisBehindLatest: 0 });
    await clock.advance(60_000);
  }
  const next = { ...pageOf(62 * 3600 + 240), MillisBehindLatest: 0 };
  expect(watch.isDoubtful(next)).toBe(false);
});

test('a clock that jumps makes nothing look read on this machine', async () => {
  const { clock, watch, pageOf } = watchOf({ isShared: false });
  watch.read(pageOf(30 * 3600));
  const before = watch.readUntil!.serverMs;
  clock.setWall(clock.now() + 48 * hourMs);
  await clock.advance(1000);
  watch.read({ ...pageOf(), MillisBehindLatest: 0 });
  expect(watch.readUntil!.serverMs).toBe(before + 1000);
});

test('what was half a day old and unread is a day old after half a day of sleep, whatever comes next', async () => {
  const clock = new TestClock();
  const watch = new ExpiryWatch(clock, { asked: momentOf(clock), isShared: false });
  const pageAt = (arrivedMs: number, MillisBehindLatest: number): ShardPage => ({
    Records: [
      {
        SequenceNumber: '1',
        ApproximateArrivalTimestamp: new Date(arrivedMs),
        Data: new Uint8Array(),
        PartitionKey: 'k',
      },
    ],
    MillisBehindLatest,
    isEnd: false,
  });
  const readMs = clock.now();
  watch.read(pageAt(readMs - 12 * hourMs, 12 * hourMs));
  await clock.advance(10 * hourMs);
  watch.broken();
  expect(watch.isDoubtful(pageAt(readMs, 0))).toBe(false);
  await clock.advance(2 * hourMs);
  expect(watch.isDoubtful(pageAt(readMs, 0))).toBe(true);
});

test('a page that was held back for a day, while that was asked of it, is a day old', async () => {
  const { clock, watch, pageOf } = watchOf({ isShared: false });
  const cameAt = momentOf(clock);
  await clock.advance(24 * hourMs);
  watch.read(pageOf(30 * 3600), cameAt);
  watch.broken();
  expect(watch.isDoubtful({ ...pageOf(), MillisBehindLatest: 0 })).toBe(true);
});

test('on AWS nothing of a shard that is younger than a day has expired, however long nobody read its parents', async () => {
  const clock = new TestClock();
  const last = { serverMs: clock.now(), at: momentOf(clock) };
  await clock.advance(72 * hourMs);
  const watchOfChild = (isShared: boolean) =>
    new ExpiryWatch(clock, { asked: momentOf(clock), last, isShared });
  const firstOf = (ageHours: number): ShardPage => {
    const madeMs = clock.now() - ageHours * hourMs;
    const [seconds, arrivedMs] = [Math.floor(madeMs / 1000), madeMs + hourMs];
    const parts = { shardCreatedSeconds: seconds, shardIndex: 3, index: 9n, seconds };
    return {
      Records: [
        {
          SequenceNumber: formatSequenceNumber(parts),
          ApproximateArrivalTimestamp: new Date(arrivedMs),
          Data: new Uint8Array(),
          PartitionKey: 'k',
        },
      ],
      MillisBehindLatest: clock.now() - arrivedMs,
      isEnd: false,
    };
  };
  expect(watchOfChild(true).isDoubtful(firstOf(22))).toBe(false);
  expect(watchOfChild(true).isDoubtful(firstOf(24))).toBe(true);
  // A clock that jumps, as that of this machine may, tells no age.
  expect(watchOfChild(false).isDoubtful(firstOf(22))).toBe(true);
});
