/** Writes the usual answer of PutRecords, every record in its place, as the general way of an encoding does. */
import { numberLength, shardDigits } from '../kinesis/numberSeries.ts';
import type { PlacedRecords } from '../kinesis/placedRecords.ts';

/** What stands around the digits of numbers and of shards' ids in an encoding, a character a byte. */
export interface PlacesForm {
  /** All before the first of so many records. */
  headOf(count: number): string;
  /** Of a record. */
  readonly beforeNumber: string;
  readonly beforeDigits: string;
  readonly end: string;
  /** Between two records. */
  readonly separator: string;
  readonly tail: string;
}

/** Answers up to this length are texts, which go out in one piece with their headers. */
const textBytesMax = 16 * 1024;
const scratch = Buffer.alloc(textBytesMax);

/** `take`: a buffer for what is too long for a text. */
export type WritePlaces = (
  output: PlacedRecords,
  take: (bytes: number) => Buffer,
) => string | Buffer;

export function placesWriter(form: PlacesForm): WritePlaces {
  const { headOf, beforeNumber, beforeDigits, end, separator, tail } = form;
  // Digits are still to be written.
  const record = beforeNumber + '0'.repeat(numberLength) + beforeDigits + '0'.repeat(shardDigits);
  const blank = Buffer.from(record + end + separator, 'latin1');
  const idAt = beforeNumber.length + numberLength + beforeDigits.length;
  return (output, take) => {
    const count = output.shards.length;
    const head = headOf(count);
    const [start, stride] = [head.length, blank.length];
    // The last record's separator is written over.
    const tailAt = start + count * stride - separator.length;
    const length = tailAt + tail.length;
    const isText = length <= textBytesMax;
    const bytes = isText ? scratch : take(length);
    bytes.latin1Write(head, 0);
    fill(bytes, { blank, start, count });
    output.print(bytes, { number: start + beforeNumber.length, id: start + idAt, stride });
    bytes.latin1Write(tail, tailAt);
    return isText ? bytes.latin1Slice(0, length) : bytes.subarray(0, length);
  };
}

/** Puts blanks for all records from `start` on, each time as many more as there are. */
function fill(bytes: Buffer, of: { blank: Uint8Array; start: number; count: number }): void {
  const { blank, start, count } = of;
  bytes.set(blank, start);
  for (let filled = 1; filled < count; filled *= 2) {
    const more = Math.min(filled, count - filled);
    bytes.copyWithin(start + filled * blank.length, start, start + more * blank.length);
  }
}
