/** GetRecords: a page from an iterator; at a shard's end its children in place of a next iterator. */
import { dryRunPassed, shardDoesNotExist } from '../../kinesis/errors.ts';
import { getRecordsBytesMax, getRecordsCountMax } from '../../kinesis/limits.ts';
import type { GetRecordsOutput } from '../../kinesis/operations/getRecords.ts';
import { formatShardId } from '../../kinesis/shardId.ts';
import type { EngineParts, Handler } from '../engineParts.ts';
import type { ReadAnswer } from '../limits/shardMeter.ts';
import type { LiveStream } from '../liveStream.ts';
import type { ReadRequest } from '../log/log.ts';
import { countedBytes } from '../recordBytes.ts';
import { recordsOf } from '../recordPage.ts';
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
  const page = await readPage(live, request).catch((error: unknown) => {
    throw engine.streams.explain(live, error);
  });
  const output = answer(engine, { iterator, live, page });
  metered?.answered(pageSize(page, { stream, request, output, nowMs: engine.ports.clock.now() }));
  return output;
};

type Page = ReturnType<LiveStream['opened']>;

const readPage = async (live: LiveStream, request: ReadRequest): Promise<Page> =>
  live.opened(await live.log.read(request));

/**
 * What the page counts for. One that is cut because the next record may not fit costs as much as 10 MiB.
 * @source guessed: that.
 */
function pageSize(
  { entries }: Page,
  {
    stream,
    request,
    output,
    nowMs,
  }: { stream: StreamEntry; request: ReadRequest; output: GetRecordsOutput; nowMs: number },
): ReadAnswer {
  let bytes = 0;
  for (const entry of entries) bytes += countedBytes(entry.bytes);
  const isCut =
    output.MillisBehindLatest !== 0 &&
    entries.length < request.countMax &&
    bytes > getRecordsBytesMax - stream.recordBytesMax;
  const lastMs = entries.at(-1)?.timeMs;
  return {
    records: entries.length,
    bytes,
    chargedBytes: isCut ? getRecordsBytesMax : bytes,
    iteratorAgeMs: lastMs === undefined ? undefined : Math.max(0, nowMs - lastMs),
  };
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
  { iterator, live, page }: { iterator: IteratorContent; live: LiveStream; page: Page },
): GetRecordsOutput {
  const { stream, shard } = located(engine, iterator);
  const nowMs = engine.ports.clock.now();
  const place = { live, page, lane: shard.index, horizonMs: horizonMs(stream, engine.ages) };
  const isAtTip = !hasMore(place);
  const Records = recordsOf(page.entries, shard);
  const MillisBehindLatest = isAtTip ? 0 : millisBehind(place, isOpen(shard) ? nowMs : undefined);
  const children = isAtTip && !isOpen(shard) ? childShardsOf(stream, shard.index) : [];
  if (children.length > 0) return { Records, MillisBehindLatest, ChildShards: children };
  const NextShardIterator = engine.tokens.iterator({ ...iterator, fromKey: page.nextKey });
  return { Records, NextShardIterator, MillisBehindLatest };
}

interface Place {
  readonly live: LiveStream;
  readonly page: Page;
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
  const lastMs = page.entries.at(-1)?.timeMs ?? newestMs;
  return Math.max(1, (nowMs ?? newestMs) - lastMs);
}
