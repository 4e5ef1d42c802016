/** The CBOR codec of each operation: bodies in, bodies out. */
import { map, string } from '../../kinesis/shape.ts';
import { type Codec, errorMembers } from '../codec.ts';
import { operationCodecs } from '../operationCodecs.ts';
import { decoderOf } from './decode.ts';
import { encoderOf } from './encode.ts';
import { eventBytes, pageBytes } from './pageBytes.ts';
import { placesText } from './placesText.ts';
import { readPutBody } from './putBody.ts';
import { openBody } from './wellFormed.ts';

const encodeTexts = encoderOf(map(string(), string())) as (members: object) => string;

export const cborCodec: Codec = {
  contentType: 'application/x-amz-cbor-1.1',
  isBinary: true,
  check: (body) => void openBody(body),
  ...operationCodecs({ open: openBody, decoderOf, encoderOf, readPutBody, placesText, pageBytes }),
  encodeError: (error) => encodeTexts(errorMembers(error)),
  encodeEvent: eventBytes,
  encodeMembers: (members) => Buffer.from(encodeTexts(members), 'latin1'),
};
