/** Turns the entries of a page into records as GetRecords gives them, many at a time. Reads nothing. */
import { RecordNumbers, recordSeconds, shardPart } from '../kinesis/recordNumbers.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type { LogEntry } from './log/log.ts';
import { dataOf, keyAt, keyBytesMax, keyDecoder, keyLength, unpackRecord } from './recordBytes.ts';
import type { OpenedEntry } from './sealedRecords.ts';
import type { ShardEntry } from './streamEntry.ts';

/** Data are views of the entries. */
export function recordsOf(entries: readonly OpenedEntry[], shard: ShardEntry): KinesisRecord[] {
  const part = shardPart(shard);
  const numbers = new RecordNumbers(entries.length);
  for (const { key, timeMs } of entries) {
    numbers.add(part, { key, seconds: recordSeconds(shard, timeMs) });
  }
  const texts = numbers.take();
  const keys = partitionKeys(entries);
  let arrival = new Date(0);
  return entries.map(({ timeMs, bytes, isSealed }, place) => {
    if (arrival.getTime() !== timeMs) arrival = new Date(timeMs);
    const record = {
      SequenceNumber: texts[place]!,
      ApproximateArrivalTimestamp: arrival,
      Data: dataOf(bytes),
      PartitionKey: keys[place] || undefined,
    };
    return isSealed ? { ...record, EncryptionType: 'KMS' as const } : record;
  });
}

/** Keys decoded together: whoever keeps one of them keeps the text of its block. */
const blockCount = 64;
const joinedKeys = new Uint8Array(blockCount * keyBytesMax);

function partitionKeys(entries: readonly LogEntry[]): string[] {
  const keys: string[] = [];
  for (let first = 0; first < entries.length; first += blockCount) {
    addKeys(keys, entries.slice(first, first + blockCount));
  }
  return keys;
}

/** One text of all, cut where each ends; that needs one byte for each character. */
function addKeys(keys: string[], entries: readonly LogEntry[]): void {
  let end = 0;
  for (const { bytes } of entries) end = copyKey(bytes, { to: joinedKeys, at: end });
  const text = keyDecoder.decode(joinedKeys.subarray(0, end));
  const isOneByteEach = text.length === end;
  let at = 0;
  for (const { bytes } of entries) {
    const length = keyLength(bytes);
    keys.push(isOneByteEach ? text.slice(at, at + length) : unpackRecord(bytes).partitionKey);
    at += length;
  }
}

function copyKey(record: Uint8Array, { to, at }: { to: Uint8Array; at: number }): number {
  const length = keyLength(record);
  for (let i = 0; i < length; i++) to[at + i] = record[keyAt + i]!;
  return at + length;
}
