/** Where reading begins in a shard, by where its user wants the tail to begin. */
import { parseSequenceNumber, sequenceIndexMax } from '../kinesis/sequenceNumber.ts';
import type { Shard } from '../kinesis/shapes.ts';
import { parseShardId } from '../kinesis/shardId.ts';
import type { Problem, TailStart } from '../protocol/tail.ts';
import type { ShardTable } from './shardTable.ts';

type AtNumber = TailStart & { readonly type: 'AT_SEQUENCE_NUMBER' };

/** By how much a shard's end lies before a time for sure: what was on its way arrives up to 4 s after it. */
const endedMsMin = 60_000;

/**
 * Where each of `shards`, which are all that are listed, is to be read from, while they are added to `table` in their
 * order; undefined: nothing of it is wanted.
 */
export function startsOf(
  start: TailStart,
  { shards, table }: { shards: readonly Shard[]; table: ShardTable },
): (shard: Shard) => TailStart | undefined {
  if (start.type === 'LATEST') return (shard) => latestOf(shard, table);
  const endsMs = endsOf(shards);
  return (shard) => {
    const from = start.type === 'AT_SEQUENCE_NUMBER' ? atNumber(start, shard) : start;
    if (from.type !== 'AT_TIMESTAMP') return from;
    // One whose numbers tell no times is read.
    const endMs = endsMs.get(shard.ShardId) ?? Number.POSITIVE_INFINITY;
    return endMs + endedMsMin < from.timestampMs ? undefined : from;
  };
}

/** Closed shards hold nothing that is LATEST. */
function latestOf(shard: Shard, table: ShardTable): TailStart | undefined {
  // A parent was still open on an earlier page of this listing: all that the shard holds is new.
  const parents = [shard.ParentShardId, shard.AdjacentParentShardId];
  const isNew = parents.some((id) => id && table.get(id)?.reading === 'waiting');
  if (isNew) return { type: 'TRIM_HORIZON' };
  const isOpen = shard.SequenceNumberRange.EndingSequenceNumber === undefined;
  return isOpen ? { type: 'LATEST' } : undefined;
}

/**
 * When the shards that are closed ended, by their ids, milliseconds since 1970, by the other side's clock as arrival
 * times are: the second of the last number they could have given, and the one at which their children began.
 * Whoever imitates Kinesis may word only one of them so. @source measured
 */
function endsOf(shards: readonly Shard[]): ReadonlyMap<string, number> {
  const begunMs = childrenBegun(shards);
  const endsMs = new Map<string, number>();
  for (const { ShardId, SequenceNumberRange } of shards) {
    const end = parseSequenceNumber(SequenceNumberRange.EndingSequenceNumber ?? '');
    const begun = begunMs.get(ShardId);
    if (end?.index !== sequenceIndexMax || begun === undefined) continue;
    endsMs.set(ShardId, Math.max(end.seconds * 1000, begun));
  }
  return endsMs;
}

/** When the last child of each shard that has any began; Infinity where its number does not tell. */
function childrenBegun(shards: readonly Shard[]): ReadonlyMap<string, number> {
  const begunMs = new Map<string, number>();
  for (const { SequenceNumberRange, ParentShardId, AdjacentParentShardId } of shards) {
    const first = parseSequenceNumber(SequenceNumberRange.StartingSequenceNumber);
    const childMs = first ? first.shardCreatedSeconds * 1000 : Number.POSITIVE_INFINITY;
    for (const id of [ParentShardId, AdjacentParentShardId]) {
      if (id !== undefined) begunMs.set(id, Math.max(begunMs.get(id) ?? 0, childMs));
    }
  }
  return begunMs;
}

/** A record's number tells its shard and the second it was put in: there the other shards begin. */
function atNumber(start: AtNumber, shard: Shard): TailStart {
  const parts = parseSequenceNumber(start.sequenceNumber);
  if (!parts || parts.shardIndex === parseShardId(shard.ShardId)) return start;
  return { type: 'AT_TIMESTAMP', timestampMs: parts.seconds * 1000 };
}

/** Why a tail of these shards cannot begin there. */
export function startProblem(start: TailStart, shards: readonly Shard[]): Problem | undefined {
  if (start.type !== 'AT_SEQUENCE_NUMBER') return undefined;
  const parts = parseSequenceNumber(start.sequenceNumber);
  if (!parts) {
    return {
      message: `${start.sequenceNumber} is no sequence number of a record. Start elsewhere.`,
    };
  }
  const isThere = shards.some(({ ShardId }) => parseShardId(ShardId) === parts.shardIndex);
  if (isThere) return undefined;
  return {
    message: `The record ${start.sequenceNumber} is of shard ${parts.shardIndex}, which this stream does not have, or not any more. Start elsewhere.`,
  };
}
