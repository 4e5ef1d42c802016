/** What the meters counted, as plain data. Reads; changes nothing. */
import type {
  CountersQuery,
  EngineCounters,
  ShardCount,
  ShardCounters,
  ShardSecond,
  StreamCounters,
} from '../../admin/counters.ts';
import { invalidArgument, streamNotFound } from '../../kinesis/errors.ts';
import { formatShardId } from '../../kinesis/shardId.ts';
import type { EngineParts } from '../engineParts.ts';
import type { StreamEntry } from '../streamEntry.ts';
import { secondOf } from './moment.ts';
import { columns, counterWindowSeconds } from './secondsRing.ts';
import type { ShardMeter } from './shardMeter.ts';

/** Seconds looked back when nothing else is asked. */
const secondsDefault = 60;

/** The seconds to look at: those after `since`, up to `now`. */
interface Span {
  readonly now: number;
  readonly since: number;
  readonly isEach: boolean;
}

type Column = keyof typeof columns;

/** Throws InvalidArgument for bad `seconds` and ResourceNotFound for an unknown stream. */
export function countersView(engine: EngineParts, query: CountersQuery = {}): EngineCounters {
  const { ports, settings, callLimits } = engine;
  const seconds = query.seconds ?? secondsDefault;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > counterWindowSeconds) {
    throw invalidArgument(`seconds must be a whole number from 1 to ${counterWindowSeconds}.`);
  }
  const now = secondOf(ports.clock.monotonic());
  const span = { now, since: now - seconds, isEach: query.stream !== undefined };
  const streams = streamsOf(engine, query).map((stream) =>
    streamCounters(engine, { stream, span }),
  );
  return {
    atMs: ports.clock.now(),
    limits: settings.limits,
    seconds,
    streams: streams.filter(({ shards }) => shards.length > 0 || span.isEach),
    operations: callLimits.tallies.list(),
  };
}

/** A name may be in use in several accounts and regions. */
function streamsOf({ catalog, settings }: EngineParts, query: CountersQuery): StreamEntry[] {
  // Who asks is at home in the engine's own account and region, and must know streams again.
  const seen = (stream: StreamEntry): StreamEntry => {
    const home = catalog.byName({ ...settings, name: stream.name });
    return home?.id === stream.id ? home : stream;
  };
  if (query.stream === undefined) return catalog.streams().map(seen);
  const named = catalog.streams().filter(({ name }) => name === query.stream);
  const found = named.map(seen);
  if (found.length > 0) return found;
  throw streamNotFound({ name: query.stream, account: settings.account });
}

function streamCounters(
  { throughput }: EngineParts,
  { stream, span }: { stream: StreamEntry; span: Span },
): StreamCounters {
  const meters = throughput.of(stream.id)?.entries() ?? [];
  const shards = meters
    .filter(([, { ring }]) => ring.lastSecond > span.since)
    .map(([index, meter]) => shardCounters(index, { meter, span }));
  return { stream: stream.name, account: stream.account, region: stream.region, shards };
}

function shardCounters(
  index: number,
  { meter, span }: { meter: ShardMeter; span: Span },
): ShardCounters {
  const seconds = [...meter.ring.since(span.since)].map(
    ({ second, value }): ShardSecond => ({
      secondsAgo: Math.max(0, span.now - second),
      ...countOf((column) => value(columns[column])),
    }),
  );
  return {
    ShardId: formatShardId(index),
    total: countOf((column) => {
      const values = [...meter.ring.since(span.since)].map(({ value }) => value(columns[column]));
      return column === 'iteratorAge' ? Math.max(...values) : values.reduce((a, b) => a + b, 0);
    }),
    ...(span.isEach && { perSecond: seconds }),
    topCallers: meter.callers.list(span.now),
  };
}

function countOf(value: (column: Column) => number): ShardCount {
  const age = value('iteratorAge');
  return {
    recordsIn: value('recordsIn'),
    bytesIn: value('bytesIn'),
    recordsOut: value('recordsOut'),
    bytesOut: value('bytesOut'),
    reads: value('reads'),
    putsThrottled: value('putsThrottled'),
    putsOverLimit: value('putsOverLimit'),
    readsThrottled: value('readsThrottled'),
    readsOverLimit: value('readsOverLimit'),
    ...(age > 0 && { iteratorAgeMs: age - 1 }),
  };
}
