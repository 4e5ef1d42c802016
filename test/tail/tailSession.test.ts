// What a tail does for its user, case by case, on a clock that the test moves.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { deaggregate } from '../../src/decode/kplAggregate.ts';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { formatSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import type { RecordRow } from '../../src/protocol/tail.ts';
import { awsPace } from '../../src/tail/pace.ts';
import { TEST_EPOCH_MS, TestClock } from '../support/testClock.ts';
import { FakeStream, networkLost } from './support/fakeStream.ts';
import { eventsOf, numbers, openTail, recordsOf, rowsOf, tailing } from './support/openTail.ts';

describe('where a tail starts', () => {
  test('LATEST shows nothing older, then everything, children included', async () => {
    const { clock, stream, shard, tab } = await tailing({}, { start: { type: 'LATEST' } });
    expect(tab.tick().state).toBe('live');
    stream.put(shard, 'a');
    stream.split(shard);
    stream.put(stream.open[0]!, 'b');
    await clock.advance(1000);
    expect(numbers(recordsOf(tab))).toEqual(['a', 'b']);
  });

  test('LATEST misses nothing of a shard that is split while the shards are being listed', async () => {
    let listings = 0;
    const { clock, stream, tab } = await tailing(
      {
        shards: 4,
        latencyMs: () => 50,
        fault: (operation) => {
          if (operation === 'ListShards' && ++listings === 2) stream.split(stream.shards[0]!);
          return undefined;
        },
      },
      { start: { type: 'LATEST' } },
    );
    while (tab.tick().state !== 'live') await clock.advance(1);
    stream.put(stream.shards[4]!, 'a');
    await clock.advance(1000);
    expect(numbers(recordsOf(tab))).toEqual(['a']);
  });

  test('a tick says where the tail was started, until it is started elsewhere', async () => {
    const { clock, session, tab } = await tailing({}, { start: { type: 'LATEST' } });
    await clock.advance(1000);
    expect(tab.tick().start).toEqual({ type: 'LATEST' });
    session.restart({ type: 'TRIM_HORIZON' });
    expect(tab.tick().start).toEqual({ type: 'TRIM_HORIZON' });
  });

  test('LATEST that loses its first iterator goes on from the time it was made', async () => {
    let expires = false;
    const expired = new KinesisError('ExpiredIteratorException', 'Iterator expired.');
    const { clock, stream, shard, tab } = await tailing(
      { fault: (operation) => (expires && operation === 'GetRecords' ? expired : undefined) },
      { start: { type: 'LATEST' } },
    );
    expires = true;
    stream.put(shard, 'a');
    await clock.advance(150);
    expires = false;
    await clock.advance(1000);
    expect(numbers(recordsOf(tab))).toEqual(['a']);
  });

  test('a note is the first row, and a restart forgets the rows but reuses no position', async () => {
    const { clock, stream, shard, session, tab } = await tailing({}, { note: 'Opened again.' });
    stream.put(shard, 'a');
    await clock.advance(200);
    expect(rowsOf(tab)[0]).toMatchObject({ kind: 'event', text: 'Opened again.' });
    const { generation, view } = tab.tick();
    session.restart({ type: 'TRIM_HORIZON' });
    await clock.advance(200);
    expect(tab.tick().generation).toBeGreaterThan(generation);
    expect(recordsOf(tab)[0]!.position).toBeGreaterThanOrEqual(view.end);
    expect(numbers(recordsOf(tab))).toEqual(['a']);
  });

  test('no place is among the rows of the start before, which stay until the shards are found', async () => {
    const { clock, stream, shard, session, tab } = await tailing({ latencyMs: () => 50 });
    stream.put(shard, 'a');
    await clock.advance(1000);
    const [{ id, arrivedMs }] = recordsOf(tab) as [RecordRow];
    const places = () =>
      Promise.all([tab.find({ id }), tab.positionAt({ timestampMs: arrivedMs - 9000 })]);
    expect(await places()).toMatchObject([{ id }, { type: 'found' }]);
    session.restart({ type: 'TRIM_HORIZON' });
    expect(numbers(recordsOf(tab))).toEqual(['a']);
    expect(await places()).toEqual([undefined, { type: 'notYet' }]);
    await clock.advance(1000);
    expect(await tab.find({ id })).toBeUndefined();
    expect(await tab.positionAt({ timestampMs: arrivedMs - 9000 })).toMatchObject({
      type: 'found',
    });
  });

  test('while the shards are not found it goes by where it was started, not by the rows of before', async () => {
    let isLost = false;
    const { clock, stream, shard, session, tab } = await tailing(
      { fault: () => (isLost ? networkLost() : undefined) },
      { bounds: { rowsMax: 3, bytesMax: 1e9 } },
    );
    for (let n = 0; n < 9; n++) {
      stream.put(shard, String(n));
      await clock.advance(1000);
    }
    expect(tab.tick().resume).toMatchObject({ type: 'AT_TIMESTAMP' });
    isLost = true;
    session.restart({ type: 'TRIM_HORIZON' });
    await clock.advance(5000);
    expect(tab.tick()).toMatchObject({ state: 'starting', resume: { type: 'TRIM_HORIZON' } });
    expect(await tab.positionAt({ timestampMs: clock.now() - 60_000 })).toEqual({ type: 'notYet' });
    session.restart({ type: 'LATEST' });
    const timestampMs = clock.now();
    await clock.advance(5000);
    expect(tab.tick().resume).toEqual({ type: 'AT_TIMESTAMP', timestampMs, isResumed: true });
    const places = [timestampMs - 1000, timestampMs + 1000];
    const asked = places.map((ms) => tab.positionAt({ timestampMs: ms }));
    expect(await Promise.all(asked)).toEqual([{ type: 'notHeld' }, { type: 'notYet' }]);
  });

  test('a place that it was started for is still to come where that start failed', async () => {
    let isRefused = false;
    const refused = new KinesisError('CredentialsError', 'The credentials have expired.', 403);
    const { clock, stream, shard, session, tab } = await tailing(
      { fault: () => (isRefused ? refused : undefined) },
      { start: { type: 'LATEST' } },
    );
    stream.put(shard, 'a');
    await clock.advance(1000);
    const [{ arrivedMs }] = recordsOf(tab) as [RecordRow];
    isRefused = true;
    const timestampMs = arrivedMs - 9000;
    session.restart({ type: 'AT_TIMESTAMP', timestampMs });
    await clock.advance(1000);
    expect(tab.tick().state).toBe('failed');
    const sought = [timestampMs + 500_000, timestampMs - 1];
    const asked = sought.map((ms) => tab.positionAt({ timestampMs: ms }));
    expect(await Promise.all(asked)).toEqual([{ type: 'notYet' }, { type: 'notHeld' }]);
    const sequenceNumber = formatSequenceNumber({
      ...{ shardCreatedSeconds: 1, shardIndex: 0, index: 7n },
      seconds: Math.floor(arrivedMs / 1000) - 5,
    });
    expect(await tab.positionAt({ sequenceNumber })).toEqual({ type: 'notYet' });
    // What is left of before is found.
    expect(await tab.positionAt({ timestampMs: arrivedMs })).toMatchObject({ type: 'found' });
  });

  test('resume() of a tick leads back to the rows that are held', async () => {
    const bounds = { rowsMax: 2, bytesMax: 1e9 };
    const { clock, stream, shard, tab } = await tailing({}, { bounds });
    expect(tab.tick().resume).toEqual({ type: 'TRIM_HORIZON' });
    for (const text of ['a', 'b', 'c']) {
      stream.put(shard, text);
      await clock.advance(500);
    }
    const resume = tab.tick().resume;
    expect(resume).toEqual({
      type: 'AT_TIMESTAMP',
      timestampMs: TEST_EPOCH_MS + 501,
      isResumed: true,
    });
    const again = openTail({ stream, clock }, { start: resume });
    await clock.advance(500);
    expect(numbers(recordsOf(again.tab))).toEqual(['b', 'c']);
  });

  test('resume() of a tick leads back to the rows that are held, of all shards', async () => {
    const clock = new TestClock();
    const stream = new FakeStream({ clock, shards: 2 });
    const [first, second] = stream.shards;
    stream.put(first!, 'a');
    await clock.advance(1000);
    stream.put(second!, 'b');
    await clock.advance(1000);
    stream.put(first!, 'c');
    const bounds = { rowsMax: 2, bytesMax: 1e9 };
    const { tab } = openTail({ stream, clock }, { bounds });
    await clock.advance(500);
    expect(numbers(recordsOf(tab))).toEqual(['b', 'c']);
    const again = openTail({ stream, clock }, { start: tab.tick().resume });
    await clock.advance(500);
    expect(numbers(recordsOf(again.tab))).toEqual(['b', 'c']);
  });
});

