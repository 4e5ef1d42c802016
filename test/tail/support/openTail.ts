// A tail over the model stream, with everything it needs, and a way to read all of its rows.
import { nullLogger } from '../../../src/base/logger.ts';
import { plainDecoder } from '../../../src/decode/decodeRecord.ts';
import type { RecordRow, TailRow, TailTick } from '../../../src/protocol/tail.ts';
import { localPace } from '../../../src/tail/pace.ts';
import { type TailOptions, TailSession } from '../../../src/tail/tailSession.ts';
import { timeBox } from '../../../src/worker/timeBox.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { TestClock } from '../../support/testClock.ts';
import { type FakeOptions, FakeStream } from './fakeStream.ts';

export interface OpenTail {
  readonly session: TailSession;
  readonly ticks: TailTick[];
}

export function openTail(
  { stream, clock }: { stream: FakeStream; clock: TestClock },
  options: Partial<TailOptions> = {},
): OpenTail {
  const ticks: TailTick[] = [];
  const session = new TailSession({
    tail: 1,
    api: stream.api,
    stream: 'flights',
    start: { type: 'TRIM_HORIZON' },
    place: 'local',
    pace: localPace,
    clock,
    random: seededRandom(1),
    logger: nullLogger,
    bounds: { rowsMax: 100_000, bytesMax: 64 * 1024 * 1024 },
    decoder: plainDecoder,
    timeBox,
    tick: (tick) => ticks.push(tick),
    ...options,
  });
  return { session, ticks };
}

/** Every row of the view, page by page. */
export function rowsOf(session: TailSession): TailRow[] {
  const { first, end } = session.tick().view;
  const rows: TailRow[] = [];
  for (let from = first; from < end; from += 200) {
    rows.push(...session.page({ from, count: Math.min(200, end - from) }).rows);
  }
  return rows;
}

export function recordsOf(session: TailSession): RecordRow[] {
  return rowsOf(session).filter((row) => row.kind === 'record');
}

export function eventsOf(session: TailSession): string[] {
  return rowsOf(session).flatMap((row) => (row.kind === 'event' ? [row.text] : []));
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
