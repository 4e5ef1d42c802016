/** The lines of a file, one at a time: memory holds one chunk and one line, however long the file is. */
import { createReadStream } from 'node:fs';
import { dataBytesMax } from '../../kinesis/limits.ts';

const lineFeed = 10;
const carriageReturn = 13;

export interface LineLimit {
  readonly bytesMax: number;
  /** What the line is that has more, and what became of the others. */
  readonly isWhat: string;
}

const aRecord: LineLimit = {
  bytesMax: dataBytesMax,
  isWhat: 'longer than 10 MiB, the most that a record can hold. What came before it was put.',
};

/** Lines without their ends, as bytes. Throws an Error for a line over its limit. */
export async function* fileLines(
  path: string,
  { bytesMax, isWhat }: LineLimit = aRecord,
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let number = 1;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    let bytes = chunk as Uint8Array;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed)) {
      yield line([...rest, bytes.subarray(0, end)]);
      rest = [];
      restBytes = 0;
      number++;
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > 0) rest.push(bytes);
    restBytes += bytes.length;
    if (restBytes > bytesMax) throw new Error(`Line ${number} of ${path} is ${isWhat}`);
  }
  if (restBytes > 0) yield line(rest);
}

/** A copy, since the chunk goes back to the stream's pool. */
function line(parts: readonly Uint8Array[]): Uint8Array {
  const whole = Buffer.concat(parts);
  const end = whole.at(-1) === carriageReturn ? whole.length - 1 : whole.length;
  return new Uint8Array(whole.subarray(0, end));
}