describe('what a tail says', () => {
  test('a merge, after both parents', async () => {
    const { clock, stream, tab } = await tailing({ shards: 2 });
    const [first, second] = stream.shards;
    stream.put(first!, 'a');
    stream.put(second!, 'b');
    stream.merge(first!, second!);
    stream.put(stream.shards[2]!, 'c');
    await clock.advance(1000);
    expect(eventsOf(tab)).toEqual([
      'Shards 0 and 1 were merged: their last records are above, 2 goes on from here.',
    ]);
    expect(rowsOf(tab).at(-1)).toMatchObject({ preview: 'c' });
  });

  test('a lost connection once, with how long it lasted, and a single lost call not at all', async () => {
    let lost = 0;
    const { clock, stream, shard, tab } = await tailing({
      fault: () => (lost-- > 0 ? networkLost() : undefined),
    });
    lost = 1;
    await clock.advance(2000);
    expect(eventsOf(tab)).toEqual([]);
    lost = 1e9;
    await clock.advance(3000);
    expect(tab.tick()).toMatchObject({ state: 'live', problem: { action: 'startEngine' } });
    stream.put(shard, 'a');
    lost = 0;
    await clock.advance(3000);
    const [gone, back, ...more] = eventsOf(tab);
    expect(gone).toMatch(/^The engine does not answer/);
    expect(back).toMatch(/^The engine is back after 3\.\d s; reading goes on where it stopped\.$/);
    expect(more).toEqual([]);
    expect(tab.tick().problem).toBeUndefined();
    expect(numbers(recordsOf(tab))).toEqual(['a']);
  });

  test('no shard as open again that it has read to its end', async () => {
    const listings: (() => void)[] = [];
    const { clock, stream, shard, tab } = await tailing({});
    const { listShards } = stream.api;
    stream.api.listShards = async (input, context) => {
      const page = await listShards(input, context);
      await new Promise<void>((resolve) => listings.push(resolve));
      return page;
    };
    while (listings.length === 0) await clock.advance(100);
    stream.split(shard);
    await clock.advance(1000);
    listings.shift()!();
    await clock.advance(1);
    expect(tab.tick().shards.map(({ isOpen }) => isOpen)).toEqual([false, true, true]);
  });

  test('throttled reads once, how long they were, and it reads on', async () => {
    let throttled = 5;
    const { clock, stream, shard, tab } = await tailing(
      {
        fault: (operation) =>
          operation === 'GetRecords' && throttled-- > 0
            ? new KinesisError('ProvisionedThroughputExceededException', 'Rate exceeded.')
            : undefined,
      },
      { place: 'aws', pace: awsPace },
    );
    stream.put(shard, 'a');
    await clock.advance(120_000);
    expect(eventsOf(tab)).toEqual([
      expect.stringMatching(/^Reads of shard 0 are throttled: its readers share 5 calls and 2 MiB/),
      expect.stringMatching(/^Shard 0 was throttled for \d+\.\d s\.$/),
    ]);
    expect(numbers(recordsOf(tab))).toEqual(['a']);
  });

  test('missing credentials: the tail fails with signIn, keeps its rows, and resumes', async () => {
    let gone = false;
    const words = 'The sign-in has expired: gone. Run `aws sso login --profile dev`.';
    const { clock, stream, shard, session, tab } = await tailing({
      fault: () => (gone ? new KinesisError('CredentialsError', words, 403) : undefined),
    });
    stream.put(shard, 'a');
    await clock.advance(200);
    gone = true;
    await clock.advance(200);
    expect(tab.tick()).toMatchObject({
      state: 'failed',
      problem: { message: words, action: 'signIn' },
      records: { held: 1 },
    });
    gone = false;
    stream.put(shard, 'b');
    session.resume();
    await clock.advance(200);
    expect(tab.tick().state).toBe('live');
    expect(numbers(recordsOf(tab))).toEqual(['a', 'b']);
  });
});

