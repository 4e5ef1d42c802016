/** The JSON codec of each operation: bodies in, bodies out. */
import { KinesisError } from '../../kinesis/errors.ts';
import { type Codec, errorMembers } from '../codec.ts';
import { operationCodecs } from '../operationCodecs.ts';
import { decoderOf } from './decode.ts';
import { encoderOf } from './encode.ts';
import { eventBytes } from './eventBytes.ts';
import { pageBytes } from './pageBytes.ts';
import { placesText } from './placesText.ts';
import { readPutBody } from './putBody.ts';

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

export const jsonCodec: Codec = {
  contentType: 'application/x-amz-json-1.1',
  isBinary: false,
  check: parseBody,
  ...operationCodecs({ open: parseBody, decoderOf, encoderOf, readPutBody, placesText, pageBytes }),
  encodeError: (error) => JSON.stringify(errorMembers(error)),
  encodeEvent: eventBytes,
  encodeMembers: (members) => Buffer.from(JSON.stringify(members)),
};
