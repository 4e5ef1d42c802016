/**
 * Writes an answer of GetRecords into one buffer, the data of each record straight from where it lies: a
 * text of a whole page would be made twice before it is sent. Equal to what the general way writes.
 */
import { type GetRecordsOutput, getRecords } from '../../kinesis/operations/getRecords.ts';
import type { KinesisRecord } from '../../kinesis/shapes.ts';
import { encoderOf, encodeString, encodeTimestamp, headOf } from './encode.ts';
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

const encodeRest = encoderOf(getRecords.output) as (value: Partial<GetRecordsOutput>) => string;

/** `take`: a buffer of that many bytes or more. The answer is a part of it. */
export function pageBytes(output: GetRecordsOutput, take: (bytes: number) => Buffer): Buffer {
  const { Records, ...rest } = output;
  const following = encodeRest(rest);
  // The members that follow are below 23, so that their count is the head's low bits.
  const head = headOf(MAP, (following.charCodeAt(0) & 31) + 1);
  let text = head + keys.records + headOf(LIST, Records.length);
  const buffer = take(bytesMax(Records) + following.length + text.length);
  let at = 0;
  for (const record of Records) {
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
  for (const { Data, PartitionKey } of records) {
    bytes += Data.length + PartitionKey.length * unitBytesMax + recordBytesMax;
  }
  return bytes;
}

function beforeData(record: KinesisRecord): string {
  const { SequenceNumber, ApproximateArrivalTimestamp: time, Data } = record;
  const count = 3 + (time ? 1 : 0) + (record.EncryptionType ? 1 : 0);
  const number = headOf(MAP, count) + keys.number + encodeString(SequenceNumber);
  const arrival = time ? keys.time + encodeTimestamp(time) : '';
  return `${number}${arrival}${keys.data}${headOf(BYTES, Data.length)}`;
}

function behindData({ PartitionKey, EncryptionType }: KinesisRecord): string {
  const key = keys.partitionKey + encodeString(PartitionKey);
  return EncryptionType ? key + keys.encryption + encodeString(EncryptionType) : key;
}
