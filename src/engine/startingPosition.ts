/** Where a reader begins in a shard: what may be asked for, and the key it comes to. Reads no records. */
import { KinesisError } from '../kinesis/errors.ts';
import {
  badStartingNumber,
  endingNumber,
  noTimestamp,
  numberOfOtherShard,
  timestampInFuture,
  wrongIteratorArguments,
} from '../kinesis/readErrors.ts';
import {
  parseOldSequenceNumber,
  parseSequenceNumber,
  sequenceIndexMax,
} from '../kinesis/sequenceNumber.ts';
import type { ShardIteratorType } from '../kinesis/shapes.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import type { LiveStream } from './liveStream.ts';
import type { ShardEntry, StreamEntry } from './streamEntry.ts';

/** As GetShardIterator and SubscribeToShard are given it. */
export interface AskedPosition {
  readonly type: ShardIteratorType;
  readonly number: string | undefined;
  readonly timestamp: Date | undefined;
}

/** Throws InvalidArgument. @source measured */
export function checkTimestamp({ type, timestamp }: AskedPosition, nowMs: number): void {
  if (type !== 'AT_TIMESTAMP') return;
  if (timestamp === undefined) throw noTimestamp();
  const timestampMs = timestamp.getTime();
  if (timestampMs > nowMs) throw timestampInFuture({ timestampMs, nowMs });
}

const takesNumber = (type: string): boolean =>
  type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';

/** Throws InvalidArgument. @source measured: texts and their order. */
export function checkNumber(
  { type, number }: AskedPosition,
  { stream, shard }: { stream: StreamEntry; shard: ShardEntry },
): void {
  if ((number !== undefined) !== takesNumber(type)) {
    throw wrongIteratorArguments({ type, hasNumber: number !== undefined });
  }
  if (number === undefined) return;
  const used = { number, shard: formatShardId(shard.index), stream };
  const old = parseOldSequenceNumber(number);
  const parts = parseSequenceNumber(number);
  const encoded = (old ?? parts)?.shardIndex;
  if (encoded === undefined) throw badStartingNumber({ ...used, isForeign: false });
  if (encoded !== shard.index) throw numberOfOtherShard(encoded, shard.index);
  if (old?.version === 0) throw new KinesisError('InternalFailure', '');
  if (parts?.shardCreatedSeconds !== shard.createdSeconds) {
    throw badStartingNumber({ ...used, isForeign: true });
  }
  if (parts.index === sequenceIndexMax) throw endingNumber(type);
}

/** The first key wanted. What is put later is always at or above the tip's. */
export async function startingKey(
  { log }: LiveStream,
  { asked, shard }: { asked: AskedPosition; shard: ShardEntry },
): Promise<number> {
  const lane = shard.index;
  const tip = (log.bounds(lane)?.lastKey ?? 0) + 1;
  switch (asked.type) {
    case 'LATEST':
      return tip;
    case 'AT_TIMESTAMP': {
      const timeMs = asked.timestamp!.getTime();
      // Records on their way to the disk cannot be found yet, but are no later than the log's last.
      const behind = log.lastTimeMs < timeMs ? log.lastKey + 1 : tip;
      return (await log.keyAtTime(lane, timeMs)) ?? behind;
    }
    case 'AT_SEQUENCE_NUMBER':
      return keyOf(asked.number!);
    case 'AFTER_SEQUENCE_NUMBER':
      return keyOf(asked.number!) + 1;
    default:
      return 0;
  }
}

/** A number may be made up: its counter then lies above every key. */
function keyOf(number: string): number {
  const { index } = parseSequenceNumber(number)!;
  return Math.min(Number(index), Number.MAX_SAFE_INTEGER - 1);
}
