// Requests as bytes on the wire, made before a round begins, so that a round only sends them.
import { randomBytes } from 'node:crypto';

/** A signature that no local server verifies; some refuse a call without one. */
export const authorization =
  'AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/kinesis/aws4_request, ' +
  `SignedHeaders=host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`;

interface Encoded {
  readonly type: string;
  readonly body: Uint8Array;
}

const inJson = (input: object): Encoded => ({
  type: 'application/x-amz-json-1.1',
  body: Buffer.from(JSON.stringify(input)),
});

/** A whole request, of the JSON protocol if nothing else is said. */
export function requestOf(
  operation: string,
  input: object,
  { type, body }: Encoded = inJson(input),
): Buffer {
  const head = [
    'POST / HTTP/1.1',
    'host: 127.0.0.1',
    `content-type: ${type}`,
    `x-amz-target: Kinesis_20131202.${operation}`,
    'x-amz-date: 20260101T000000Z',
    `authorization: ${authorization}`,
    `content-length: ${body.length}`,
    '\r\n',
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n')), body]);
}

/** Of the partition key of every record: `key-` and twelve hexadecimal digits. */
export const keyBytes = 16;

/** Random data under a random key, as an entry of a put. */
export function entryOf({ bytes }: { bytes: number }): { Data: string; PartitionKey: string } {
  return {
    Data: randomBytes(bytes).toString('base64'),
    PartitionKey: `key-${randomBytes(6).toString('hex')}`,
  };
}

/** `count` different PutRecord requests. */
export function putRecordRequests(
  StreamName: string,
  { bytes, count }: { bytes: number; count: number },
): Buffer[] {
  return Array.from({ length: count }, () =>
    requestOf('PutRecord', { StreamName, ...entryOf({ bytes }) }),
  );
}

/** `count` different PutRecords requests of `records` records of `bytes` bytes each. */
export function putRecordsRequests(
  StreamName: string,
  { bytes, records, count }: { bytes: number; records: number; count: number },
): Buffer[] {
  return Array.from({ length: count }, () => {
    const Records = Array.from({ length: records }, () => entryOf({ bytes }));
    return requestOf('PutRecords', { StreamName, Records });
  });
}
