/**
 * Reads a CBOR body item by item, in place. It never looks behind the body's end, never takes memory for a
 * length that was only announced, and throws nothing but a SerializationException without text.
 */
import type { KinesisError } from '../../kinesis/errors.ts';
import { serializationError } from '../coercion.ts';

/** Major types of RFC 8949. */
export const UNSIGNED = 0;
export const NEGATIVE = 1;
export const BYTES = 2;
export const TEXT = 3;
export const LIST = 4;
export const MAP = 5;
export const TAG = 6;
export const OTHER = 7;

/** Of OTHER. */
export const FALSE = 20;
export const TRUE = 21;
export const NULL = 22;
export const UNDEFINED = 23;
const FLOAT16 = 25;
const FLOAT32 = 26;
const FLOAT64 = 27;
/** The length is not known beforehand; of OTHER it is the break. */
const INDEFINITE = 31;

/** Tags around the bytes of a number that is too long for its type. */
const POSITIVE_BIGNUM = 2;
const NEGATIVE_BIGNUM = 3;
const NO_TAG = -1;

/** A body that is no CBOR: without text, as AWS answers one that is no JSON. @source guessed */
export const malformed = (): KinesisError => serializationError('');

export class CborReader {
  readonly bytes: Buffer;
  /** Where the next item begins, or the content of the one whose head was read. */
  at = 0;
  /** Of the head that was read last. */
  major = OTHER;
  /** What the head says with its number: a value, a length, a count or a tag; rounded above 2^53. */
  argument = 0;
  /** The five bits beside the major type. */
  info = UNDEFINED;
  /** The last tag before the value. */
  tag = NO_TAG;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get isIndefinite(): boolean {
    return this.info === INDEFINITE;
  }

  get isBreak(): boolean {
    return this.major === OTHER && this.info === INDEFINITE;
  }

  /** Of undefined too. */
  get isNull(): boolean {
    return this.major === OTHER && (this.info === NULL || this.info === UNDEFINED);
  }

  /** Reads the next head, be it a tag's. */
  next(): void {
    if (this.at >= this.bytes.length) throw malformed();
    const first = this.bytes[this.at++]!;
    this.major = first >> 5;
    this.info = first & 31;
    if (this.info < 24) this.argument = this.info;
    else if (this.info <= 27) this.argument = this.readUnsigned(1 << (this.info - 24));
    else if (this.info !== INDEFINITE || !isOpenEnded(this.major)) throw malformed();
  }

  /** Reads the head of the next value, and the tags before it. */
  nextValue(): void {
    this.next();
    this.tag = NO_TAG;
    while (this.major === TAG) {
      this.tag = this.argument;
      this.next();
    }
  }

  /** True, and behind it, when a break is next. */
  takesBreak(): boolean {
    if (this.bytes[this.at] !== 0xff) return false;
    this.at += 1;
    return true;
  }

  /** Of a list or a map: `take` must read one item, or one pair. */
  each(take: () => void): void {
    if (this.isIndefinite) while (!this.takesBreak()) take();
    else for (let left = this.argument; left > 0; left--) take();
  }

  /** Passes the content of a string of known length. */
  pass(): void {
    if (this.argument > this.bytes.length - this.at) throw malformed();
    this.at += this.argument;
  }

  /** The text whose head was read. */
  text(): string {
    if (this.isIndefinite) return Buffer.concat(this.chunks()).toString('utf8');
    const from = this.at;
    this.pass();
    return this.bytes.utf8Slice(from, this.at);
  }

  /** The bytes whose head was read: in place, unless they came in chunks. */
  content(): Uint8Array {
    if (this.isIndefinite) return Buffer.concat(this.chunks());
    const from = this.at;
    this.pass();
    const { buffer, byteOffset } = this.bytes;
    return new Uint8Array(buffer, byteOffset + from, this.argument);
  }

  /** Whole numbers of any width, floats and bignums; undefined for what is no number. */
  number(): number | undefined {
    if (this.major === UNSIGNED) return this.argument;
    if (this.major === NEGATIVE) return -1 - this.argument;
    if (this.major === BYTES && this.tag === POSITIVE_BIGNUM) return this.bignum();
    if (this.major === BYTES && this.tag === NEGATIVE_BIGNUM) return -1 - this.bignum();
    return this.major === OTHER ? this.float() : undefined;
  }

  private float(): number | undefined {
    const { bytes, at } = this;
    if (this.info === FLOAT64) return bytes.readDoubleBE(at - 8);
    if (this.info === FLOAT32) return bytes.readFloatBE(at - 4);
    return this.info === FLOAT16 ? halfOf(this.argument) : undefined;
  }

  private bignum(): number {
    let value = 0;
    for (const byte of this.content()) value = value * 256 + byte;
    return value;
  }

  private chunks(): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    while (!this.takesBreak()) {
      this.next();
      if (this.isIndefinite) throw malformed();
      chunks.push(this.content());
    }
    return chunks;
  }

  private readUnsigned(length: number): number {
    const { bytes, at } = this;
    if (length > bytes.length - at) throw malformed();
    this.at += length;
    if (length < 8) return bytes.readUIntBE(at, length);
    return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
  }
}

const isOpenEnded = (major: number): boolean => (major >= BYTES && major <= MAP) || major === OTHER;

/** A float of 16 bits. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
