/** The usual answer of PutRecords, every record in its place, as the general way writes it. */
import { numberLength, shardDigits } from '../../kinesis/numberSeries.ts';
import type { PlacedRecords } from '../../kinesis/placedRecords.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const head = ascii('{"FailedRecordCount":0,"Records":[');
const beforeNumber = '{"SequenceNumber":"';
const beforeDigits = '","ShardId":"shardId-';
/** A record with a comma behind it, its digits still to be written. */
const blank = ascii(
  `${beforeNumber}${'0'.repeat(numberLength)}${beforeDigits}${'0'.repeat(shardDigits)}"},`,
);
const tail = ascii(']}');

const number = head.length + beforeNumber.length;
const digits = { number, id: number + numberLength + beforeDigits.length, stride: blank.length };

/** Answers up to this length are texts, which go out in one piece with their headers. */
const textBytesMax = 16 * 1024;
const scratch = Buffer.alloc(textBytesMax);

/** `take`: a buffer for what is too long for a text. */
export function placesText(
  output: PlacedRecords,
  take: (bytes: number) => Buffer,
): string | Buffer {
  const count = output.shards.length;
  // The last record's comma is written over.
  const length = head.length + count * blank.length + tail.length - 1;
  const isText = length <= textBytesMax;
  const bytes = isText ? scratch : take(length);
  bytes.set(head);
  fill(bytes, count);
  output.print(bytes, digits);
  bytes.set(tail, length - tail.length);
  return isText ? bytes.latin1Slice(0, length) : bytes.subarray(0, length);
}

/** Puts blanks for all records behind the head, each time as many more as there are. */
function fill(bytes: Buffer, count: number): void {
  const start = head.length;
  bytes.set(blank, start);
  for (let filled = 1; filled < count; filled *= 2) {
    const more = Math.min(filled, count - filled);
    bytes.copyWithin(start + filled * blank.length, start, start + more * blank.length);
  }
}
