/** PutRecord: one record into the shard that covers its hash key. Never answers before it is stored. */
import { dryRunPassed, KinesisError } from '../../kinesis/errors.ts';
import { PackedPutRecord } from '../../kinesis/packedInputs.ts';
import { badOrderingNumber } from '../../kinesis/putErrors.ts';
import {
  isFailingSequenceNumber,
  parseOldSequenceNumber,
  parseSequenceNumber,
  type SequenceNumberParts,
} from '../../kinesis/sequenceNumber.ts';
import { putThrottled } from '../../kinesis/throttleErrors.ts';
import type { EngineParts, Handler } from '../engineParts.ts';
import type { LiveStream } from '../liveStream.ts';
import { checkPuts, packInputs, placesOf, store, writableStream } from '../puts.ts';
import { type StreamEntry, shardAt } from '../streamEntry.ts';

/** Keys from here on are not skipped to: the counter must not run out. */
const skipKeyMax = 2n ** 52n;

export const putRecord: Handler<'PutRecord'> = async (engine, call) => {
  const { input } = call;
  const stream = writableStream(engine, call);
  const records =
    input instanceof PackedPutRecord
      ? input.packed
      : packInputs(stream, { inputs: [input], ...bounds });
  const puts = checkPuts(stream, { records, ...bounds });
  const minimum = orderingNumber(engine, { stream, text: input.SequenceNumberForOrdering });
  if (input.DryRun === true) throw dryRunPassed();
  const prepare = (live: LiveStream): void => {
    if (minimum) skipAbove(live, minimum);
  };
  const put = { stream, puts, scope: call.scope, prepare };
  const stored = await store(engine, put);
  const { live, routes, throttledCount, encryption, failure } = stored;
  if (throttledCount > 0) throw putThrottled({ ShardId: routes[0]!.id, stream });
  if (failure !== undefined) throw engine.streams.explain(live, failure);
  const place = placesOf(stored)[0]!;
  return encryption.EncryptionType ? { ...place, ...encryption } : place;
};

const bounds = {
  pathOf: (_: number, member: string): string => member,
  countedMax: Number.POSITIVE_INFINITY,
};

/**
 * SequenceNumberForOrdering's parts, when it is of today's version: older ones order nothing. Throws
 * InvalidArgument unless it is a number with a past time; the second of a shard created just ahead of the
 * clock counts as past. @source measured
 */
function orderingNumber(
  engine: EngineParts,
  { stream, text }: { stream: StreamEntry; text: string | undefined },
): SequenceNumberParts | undefined {
  if (text === undefined) return undefined;
  if (isFailingSequenceNumber(text)) throw new KinesisError('InternalFailure', '');
  const parts = parseSequenceNumber(text);
  const { seconds } = parts ??
    parseOldSequenceNumber(text) ?? { seconds: Number.POSITIVE_INFINITY };
  const created = stream.shards.at(-1)?.createdSeconds ?? 0;
  const latest = Math.max(Math.floor(engine.ports.clock.now() / 1000), created);
  const live = engine.streams.get(stream.id);
  const isFuture = seconds > Math.max(latest, live?.lastSeconds ?? 0);
  if (isFuture || (parts && parts.shardIndex < 0)) throw badOrderingNumber(text, stream);
  return parts;
}

/** A number of one of the stream's own shards is exceeded, whatever counter it carries. */
function skipAbove(live: LiveStream, minimum: SequenceNumberParts): void {
  const shard = live.entry && shardAt(live.entry, minimum.shardIndex);
  if (shard?.createdSeconds !== minimum.shardCreatedSeconds) return;
  if (minimum.index < skipKeyMax) live.skipTo(Number(minimum.index) + 1);
}
