/** GetRecords: a page from an iterator; at a shard's end its children in place of a next iterator. */
import { dryRunPassed, shardDoesNotExist } from '../../kinesis/errors.ts';
import { getRecordsBytesMax, getRecordsCountMax } from '../../kinesis/limits.ts';
import type { GetRecordsOutput } from '../../kinesis/operations/getRecords.ts';
import { type OutputRecords, packedOutput } from '../../kinesis/packedOutput.ts';
import { formatShardId } from '../../kinesis/shardId.ts';
import type { EngineParts, Handler } from '../engineParts.ts';
import type { ReadAnswer } from '../limits/shardMeter.ts';
import type { LiveStream } from '../liveStream.ts';
import type { LogPage, ReadRequest } from '../log/log.ts';
import { PackedPage } from '../packedPage.ts';
import { childShardsOf, horizonMs } from '../shardView.ts';
import { isOpen, type ShardEntry, type StreamEntry, shardAt } from '../streamEntry.ts';
import type { IteratorContent } from '../tokens.ts';

export const getRecords: Handler<'GetRecords'> = async (engine, { input, scope }) => {
  const iterator = engine.tokens.readIterator(input.ShardIterator);
  const { stream } = located(engine, iterator);
  if (input.DryRun === true) throw dryRunPassed();
  const metered = engine.throughput.read({ stream, shard: iterator.shard }, scope);
  const live = engine.streams.get(stream.id) ?? (await engine.streams.open(stream.id));
  const request = {
    lane: iterator.shard,
    fromKey: iterator.fromKey,
    horizonMs: horizonMs(stream, engine.ages),
    countMax: input.Limit ?? getRecordsCountMax,
    bytesMax: getRecordsBytesMax,
  };
  const page = await live.log.read(request).catch((error: unknown) => {
    throw engine.streams.explain(live, error);
  });
  const { packed, rest } = answer(engine, { iterator, live, page });
  const { MillisBehindLatest: behindMs } = rest;
  const size = { stream, request, page, packed, behindMs, nowMs: engine.ports.clock.now() };
  metered?.answered(pageSize(size));
  return packedOutput(packed, rest);
};

/**
 * What the page counts for. One that is cut because the next record may not fit costs as much as 10 MiB.
 * @source guessed: that.
 */
function pageSize({ stream, request, page, packed, behindMs, nowMs }: Sized): ReadAnswer {
  const bytes = packed.dataBytes + packed.keyBytes;
  const isCut =
    behindMs !== 0 &&
    page.count < request.countMax &&
    bytes > getRecordsBytesMax - stream.recordBytesMax;
  const lastMs = page.lastTimeMs;
  return {
    records: page.count,
    bytes,
    chargedBytes: isCut ? getRecordsBytesMax : bytes,
    iteratorAgeMs: lastMs === undefined ? undefined : Math.max(0, nowMs - lastMs),
  };
}

interface Sized {
  readonly stream: StreamEntry;
  readonly request: ReadRequest;
  readonly page: LogPage;
  readonly packed: OutputRecords;
  readonly behindMs: number | undefined;
  readonly nowMs: number;
}

interface Answered {
  readonly packed: OutputRecords;
  readonly rest: Omit<GetRecordsOutput, 'Records'>;
}

/** Throws ResourceNotFound when stream or shard are gone. @source measured: the text. */
function located(
  { catalog }: EngineParts,
  { streamId, shard: index, account, name }: IteratorContent,
): { stream: StreamEntry; shard: ShardEntry } {
  const stream = catalog.byId(streamId);
  const shard = stream && shardAt(stream, index);
  if (!stream || !shard) throw shardDoesNotExist(formatShardId(index), { account, name });
  return { stream, shard };
}

/** The shard is looked at after the read: what closed meanwhile has all its records readable. */
function answer(
  engine: EngineParts,
  { iterator, live, page }: { iterator: IteratorContent; live: LiveStream; page: LogPage },
): Answered {
  const { stream, shard } = located(engine, iterator);
  const nowMs = engine.ports.clock.now();
  const place = { live, page, lane: shard.index, horizonMs: horizonMs(stream, engine.ages) };
  const isAtTip = !hasMore(place);
  const packed = new PackedPage(page, shard);
  const MillisBehindLatest = isAtTip ? 0 : millisBehind(place, isOpen(shard) ? nowMs : undefined);
  const children = isAtTip && !isOpen(shard) ? childShardsOf(stream, shard.index) : [];
  if (children.length > 0) return { packed, rest: { MillisBehindLatest, ChildShards: children } };
  const NextShardIterator = engine.tokens.iterator({ ...iterator, fromKey: page.nextKey });
  return { packed, rest: { NextShardIterator, MillisBehindLatest } };
}

interface Place {
  readonly live: LiveStream;
  readonly page: LogPage;
  readonly lane: number;
  readonly horizonMs: number;
}

/** Whether the shard holds a readable record behind the page. */
function hasMore({ live, page, lane, horizonMs: horizon }: Place): boolean {
  const bounds = live.log.bounds(lane);
  return bounds !== undefined && bounds.lastKey >= page.nextKey && bounds.lastTimeMs >= horizon;
}

/**
 * From the page's last record to now, in a closed shard (no `nowMs`) to its last record; never 0 while
 * there is more. @source documented: the meaning; guessed: the formula.
 */
function millisBehind({ live, page, lane }: Place, nowMs: number | undefined): number {
  const newestMs = live.log.bounds(lane)?.lastTimeMs ?? 0;
  const lastMs = page.lastTimeMs ?? newestMs;
  return Math.max(1, (nowMs ?? newestMs) - lastMs);
}
