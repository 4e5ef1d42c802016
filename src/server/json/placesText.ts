/** The usual answer of PutRecords, every record in its place, as the general way writes it. */
import type { PlacedRecords } from '../../kinesis/placedRecords.ts';
import { numberLength } from '../../kinesis/recordNumbers.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const head = ascii('{"FailedRecordCount":0,"Records":[');
const beforeNumber = ascii('{"SequenceNumber":"');
const beforeId = ascii('","ShardId":"');
const behindId = ascii('"},');
const tail = ascii(']}');

/** Answers up to this length are texts, which go out in one piece with their headers. */
const textBytesMax = 16 * 1024;
const scratch = Buffer.alloc(textBytesMax);

/** `take`: a buffer for what is too long for a text. */
export function placesText(
  output: PlacedRecords,
  take: (bytes: number) => Buffer,
): string | Buffer {
  const { shards } = output;
  const around = beforeNumber.length + numberLength + beforeId.length + behindId.length;
  // Each record ends with a comma; the last one's is written over.
  let length = head.length + shards.length * around + tail.length - 1;
  for (const { idBytes } of shards) length += idBytes.length;
  const isText = length <= textBytesMax;
  const bytes = isText ? scratch : take(length);
  write(output, bytes);
  bytes.set(tail, length - tail.length);
  return isText ? bytes.latin1Slice(0, length) : bytes.subarray(0, length);
}

function write(output: PlacedRecords, bytes: Buffer): void {
  const { shards } = output;
  let at = put(head, bytes, 0);
  output.printNumbers(bytes, (record) => {
    const number = put(beforeNumber, bytes, at);
    at = put(beforeId, bytes, number + numberLength);
    at = put(shards[record]!.idBytes, bytes, at);
    at = put(behindId, bytes, at);
    return number;
  });
}

/** Returns where it ends. For so few bytes a call of `set` costs more. */
function put(letters: Uint8Array, into: Uint8Array, at: number): number {
  for (let i = 0; i < letters.length; i++) into[at + i] = letters[i]!;
  return at + letters.length;
}
