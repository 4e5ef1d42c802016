// Requests signed by AWS's own signer, for a test to send as they are or to tamper with.
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AccessKey } from '../../../src/server/auth/accessKey.ts';
import { TEST_EPOCH_MS } from '../../support/testClock.ts';

/** What the signer asks of a hash, or, with a secret, of an HMAC. */
class Sha256 {
  private readonly hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }

  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {}
}

export const key: AccessKey = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  account: '111122223333',
  arn: 'arn:aws:iam::111122223333:root',
};

export const sessionKey: AccessKey = {
  ...key,
  accessKeyId: 'ASIAEXAMPLE',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//+token==',
  expiresMs: TEST_EPOCH_MS + 3_600_000,
};

export interface ToSign {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
  readonly path?: string;
  readonly query?: Record<string, string>;
}

export interface SignWith {
  readonly key?: AccessKey;
  readonly atMs?: number;
  readonly region?: string;
  readonly service?: string;
  /** Not among the signed headers. */
  readonly unsigned?: string;
}

export interface Signed {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

function signerOf({ key: by = key, region = 'us-east-1', service = 'kinesis' }: SignWith) {
  const { accessKeyId, secretAccessKey, sessionToken } = by;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  return new SignatureV4({ credentials, region, service, sha256: Sha256 });
}

const requestOf = ({ headers, body, path = '/', query = {} }: ToSign) => ({
  method: 'POST',
  protocol: 'http:',
  hostname: 'localhost',
  path,
  query,
  headers,
  body,
});

/** Signed in its headers, as SDKs do. */
export async function sign(request: ToSign, by: SignWith = {}): Promise<Signed> {
  const signingDate = new Date(by.atMs ?? TEST_EPOCH_MS);
  const unsignableHeaders = new Set(by.unsigned === undefined ? [] : [by.unsigned]);
  const options = { signingDate, unsignableHeaders };
  return (await signerOf(by).sign(requestOf(request), options)) as Signed;
}

/** Signed in its query. */
export async function presign(
  request: ToSign,
  { expiresIn, ...by }: SignWith & { expiresIn?: number } = {},
): Promise<Signed> {
  const signingDate = new Date(by.atMs ?? TEST_EPOCH_MS);
  const unhoistableHeaders = new Set(['x-amz-target']);
  const signableHeaders = new Set(['content-type']);
  const options = {
    signingDate,
    unhoistableHeaders,
    signableHeaders,
    ...(expiresIn && { expiresIn }),
  };
  return (await signerOf(by).presign(requestOf(request), options)) as Signed;
}

/** `?a=b`, or nothing. */
export function searchOf(query: Record<string, string>): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
