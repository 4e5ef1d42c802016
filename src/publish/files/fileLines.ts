/** The lines of a file, one at a time: memory holds one chunk and one line, however long the file is. */
import { createReadStream } from 'node:fs';
import { dataBytesMax } from '../../kinesis/limits.ts';

const lineFeed = 10;
const carriageReturn = 13;
/** Some editors put it in front of a file in UTF-8; it is no part of what they were given. */
const byteOrderMark = [0xef, 0xbb, 0xbf];

export interface LineLimit {
  readonly bytesMax: number;
  /** What the line is that has more, and what became of the others. */
  readonly isWhat: string;
}

const aRecord: LineLimit = {
  bytesMax: dataBytesMax,
  isWhat: 'longer than 10 MiB, the most that a record can hold. What came before it was put.',
};

export interface FileLine {
  /** Without its end, and without the byte order mark of its file. */
  readonly bytes: Uint8Array;
  /** The last line of a file may have none. */
  readonly hasEnd: boolean;
}

/** Throws an Error for a line over its limit. */
export async function* fileLines(
  path: string,
  { bytesMax, isWhat }: LineLimit = aRecord,
): AsyncGenerator<FileLine> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let number = 1;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    let bytes = chunk as Uint8Array;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed)) {
      yield { bytes: line([...rest, bytes.subarray(0, end)], number), hasEnd: true };
      rest = [];
      restBytes = 0;
      number++;
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > 0) rest.push(bytes);
    restBytes += bytes.length;
    if (restBytes > bytesMax) throw new Error(`Line ${number} of ${path} is ${isWhat}`);
  }
  if (restBytes > 0) yield { bytes: line(rest, number), hasEnd: false };
}

/** A copy, since the chunk goes back to the stream's pool. */
function line(parts: readonly Uint8Array[], number: number): Uint8Array {
  const whole = Buffer.concat(parts);
  const isMarked = number === 1 && byteOrderMark.every((byte, at) => whole[at] === byte);
  const end = whole.at(-1) === carriageReturn ? whole.length - 1 : whole.length;
  return new Uint8Array(whole.subarray(isMarked ? byteOrderMark.length : 0, end));
}
