/** What PutRecord and PutRecords share: checking, routing and appending. Decides no constraint of a shape. */
import { streamNotFound } from '../kinesis/errors.ts';
import { hashKeyBytes, hashKeyMax } from '../kinesis/hashKey.ts';
import { md5Words } from '../kinesis/md5.ts';
import {
  encodeKey,
  flagHashKey,
  hashKeyLength,
  headLengthAt,
  keyAt,
  keyLengthAt,
  type PackedRecords,
  packedLength,
  packRecords,
} from '../kinesis/packedRecords.ts';
import {
  badExplicitHashKey,
  dataTooLong,
  recordsTooLong,
  recordTooLong,
} from '../kinesis/putErrors.ts';
import { RecordNumbers, recordSeconds } from '../kinesis/recordNumbers.ts';
import { membersMissing } from '../kinesis/validate.ts';
import { spreadHashKey } from './distribution.ts';
import { type EngineParts, namedStream, type Scope, type StreamNaming } from './engineParts.ts';
import { hashKeyWords, type RoutedShard } from './hashRoutes.ts';
import type { StreamMeter } from './limits/streamMeter.ts';
import type { LiveStream } from './liveStream.ts';
import { PASSED_OVER } from './log/log.ts';
import { keyBytesMax } from './recordBytes.ts';
import type { StreamEntry } from './streamEntry.ts';

/** One record as either operation takes it. */
export interface PutInput {
  readonly Data: Uint8Array;
  readonly PartitionKey?: string | undefined;
  readonly ExplicitHashKey?: string | undefined;
}

/** The records of one call, when all have passed all checks. */
export interface CheckedPuts {
  readonly records: PackedRecords;
  /** Four words a record, the highest first. */
  readonly hashKeys: Uint32Array;
  /** Data and partition keys. */
  readonly countedBytes: number;
}

