/** The CBOR codec of each operation: bodies in, bodies out. */
import type { GetRecordsOutput } from '../../kinesis/operations/getRecords.ts';
import type { InputOf, OperationName, OutputOf } from '../../kinesis/operations.ts';
import { PlacedRecords } from '../../kinesis/placedRecords.ts';
import { map, string } from '../../kinesis/shape.ts';
import type { BufferLoan } from '../bufferPool.ts';
import { type Codec, errorMembers } from '../codec.ts';
import { operationCodecs } from '../operationCodecs.ts';
import { decoderOf } from './decode.ts';
import { encoderOf } from './encode.ts';
import { eventBytes, pageBytes } from './pageBytes.ts';
import { placesText } from './placesText.ts';
import { readPutBody } from './putBody.ts';
import { openBody } from './wellFormed.ts';

const codecOf = operationCodecs({ decoderOf, encoderOf });

/** Bytes of a put are of `loan`, or stay in the body. */
function decodeInput<N extends OperationName>(
  name: N,
  { body, loan }: { body: Buffer; loan: BufferLoan },
): InputOf<N> {
  if (name === 'PutRecord' || name === 'PutRecords') {
    const input = readPutBody(name, { body, loan });
    if (input) return input as unknown as InputOf<N>;
  }
  return codecOf(name).decode(openBody(body)) as InputOf<N>;
}

function encodeOutput<N extends OperationName>(
  name: N,
  { output, take }: { output: OutputOf<N>; take: (bytes: number) => Buffer },
): string | Buffer {
  if (output instanceof PlacedRecords) return placesText(output, take);
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
