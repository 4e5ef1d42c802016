/** GetShardIterator: a position in a shard. It reads no records and remembers nothing. */
import {
  couldNotFindShard,
  dryRunPassed,
  KinesisError,
  shardDoesNotExist,
} from '../../kinesis/errors.ts';
import type { GetShardIteratorInput } from '../../kinesis/operations/getShardIterator.ts';
import {
  badStartingNumber,
  endingNumber,
  noTimestamp,
  numberOfOtherShard,
  timestampInFuture,
  wrongIteratorArguments,
} from '../../kinesis/readErrors.ts';
import {
  parseOldSequenceNumber,
  parseSequenceNumber,
  sequenceIndexMax,
} from '../../kinesis/sequenceNumber.ts';
import { formatShardId, parseShardId } from '../../kinesis/shardId.ts';
import { type Call, type EngineParts, type Handler, namedStream } from '../engineParts.ts';
import type { LiveStream } from '../liveStream.ts';
import { horizonMs, isListed } from '../shardView.ts';
import { type ShardEntry, type StreamEntry, shardAt } from '../streamEntry.ts';

export const getShardIterator: Handler<'GetShardIterator'> = async (engine, call) => {
  const { input } = call;
  checkTimestamp(input, engine.ports.clock.now());
  const { stream, shard } = findShard(engine, call);
  checkNumber(input, { stream, shard });
  if (input.DryRun === true) throw dryRunPassed();
  engine.throughput.iterator({ stream, shard: shard.index }, call.scope);
  const live = engine.streams.get(stream.id) ?? (await engine.streams.open(stream.id));
  const fromKey = await startingKey(live, { input, shard }).catch((error: unknown) => {
    throw engine.streams.explain(live, error);
  });
  const { id: streamId, account, name } = stream;
  const content = { streamId, account, name, shard: shard.index, fromKey };
  return { ShardIterator: engine.tokens.iterator(content) };
};

/** @source measured */
function checkTimestamp(input: GetShardIteratorInput, nowMs: number): void {
  if (input.ShardIteratorType !== 'AT_TIMESTAMP') return;
  if (input.Timestamp === undefined) throw noTimestamp();
  const timestampMs = input.Timestamp.getTime();
  if (timestampMs > nowMs) throw timestampInFuture({ timestampMs, nowMs });
}

/**
 * The shard id is looked at before the stream, and laxly. @source measured; guessed: a shard that is no
 * longer listed does not exist.
 */
function findShard(
  engine: EngineParts,
  call: Call<'GetShardIterator'>,
): { stream: StreamEntry; shard: ShardEntry } {
  const key = namedStream(call);
  const index = parseShardId(call.input.ShardId);
  if (index === undefined) throw couldNotFindShard(call.input.ShardId, key);
  const stream = engine.catalog.byName(key);
  const shard = stream && shardAt(stream, index);
  const isThere = stream && shard && isListed(shard, horizonMs(stream, engine.ages));
  if (!isThere) throw shardDoesNotExist(formatShardId(index), key);
  return { stream, shard };
}

const takesNumber = (type: string): boolean =>
  type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';

/** @source measured: texts and their order. */
function checkNumber(
  input: GetShardIteratorInput,
  { stream, shard }: { stream: StreamEntry; shard: ShardEntry },
): void {
  const { ShardIteratorType: type, StartingSequenceNumber: number } = input;
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

/** The first key the iterator wants. What is put later is always at or above the tip's. */
async function startingKey(
  { log }: LiveStream,
  { input, shard }: { input: GetShardIteratorInput; shard: ShardEntry },
): Promise<number> {
  const lane = shard.index;
  const tip = (log.bounds(lane)?.lastKey ?? 0) + 1;
  switch (input.ShardIteratorType) {
    case 'LATEST':
      return tip;
    case 'AT_TIMESTAMP': {
      const timeMs = input.Timestamp!.getTime();
      // Records on their way to the disk cannot be found yet, but are no later than the log's last.
      const behind = log.lastTimeMs < timeMs ? log.lastKey + 1 : tip;
      return (await log.keyAtTime(lane, timeMs)) ?? behind;
    }
    case 'AT_SEQUENCE_NUMBER':
      return keyOf(input.StartingSequenceNumber!);
    case 'AFTER_SEQUENCE_NUMBER':
      return keyOf(input.StartingSequenceNumber!) + 1;
    default:
      return 0;
  }
}

/** A number may be made up: its counter then lies above every key. */
function keyOf(number: string): number {
  const { index } = parseSequenceNumber(number)!;
  return Math.min(Number(index), Number.MAX_SAFE_INTEGER - 1);
}
