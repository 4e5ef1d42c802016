/** An operation's output as JSON text, driven by its shape, in one pass without objects in between. */
import { memberOf, type Shape, type StructureShape } from '../../kinesis/shape.ts';
import { hashKey, sequenceNumber, shardId } from '../../kinesis/shapes.ts';

/** Turns a shape's value into JSON text. */
export type Encoder = (value: never) => string;

/** What satisfies these has no character that JSON escapes. */
const plainPatterns: ReadonlySet<string> = new Set(
  [shardId, sequenceNumber, hashKey].map(({ pattern }) => pattern ?? ''),
);

/** The encoder of a shape. Built once for each operation; it keeps nothing between calls. */
export function encoderOf(shape: Shape): Encoder {
  switch (shape.type) {
    case 'string':
      return shape.pattern !== undefined && plainPatterns.has(shape.pattern)
        ? (value: string) => `"${value}"`
        : (value: string) => JSON.stringify(value);
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
  }
}

function encodeBlob(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return `"${buffer.toString('base64')}"`;
}

/** Epoch seconds, milliseconds as fraction. */
function encodeTimestamp(date: Date): string {
  return String(date.getTime() / 1000);
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
    prefix: `${JSON.stringify(name)}:`,
    encode: encoderOf(memberOf(member).shape) as (value: unknown) => string,
  }));
  return (value: Readonly<Record<string, unknown>>) => {
    let text = '';
    for (const { name, prefix, encode } of members) {
      const member = value[name];
      if (member === undefined || member === null) continue;
      text += text === '' ? prefix : `,${prefix}`;
      text += encode(member);
    }
    return `{${text}}`;
  };
}