describe('the order of rows', () => {
  /** The second shard answers later than the first. */
  const slowSecond = async (latencyMs: number) => {
    let isSlow = false;
    const model = { shards: 2, latencyMs: () => (isSlow ? latencyMs : 0) };
    const opened = await tailing(model, { start: { type: 'TRIM_HORIZON' } });
    const { getRecords } = opened.stream.api;
    opened.stream.api.getRecords = (input, context) => {
      isSlow = input.ShardIterator.startsWith('1:');
      return getRecords(input, context);
    };
    return opened;
  };

  test('a record that is read later and arrived earlier stands before, and a tick tells of the move', async () => {
    const { clock, stream, tab, ticks } = await slowSecond(700);
    await clock.advance(2000);
    stream.put(stream.shards[1]!, 'a');
    await clock.advance(10);
    stream.put(stream.shards[0]!, 'b');
    await clock.advance(150);
    expect(numbers(recordsOf(tab))).toEqual(['b']);
    const { revision } = tab.page({ from: 0, count: 10 });
    await clock.advance(2000);
    expect(numbers(recordsOf(tab))).toEqual(['a', 'b']);
    const moves = { revision: revision + 1, from: revision, list: [{ at: 0, count: 1 }], late: 1 };
    expect(ticks.map((tick) => tick.moves)).toContainEqual(moves);
    expect(tab.page({ from: 0, count: 10 }).revision).toBe(revision + 1);
  });

  test('a page never has positions that no tick has told of', async () => {
    const { clock, stream, tab, ticks } = await slowSecond(700);
    await clock.advance(2000);
    for (let index = 0; index < 30; index++) {
      stream.put(stream.shards[index % 2]!, `${index}`);
      await clock.advance(90);
      const { revision } = tab.page({ from: 0, count: 200 });
      expect(ticks.at(-1)!.moves.revision).toBe(revision);
    }
    expect(tab.tick().moves.late).toBeGreaterThan(3);
  });

  test('the split of a shard that was quiet for long stands where the list is, not beside its last record', async () => {
    const { clock, stream, tab } = await tailing({ shards: 2 });
    const [quiet, busy] = stream.shards;
    stream.put(quiet!, 'a');
    await clock.advance(60_000);
    stream.put(busy!, 'b');
    await clock.advance(1000);
    stream.split(quiet!);
    await clock.advance(1000);
    stream.put(stream.shards[2]!, 'c');
    await clock.advance(1000);
    const texts = rowsOf(tab).map((row) => (row.kind === 'event' ? 'split' : row.preview));
    expect(texts).toEqual(['a', 'b', 'split', 'c']);
  });

  test('a split of long ago stands between the last record of the parent and the first of a child', async () => {
    const clock = new TestClock();
    const stream = new FakeStream({ clock, shards: 2 });
    const [parent, other] = stream.shards;
    stream.put(parent!, 'a');
    await clock.advance(1000);
    stream.split(parent!);
    stream.put(stream.shards[2]!, 'b');
    await clock.advance(1000);
    stream.put(other!, 'c');
    const { tab } = openTail({ stream, clock });
    await clock.advance(1000);
    const texts = rowsOf(tab).map((row) => (row.kind === 'event' ? 'split' : row.preview));
    expect(texts).toEqual(['a', 'split', 'b', 'c']);
  });

  test('a parent that was not listed at first stands before its children, which were read before', async () => {
    const clock = new TestClock();
    const stream = new FakeStream({ clock, shards: 1 });
    const [parent] = stream.shards;
    stream.put(parent!, 'a');
    stream.put(parent!, 'b');
    stream.split(parent!);
    stream.put(stream.shards[1]!, 'c');
    stream.unlisted.add(parent!.id);
    const { tab } = openTail({ stream, clock });
    await clock.advance(1000);
    const textsNow = (): string[] =>
      rowsOf(tab).map((row) => (row.kind === 'event' ? row.text : row.preview));
    expect(textsNow()).toEqual(['c']);
    stream.unlisted.clear();
    await clock.advance(60_000);
    expect(textsNow()).toEqual(['a', 'b', expect.stringMatching(/^Shard 0 was split/), 'c']);
    expect(tab.tick().moves.late).toBe(3);
  });
});

