/**
 * JSON values into an operation's input, driven by its shape. Only types are checked here, with AWS's
 * sentences; constraints are the business of whoever implements the operation.
 */
import { AssertionError } from '../../base/assert.ts';
import { KinesisError } from '../../kinesis/errors.ts';
import { type MapShape, memberOf, type Shape, type StructureShape } from '../../kinesis/shape.ts';
import { decodeBase64 } from './base64.ts';

/** Turns a parsed JSON value that is neither null nor undefined into the shape's value, or throws. */
export type Decoder = (value: unknown) => unknown;

const integerMax = 2_147_483_647;
const dateMsMax = 8.64e15;

/** A SerializationException: `message` is AWS's, and travels as `Message`. */
export const serializationError = (message: string): KinesisError =>
  new KinesisError('SerializationException', message);

const structureNotExpected = 'Start of structure or map found where not expected.';
const listNotExpected = 'Start of list found where not expected';

/** The decoder of a shape. Built once for each operation; it keeps nothing between calls. */
export function decoderOf(shape: Shape): Decoder {
  switch (shape.type) {
    case 'string':
      return (value) => (typeof value === 'string' ? value : refuse(value, 'an String'));
    case 'integer':
      return (value) => wholeNumber(value, { name: 'an Integer', max: integerMax });
    case 'long':
      return (value) => wholeNumber(value, { name: 'an Long', max: Number.MAX_SAFE_INTEGER });
    case 'boolean':
      return decodeBoolean;
    case 'blob':
      return (value) => (typeof value === 'string' ? decodeBase64(value) : refuse(value, 'a Blob'));
    case 'timestamp':
      return decodeTimestamp;
    case 'list':
      return listDecoder(shape.item);
    case 'map':
      return mapDecoder(shape);
    case 'structure':
      return structureDecoder(shape);
    case 'eventStream':
      throw new AssertionError('an event stream is no member of an input');
  }
}

/** Says that `value` is no `wanted`, in AWS's words. @source measured */
function refuse(value: unknown, wanted: string): never {
  if (Array.isArray(value)) throw serializationError(listNotExpected);
  if (typeof value === 'object') throw serializationError(structureNotExpected);
  throw serializationError(`class ${javaClassOf(value)} can not be converted to ${wanted}`);
}

function javaClassOf(value: unknown): string {
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (typeof value === 'number') return 'com.amazon.coral.value.json.numbers.TruncatingBigNumber';
  return 'java.lang.String';
}

/** Cut to a whole number towards the floor and held within the type. @source measured */
function wholeNumber(value: unknown, { name, max }: { name: string; max: number }): number {
  if (typeof value !== 'number') return refuse(value, name);
  return Math.min(max, Math.max(-max - 1, Math.floor(value)));
}

/** @source measured: these words are taken for booleans, whatever their case. */
const booleanWords: Readonly<Record<string, boolean>> = {
  TRUE: true,
  YES: true,
  '1': true,
  FALSE: false,
  NO: false,
  '0': false,
};

function decodeBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return refuse(value, 'an Boolean');
  const word = value.toUpperCase();
  if (Object.hasOwn(booleanWords, word)) return booleanWords[word]!;
  throw serializationError(`'${word}' can not be converted to an Boolean`);
}

/** Epoch seconds with a fraction; to the nearest millisecond. */
function decodeTimestamp(value: unknown): Date {
  if (typeof value !== 'number') return refuse(value, 'milliseconds since epoch');
  return new Date(Math.min(dateMsMax, Math.max(-dateMsMax, Math.round(value * 1000))));
}

/** @source guessed: a null item is an empty structure in a list of those, else it is dropped. */
function listDecoder(item: Shape): Decoder {
  const decodeItem = decoderOf(item);
  const isOfStructures = item.type === 'structure';
  return (value) => {
    if (!Array.isArray(value)) {
      throw serializationError(
        typeof value === 'object' ? structureNotExpected : 'Expected list or null',
      );
    }
    const result: unknown[] = [];
    for (const entry of value) {
      if (entry !== null) result.push(decodeItem(entry));
      else if (isOfStructures) result.push({});
    }
    return result;
  };
}

function mapDecoder(shape: MapShape): Decoder {
  const decodeValue = decoderOf(shape.value);
  return (value) => {
    if (Array.isArray(value)) throw serializationError(listNotExpected);
    if (typeof value !== 'object') throw serializationError('Expected map or null');
    const entries = Object.entries(value as object).filter(([, entry]) => entry !== null);
    return Object.fromEntries(entries.map(([key, entry]) => [key, decodeValue(entry)]));
  };
}

/** Members that the shape does not name are ignored, null ones are absent. @source measured */
function structureDecoder(shape: StructureShape): Decoder {
  const members = Object.entries(shape.members).map(
    ([name, member]) => [name, decoderOf(memberOf(member).shape)] as const,
  );
  return (value) => {
    if (Array.isArray(value)) throw serializationError(listNotExpected);
    if (typeof value !== 'object') throw serializationError('Expected null');
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, decode] of members) {
      const member = source[name];
      if (member !== undefined && member !== null) result[name] = decode(member);
    }
    return result;
  };
}
