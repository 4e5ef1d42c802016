// Requests of all kinds: right ones, openings of other protocols, ones with a wrong part, and bytes that are hardly requests at all.
import { cbor } from '@smithy/core/cbor';
import type { OperationName, operations as Operations } from '../../src/kinesis/operations.ts';
import { http2Request, tlsClientHello } from '../support/clientBytes.ts';
import type { RawHeaders } from '../support/http2Frames.ts';
import type { SeededRandom } from '../support/seededRandom.ts';
import { brokenConnection, type Http2Call } from './http2Frames.ts';
import { type Known, structureOf } from './values.ts';

export type Codec = 'json' | 'cbor';

/** In TLS, or as it is. */
export type Transport = 'plain' | 'tls';

export type Protocol = 'HTTP/1.1' | 'HTTP/2';

export interface FuzzRequest {
  readonly operation: OperationName;
  readonly codec: Codec;
  readonly transport: Transport;
  readonly protocol: Protocol;
  /** As HTTP/1.1 has it; of a broken one everything that is sent. */
  readonly bytes: Buffer;
  /** What is sent instead on a connection that others are on, and how it is cut into frames. */
  readonly call?: Http2Call & { readonly seed: number; readonly isTakenBack: boolean };
  /** Its `User-Agent`. */
  readonly mark: string;
  /** It may be no whole request: nobody waits for its answer. */
  readonly isBroken: boolean;
}

const types: Readonly<Record<Codec, string>> = {
  json: 'application/x-amz-json-1.1',
  cbor: 'application/x-amz-cbor-1.1',
};

export interface RequestParts {
  readonly operations: typeof Operations;
  readonly random: SeededRandom;
  readonly known: Known;
  readonly mark: string;
  /** Beginnings of other protocols. */
  readonly openings: readonly Buffer[];
}

/** A handshake costs more than a request. */
const tlsShare = 0.05;
const openingShare = 0.03;
const brokenShare = 0.1;
const http2Share = 0.2;
/** A client takes a call back. */
const takenBackShare = 0.03;

