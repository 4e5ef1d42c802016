// A link to a stream whose tail is open: it leads to what is held, and starts anew only for what is not.
import { describe, expect, test } from 'vitest';
import { followLink, type LinkPlace } from '../../src/extension/panels/followLink.ts';
import type { SeekAsked } from '../../src/protocol/histogram.ts';
import { recordsOf, tailing } from '../tail/support/openTail.ts';

const told = (place: SeekAsked) =>
  'timestampMs' in place ? place.timestampMs : place.sequenceNumber;

/** A tail of `count` records, a second apart; odd ones say so. */
async function open(count: number, options: Parameters<typeof tailing>[1] = {}) {
  const it = await tailing({}, options);
  const { clock, stream, shard, tab } = it;
  for (let at = 0; at < count; at++) {
    stream.put(shard, `${at} ${at % 2 ? 'odd' : 'even'}`);
    await clock.advance(1000);
  }
  await clock.advance(1000);
  const done: unknown[] = [];
  const follow = async (link: LinkPlace, isLive = true, isPaused = !isLive): Promise<void> => {
    let isOver = false;
    const following = followLink(link, {
      isLive,
      isPaused,
      isEmpty: tab.tick().records.held === 0,
      filter: async (text) => {
        done.push(['filter', text]);
        tab.filter({ text });
      },
      leadTo: async (place: SeekAsked) => {
        const found = await tab.positionAt(place);
        done.push(found.type === 'found' ? ['shown', previewAt(found.position)] : found.type);
        return found.type;
      },
      restart: async ({ type }) => void done.push(['restart', type]),
      resume: async () => void done.push('resume'),
      owe: ({ place, clearsFilter }) => void done.push(['owed', told(place), clearsFilter]),
      missed: () => void done.push('missed'),
    });
    void following.finally(() => {
      isOver = true;
    });
    while (!isOver) await clock.advance(1);
    await following;
  };
  /** By the positions of the last tick. */
  const previewAt = (position: number): string | undefined => {
    const { view, generation } = it.ticks.at(-1)!;
    const page = tab.page({ from: position, count: 1 });
    const isTold = position >= view.first && position < view.end;
    const row = isTold && generation === page.generation ? page.rows[0] : undefined;
    return row?.kind === 'record' ? row.preview : undefined;
  };
  return { ...it, done, follow, rows: recordsOf(tab) };
}

const at = (sequenceNumber: string) => ({ type: 'AT_SEQUENCE_NUMBER', sequenceNumber }) as const;
const from = (timestampMs: number) => ({ type: 'AT_TIMESTAMP', timestampMs }) as const;

