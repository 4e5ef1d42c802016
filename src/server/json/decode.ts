/**
 * JSON values into an operation's input, driven by its shape. Only types are checked here, with AWS's
 * sentences; constraints are the business of whoever implements the operation.
 */
import { AssertionError } from '../../base/assert.ts';
import { type MapShape, memberOf, type Shape, type StructureShape } from '../../kinesis/shape.ts';
import {
  booleanOf,
  dateOf,
  expectedOf,
  listNotExpected,
  notConvertible,
  serializationError,
  structureNotExpected,
  wholeNumber,
  wholeNumbers,
} from '../coercion.ts';
import { decodeBase64 } from './base64.ts';

/** Turns a parsed JSON value that is neither null nor undefined into the shape's value, or throws. */
export type Decoder = (value: unknown) => unknown;

/** The decoder of a shape. Built once for each operation; it keeps nothing between calls. */
export function decoderOf(shape: Shape): Decoder {
  switch (shape.type) {
    case 'string':
      return (value) => (typeof value === 'string' ? value : refuse(value, 'an String'));
    case 'integer':
    case 'long':
      return numberDecoder(wholeNumbers[shape.type]);
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
  throw notConvertible(javaClassOf(value), wanted);
}

function javaClassOf(value: unknown): string {
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (typeof value === 'number') return 'com.amazon.coral.value.json.numbers.TruncatingBigNumber';
  return 'java.lang.String';
}

function numberDecoder({ name, max }: { name: string; max: number }): Decoder {
  return (value) => (typeof value === 'number' ? wholeNumber(value, max) : refuse(value, name));
}

function decodeBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? booleanOf(value) : refuse(value, 'an Boolean');
}

/** Epoch seconds with a fraction. */
function decodeTimestamp(value: unknown): Date {
  if (typeof value !== 'number') return refuse(value, 'milliseconds since epoch');
  return dateOf(value * 1000);
}

/** @source guessed: a null item is an empty structure in a list of those, else it is dropped. */
function listDecoder(item: Shape): Decoder {
  const decodeItem = decoderOf(item);
  const isOfStructures = item.type === 'structure';
  return (value) => {
    if (!Array.isArray(value)) {
      throw serializationError(typeof value === 'object' ? structureNotExpected : expectedOf.list);
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
    if (typeof value !== 'object') throw serializationError(expectedOf.map);
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
    if (typeof value !== 'object') throw serializationError(expectedOf.structure);
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, decode] of members) {
      const member = source[name];
      if (member !== undefined && member !== null) result[name] = decode(member);
    }
    return result;
  };
}