export function requestOf(parts: RequestParts): FuzzRequest {
  const { random, operations, mark } = parts;
  const operation = random.pick(Object.keys(operations) as OperationName[]);
  const codec = random.pick<Codec>(['json', 'cbor']);
  const wildness = random.pick([0, 0, 0.02, 0.2]);
  const input = structureOf(operations[operation].input.members, { ...parts, wildness });
  const body = withDamage(encoded(input, codec), random);
  const { lines, isOdd } = linesOf({ operation, codec, body, random, mark });
  const whole = Buffer.concat([
    Buffer.from(`${startLine}${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    body,
  ]);
  const transport = random.chance(tlsShare) ? 'tls' : 'plain';
  const protocol = random.chance(http2Share) ? 'HTTP/2' : 'HTTP/1.1';
  const made = { operation, codec, transport, protocol, mark } as const;
  if (random.chance(openingShare)) {
    return { ...made, bytes: spoiled(random.pick(parts.openings), random), isBroken: true };
  }
  const isSpoiled = random.chance(brokenShare);
  if (protocol === 'HTTP/2') {
    const call = { headers: http2Headers(lines), body };
    if (isSpoiled) return { ...made, bytes: brokenConnection(call, random), isBroken: true };
    const isTakenBack = random.chance(takenBackShare);
    const seed = random.integer(0, 2 ** 31);
    return {
      ...made,
      bytes: whole,
      call: { ...call, seed, isTakenBack },
      isBroken: isOdd || isTakenBack,
    };
  }
  const bytes = isSpoiled ? spoiled(whole, random) : whole;
  const isBroken = bytes !== whole || !lines.includes(`Content-Length: ${body.length}`);
  return { ...made, bytes, isBroken };
}

const startLine = 'POST / HTTP/1.1\r\n';
/** HTTP/2 has no longer ones; they end the connection, and others are on it. */
const http2HeaderBytesMax = 8000;

/** The same as headers of HTTP/2; those that it cannot have are among them. */
function http2Headers(lines: readonly string[]): RawHeaders {
  const headers: [string, string][] = [
    [':method', 'POST'],
    [':path', '/'],
    [':scheme', 'http'],
  ];
  for (const line of lines.join('\r\n').split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*)$/s.exec(line) ?? [];
    const isHost = name === 'Host' && headers.length === 3;
    if (isHost) headers.push([':authority', value]);
    else if (value.length <= http2HeaderBytesMax) headers.push([name.toLowerCase(), value]);
  }
  return headers;
}

function encoded(input: Record<string, unknown>, codec: Codec): Buffer {
  if (codec === 'cbor') return Buffer.from(cbor.serialize(input));
  return Buffer.from(
    JSON.stringify(input, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  );
}

/** A body with a byte changed, cut off, doubled, or with another's length in it. */
function withDamage(body: Buffer, random: SeededRandom): Buffer {
  if (!random.chance(0.25) || body.length === 0) return body;
  const at = random.integer(0, body.length - 1);
  const changed = Buffer.from(body);
  switch (random.integer(0, 4)) {
    case 0:
      changed[at] = random.integer(0, 255);
      return changed;
    case 1:
      return body.subarray(0, at);
    case 2:
      return Buffer.concat([body.subarray(0, at), body]);
    case 3:
      return Buffer.concat([body.subarray(0, at), hugeLengths(random), body.subarray(at)]);
    default:
      return nested(random);
  }
}

/** Beginnings of CBOR values that announce more than there is. */
const hugeLengths = (random: SeededRandom): Buffer =>
  Buffer.from(
    random.pick([
      '5bffffffffffffffff',
      '5a7fffffff',
      '9b00000fffffffffff',
      'bb7fffffffffffffff',
      '7affffffff',
      '9a10000000',
    ]),
    'hex',
  );

const nested = (random: SeededRandom): Buffer => {
  const depth = random.integer(10, 20_000);
  return random.chance(0.5)
    ? Buffer.from('['.repeat(depth))
    : Buffer.from('81'.repeat(depth), 'hex');
};

/** `isOdd`: some server may refuse it for its headers alone. */
function linesOf(of: {
  operation: string;
  codec: Codec;
  body: Buffer;
  random: SeededRandom;
  mark: string;
}): { lines: string[]; isOdd: boolean } {
  const { operation, codec, body, random, mark } = of;
  const authorization =
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/kinesis/aws4_request, ' +
    'SignedHeaders=host;x-amz-date, Signature=00';
  const lines = [
    'Host: localhost',
    `X-Amz-Target: Kinesis_20131202.${operation}`,
    `Content-Type: ${types[codec]}`,
    `Authorization: ${authorization}`,
    `User-Agent: ${mark}`,
    `Content-Length: ${body.length}`,
  ];
  const isOdd = random.chance(0.15);
  if (isOdd) lines.push(oddLine(random));
  if (random.chance(0.05)) lines.splice(random.integer(0, lines.length - 1), 1);
  return { lines, isOdd };
}

const oddLine = (random: SeededRandom): string =>
  random.pick([
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'Expect: 100-continue',
    'Connection: close',
    'Connection: upgrade',
    'Upgrade: h2c',
    'Origin: http://evil.example',
    'Host: evil.example',
    'X-A:',
    'X-A:\tb',
    ':',
    ' folded',
    'X-A: \0',
    'X-A: a\nX-B: b',
    'Authorization: AWS4-HMAC-SHA256 Credential=////',
    `X-Long: ${'a'.repeat(random.integer(1, 70_000))}`,
    ...Array.from({ length: 1 }, () =>
      Array.from({ length: 200 }, (_, at) => `X-${at}: ${at}`).join('\r\n'),
    ),
  ]);

/** Some bytes of a request are others, or missing. */
function spoiled(whole: Buffer, random: SeededRandom): Buffer {
  const bytes = Buffer.from(whole);
  for (let changes = random.integer(1, 6); changes > 0; changes--) {
    bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
  }
  return random.chance(0.3) ? bytes.subarray(0, random.integer(1, bytes.length)) : bytes;
}

/** What clients of TLS and HTTP/2 say first. */
export const openings = async (): Promise<readonly Buffer[]> => [
  await tlsClientHello('TLSv1.2'),
  await tlsClientHello('TLSv1.3'),
  await http2Request(
    { 'x-amz-target': 'Kinesis_20131202.ListStreams', 'content-type': types.json },
    '{"Limit":3}',
  ),
];

/** ListStreams with `{}` and as many blanks as there is room for in a body of that length. */
export function listStreams(bodyBytes = 2): Buffer {
  const head = [
    'POST / HTTP/1.1',
    'Host: localhost',
    'X-Amz-Target: Kinesis_20131202.ListStreams',
    `Content-Type: ${types.json}`,
    `Content-Length: ${bodyBytes}`,
  ];
  const body = Buffer.alloc(bodyBytes, 0x20);
  body.write('{}');
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
