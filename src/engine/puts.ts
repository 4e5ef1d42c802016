/** What PutRecord and PutRecords share: checking, routing and appending. Decides no constraint of a shape. */
import { type KinesisError, streamNotFound } from '../kinesis/errors.ts';
import { hashKeyMax } from '../kinesis/hashKey.ts';
import { md5Words } from '../kinesis/md5.ts';
import { badExplicitHashKey, dataTooLong, recordTooLong } from '../kinesis/putErrors.ts';
import { RecordNumbers } from '../kinesis/recordNumbers.ts';
import { spreadHashKey } from './distribution.ts';
import { type EngineParts, namedStream, type Scope, type StreamNaming } from './engineParts.ts';
import { hashKeyBytes, hashKeyWords, type RoutedShard } from './hashRoutes.ts';
import type { Appended, LiveStream } from './liveStream.ts';
import { encodeKey, keyBytesMax, RecordBytes } from './recordBytes.ts';
import { recordSeconds } from './shardView.ts';
import type { StreamEntry } from './streamEntry.ts';

/** One record as either operation takes it. */
export interface PutInput {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string | undefined;
}

/** The records of one call, when all have passed all checks. */
export interface CheckedPuts {
  readonly records: readonly RecordBytes[];
  /** Four words a record, the highest first. */
  readonly hashKeys: Uint32Array;
  /** Data and partition keys. */
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

const keyScratch = new Uint8Array(keyBytesMax);

/** Checks records against their stream. `pathOf`: how an error names the data of the n-th. */
export function checkPuts(
  stream: StreamEntry,
  { inputs, pathOf }: { inputs: readonly PutInput[]; pathOf: (place: number) => string },
): CheckedPuts {
  const records = new Array<RecordBytes>(inputs.length);
  const hashKeys = new Uint32Array(inputs.length * 4);
  const isSpread = stream.distribution === 'AUTO';
  let countedBytes = 0;
  for (let place = 0; place < inputs.length; place++) {
    const { Data: data, PartitionKey: partitionKey, ExplicitHashKey: explicit } = inputs[place]!;
    const explicitHashKey =
      explicit === undefined || isSpread ? undefined : explicitKeyBytes(explicit);
    const keyLength = encodeKey(partitionKey, { into: keyScratch, at: 0 });
    const length = data.length + keyLength;
    if (length > stream.recordBytesMax)
      throw tooLong(stream, { data, length, path: pathOf(place) });
    countedBytes += length;
    const hashKey = { into: hashKeys, at: place * 4 };
    if (isSpread) spreadHashKey(hashKey);
    else if (explicitHashKey) hashKeys.set(hashKeyWords(explicitHashKey), hashKey.at);
    else md5Words({ bytes: keyScratch, length: keyLength }, hashKey);
    records[place] = new RecordBytes({ partitionKey, explicitHashKey, data }, keyLength);
  }
  return { records, hashKeys, countedBytes };
}

function tooLong(
  { recordBytesMax: bytesMax }: StreamEntry,
  { data, length, path }: { data: Uint8Array; length: number; path: string },
): KinesisError {
  return data.length > bytesMax
    ? dataTooLong({ path, length: data.length, bytesMax })
    : recordTooLong({ path, length, bytesMax });
}

/** Bytes a record takes beside its data and key. */
const overheadBytes = 64;

/** A record that its shard's throughput refused: nothing of it was stored. */
export interface Throttled {
  readonly throttledBy: RoutedShard;
}

export const isThrottled = (record: Appended | Throttled): record is Throttled =>
  (record as Partial<Throttled>).throttledBy !== undefined;

/** What became of records that were put together. */
export interface Stored {
  readonly live: LiveStream;
  /** As many as were put, in their order. */
  readonly records: readonly (Appended | Throttled)[];
  /** Those that were not throttled. */
  readonly appended: readonly Appended[];
  /** Why an appended record was not stored; undefined for one that was. */
  readonly failureOf: (record: Appended) => unknown;
  /** As both answers carry it; absent for records that lie plain. */
  readonly encryption: { readonly EncryptionType?: 'KMS' };
  /** False: no appended record failed. */
  readonly hasFailures: boolean;
}

/**
 * Appends `puts` in order, but for those that are over their shard's throughput, all in one turn, once
 * there is room and the stream is not changing shape; resolved: the fate of each is known. `prepare` runs
 * in that turn, before them.
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
    puts: CheckedPuts;
    scope: Scope;
    prepare?: (live: LiveStream) => void;
  },
): Promise<Stored> {
  const { records, hashKeys } = puts;
  const bytes = puts.countedBytes + records.length * overheadBytes;
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
    const routeOf = live.begin();
    const encryption = live.isEncrypting ? { EncryptionType: 'KMS' as const } : {};
    const results: (Appended | Throttled)[] = [];
    const appended: Appended[] = [];
    for (let place = 0; place < records.length; place++) {
      const record = records[place]!;
      const route = routeOf(hashKeys, place * 4);
      const refusal = meter?.admitPut(route.shard.index, record.countedBytes);
      if (refusal !== undefined) results.push({ throttledBy: route });
      else {
        const entry = live.append(route, record);
        results.push(entry);
        appended.push(entry);
      }
    }
    return { live, records: results, appended, encryption, ...(await fatesOf(appended)) };
  } finally {
    engine.capacity.release(bytes);
  }
}

type Fates = Pick<Stored, 'failureOf' | 'hasFailures'>;

const noFailures: Fates = { failureOf: () => undefined, hasFailures: false };

/** Records of one batch share a promise, so few are waited for. */
async function fatesOf(appended: readonly Appended[]): Promise<Fates> {
  const batches: Promise<void>[] = [];
  let last: Promise<void> | undefined;
  for (const { stored } of appended) {
    if (stored === last) continue;
    last = stored;
    batches.push(stored);
  }
  let failures: Map<Promise<void>, unknown> | undefined;
  for (const stored of batches) {
    try {
      await stored;
    } catch (error) {
      failures ??= new Map();
      failures.set(stored, error);
    }
  }
  if (!failures) return noFailures;
  return { failureOf: ({ stored }) => failures.get(stored), hasFailures: true };
}

const oneNumber = new RecordNumbers(1);

/** Where records went, as both operations answer it. */
export function placesOf(
  appended: readonly Appended[],
): { ShardId: string; SequenceNumber: string }[] {
  const numbers = appended.length === 1 ? oneNumber : new RecordNumbers(appended.length);
  for (const { route, key, timeMs } of appended) {
    numbers.add(route.numberPart, { key, seconds: recordSeconds(route.shard, timeMs) });
  }
  const texts = numbers.take();
  return appended.map(({ route }, place) => {
    return { ShardId: route.id, SequenceNumber: texts[place]! };
  });
}
