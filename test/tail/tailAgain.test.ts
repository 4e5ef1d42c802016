// A tail that is opened again where another was, as after a reload of the window.
import { describe, expect, test } from 'vitest';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { TestClock } from '../support/testClock.ts';
import { type FakeOptions, FakeStream } from './support/fakeStream.ts';
import { eventsOf, numbers, openTail, recordsOf, tailing } from './support/openTail.ts';

describe('a tail that is opened again where another was', () => {
  /** Reads a stream, and says where it stands. */
  const readOnce = async (model: Partial<FakeOptions> = {}) => {
    const first = await tailing({ shards: 2, ...model }, { start: { type: 'LATEST' } });
    const { clock, stream, session, tab } = first;
    for (let index = 0; index < 20; index++) {
      stream.put(stream.open[index % 2]!, `${index}`);
      await clock.advance(50);
    }
    await clock.advance(1000);
    const { resume: start, reached: until } = tab.tick();
    const shown = numbers(recordsOf(tab));
    session.dispose();
    return { clock, stream, shown, again: { start, until } };
  };

  test('shows the same rows, paused, and goes on behind them', async () => {
    const { clock, stream, shown, again } = await readOnce({ pageMax: 3 });
    for (let index = 20; index < 40; index++) stream.put(stream.open[index % 2]!, `${index}`);
    await clock.advance(30_000);
    const { session, tab } = openTail({ stream, clock }, again);
    await clock.advance(5000);
    expect(tab.tick().state).toBe('paused');
    expect(numbers(recordsOf(tab))).toEqual(shown);
    await clock.advance(5000);
    expect(tab.tick().millisBehindLatest).toBeGreaterThan(0);
    session.resume();
    await clock.advance(5000);
    const all = Array.from({ length: 40 }, (_, index) => `${index}`);
    expect(numbers(recordsOf(tab)).sort((a, b) => Number(a) - Number(b))).toEqual(all);
    expect(tab.tick().state).toBe('live');
  });

  test.each([1, 30])(
    'tells of no gap in a shard whose rows had all given way, %d hours on',
    async (hours) => {
      const bounds = { rowsMax: 5, bytesMax: 1e6 };
      const first = await tailing({ shards: 2 }, { start: { type: 'LATEST' }, bounds });
      const { clock, stream } = first;
      const [quiet, busy] = stream.shards;
      stream.put(quiet!, 'long ago');
      for (let index = 0; index < 20; index++) {
        await clock.advance(500);
        stream.put(busy!, `${index}`);
      }
      await clock.advance(1000);
      const { resume: start, reached: until } = first.tab.tick();
      first.session.dispose();
      await clock.advance(hours * 3_600_000);
      const { session, tab } = openTail({ stream, clock }, { start, until });
      await clock.advance(5000);
      expect([tab.tick().state, recordsOf(tab).length]).toEqual(['paused', 5]);
      stream.put(quiet!, 'new');
      session.resume();
      await clock.advance(5000);
      expect(numbers(recordsOf(tab)).at(-1)).toBe('new');
      expect(eventsOf(tab)).not.toContainEqual(expect.stringMatching(/^A gap/));
    },
  );

  test('follows shards that were split before and after it was closed', async () => {
    const { clock, stream, shown, again } = await readOnce();
    stream.split(stream.shards[0]!);
    stream.put(stream.shards[2]!, 'child');
    const { session, tab } = openTail({ stream, clock }, again);
    await clock.advance(5000);
    expect([tab.tick().state, numbers(recordsOf(tab))]).toEqual(['paused', shown]);
    session.resume();
    await clock.advance(2000);
    const { reached } = tab.tick();
    expect(numbers(recordsOf(tab)).at(-1)).toBe('child');
    expect(reached?.[stream.shards[0]!.id]).toBe('END');
    session.dispose();
    const third = openTail({ stream, clock }, { start: tab.tick().resume, until: reached });
    await clock.advance(5000);
    expect(third.tab.tick().state).toBe('paused');
    expect(numbers(recordsOf(third.tab))).toEqual([...shown, 'child']);
  });

  test('says what expired meanwhile, and does not wait for it', async () => {
    const { clock, stream, again } = await readOnce();
    for (const shard of stream.shards) shard.records.length = 0; // retention took all
    await clock.advance(30 * 3_600_000);
    stream.put(stream.shards[0]!, 'new');
    const { session, tab } = openTail({ stream, clock }, again);
    await clock.advance(5000);
    expect(tab.tick().state).toBe('paused');
    session.resume();
    await clock.advance(5000);
    expect(numbers(recordsOf(tab))).toEqual(['new']);
    expect(eventsOf(tab)).toContainEqual(expect.stringMatching(/^A gap: records of shard 0 /));
  });

  test('a shard that is gone meanwhile does not keep it waiting', async () => {
    const { clock, stream, again } = await readOnce();
    const gone = stream.shards[0]!;
    stream.split(gone);
    const { getShardIterator, listShards } = stream.api;
    let isListed = true;
    stream.api.listShards = async (input, context) => {
      const page = await listShards(input, context);
      return isListed
        ? page
        : { ...page, Shards: page.Shards!.filter((one) => one.ShardId !== gone.id) };
    };
    stream.api.getShardIterator = async (input, context) => {
      if (input.ShardId !== gone.id) return getShardIterator(input, context);
      isListed = false;
      throw new KinesisError('ResourceNotFoundException', `Shard ${gone.id} not found.`);
    };
    const { session, tab } = openTail({ stream, clock }, again);
    await clock.advance(20_000);
    expect(tab.tick().state).toBe('paused');
    expect(eventsOf(tab)).toContainEqual(expect.stringMatching(/^A gap: records of shard 0 /));
    stream.put(stream.shards[1]!, 'later');
    session.resume();
    await clock.advance(2000);
    expect(numbers(recordsOf(tab)).at(-1)).toBe('later');
  });

  test('a tail from the horizon says what expired between, too', async () => {
    const clock = new TestClock();
    const stream = new FakeStream({ clock, shards: 1 });
    const [shard] = stream.shards;
    stream.put(shard!, 'old');
    const first = openTail({ stream, clock });
    await clock.advance(1000);
    const { resume: start, reached: until } = first.tab.tick();
    first.session.dispose();
    shard!.records.length = 0;
    stream.put(shard!, 'new');
    const { session, tab } = openTail({ stream, clock }, { start, until });
    await clock.advance(5000);
    expect([tab.tick().state, eventsOf(tab)[0]]).toEqual([
      'paused',
      expect.stringMatching(/^A gap/),
    ]);
    session.resume();
    await clock.advance(1000);
    expect(numbers(recordsOf(tab))).toEqual(['new']);
  });

  test('started elsewhere it is a tail like any other', async () => {
    const { clock, stream, again } = await readOnce();
    const { session, tab } = openTail({ stream, clock }, again);
    await clock.advance(5000);
    session.restart({ type: 'TRIM_HORIZON' });
    await clock.advance(5000);
    expect([tab.tick().state, recordsOf(tab).length]).toEqual(['live', 20]);
  });
});