describe('a link to a stream that is open', () => {
  test('leads to a record or a time that is held, and changes no filter that shows it', async () => {
    const { done, follow, rows, tab } = await open(20);
    await follow({ start: at(rows[4]!.sequenceNumber), filter: '' });
    expect(done.splice(0)).toEqual([['shown', '4 even']]);
    tab.filter({ text: 'even' });
    await follow({ start: at(rows[4]!.sequenceNumber), filter: '' });
    await follow({ start: from(rows[4]!.arrivedMs + 1), filter: '' }, false);
    expect(done).toEqual([
      ['shown', '4 even'],
      ['shown', '6 even'],
    ]);
    expect(tab.view.filter).toBe('even');
  });

  test('brings its own filter, and clears one that hides what it leads to', async () => {
    const { done, follow, rows } = await open(20);
    await follow({ start: at(rows[5]!.sequenceNumber), filter: 'odd' });
    expect(done.splice(0)).toEqual([
      ['filter', 'odd'],
      ['shown', '5 odd'],
    ]);
    await follow({ start: at(rows[4]!.sequenceNumber), filter: '' });
    expect(done.splice(0)).toEqual(['filtered', ['filter', ''], ['shown', '4 even']]);
    // By its own filter it has nothing to show; the rows are kept all the same.
    await follow({ start: at(rows[4]!.sequenceNumber), filter: 'odd' });
    expect(done).toEqual([['filter', 'odd'], 'filtered']);
  });

  test('finds its record among rows that its filter was not compared with yet', async () => {
    const { clock, stream, shard, tab, ticks, done, follow, rows } = await open(1, {
      bounds: { rowsMax: 1e6, bytesMax: 1e9 },
    });
    for (let more = 0; more < 120_000; more++) stream.put(shard, 'even');
    await clock.advance(60_000);
    await follow({ start: at(rows[0]!.sequenceNumber), filter: 'even' });
    expect(done).toEqual([
      ['filter', 'even'],
      ['shown', '0 even'],
    ]);
    expect(tab.view.isComplete).toBe(true);
    expect(ticks.at(-1)!.records.matching).toBe(120_001);
  });

  test('starts anew for what is not held, with its own filter or none', async () => {
    const { done, follow, rows } = await open(3, { start: { type: 'LATEST' } });
    const [gone, before] = [`${rows[0]!.sequenceNumber}0`, rows[0]!.arrivedMs - 600_000];
    await follow({ start: at(gone), filter: '' });
    await follow({ start: from(before), filter: 'odd' });
    await follow({ start: { type: 'TRIM_HORIZON' }, filter: '' });
    const [number, time, horizon] = ['AT_SEQUENCE_NUMBER', 'AT_TIMESTAMP', 'TRIM_HORIZON'];
    expect(done).toEqual([
      ...['notHeld', ['filter', ''], ['restart', number], ['owed', gone, true]],
      ...[['filter', 'odd'], 'notHeld', ['restart', time], ['owed', before, false]],
      ...[
        ['filter', ''],
        ['restart', horizon],
      ],
    ]);
  });

  test('waits with a live tail for what is to come, and starts one that is not', async () => {
    const { done, follow, rows } = await open(3);
    const later = from(rows[2]!.arrivedMs + 60_000);
    await follow({ start: { type: 'LATEST' }, filter: '' });
    await follow({ start: later, filter: '' });
    expect(done.splice(0)).toEqual(['notYet', ['owed', later.timestampMs, true]]);
    await follow({ start: later, filter: '' }, false);
    await follow({ start: { type: 'LATEST' }, filter: 'odd' }, false);
    expect(done).toEqual([
      ...['notYet', ['filter', ''], ['restart', 'AT_TIMESTAMP'], ['owed', later.timestampMs, true]],
      ...[
        ['filter', 'odd'],
        ['restart', 'LATEST'],
      ],
    ]);
  });

  test('starts one that has no records at the time: what came before it began is not known to it', async () => {
    const { clock, done, follow } = await open(0, { start: { type: 'LATEST' } });
    const ago = clock.now() - 600_000;
    await follow({ start: from(ago), filter: '' });
    expect(done).toEqual([
      ...['notHeld', ['filter', ''], ['restart', 'AT_TIMESTAMP'], ['owed', ago, true]],
    ]);
  });

  test('goes on with its rows to what was put just now, also when it is paused', async () => {
    const { done, follow, rows } = await open(3);
    const shows = { timestampMs: rows[2]!.arrivedMs + 1000 };
    const link = { start: from(rows[0]!.arrivedMs - 1), filter: '', shows, isNew: true };
    await follow(link);
    expect(done.splice(0)).toEqual(['notYet', ['owed', shows.timestampMs, true]]);
    await follow(link, false);
    expect(done.splice(0)).toEqual(['notYet', 'resume', ['owed', shows.timestampMs, true]]);
    // Of what it has none of any more it keeps the rest.
    await follow({ ...link, shows: { sequenceNumber: '4' } });
    expect(done.splice(0)).toEqual(['notHeld', 'missed']);
    // One that failed cannot.
    await follow(link, false, false);
    expect(done).toEqual([
      ...['notYet', ['filter', ''], ['restart', 'AT_TIMESTAMP'], ['owed', shows.timestampMs, true]],
    ]);
  });
});
