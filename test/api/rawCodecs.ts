/** The two encodings below any SDK: how a request is written and an answer looks, independent of our codecs. */
import { cbor } from '@smithy/core/cbor';
import { expect } from 'vitest';
import { write } from '../server/cbor/support.ts';
import { type RawAnswer, type RawRequest, sendHttp1 } from '../server/support/rawHttp.ts';

export interface RawCodec {
  readonly name: string;
  readonly contentType: string;
  /** What a whole number is called in sentences about types; guessed for CBOR. */
  readonly numberClass: string;
  /** Uint8Array and Date stand for blobs and times. */
  write(value: unknown): string | Buffer;
  read(answer: RawAnswer): unknown;
  /** What stands for these bytes in an answer that was read. */
  blob(bytes: Uint8Array): unknown;
  /** Matches a time of this century with milliseconds, in an answer that was read. */
  readonly time: unknown;
}

const seconds = expect.toSatisfy((value: unknown) => {
  const isThisCentury = typeof value === 'number' && value > 1e9 && value < 1e10;
  return isThisCentury && Math.round(value * 1000) / 1000 === value;
}, 'seconds with milliseconds as a fraction');

const json: RawCodec = {
  name: 'JSON',
  contentType: 'application/x-amz-json-1.1',
  numberClass: 'com.amazon.coral.value.json.numbers.TruncatingBigNumber',
  write: (value) => JSON.stringify(plain(value)),
  read: (answer) => answer.json(),
  blob: (bytes) => Buffer.from(bytes).toString('base64'),
  time: seconds,
};

/** With base64 for bytes and seconds for dates; `JSON.stringify` would come to a Date too late. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

const inCbor: RawCodec = {
  name: 'CBOR',
  contentType: 'application/x-amz-cbor-1.1',
  numberClass: 'java.lang.Integer',
  write: (value) => write(value),
  read: ({ bytes }) => cbor.deserialize(bytes),
  blob: (bytes) =>
    expect.toSatisfy(
      (value: unknown) => value instanceof Uint8Array && Buffer.compare(value, bytes) === 0,
      'the same bytes',
    ),
  time: expect.toSatisfy((value: unknown) => {
    const { tag, value: ms } = value as { tag: number; value: number };
    return tag === 1 && Number.isInteger(ms) && ms > 1e12 && ms < 1e13;
  }, 'whole milliseconds in tag 1'),
};

export const rawCodecs: readonly RawCodec[] = [json, inCbor];

/** One call by HTTP/1.1; `input` is written unless it is bytes already. */
export function callIn(
  codec: RawCodec,
  { endpoint, operation, input }: { endpoint: string; operation: string; input: object },
): Promise<RawAnswer> {
  const headers = {
    'content-type': codec.contentType,
    'x-amz-target': `Kinesis_20131202.${operation}`,
  };
  const request: RawRequest = { headers, body: codec.write(input) };
  return sendHttp1(endpoint, request);
}
