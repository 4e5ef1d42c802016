// A tail over the model stream, with everything it needs, and a way to read all of its rows.
import { nullLogger } from '../../../src/base/logger.ts';
import { plainDecoder } from '../../../src/decode/decodeRecord.ts';
import type { RecordRow, TailRow, TailTick } from '../../../src/protocol/tail.ts';
import { localPace } from '../../../src/tail/pace.ts';
import { type TailOptions, TailSession } from '../../../src/tail/tailSession.ts';
import type { TailTab } from '../../../src/tail/tailTab.ts';
import { timeBox } from '../../../src/worker/timeBox.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { TestClock } from '../../support/testClock.ts';
import { type FakeOptions, FakeStream } from './fakeStream.ts';

export interface OpenTail {
  readonly session: TailSession;
  readonly tab: TailTab;
  readonly ticks: TailTick[];
}

/** The local engine, asked and not subscribed to, as with very many shards. */
export const pollPace = { ...localPace, pushShardsMax: 0 };

export function openTail(
  { stream, clock }: { stream: FakeStream; clock: TestClock },
  options: Partial<TailOptions> = {},
): OpenTail {
  const ticks: TailTick[] = [];
  const session = new TailSession({
    api: stream.api,
    stream: 'flights',
    start: { type: 'TRIM_HORIZON' },
    place: 'local',
    pace: pollPace,
    clock,
    random: seededRandom(1),
    logger: nullLogger,
    bounds: { rowsMax: 100_000, bytesMax: 64 * 1024 * 1024 },
    ...options,
  });
  const tick = (tick: TailTick) => ticks.push(tick);
  const tab = session.openTab({ tail: 1, decoder: plainDecoder, timeBox, tick });
  return { session, tab, ticks };
}

/** Every row of the view, page by page. */
export function rowsOf(tab: TailTab): TailRow[] {
  const { first, end } = tab.tick().view;
  const rows: TailRow[] = [];
  for (let from = first; from < end; from += 200) {
    rows.push(...tab.page({ from, count: Math.min(200, end - from) }).rows);
  }
  return rows;
}

export function recordsOf(tab: TailTab): RecordRow[] {
  return rowsOf(tab).filter((row) => row.kind === 'record');
}

export function eventsOf(tab: TailTab): string[] {
  return rowsOf(tab).flatMap((row) => (row.kind === 'event' ? [row.text] : []));
}

/** A model stream, and a tail of it. */
export async function tailing(
  model: Partial<FakeOptions> = {},
  options: Partial<TailOptions> = {},
) {
  const clock = new TestClock();
  const stream = new FakeStream({ clock, shards: 1, ...model });
  const [shard] = stream.shards;
  const opened = openTail({ stream, clock }, options);
  await clock.advance(1);
  return { clock, stream, shard: shard!, ...opened };
}

/** What each row shows. */
export const numbers = (rows: readonly RecordRow[]): string[] => rows.map((row) => row.preview);
