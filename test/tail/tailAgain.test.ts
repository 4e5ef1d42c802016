// A tail that is opened again where another was, as after a reload of the window.
import { describe, expect, test } from 'vitest';
import type { FakeOptions } from './support/fakeStream.ts';
import { eventsOf, numbers, openTail, recordsOf, tailing } from './support/openTail.ts';

describe('a tail that is opened again where another was', () => {
  /** Reads a stream, and says where it stands. */
  const readOnce = async (model: Partial<FakeOptions> = {}) => {
    const first = await tailing({ shards: 2, ...model }, { start: { type: 'LATEST' } });
    const { clock, stream, session } = first;
    for (let index = 0; index < 20; index++) {
      stream.put(stream.open[index % 2]!, `${index}`);
      await clock.advance(50);
    }
    await clock.advance(1000);
    const { resume: start, reached: until } = session.tick();
    const shown = numbers(recordsOf(session));
    session.dispose();
    return { clock, stream, shown, again: { start, until } };
  };

  test('shows the same rows, paused, and goes on behind them', async () => {
    const { clock, stream, shown, again } = await readOnce({ pageMax: 3 });
    for (let index = 20; index < 40; index++) stream.put(stream.open[index % 2]!, `${index}`);
    await clock.advance(30_000);
    const { session } = openTail({ stream, clock }, again);
    await clock.advance(5000);
    expect(session.tick().state).toBe('paused');
    expect(numbers(recordsOf(session))).toEqual(shown);
    await clock.advance(5000);
    expect(session.tick().millisBehindLatest).toBeGreaterThan(0);
    session.resume();
    await clock.advance(5000);
    const all = Array.from({ length: 40 }, (_, index) => `${index}`);
    expect(numbers(recordsOf(session)).sort((a, b) => Number(a) - Number(b))).toEqual(all);
    expect(session.tick().state).toBe('live');
  });

  test('follows shards that were split before and after it was closed', async () => {
    const { clock, stream, shown, again } = await readOnce();
    stream.split(stream.shards[0]!);
    stream.put(stream.shards[2]!, 'child');
    const { session } = openTail({ stream, clock }, again);
    await clock.advance(5000);
    expect([session.tick().state, numbers(recordsOf(session))]).toEqual(['paused', shown]);
    session.resume();
    await clock.advance(2000);
    const { reached } = session.tick();
    expect(numbers(recordsOf(session)).at(-1)).toBe('child');
    expect(reached?.[stream.shards[0]!.id]).toBe('END');
    session.dispose();
    const third = openTail({ stream, clock }, { start: session.tick().resume, until: reached });
    await clock.advance(5000);
    expect(third.session.tick().state).toBe('paused');
    expect(numbers(recordsOf(third.session))).toEqual([...shown, 'child']);
  });

  test('says what expired meanwhile, and does not wait for it', async () => {
    const { clock, stream, again } = await readOnce();
    for (const shard of stream.shards) shard.records.length = 0; // retention took all
    await clock.advance(30 * 3_600_000);
    stream.put(stream.shards[0]!, 'new');
    const { session } = openTail({ stream, clock }, again);
    await clock.advance(5000);
    expect(session.tick().state).toBe('paused');
    session.resume();
    await clock.advance(5000);
    expect(numbers(recordsOf(session))).toEqual(['new']);
    expect(eventsOf(session)).toContainEqual(expect.stringMatching(/^A gap: records of shard 0 /));
  });

  test('started elsewhere it is a tail like any other', async () => {
    const { clock, stream, again } = await readOnce();
    const { session } = openTail({ stream, clock }, again);
    await clock.advance(5000);
    session.restart({ type: 'TRIM_HORIZON' });
    await clock.advance(5000);
    expect([session.tick().state, recordsOf(session).length]).toEqual(['live', 20]);
  });
});
