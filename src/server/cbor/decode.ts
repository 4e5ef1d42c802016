/**
 * A CBOR body into an operation's input, driven by its shape. Only types are checked here, with AWS's
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
import {
  BYTES,
  type CborReader,
  FALSE,
  LIST,
  MAP,
  NEGATIVE,
  OTHER,
  TEXT,
  TRUE,
  UNSIGNED,
} from './reader.ts';
import { skipItem } from './wellFormed.ts';

/**
 * Reads the value whose head `reader` has just read, which is not null, in a body that is well formed; or
 * throws.
 */
export type Decoder = (reader: CborReader) => unknown;

/** The decoder of a shape. Built once for each operation; it keeps nothing between calls. */
export function decoderOf(shape: Shape): Decoder {
  switch (shape.type) {
    case 'string':
      return decodeString;
    case 'integer':
    case 'long':
      return numberDecoder(wholeNumbers[shape.type]);
    case 'boolean':
      return decodeBoolean;
    case 'blob':
      return decodeBlob;
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

/** Says that the value is no `wanted`. @source guessed: as in JSON, but for the names of classes. */
function refuse(reader: CborReader, wanted: string): never {
  if (reader.major === LIST) throw serializationError(listNotExpected);
  if (reader.major === MAP) throw serializationError(structureNotExpected);
  throw notConvertible(javaClassOf(reader), wanted);
}

function javaClassOf({ major, info, argument }: CborReader): string {
  if (major === TEXT) return 'java.lang.String';
  if (major === BYTES) return 'java.nio.HeapByteBuffer';
  if (major === UNSIGNED || major === NEGATIVE) {
    return argument < 2 ** 31 ? 'java.lang.Integer' : 'java.lang.Long';
  }
  return info === TRUE || info === FALSE ? 'java.lang.Boolean' : 'java.lang.Double';
}

function decodeString(reader: CborReader): string {
  return reader.major === TEXT ? reader.text() : refuse(reader, 'an String');
}

function numberDecoder({ name, max }: { name: string; max: number }): Decoder {
  return (reader) => wholeNumber(numberOf(reader, name), max);
}

function numberOf(reader: CborReader, wanted: string): number {
  const value = reader.number();
  return value === undefined || Number.isNaN(value) ? refuse(reader, wanted) : value;
}

function decodeBoolean(reader: CborReader): boolean {
  if (reader.major === TEXT) return booleanOf(reader.text());
  if (reader.major !== OTHER || (reader.info !== TRUE && reader.info !== FALSE)) {
    return refuse(reader, 'an Boolean');
  }
  return reader.info === TRUE;
}

/** Bytes are bytes: a text is not taken for base64. @source documented, the refusal guessed */
function decodeBlob(reader: CborReader): Uint8Array {
  return reader.major === BYTES ? reader.content() : refuse(reader, 'a Blob');
}

/**
 * Milliseconds, unlike in JSON and against RFC 8949, whose tag 1 has seconds. @source documented; that a
 * float and a number without the tag are milliseconds too is guessed.
 */
function decodeTimestamp(reader: CborReader): Date {
  return dateOf(numberOf(reader, 'milliseconds since epoch'));
}

/** @source guessed: a null item is an empty structure in a list of those, else it is dropped. */
function listDecoder(item: Shape): Decoder {
  const decodeItem = decoderOf(item);
  const isOfStructures = item.type === 'structure';
  return (reader) => {
    if (reader.major === MAP) throw serializationError(structureNotExpected);
    if (reader.major !== LIST) throw serializationError(expectedOf.list);
    const result: unknown[] = [];
    reader.each(() => {
      reader.nextValue();
      if (!reader.isNull) result.push(decodeItem(reader));
      else if (isOfStructures) result.push({});
    });
    return result;
  };
}

function mapDecoder(shape: MapShape): Decoder {
  const decodeValue = decoderOf(shape.value);
  return (reader) => {
    if (reader.major === LIST) throw serializationError(listNotExpected);
    if (reader.major !== MAP) throw serializationError(expectedOf.map);
    const entries = new Map<string, unknown>();
    reader.each(() => {
      reader.nextValue();
      const key = decodeString(reader);
      reader.nextValue();
      if (reader.isNull) entries.delete(key);
      else entries.set(key, decodeValue(reader));
    });
    return Object.fromEntries(entries);
  };
}

/** Members that the shape does not name are ignored, null ones are absent. @source measured */
function structureDecoder(shape: StructureShape): Decoder {
  const members = new Map(
    Object.entries(shape.members).map(([name, member]) => [
      name,
      decoderOf(memberOf(member).shape),
    ]),
  );
  return (reader) => {
    if (reader.major === LIST) throw serializationError(listNotExpected);
    if (reader.major !== MAP) throw serializationError(expectedOf.structure);
    const result: Record<string, unknown> = {};
    reader.each(() => {
      const name = memberName(reader);
      const decode = members.get(name);
      if (decode) takeMember(reader, { result, name, decode });
      else skipItem(reader);
    });
    return result;
  };
}

interface Member {
  readonly result: Record<string, unknown>;
  readonly name: string;
  readonly decode: Decoder;
}

/** Of a member that comes twice the last counts, as in JSON. @source guessed */
function takeMember(reader: CborReader, { result, name, decode }: Member): void {
  reader.nextValue();
  if (reader.isNull) delete result[name];
  else result[name] = decode(reader);
}

/** Of a key that is no text: a name that no member has. */
function memberName(reader: CborReader): string {
  const start = reader.at;
  reader.nextValue();
  if (reader.major === TEXT) return reader.text();
  reader.at = start;
  skipItem(reader);
  return '';
}