describe('pausing', () => {
  test('stops every call at once, and says how far behind it is', async () => {
    const { clock, stream, shard, session, tab } = await tailing({
      pageMax: 1,
      latencyMs: () => 30,
    });
    await clock.advance(1000);
    session.pause();
    const calls = stream.calls.get('GetRecords');
    stream.put(shard, 'a');
    stream.put(shard, 'b');
    await clock.advance(2000);
    expect(stream.calls.get('GetRecords')).toBe(calls);
    expect(tab.tick()).toMatchObject({ state: 'paused', pausedSinceMs: expect.any(Number) });
    await clock.advance(10_000);
    expect(tab.tick().millisBehindLatest).toBeGreaterThan(5000);
    expect(recordsOf(tab)).toEqual([]);
    session.resume();
    await clock.advance(500);
    expect(numbers(recordsOf(tab))).toEqual(['a', 'b']);
    expect(tab.tick().pausedSinceMs).toBeUndefined();
  });
});

describe('ticks', () => {
  test('the first change at once, then at most ten a second, none while hidden', async () => {
    const { clock, stream, shard, tab, ticks } = await tailing();
    await clock.advance(1000);
    ticks.length = 0;
    for (let at = 0; at < 100; at++) {
      stream.put(shard, 'a');
      await clock.advance(20);
    }
    expect(ticks.length).toBeGreaterThan(10);
    expect(ticks.length).toBeLessThanOrEqual(21);
    tab.show(false);
    ticks.length = 0;
    stream.put(shard, 'a');
    await clock.advance(3000);
    expect(ticks).toEqual([]);
    tab.show(true);
    expect(ticks).toHaveLength(1);
    expect(ticks[0]!.received).toBe(101);
  });

  test('rates come from arrival times and fall to nothing', async () => {
    const { clock, stream, shard, tab } = await tailing();
    for (let at = 0; at < 60; at++) {
      stream.put(shard, '12345');
      await clock.advance(50);
    }
    const { recordsPerSecond, bytesPerSecond } = tab.tick();
    expect(recordsPerSecond).toBeGreaterThanOrEqual(16);
    expect(recordsPerSecond).toBeLessThanOrEqual(22);
    expect(bytesPerSecond).toBe(5 * recordsPerSecond);
    await clock.advance(3000);
    expect(tab.tick().recordsPerSecond).toBe(0);
  });
});

