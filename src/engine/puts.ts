/** What PutRecord and PutRecords share: checking, routing and appending. Decides no constraint of a shape. */
import { streamNotFound } from '../kinesis/errors.ts';
import { hashKeyMax } from '../kinesis/hashKey.ts';
import { md5 } from '../kinesis/md5.ts';
import { badExplicitHashKey, dataTooLong, recordTooLong } from '../kinesis/putErrors.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import { type EngineParts, namedStream, type Scope, type StreamNaming } from './engineParts.ts';
import { hashKeyBytes } from './hashRoutes.ts';
import type { Appended, LiveStream } from './liveStream.ts';
import { packRecord, partitionKeyBytes, utf8Length } from './recordBytes.ts';
import { recordNumber } from './shardView.ts';
import type { ShardEntry, StreamEntry } from './streamEntry.ts';

/** One record as either operation takes it. */
export interface PutInput {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string | undefined;
}

/** A record that passed all checks. */
export interface CheckedPut {
  readonly hashKey: Uint8Array;
  readonly bytes: Uint8Array;
  /** Data and partition key, as limits count them. */
  readonly countedBytes: number;
}

/** Throws ResourceNotFound also for streams in CREATING and DELETING. @source measured */
export function writableStream(
  engine: EngineParts,
  call: { input: StreamNaming; scope: Scope },
): StreamEntry {
  const key = namedStream(call);
  const stream = engine.catalog.byName(key);
  if (!stream || !isWritable(stream)) throw streamNotFound(key);
  engine.streams.checkWhole(stream.id);
  return stream;
}

const isWritable = ({ status }: StreamEntry): boolean =>
  status === 'ACTIVE' || status === 'UPDATING';

/** Throws InvalidArgument for an explicit hash key above 2^128 - 1. */
function explicitKeyBytes(text: string): Uint8Array {
  const key = BigInt(text);
  if (key > hashKeyMax) throw badExplicitHashKey(text);
  return hashKeyBytes(key);
}

/** Checks a record against its stream and packs it. `path`: how an error names its data. */
export function checkPut(
  stream: StreamEntry,
  { input, path }: { input: PutInput; path: string },
): CheckedPut {
  const { Data: data, PartitionKey: partitionKey, ExplicitHashKey: explicit } = input;
  const explicitHashKey = explicit === undefined ? undefined : explicitKeyBytes(explicit);
  const countedBytes = checkSize(stream, { input, path });
  const bytes = packRecord({ partitionKey, explicitHashKey, data });
  const hashKey = explicitHashKey ?? md5(partitionKeyBytes(bytes));
  return { hashKey, bytes, countedBytes };
}

function checkSize(
  stream: StreamEntry,
  { input, path }: { input: PutInput; path: string },
): number {
  const bytesMax = stream.recordBytesMax;
  const dataLength = input.Data.length;
  if (dataLength > bytesMax) throw dataTooLong({ path, length: dataLength, bytesMax });
  const length = dataLength + utf8Length(input.PartitionKey);
  if (length > bytesMax) throw recordTooLong({ path, length, bytesMax });
  return length;
}

/** Bytes a record takes beside its data and key. */
const overheadBytes = 64;

/** A record that its shard's throughput refused: nothing of it was stored. */
export interface Throttled {
  readonly throttledBy: ShardEntry;
}

export const isThrottled = (record: Appended | Throttled): record is Throttled =>
  'throttledBy' in record;

/** What became of records that were put together. */
export interface Stored {
  readonly live: LiveStream;
  /** As many as were put, in their order. */
  readonly records: readonly (Appended | Throttled)[];
  /** Why an appended record was not stored; undefined for one that was. */
  readonly failureOf: (record: Appended) => unknown;
}

/**
 * Appends `puts` in order, but for those that are over their shard's throughput, all in one turn, once there is room and the stream is not changing shape;
 * resolved: the fate of each is known. `prepare` runs in that turn, before them.
 * Rejects with LimitExceeded (full), ResourceNotFound (deleted meanwhile) or InternalFailure (damaged).
 */
export async function store(
  engine: EngineParts,
  {
    stream,
    puts,
    scope,
    prepare,
  }: {
    stream: StreamEntry;
    puts: readonly CheckedPut[];
    scope: Scope;
    prepare?: (live: LiveStream) => void;
  },
): Promise<Stored> {
  let bytes = 0;
  for (const put of puts) bytes += put.bytes.length + overheadBytes;
  const waiting = engine.capacity.reserve(bytes);
  if (waiting) await waiting;
  try {
    let live = engine.streams.get(stream.id);
    while (!live || live.blocked) {
      await live?.blocked;
      live = engine.streams.get(stream.id) ?? (await engine.streams.open(stream.id));
    }
    // From here to the last append nothing may wait.
    if (!live.entry || !isWritable(live.entry)) throw streamNotFound(stream);
    prepare?.(live);
    const meter = engine.throughput.puts(stream, scope);
    const records: (Appended | Throttled)[] = [];
    for (const { hashKey, bytes: packed, countedBytes } of puts) {
      const shard = live.shardOf(hashKey);
      const refusal = meter?.admitPut(shard.index, countedBytes);
      records.push(refusal === undefined ? live.append(shard, packed) : { throttledBy: shard });
    }
    return { live, records, failureOf: await fatesOf(records) };
  } finally {
    engine.capacity.release(bytes);
  }
}

/** Records of one batch share a promise, so few are waited for. */
async function fatesOf(records: Stored['records']): Promise<Stored['failureOf']> {
  const failures = new Map<Promise<void>, unknown>();
  const promises = new Set<Promise<void>>();
  for (const record of records) if (!isThrottled(record)) promises.add(record.stored);
  const note = (promise: Promise<void>) =>
    promise.catch((error: unknown) => void failures.set(promise, error));
  await Promise.all([...promises].map(note));
  return ({ stored }) => failures.get(stored);
}

/** Where a record went, as both operations answer it. */
export function placeOf({ shard, key, timeMs }: Appended): {
  ShardId: string;
  SequenceNumber: string;
} {
  return {
    ShardId: formatShardId(shard.index),
    SequenceNumber: recordNumber(shard, { key, timeMs }),
  };
}
