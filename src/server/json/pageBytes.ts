/**
 * Writes an answer of GetRecords into one buffer, block by block: a text of a whole page is as long as the
 * buffer, and would be made twice before it is sent. Equal to what the general way writes.
 */
import { type GetRecordsOutput, getRecords } from '../../kinesis/operations/getRecords.ts';
import { type OutputRecords, packedOf } from '../../kinesis/packedOutput.ts';
import { type KinesisRecord, record } from '../../kinesis/shapes.ts';
import { encoderOf } from './encode.ts';
import { packedBytesMax, writePacked } from './packedBytes.ts';

/** Records that are made one text. */
const blockCount = 64;
/** Of one record's JSON beside its data and key, and of what follows the records. */
const recordBytesMax = 256;
const restBytesMax = 1024;
/** Of one UTF-16 unit: escaped it takes six. */
const unitBytesMax = 6;

const encodeRecord = encoderOf(record) as (value: KinesisRecord) => string;
const encodeRest = encoderOf(getRecords.output) as (value: Partial<GetRecordsOutput>) => string;

/** `take`: a buffer of that many bytes or more. The answer is a part of it. */
export function pageBytes(output: GetRecordsOutput, take: (bytes: number) => Buffer): Buffer {
  const packed = packedOf(output);
  if (packed) return packedPageBytes(packed, { output, take });
  const { Records, ...rest } = output;
  const following = encodeRest(rest);
  const buffer = take(bytesMax(Records) + following.length * unitBytesMax + restBytesMax);
  let at = buffer.latin1Write('{"Records":[', 0);
  for (let first = 0; first < Records.length; first += blockCount) {
    const texts = Records.slice(first, first + blockCount).map(encodeRecord);
    at += buffer.utf8Write(first === 0 ? texts.join(',') : `,${texts.join(',')}`, at);
  }
  at += buffer.utf8Write(following === '{}' ? ']}' : `],${following.slice(1)}`, at);
  return buffer.subarray(0, at);
}

/** Ends the memory of the records: nobody looks at them any more. */
function packedPageBytes(
  packed: OutputRecords,
  { output, take }: { output: GetRecordsOutput; take: (bytes: number) => Buffer },
): Buffer {
  const { NextShardIterator, MillisBehindLatest, ChildShards } = output;
  const following = encodeRest({ NextShardIterator, MillisBehindLatest, ChildShards });
  const buffer = take(packedBytesMax(packed) + following.length * unitBytesMax + restBytesMax);
  let at = buffer.latin1Write('{"Records":[', 0);
  at = writePacked(packed, { buffer, at });
  at += buffer.utf8Write(following === '{}' ? ']}' : `],${following.slice(1)}`, at);
  packed.release();
  return buffer.subarray(0, at);
}

function bytesMax(records: readonly KinesisRecord[]): number {
  let bytes = 0;
  for (const { Data, PartitionKey = '' } of records) {
    bytes += Math.ceil(Data.length / 3) * 4 + PartitionKey.length * unitBytesMax + recordBytesMax;
  }
  return bytes;
}
