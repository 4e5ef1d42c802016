/**
 * Writes pages of records, answers of GetRecords and events of subscriptions, into one buffer, the data of
 * each record straight from where it lies: a text of a whole page would be made twice before it is sent.
 * Equal to what the general way writes.
 */
import { type GetRecordsOutput, getRecords } from '../../kinesis/operations/getRecords.ts';
import { type OutputRecords, packedOf } from '../../kinesis/packedOutput.ts';
import type { KinesisRecord } from '../../kinesis/shapes.ts';
import {
  type SubscribeToShardEvent,
  subscribeToShardEvent,
} from '../../kinesis/subscribeToShardEvent.ts';
import { encodePlain, encoderOf, encodeString, encodeTimestamp, headOf } from './encode.ts';
import { packedBytesMax, writePacked } from './packedBytes.ts';
import { BYTES, LIST, MAP } from './reader.ts';

/** Of one record beside its data and key. */
const recordBytesMax = 256;
/** Of one UTF-16 unit in UTF-8. */
const unitBytesMax = 3;

const keys = {
  records: encodeString('Records'),
  number: encodeString('SequenceNumber'),
  time: encodeString('ApproximateArrivalTimestamp'),
  data: encodeString('Data'),
  partitionKey: encodeString('PartitionKey'),
  encryption: encodeString('EncryptionType'),
};

type Encode = (value: object) => string;
const encodePage = encoderOf(getRecords.output) as Encode;
const encodeEvent = encoderOf(subscribeToShardEvent) as Encode;
type Take = (bytes: number) => Buffer;

/** `take`: a buffer of that many bytes or more. The answer begins where it begins. */
export function pageBytes(output: GetRecordsOutput, take: Take): Buffer {
  const packed = packedOf(output);
  if (packed) return packedPageBytes(packed, { output, take });
  const { Records, ...rest } = output;
  return recordsBytes(Records, { following: encodePage(rest), take });
}

/** Ends the memory of the records: nobody looks at them any more. */
function packedPageBytes(
  packed: OutputRecords,
  { output, take }: { output: GetRecordsOutput; take: Take },
): Buffer {
  const { NextShardIterator, MillisBehindLatest, ChildShards } = output;
  const following = encodePage({ NextShardIterator, MillisBehindLatest, ChildShards });
  const text = headBefore(following, packed.count);
  const buffer = take(packedBytesMax(packed) + following.length + text.length);
  let at = writePacked(packed, { buffer, at: buffer.latin1Write(text, 0) });
  at += buffer.latin1Write(following.slice(1), at);
  packed.release();
  return buffer.subarray(0, at);
}

/** All before the first record. The members of `following` are below 23: their count is its head's low bits. */
const headBefore = (following: string, count: number): string =>
  headOf(MAP, (following.charCodeAt(0) & 31) + 1) + keys.records + headOf(LIST, count);

/** The same for an event. */
export function eventBytes({ Records, ...rest }: SubscribeToShardEvent, take: Take): Buffer {
  return recordsBytes(Records, { following: encodeEvent(rest), take });
}

/** `following`: a map of the other members. */
function recordsBytes(
  records: readonly KinesisRecord[],
  { following, take }: { following: string; take: Take },
): Buffer {
  let text = headBefore(following, records.length);
  const buffer = take(bytesMax(records) + following.length + text.length);
  let at = 0;
  for (const record of records) {
    text += beforeData(record);
    at += buffer.latin1Write(text, at);
    buffer.set(record.Data, at);
    at += record.Data.length;
    text = behindData(record);
  }
  at += buffer.latin1Write(text + following.slice(1), at);
  return buffer.subarray(0, at);
}

function bytesMax(records: readonly KinesisRecord[]): number {
  let bytes = 0;
  for (const { Data, PartitionKey = '' } of records) {
    bytes += Data.length + PartitionKey.length * unitBytesMax + recordBytesMax;
  }
  return bytes;
}

function beforeData(record: KinesisRecord): string {
  const { SequenceNumber, ApproximateArrivalTimestamp: time, Data, PartitionKey } = record;
  const count = 2 + (time ? 1 : 0) + (PartitionKey ? 1 : 0) + (record.EncryptionType ? 1 : 0);
  const number = headOf(MAP, count) + keys.number + encodePlain(SequenceNumber);
  const arrival = time ? keys.time + encodeTimestamp(time) : '';
  return `${number}${arrival}${keys.data}${headOf(BYTES, Data.length)}`;
}

function behindData({ PartitionKey, EncryptionType }: KinesisRecord): string {
  const key = PartitionKey ? keys.partitionKey + encodeString(PartitionKey) : '';
  return EncryptionType ? key + keys.encryption + encodeString(EncryptionType) : key;
}
