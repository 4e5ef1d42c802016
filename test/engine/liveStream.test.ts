// A stream that takes records: numbers and times that never fall, the way to a shard, and the gate.
import { describe, expect, it } from 'vitest';
import { hashKeyWords } from '../../src/engine/hashRoutes.ts';
import { LiveStream } from '../../src/engine/liveStream.ts';
import { PASSED_OVER } from '../../src/engine/log/log.ts';
import { RecordSeals } from '../../src/engine/sealedRecords.ts';
import type { ShardEntry, StreamEntry } from '../../src/engine/streamEntry.ts';
import { evenRanges, hashKeyBytes, hashKeyMax } from '../../src/kinesis/hashKey.ts';
import { PackedRecords } from '../../src/kinesis/packedRecords.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { settle, TEST_EPOCH_MS, TestClock } from '../support/testClock.ts';
import { open } from './log/support.ts';

const seals = new RecordSeals({ random: seededRandom(1) });

/** A record of one byte. */
const record = new PackedRecords(Uint8Array.of(7), [1]);

const shardsOf = (count: number, firstIndex = 0): ShardEntry[] =>
  evenRanges(count).map((range, place) => ({
    index: firstIndex + place,
    range,
    parents: [],
    createdSeconds: 0,
    startKey: 0,
  }));

/** A stream of two shards on a log in memory; its entry can be exchanged. */
async function liveOf(keyFloor = 0) {
  const clock = new TestClock();
  const { log } = await open({ clock });
  const holder: { entry: Partial<StreamEntry> | undefined } = { entry: { shards: shardsOf(2) } };
  const entryOf = () => holder.entry as StreamEntry | undefined;
  const live = new LiveStream({ id: 'a', log, clock, seals, entryOf, keyFloor });
  const put = (hashKey: bigint) => {
    const routeOf = live.begin();
    const { shard } = routeOf(hashKeyWords(hashKeyBytes(hashKey)), 0);
    return { ...live.append([shard.index], record), shard };
  };
  return { live, log, clock, holder, put };
}

describe('LiveStream.append()', () => {
  it('numbers records one by one, in the lane of the shard that covers their key', async () => {
    const { live, log, put } = await liveOf();
    expect([live.id, live.log, live.upcomingKey, live.lastSeconds]).toEqual(['a', log, 1, 0]);
    const appended = [put(0n), put(hashKeyMax), put(5n)];
    expect(appended.map(({ firstKey, shard }) => [firstKey, shard.index])).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ]);
    await Promise.all(appended.map(({ stored }) => stored));
    expect([log.bounds(0)?.lastKey, log.bounds(1)?.lastKey, live.upcomingKey]).toEqual([3, 2, 4]);
    expect(live.lastSeconds).toBe(TEST_EPOCH_MS / 1000);
  });

  it('gives numbers to those only that are not passed over', async () => {
    const { live, log } = await liveOf();
    const three = new PackedRecords(Uint8Array.of(7, 8, 9), [1, 2, 3]);
    live.begin();
    const { firstKey, stored } = live.append([0, PASSED_OVER, 1], three);
    await stored;
    expect([firstKey, log.bounds(0)?.lastKey, log.bounds(1)?.lastKey]).toEqual([1, 1, 2]);
    expect(live.append([PASSED_OVER, PASSED_OVER, PASSED_OVER], three).stored).toBeUndefined();
    expect(live.upcomingKey).toBe(3);
  });

  it('begins at the floor of keys, and skips forward only', async () => {
    const { live, put } = await liveOf(500);
    expect(put(0n).firstKey).toBe(500);
    live.skipTo(400);
    expect(live.upcomingKey).toBe(501);
    live.skipTo(501);
    live.skipTo(900);
    expect(put(0n).firstKey).toBe(900);
  });

  it('a record arrives now, in whole milliseconds, and never before an earlier one', async () => {
    const { clock, put, live } = await liveOf();
    clock.setWall(TEST_EPOCH_MS + 7.9);
    expect(put(0n).timeMs).toBe(TEST_EPOCH_MS + 7);
    clock.setWall(TEST_EPOCH_MS - 60_000);
    expect(put(0n).timeMs).toBe(TEST_EPOCH_MS + 7);
    clock.setWall(TEST_EPOCH_MS + 1999);
    expect([put(0n).timeMs, live.lastSeconds]).toEqual([
      ...[TEST_EPOCH_MS + 1999, TEST_EPOCH_MS / 1000 + 1],
    ]);
  });

  it('a record does not arrive in what has expired', async () => {
    const { holder, put } = await liveOf();
    holder.entry = { ...holder.entry, expiredBeforeMs: TEST_EPOCH_MS + 5000 };
    expect(put(0n).timeMs).toBe(TEST_EPOCH_MS + 5000);
  });

  it('goes on from the times and keys that its log holds', async () => {
    const { live, log, clock, put, holder } = await liveOf();
    await put(0n).stored;
    clock.setWall(TEST_EPOCH_MS - 10_000);
    const entryOf = () => holder.entry as StreamEntry;
    const again = new LiveStream({ id: 'a', log, clock, seals, entryOf, keyFloor: 0 });
    expect(again.upcomingKey).toBeGreaterThan(live.upcomingKey);
    expect(again.lastSeconds).toBe(TEST_EPOCH_MS / 1000);
  });
});

describe('LiveStream.begin()', () => {
  it('follows the shards of the catalog, and makes routes only when they change', async () => {
    const { live, holder } = await liveOf();
    const words = hashKeyWords(hashKeyBytes(hashKeyMax));
    const first = live.begin()(words, 0);
    expect(live.begin()(words, 0)).toBe(first);
    expect(live.entry).toBe(holder.entry);
    holder.entry = { ...holder.entry };
    expect(live.begin()(words, 0)).toBe(first);
    holder.entry = { shards: shardsOf(4, 2) };
    expect(live.begin()(words, 0).shard.index).toBe(5);
  });

  it('is our mistake once the stream is deleted', async () => {
    const { live, holder } = await liveOf();
    holder.entry = undefined;
    expect(live.entry).toBeUndefined();
    expect(() => live.begin()).toThrow('a stream that takes records is in the catalog');
  });
});

describe('LiveStream.hold()', () => {
  it('holds appends back while it works, one work at a time', async () => {
    const { live, put } = await liveOf();
    const done: string[] = [];
    let finish = (): void => undefined;
    const first = live.hold(async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      done.push('first');
      return 1;
    });
    const second = live.hold(async () => {
      done.push('second');
      return 2;
    });
    const third = live.hold(async () => {
      done.push('third');
      throw new Error('third');
    });
    const waited = live.blocked!.then(() => done.push('waited'));
    expect(() => put(0n)).toThrow('nothing is appended while the stream changes shape');
    await settle();
    expect(done).toEqual([]);
    finish();
    expect([await first, await second]).toEqual([1, 2]);
    await expect(third).rejects.toThrow('third');
    await waited;
    expect(done.filter((name) => name !== 'waited')).toEqual(['first', 'second', 'third']);
    expect(live.blocked).toBeUndefined();
    expect(put(0n).firstKey).toBe(1);
  });
});
