/** The CBOR codec of each operation: bodies in, bodies out. */
import type { GetRecordsOutput } from '../../kinesis/operations/getRecords.ts';
import type { PutRecordsOutput } from '../../kinesis/operations/putRecords.ts';
import {
  type InputOf,
  type OperationName,
  type OutputOf,
  operations,
} from '../../kinesis/operations.ts';
import { map, type Shape, string } from '../../kinesis/shape.ts';
import { type Codec, errorMembers } from '../codec.ts';
import { type Decoder, decoderOf } from './decode.ts';
import { encoderOf } from './encode.ts';
import { eventBytes, pageBytes } from './pageBytes.ts';
import { placesText } from './placesText.ts';
import { readPutBody } from './putBody.ts';
import { openBody } from './wellFormed.ts';

interface OperationCodec {
  readonly decode: Decoder;
  /** A character a byte. */
  readonly encode: (value: unknown) => string;
}

const codecs = new Map<OperationName, OperationCodec>();

/** Built when first used: a start should not pay for operations nobody calls. */
function codecOf(name: OperationName): OperationCodec {
  const known = codecs.get(name);
  if (known) return known;
  const { input, output, emptyAnswer } = operations[name];
  const codec: OperationCodec = {
    decode: decoderOf(input),
    encode: emptyAnswer ? () => '' : encoderFor(name, output),
  };
  codecs.set(name, codec);
  return codec;
}

function encoderFor(name: OperationName, output: Shape): (value: unknown) => string {
  const encode = encoderOf(output) as (value: unknown) => string;
  if (name !== 'PutRecords') return encode;
  return (value) => placesText(value as PutRecordsOutput) ?? encode(value);
}

/** Data of a put stay in the body. */
function decodeInput<N extends OperationName>(name: N, { body }: { body: Buffer }): InputOf<N> {
  if (name === 'PutRecord' || name === 'PutRecords') {
    const input = readPutBody(name, body);
    if (input) return input as InputOf<N>;
  }
  return codecOf(name).decode(openBody(body)) as InputOf<N>;
}

function encodeOutput<N extends OperationName>(
  name: N,
  { output, take }: { output: OutputOf<N>; take: (bytes: number) => Buffer },
): string | Buffer {
  if (name === 'GetRecords') return pageBytes(output as GetRecordsOutput, take);
  return codecOf(name).encode(output);
}

const encodeTexts = encoderOf(map(string(), string())) as (members: object) => string;

export const cborCodec: Codec = {
  contentType: 'application/x-amz-cbor-1.1',
  isBinary: true,
  check: (body) => void openBody(body),
  decodeInput,
  encodeOutput,
  encodeError: (error) => encodeTexts(errorMembers(error)),
  encodeEvent: eventBytes,
  encodeMembers: (members) => Buffer.from(encodeTexts(members), 'latin1'),
};
