// Requests of HTTP/2, made before a round begins: their headers in the bytes that Node's own client
// would send, so that a round only numbers them.
import type { OutgoingHttpHeaders } from 'node:http2';
import { http2HeaderBlocks } from '../support/clientBytes.ts';
import { authorization, entryOf } from './requests.ts';

/**
 * A set of headers, compressed: `first` goes at any time, `next` on a connection whose last `first` was
 * this one's, for it says what that left in the server's table.
 */
export interface HeaderBlocks {
  readonly first: Buffer;
  readonly next: Buffer;
}

export interface Http2Request {
  readonly blocks: HeaderBlocks;
  readonly body: Buffer;
}

/** What Node's client makes of the same headers for the first and for the second time. */
async function compressed(headers: OutgoingHttpHeaders): Promise<HeaderBlocks> {
  const [first, next] = await http2HeaderBlocks([headers, headers]);
  return { first: first!, next: next! };
}

const known = new Map<string, Promise<HeaderBlocks>>();

/** A call in JSON, its body at most a frame long. */
export async function http2RequestOf(operation: string, input: object): Promise<Http2Request> {
  const body = Buffer.from(JSON.stringify(input));
  const name = `${operation} ${body.length}`;
  const blocks =
    known.get(name) ??
    compressed({
      ':method': 'POST',
      ':path': '/',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization,
      'content-length': String(body.length),
    });
  known.set(name, blocks);
  return { blocks: await blocks, body };
}

/** `count` different PutRecord requests. */
export function http2PutRequests(
  StreamName: string,
  { bytes, count }: { bytes: number; count: number },
): Promise<Http2Request[]> {
  const make = () => http2RequestOf('PutRecord', { StreamName, ...entryOf({ bytes }) });
  return Promise.all(Array.from({ length: count }, make));
}
