/** A shard as kinesis-local keeps it, which is the name of a list of records: JSON in a text. */
import { isObject } from '../base/members.ts';
import { shardNumbers } from '../kinesis/recordNumbers.ts';
import type { Shard } from '../kinesis/shapes.ts';
import { formatShardId, parseShardId } from '../kinesis/shardId.ts';
import { FileMistake, shown } from './fileMistake.ts';
import { timeMsOf } from './kinesisLocalRecord.ts';

export interface KeptShard {
  readonly index: number;
  /** Epoch seconds. */
  readonly createdSeconds: number;
  /** As ListShards tells it, with the numbers that the engine gives. */
  readonly shard: Shard;
}

/** Of what a sequence number has room for. */
const secondsEnd = 2 ** 36;
const hashKeyPattern = /^(0|[1-9]\d{0,38})$/;

/** Throws FileMistake. */
export function keptShard(text: string): KeptShard {
  const value = jsonOf(text);
  if (!isObject(value) || !isObject(value.HashKeyRange)) {
    throw new FileMistake(`this names no shard: ${shown(text)}.`);
  }
  const { ShardId, HashKeyRange } = value;
  const index = typeof ShardId === 'string' ? parseShardId(ShardId) : undefined;
  if (index === undefined || formatShardId(index) !== ShardId) {
    throw new FileMistake(`${shown(ShardId)} is no shard id, like shardId-000000000000.`);
  }
  const { StartingHashKey, EndingHashKey } = HashKeyRange;
  for (const key of [StartingHashKey, EndingHashKey]) {
    if (typeof key !== 'string' || !hashKeyPattern.test(key)) {
      throw new FileMistake(`a hash key of ${ShardId} is no whole number: ${shown(key)}.`);
    }
  }
  const times = timesOf(value, ShardId);
  const range = { StartingHashKey, EndingHashKey } as Shard['HashKeyRange'];
  const shard: Shard = {
    ShardId,
    HashKeyRange: range,
    SequenceNumberRange: shardNumbers({ index, ...times }),
    ...parentsOf(value, ShardId),
  };
  return { index, createdSeconds: times.createdSeconds, shard };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Times {
  readonly createdSeconds: number;
  readonly closedSeconds?: number | undefined;
}

function timesOf(value: Readonly<Record<string, unknown>>, id: string): Times {
  const { CreatedAtTimestamp, ClosedTimestamp, SequenceNumberRange } = value;
  const ending = isObject(SequenceNumberRange) ? SequenceNumberRange.EndingSequenceNumber : null;
  const createdSeconds = secondsOf(CreatedAtTimestamp, `${id} has no CreatedAtTimestamp`);
  if (ending === null || ending === undefined) return { createdSeconds };
  const closedSeconds = secondsOf(ClosedTimestamp, `${id} is closed and has no ClosedTimestamp`);
  return { createdSeconds, closedSeconds };
}

function secondsOf(value: unknown, otherwise: string): number {
  const ms = timeMsOf(value);
  if (ms === undefined || ms >= secondsEnd * 1000)
    throw new FileMistake(`${otherwise} that is a time: ${shown(value)}.`);
  return Math.floor(ms / 1000);
}

/** kinesis-local ends all closed shards with one number that is no sequence number of AWS. */
function parentsOf(value: Readonly<Record<string, unknown>>, id: string) {
  const { ParentShardId, AdjacentParentShardId } = value;
  const parents = { ParentShardId, AdjacentParentShardId };
  for (const parent of Object.values(parents)) {
    if (parent === null || parent === undefined) continue;
    if (typeof parent === 'string' && parseShardId(parent) !== undefined) continue;
    throw new FileMistake(`a parent of ${id} is no shard id: ${shown(parent)}.`);
  }
  const named = Object.entries(parents).filter(([, parent]) => typeof parent === 'string');
  return Object.fromEntries(named) as Pick<Shard, 'ParentShardId' | 'AdjacentParentShardId'>;
}