describe('calls', () => {
  test('an idle shard is asked ten times a second locally, once on AWS', async () => {
    const local = await tailing();
    await local.clock.advance(10_000);
    expect(local.stream.calls.get('GetRecords')).toBeLessThanOrEqual(102);
    const aws = await tailing({ pageMax: 1 }, { place: 'aws', pace: awsPace });
    for (let at = 0; at < 30; at++) aws.stream.put(aws.shard, 'a');
    await aws.clock.advance(10_000);
    expect(aws.stream.calls.get('GetRecords')).toBeLessThanOrEqual(11);
  });

  test('at most 16 at once, however many shards', async () => {
    const { clock, stream, tab } = await tailing({ shards: 60, latencyMs: () => 50 });
    await clock.advance(3000);
    expect(stream.inFlightMax).toBe(16);
    expect(tab.tick().state).toBe('live');
  });

  test('dispose() ends all of them and leaves no timer', async () => {
    const { clock, stream, session, ticks } = await tailing({ shards: 5, latencyMs: () => 50 });
    await clock.advance(500);
    session.dispose();
    ticks.length = 0;
    await clock.advance(1);
    expect(stream.inFlight).toBe(0);
    await clock.advance(10_000);
    expect(ticks).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

test('each record of an aggregate is a row, with its own key and place; a broken one is one row that says why', async () => {
  const hex = readFileSync(
    path.join(import.meta.dirname, '../decode/fixtures/kplPartitionKeys.hex'),
    'utf8',
  );
  const aggregate = Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
  const parts = deaggregate(aggregate);
  const { records } = parts as Extract<typeof parts, { kind: 'aggregate' }>;
  const { clock, stream, shard, tab } = await tailing();
  stream.put(shard, aggregate);
  stream.put(
    shard,
    Uint8Array.from(aggregate, (byte, at) => (at === aggregate.length - 1 ? byte ^ 1 : byte)),
  );
  await clock.advance(500);
  const rows = recordsOf(tab);
  expect(
    rows.slice(0, -1).map((row) => [row.partitionKey, row.subSequenceNumber, row.size]),
  ).toEqual(records.map((one) => [one.partitionKey, one.subSequenceNumber, one.data.length]));
  expect(tab.tick().received).toBe(records.length + 1);
  const last = tab.record(rows.at(-1)!);
  expect(last?.row.subSequenceNumber).toBeUndefined();
  expect(last?.steps).toContainEqual(
    expect.objectContaining({ decoder: 'kpl', outcome: 'broken' }),
  );
  const first = tab.record(rows[0]!);
  expect(first?.steps[0]).toMatchObject({ decoder: 'kpl', outcome: 'read' });
});
