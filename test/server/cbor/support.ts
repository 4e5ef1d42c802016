// CBOR as tests write it: any value in the forms that clients choose between, independent of our codec.
import fc from 'fast-check';

/** `major` with its number, in the shortest form or one of `width` bytes. */
export function head(major: number, argument: number | bigint, width = 0): Buffer {
  const value = BigInt(argument);
  const shortest =
    value < 24n ? 0 : value < 256n ? 1 : value < 65_536n ? 2 : value < 2n ** 32n ? 4 : 8;
  const bytes = Math.max(shortest, width);
  if (bytes === 0) return Buffer.from([(major << 5) | Number(value)]);
  const digits = value.toString(16).padStart(bytes * 2, '0');
  return Buffer.concat([
    Buffer.from([(major << 5) | (24 + Math.log2(bytes))]),
    Buffer.from(digits, 'hex'),
  ]);
}

/** How a client writes: lengths known beforehand or not, heads as short as may be or not. */
export interface Style {
  readonly isOpenEnded: boolean;
  readonly width: 0 | 1 | 2 | 4 | 8;
  /** Strings in chunks of so many bytes. */
  readonly chunkBytes: number | undefined;
  readonly tags: readonly number[];
}

export const plainStyle: Style = {
  isOpenEnded: false,
  width: 0,
  chunkBytes: undefined,
  tags: [],
};

/** As the SDKs for Java write it. */
export const javaStyle: Style = { ...plainStyle, isOpenEnded: true };

export const anyStyle: fc.Arbitrary<Style> = fc.record({
  isOpenEnded: fc.boolean(),
  width: fc.constantFrom(0, 1, 2, 4, 8),
  chunkBytes: fc.constantFrom(undefined, 1, 7),
  tags: fc.constantFrom<number[]>([], [55_799], [24, 300]),
});

const stop = Buffer.from([0xff]);

/** Objects, lists, texts, bytes, whole numbers, floats, booleans, null, undefined; dates in milliseconds. */
export function write(value: unknown, style: Style = plainStyle): Buffer {
  return Buffer.concat([...style.tags.map((tag) => head(6, tag)), bare(value, style)]);
}

function bare(value: unknown, style: Style): Buffer {
  if (value instanceof Uint8Array) return writeString(2, value, style);
  if (typeof value === 'string') return writeString(3, Buffer.from(value), style);
  if (value instanceof Date) return Buffer.concat([head(6, 1), whole(value.getTime(), style)]);
  if (Array.isArray(value)) {
    return writeList(
      value.map((item) => write(item, style)),
      style,
    );
  }
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map((pair) => pair.map((part) => write(part, style)));
    return writeMap(
      pairs.map((pair) => Buffer.concat(pair)),
      style,
    );
  }
  if (typeof value === 'number' && Number.isInteger(value)) return whole(value, style);
  if (typeof value === 'number') return double(value);
  return Buffer.from([
    value === true ? 0xf5 : value === false ? 0xf4 : value === null ? 0xf6 : 0xf7,
  ]);
}

const whole = (value: number, { width }: Style): Buffer =>
  value < 0 ? head(1, -1 - value, width) : head(0, value, width);

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xfb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** `items` and `pairs` are CBOR already. */
export const writeList = (items: readonly Buffer[], style: Style): Buffer =>
  container(4, items, style);
export const writeMap = (pairs: readonly Buffer[], style: Style): Buffer =>
  container(5, pairs, style);

function container(major: number, items: readonly Buffer[], { isOpenEnded, width }: Style): Buffer {
  if (isOpenEnded) return Buffer.concat([Buffer.from([(major << 5) | 31]), ...items, stop]);
  return Buffer.concat([head(major, items.length, width), ...items]);
}

/** A text whose bytes may be no UTF-8. */
export const writeText = (bytes: Uint8Array, style: Style): Buffer => writeString(3, bytes, style);

function writeString(major: number, bytes: Uint8Array, { chunkBytes, width }: Style): Buffer {
  if (chunkBytes === undefined) return Buffer.concat([head(major, bytes.length, width), bytes]);
  const chunks: Buffer[] = [Buffer.from([(major << 5) | 31])];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    chunks.push(head(major, chunk.length), Buffer.from(chunk));
  }
  return Buffer.concat([...chunks, stop]);
}
