/** The JSON codec of each operation: bodies in, bodies out. */
import { KinesisError } from '../../kinesis/errors.ts';
import type { GetRecordsOutput } from '../../kinesis/operations/getRecords.ts';
import type { InputOf, OperationName, OutputOf } from '../../kinesis/operations.ts';
import { PlacedRecords } from '../../kinesis/placedRecords.ts';
import type { BufferLoan } from '../bufferPool.ts';
import { type Codec, errorMembers } from '../codec.ts';
import { operationCodecs } from '../operationCodecs.ts';
import { decoderOf } from './decode.ts';
import { encoderOf } from './encode.ts';
import { eventBytes } from './eventBytes.ts';
import { pageBytes } from './pageBytes.ts';
import { placesText } from './placesText.ts';
import { readPutBody } from './putBody.ts';

const codecOf = operationCodecs({ decoderOf, encoderOf });

/** The JSON object or array of a body. A body that is none is a SerializationException without text. */
export function parseBody(body: Buffer): object {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new KinesisError('SerializationException', '');
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new KinesisError('SerializationException', '');
}

/** Checks types only; bytes of a put are of `loan`. Throws a SerializationException with AWS's sentence. */
export function decodeInput<N extends OperationName>(
  name: N,
  { body, loan }: { body: Buffer; loan: BufferLoan },
): InputOf<N> {
  if (name === 'PutRecord' || name === 'PutRecords') {
    const input = readPutBody(name, { body, loan });
    if (input) return input as unknown as InputOf<N>;
  }
  return codecOf(name).decode(parseBody(body)) as InputOf<N>;
}

/**
 * The body of an answer; empty for an operation without output members. `take`: a buffer for what is too
 * long for a text.
 */
export function encodeOutput<N extends OperationName>(
  name: N,
  { output, take }: { output: OutputOf<N>; take: (bytes: number) => Buffer },
): string | Buffer {
  if (output instanceof PlacedRecords) return placesText(output, take);
  if (name === 'GetRecords') return pageBytes(output as GetRecordsOutput, take);
  return codecOf(name).encode(output);
}

export const jsonCodec: Codec = {
  contentType: 'application/x-amz-json-1.1',
  isBinary: false,
  check: parseBody,
  decodeInput,
  encodeOutput,
  encodeError: (error) => JSON.stringify(errorMembers(error)),
  encodeEvent: eventBytes,
  encodeMembers: (members) => Buffer.from(JSON.stringify(members)),
};