/** What records are checked against beside their stream. */
interface PutBounds {
  /** How an error names a member of the n-th. */
  readonly pathOf: (place: number, member: 'data' | 'partitionKey') => string;
  /** Of all data and partition keys together. */
  readonly countedMax: number;
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

/** Packs records that nobody has packed, once they have passed the checks that errors are worded by. */
export function packInputs(
  stream: StreamEntry,
  { inputs, pathOf, countedMax }: PutBounds & { inputs: readonly PutInput[] },
): PackedRecords {
  const isSpread = isSpreading(stream);
  if (!isSpread) checkKeys(inputs, pathOf);
  let bytes = 0;
  let countedBytes = 0;
  const contents = inputs.map((input, place) => {
    const { Data: data, PartitionKey: partitionKey = '', ExplicitHashKey: explicit } = input;
    const explicitHashKey =
      explicit === undefined || isSpread ? undefined : explicitKeyBytes(explicit);
    const content = { partitionKey, explicitHashKey, data };
    const keyLength = encodeKey(partitionKey, { into: keyScratch, at: 0 });
    checkLength(stream, { dataLength: data.length, keyLength, pathOf, place });
    countedBytes += data.length + keyLength;
    bytes += packedLength(content, keyLength);
    return content;
  });
  if (countedBytes > countedMax) throw recordsTooLong();
  return packRecords(contents, bytes);
}

/** Whether keys say nothing of where records go, so that there need be none. */
const isSpreading = ({ distribution }: StreamEntry): boolean => distribution === 'AUTO';

/** Throws Validation for records without a partition key. */
function checkKeys(
  records: readonly Pick<PutInput, 'PartitionKey'>[],
  pathOf: PutBounds['pathOf'],
): void {
  const missing = records.flatMap(({ PartitionKey }, place) =>
    PartitionKey === undefined ? [pathOf(place, 'partitionKey')] : [],
  );
  if (missing.length > 0) throw membersMissing(missing);
}

/** Names all packed records that have none. Throws Validation. */
function refuseKeyless({ bytes, ends }: PackedRecords, pathOf: PutBounds['pathOf']): never {
  const missing = ends.flatMap((_, place) => {
    const start = place === 0 ? 0 : ends[place - 1]!;
    return keyLengthAt(bytes, start) === 0 ? [pathOf(place, 'partitionKey')] : [];
  });
  throw membersMissing(missing);
}

/** Checks packed records against their stream, and hashes their keys. */
export function checkPuts(
  stream: StreamEntry,
  { records, pathOf, countedMax }: PutBounds & { records: PackedRecords },
): CheckedPuts {
  const { bytes, ends } = records;
  const hashKeys = new Uint32Array(ends.length * 4);
  const isSpread = isSpreading(stream);
  let countedBytes = 0;
  let start = 0;
  for (let place = 0; place < ends.length; place++) {
    const end = ends[place]!;
    const keyLength = keyLengthAt(bytes, start);
    if (keyLength === 0 && !isSpread) refuseKeyless(records, pathOf);
    const dataLength = end - start - headLengthAt(bytes, start);
    checkLength(stream, { dataLength, keyLength, pathOf, place });
    countedBytes += keyLength + dataLength;
    const hashKey = { into: hashKeys, at: place * 4 };
    const keyStart = start + keyAt;
    if (isSpread) spreadHashKey(hashKey);
    else if ((bytes[start]! & flagHashKey) === 0) {
      md5Words({ bytes, start: keyStart, length: keyLength }, hashKey);
    } else {
      const explicit = bytes.subarray(keyStart + keyLength, keyStart + keyLength + hashKeyLength);
      hashKeys.set(hashKeyWords(explicit), hashKey.at);
    }
    start = end;
  }
  if (countedBytes > countedMax) throw recordsTooLong();
  return { records, hashKeys, countedBytes };
}

function checkLength(
  { recordBytesMax: bytesMax }: StreamEntry,
  of: { dataLength: number; keyLength: number; place: number } & Pick<PutBounds, 'pathOf'>,
): void {
  const { dataLength, keyLength } = of;
  const length = dataLength + keyLength;
  if (length <= bytesMax) return;
  const path = of.pathOf(of.place, 'data');
  throw dataLength > bytesMax
    ? dataTooLong({ path, length: dataLength, bytesMax })
    : recordTooLong({ path, length, bytesMax });
}

/** Bytes a record takes beside its data and key. */
const overheadBytes = 64;

/** What became of records that were put together. */
export interface Stored {
  readonly live: LiveStream;
  /** Where each record went, or would have gone. */
  readonly routes: readonly RoutedShard[];
  /** The lane of each; PASSED_OVER for one that its shard's throughput refused: nothing of it was stored. */
  readonly lanes: readonly number[];
  /** Records that were throttled. */
  readonly throttledCount: number;
  /** Of the first that was not throttled; the others follow it. */
  readonly firstKey: number;
  /** Their arrival, milliseconds since 1970. */
  readonly timeMs: number;
  /** Why those that were not throttled were not stored; undefined when they were. */
  readonly failure: unknown;
  /** As both answers carry it; absent for records that lie plain. */
  readonly encryption: { readonly EncryptionType?: 'KMS' };
}

const sealed: Stored['encryption'] = { EncryptionType: 'KMS' };
const plain: Stored['encryption'] = {};

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
  const bytes = puts.countedBytes + puts.records.count * overheadBytes;
  const waiting = engine.capacity.reserve(bytes);
  if (waiting) await waiting;
  try {
    let live = engine.streams.get(stream.id);
    while (!live || live.blocked) {
      await live?.blocked;
      live = engine.streams.get(stream.id) ?? (await engine.streams.open(stream.id));
    }
    // From here to the append nothing may wait.
    if (!live.entry || !isWritable(live.entry)) throw streamNotFound(stream);
    prepare?.(live);
    const routed = route(puts, { live, meter: engine.throughput.puts(stream, scope) });
    const encryption = live.isEncrypting ? sealed : plain;
    const { firstKey, timeMs, stored } = live.append(routed.lanes, puts.records);
    let failure: unknown;
    try {
      await stored;
    } catch (error) {
      failure = error;
    }
    return { live, ...routed, firstKey, timeMs, encryption, failure };
  } finally {
    engine.capacity.release(bytes);
  }
}

/** Finds the shard of each record and whether its throughput admits it. In the turn of the append. */
function route(
  { records, hashKeys }: CheckedPuts,
  { live, meter }: { live: LiveStream; meter: StreamMeter | undefined },
): Pick<Stored, 'routes' | 'lanes' | 'throttledCount'> {
  const { ends } = records;
  const routeOf = live.begin();
  const routes = new Array<RoutedShard>(ends.length);
  const lanes = new Array<number>(ends.length);
  let throttledCount = 0;
  let start = 0;
  for (let place = 0; place < ends.length; place++) {
    const end = ends[place]!;
    const found = routeOf(hashKeys, place * 4);
    const lane = found.shard.index;
    const refusal = meter?.admitPut(lane, records.countedBytes(start, end));
    routes[place] = found;
    lanes[place] = refusal === undefined ? lane : PASSED_OVER;
    if (refusal !== undefined) throttledCount += 1;
    start = end;
  }
  return { routes, lanes, throttledCount };
}

const oneNumber = new RecordNumbers(1);

/** Where the records that were not throttled went, as both operations answer it. */
export function placesOf({
  routes,
  lanes,
  firstKey,
  timeMs,
}: Stored): { ShardId: string; SequenceNumber: string }[] {
  const went = routes.filter((_, place) => lanes[place] !== PASSED_OVER);
  const numbers = went.length === 1 ? oneNumber : new RecordNumbers(went.length);
  for (let place = 0; place < went.length; place++) {
    const { numberPart, shard } = went[place]!;
    numbers.add(numberPart, { key: firstKey + place, seconds: recordSeconds(shard, timeMs) });
  }
  const texts = numbers.take();
  return went.map(({ id }, place) => ({ ShardId: id, SequenceNumber: texts[place]! }));
}
