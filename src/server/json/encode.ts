/** An operation's output as JSON text, driven by its shape, in one pass without objects in between. */
import { AssertionError } from '../../base/assert.ts';
import { memberOf, type Shape, type StructureShape } from '../../kinesis/shape.ts';
import { isPlain } from '../operationCodecs.ts';

/** Turns a shape's value into JSON text. */
export type Encoder = (value: never) => string;

/** The encoder of a shape. Built once for each operation; it keeps nothing between calls. */
export function encoderOf(shape: Shape): Encoder {
  switch (shape.type) {
    case 'string':
      return isPlain(shape) ? (value: string) => `"${value}"` : encodeString;
    case 'integer':
    case 'long':
    case 'boolean':
      return (value: number | boolean) => String(value);
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

/** Quotes what has nothing to escape by itself: for short texts that is much cheaper. */
function encodeString(value: string): string {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code > 0x7e) return JSON.stringify(value);
  }
  return `"${value}"`;
}

const toBase64 = Buffer.prototype.base64Slice as (this: Uint8Array) => string;

function encodeBlob(bytes: Uint8Array): string {
  return `"${toBase64.call(bytes)}"`;
}

let lastMs = 0;
let lastText = '0';

/** Epoch seconds, milliseconds as fraction. Records that came together have the same. */
function encodeTimestamp(date: Date): string {
  const ms = date.getTime();
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = String(ms / 1000);
  }
  return lastText;
}

function listEncoder(item: Shape): Encoder {
  const encode = encoderOf(item) as (value: unknown) => string;
  // Joined, for one long text of many small ones would be put together piece by piece when it is sent.
  return (values: readonly unknown[]) => `[${values.map(encode).join(',')}]`;
}

function mapEncoder(item: Shape): Encoder {
  const encode = encoderOf(item) as (value: unknown) => string;
  return (values: Readonly<Record<string, unknown>>) => {
    const entries = Object.entries(values).filter(([, value]) => value !== undefined);
    return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${encode(value)}`).join(',')}}`;
  };
}

/** Absent members are left out; members that the shape does not name are not sent. */
function structureEncoder(shape: StructureShape): Encoder {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    first: `{${JSON.stringify(name)}:`,
    later: `,${JSON.stringify(name)}:`,
    encode: encoderOf(memberOf(member).shape) as (value: unknown) => string,
  }));
  return (value: Readonly<Record<string, unknown>>) => {
    let text = '';
    for (const { name, first, later, encode } of members) {
      const member = value[name];
      if (member === undefined || member === null) continue;
      text += text === '' ? first : later;
      text += encode(member);
    }
    return text === '' ? '{}' : `${text}}`;
  };
}
