/** A page of a shard, with what it says of the shard's end and of how far behind the tip it is. */
import { type StreamId, shardDoesNotExist } from '../kinesis/errors.ts';
import type { OutputRecords } from '../kinesis/packedOutput.ts';
import type { ChildShard } from '../kinesis/shapes.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import type { EngineParts } from './engineParts.ts';
import type { LiveStream } from './liveStream.ts';
import type { LogPage, ReadRequest } from './log/log.ts';
import { OpenedPage } from './openedPage.ts';
import { PackedPage } from './packedPage.ts';
import { childShardsOf, horizonMs } from './shardView.ts';
import { isOpen, type ShardEntry, type StreamEntry, shardAt } from './streamEntry.ts';

/** A shard, however long ago that was said. */
export interface ShardPlace extends StreamId {
  readonly streamId: string;
  readonly shard: number;
}

export interface ShardPage {
  readonly stream: StreamEntry;
  readonly shard: ShardEntry;
  readonly request: ReadRequest;
  readonly page: LogPage;
  readonly records: OutputRecords;
  /** 0 at the tip. */
  readonly millisBehind: number;
  /** What follows: only where a closed shard ends. */
  readonly children: readonly ChildShard[];
}

/** Throws ResourceNotFound when stream or shard are gone. @source measured: the text. */
export function located(
  { catalog }: EngineParts,
  { streamId, shard: index, account, name }: ShardPlace,
): { stream: StreamEntry; shard: ShardEntry } {
  const stream = catalog.byId(streamId);
  const shard = stream && shardAt(stream, index);
  if (!stream || !shard) throw shardDoesNotExist(formatShardId(index), { account, name });
  return { stream, shard };
}

/** Rejects with ResourceNotFound, or InternalFailure for a damaged stream. */
export async function readShardPage(
  engine: EngineParts,
  asked: ShardPlace & { fromKey: number; countMax: number; bytesMax: number },
): Promise<ShardPage> {
  const { stream } = located(engine, asked);
  const live = engine.streams.get(stream.id) ?? (await engine.streams.open(stream.id));
  const { shard: lane, fromKey, countMax, bytesMax } = asked;
  const request = { lane, fromKey, horizonMs: horizonMs(stream, engine.ages), countMax, bytesMax };
  try {
    const page = await live.log.read(request);
    return shardPage(engine, { asked, live, page, request });
  } catch (error) {
    throw engine.streams.explain(live, error);
  }
}

/** The shard is looked at after the read: what closed meanwhile has all its records readable. */
function shardPage(
  engine: EngineParts,
  read: { asked: ShardPlace; live: LiveStream; page: LogPage; request: ReadRequest },
): ShardPage {
  const { live, page, request } = read;
  const { stream, shard } = located(engine, read.asked);
  const nowMs = engine.ports.clock.now();
  const place = { live, page, lane: shard.index, horizonMs: horizonMs(stream, engine.ages) };
  const isAtTip = !hasMore(place);
  const packed = new PackedPage(page, shard);
  const records = packed.hasSealed ? new OpenedPage(live.opened(page), shard) : packed;
  const millisBehind = isAtTip ? 0 : millisBehindOf(place, isOpen(shard) ? nowMs : undefined);
  const children = isAtTip && !isOpen(shard) ? childShardsOf(stream, shard.index) : [];
  return { stream, shard, request, page, records, millisBehind, children };
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
function millisBehindOf({ live, page, lane }: Place, nowMs: number | undefined): number {
  const newestMs = live.log.bounds(lane)?.lastTimeMs ?? 0;
  const lastMs = page.lastTimeMs ?? newestMs;
  return Math.max(1, (nowMs ?? newestMs) - lastMs);
}
