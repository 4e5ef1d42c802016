/**
 * An operation's output as CBOR, driven by its shape. It is put together as a text with one character for
 * each byte, which costs less than to write many small pieces into memory; it must never be sent as UTF-8.
 */
import { AssertionError } from '../../base/assert.ts';
import { memberOf, type Shape, type StructureShape } from '../../kinesis/shape.ts';
import { isPlain } from '../operationCodecs.ts';
import { BYTES, LIST, MAP, NEGATIVE, TEXT, UNSIGNED } from './reader.ts';

/** Turns a shape's value into CBOR, a character a byte. */
export type Encoder = (value: never) => string;

const { fromCharCode } = String;

/** The encoder of a shape. Built once for each operation; it keeps nothing between calls. */
export function encoderOf(shape: Shape): Encoder {
  switch (shape.type) {
    case 'string':
      return isPlain(shape) ? encodePlain : encodeString;
    case 'integer':
    case 'long':
      return encodeNumber;
    case 'boolean':
      return (value: boolean) => (value ? '\xf5' : '\xf4');
    case 'blob':
      return encodeBlob;
    case 'timestamp':
      return encodeTimestamp;
    case 'list':
      return listEncoder(shape.item);
    case 'map':
      return mapEncoder(shape.value);
    case 'structure':
      return structureEncoder(shape);
    case 'eventStream':
      return () => {
        throw new AssertionError('an event stream is sent event by event');
      };
  }
}

/** Those of two bytes at most, which are nearly all: 256 for each major type. */
const shortHeads = Array.from({ length: 8 * 256 }, (_, place) => {
  const type = (place >> 8) << 5;
  const argument = place & 0xff;
  return argument < 24 ? fromCharCode(type | argument) : fromCharCode(type | 24, argument);
});

/** The shortest head of a major type that says `argument`, a whole number from 0 to 2^53. */
export function headOf(major: number, argument: number): string {
  if (argument < 0x100) return shortHeads[(major << 8) | argument]!;
  const type = major << 5;
  if (argument < 0x10000) return fromCharCode(type | 25) + unsigned16(argument);
  const low = unsigned16((argument >>> 16) & 0xffff) + unsigned16(argument & 0xffff);
  if (argument < 2 ** 32) return fromCharCode(type | 26) + low;
  const high = Math.floor(argument / 2 ** 32);
  return fromCharCode(type | 27) + unsigned16(high >>> 16) + unsigned16(high & 0xffff) + low;
}

const unsigned16 = (value: number): string => fromCharCode(value >> 8, value & 0xff);

/** A text of ASCII, which the caller must know. */
export const encodePlain = (value: string): string => headOf(TEXT, value.length) + value;

export function encodeString(value: string): string {
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) > 0x7e) return encodeUtf8(value);
  }
  return encodePlain(value);
}

function encodeUtf8(value: string): string {
  const bytes = Buffer.from(value, 'utf8');
  return headOf(TEXT, bytes.length) + bytes.latin1Slice();
}

const encodeNumber = (value: number): string =>
  value < 0 ? headOf(NEGATIVE, -1 - value) : headOf(UNSIGNED, value);

const toLatin1 = Buffer.prototype.latin1Slice as (this: Uint8Array) => string;

const encodeBlob = (bytes: Uint8Array): string =>
  headOf(BYTES, bytes.length) + toLatin1.call(bytes);

let lastMs = 0;
let lastText = '\xc1\x00';

/**
 * Tag 1 and whole milliseconds; a float breaks AWS's SDKs. Records that came together have the same.
 * @source documented
 */
export function encodeTimestamp(date: Date): string {
  const ms = date.getTime();
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = `\xc1${encodeNumber(ms)}`;
  }
  return lastText;
}

function listEncoder(item: Shape): Encoder {
  const encode = encoderOf(item) as (value: unknown) => string;
  return (values: readonly unknown[]) => headOf(LIST, values.length) + values.map(encode).join('');
}

function mapEncoder(item: Shape): Encoder {
  const encode = encoderOf(item) as (value: unknown) => string;
  return (values: Readonly<Record<string, unknown>>) => {
    const entries = Object.entries(values).filter(([, value]) => value !== undefined);
    const texts = entries.map(([key, value]) => encodeString(key) + encode(value));
    return headOf(MAP, entries.length) + texts.join('');
  };
}

/** Absent members are left out; members that the shape does not name are not sent. */
function structureEncoder(shape: StructureShape): Encoder {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    key: encodeString(name),
    encode: encoderOf(memberOf(member).shape) as (value: unknown) => string,
  }));
  return (value: Readonly<Record<string, unknown>>) => {
    let text = '';
    let count = 0;
    for (const { name, key, encode } of members) {
      const member = value[name];
      if (member === undefined || member === null) continue;
      text += key;
      text += encode(member);
      count += 1;
    }
    return headOf(MAP, count) + text;
  };
}
