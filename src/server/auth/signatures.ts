/**
 * Verifies signatures of version 4, in the header or in the query, against the keys that are configured.
 * It tells nobody what a signature should have been.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { KinesisError } from '../../kinesis/errors.ts';
import type { AccessKey } from './accessKey.ts';
import {
  badCredential,
  badDate,
  expiredToken,
  otherAlgorithm,
  otherDate,
  otherRegion,
  otherService,
  otherTerminator,
  signatureExpired,
  signatureInFuture,
  unknownToken,
  unsignedHeader,
  wrongSignature,
} from './authErrors.ts';
import {
  canonicalRequest,
  type SignedNames,
  type SignedRequest,
  signedNames,
} from './canonicalRequest.ts';
import { type Claim, claimOf } from './claim.ts';
import { SigningKeys, type SigningScope } from './signingKeys.ts';

/** How far a client's clock may be off. @source documented */
export const skewMs = 300_000;
/** @source documented */
const expiresSecondsMax = 604_800;
const algorithm = 'AWS4-HMAC-SHA256';
const regionForm = /^[a-z]{2}(-[a-z]{1,16}){1,4}-\d{1,2}$/;
const unsignedPayload = 'UNSIGNED-PAYLOAD';

export interface Signer extends SigningScope {
  readonly key: AccessKey;
}

export interface SignatureParts {
  /** By their ids. */
  readonly keys: ReadonlyMap<string, AccessKey>;
  /** Wall time: an engine's clock that is moved must not refuse anybody. */
  readonly clock: Clock;
}

export class Signatures {
  private readonly parts: SignatureParts;
  private readonly signingKeys = new SigningKeys();

  constructor(parts: SignatureParts) {
    this.parts = parts;
  }

  /** Who signed the request. Throws AWS's exception for a signature that does not hold. */
  verify(request: SignedRequest, body: Buffer): Signer {
    const claim = claimOf(request);
    if (claim instanceof KinesisError) throw claim;
    if (claim.algorithm !== algorithm) throw otherAlgorithm(claim.algorithm);
    const { accessKeyId, ...scope } = scopeOf(claim);
    const at = timestampOf(claim.date);
    const date = at.slice(0, 8);
    if (scope.date !== date) throw otherDate({ scope: scope.date, date, at });
    const key = this.keyOf(accessKeyId, claim);
    this.checkTime(claim, at);
    const signed = signedNames(claim.signedHeaders);
    checkSigned(signed);
    this.checkSignature({ request, body, claim, at, signed, signer: { key, ...scope } });
    return { key, ...scope };
  }

  private keyOf(accessKeyId: string, { sessionToken }: Claim): AccessKey {
    const key = this.parts.keys.get(accessKeyId);
    if (!key || !isSame(sessionToken ?? '', key.sessionToken ?? '')) throw unknownToken();
    if (key.expiresMs !== undefined && this.parts.clock.now() >= key.expiresMs)
      throw expiredToken();
    return key;
  }

  /** @source documented; guessed: that a query without X-Amz-Expires holds as long as a header. */
  private checkTime({ expires }: Claim, at: string): void {
    const atMs = msOf(at);
    const nowMs = this.parts.clock.now();
    const lifeMs = expires === undefined ? skewMs : lifeOf(expires);
    if (atMs + lifeMs < nowMs) {
      throw signatureExpired({ at, since: textOf(nowMs - lifeMs), now: textOf(nowMs) });
    }
    if (atMs > nowMs + skewMs) {
      throw signatureInFuture({ at, until: textOf(nowMs + skewMs), now: textOf(nowMs) });
    }
  }

  private checkSignature(of: {
    request: SignedRequest;
    body: Buffer;
    claim: Claim;
    at: string;
    signed: SignedNames;
    signer: Signer;
  }): void {
    const { request, body, claim, at, signed, signer } = of;
    const payload = payloadOf(request, { body, signed });
    const text = canonicalRequest(request, { signed, payload });
    const scope = claim.credential.slice(claim.credential.indexOf('/') + 1);
    const signingKey = this.signingKeys.of(signer.key, signer);
    const matches = (hashed: string): boolean => {
      const toSign = `${algorithm}\n${at}\n${scope}\n${hashed}`;
      return isSame(claim.signature, signingKey.hex(toSign));
    };
    if (!hashesOf(text).some(matches)) throw wrongSignature();
  }
}

/**
 * A header is bytes on the wire. Some clients send what they have signed, others sign UTF-8 and send
 * Latin-1, which HTTP would have. @source guessed: that AWS takes both.
 */
function hashesOf(text: string): string[] {
  const ofText = hash('sha256', text);
  if (!/[\u0080-\uffff]/.test(text)) return [ofText];
  return [hash('sha256', Buffer.from(text, 'latin1')), ofText];
}

/**
 * The body's hash, whatever the client says it is; only a client that has signed that it leaves the body
 * unsigned may do so. @source guessed: that Kinesis takes this.
 */
function payloadOf(
  request: SignedRequest,
  { body, signed }: { body: Buffer; signed: SignedNames },
): string {
  const name = 'x-amz-content-sha256';
  const isUnsigned = request.header(name) === unsignedPayload && signed.names.includes(name);
  return isUnsigned ? unsignedPayload : hash('sha256', body);
}

function scopeOf({ credential }: Claim): SigningScope & { accessKeyId: string } {
  const parts = credential.split('/');
  if (parts.length !== 5) throw badCredential(credential);
  const [accessKeyId, date, region, service, terminator] = parts as [
    string,
    string,
    string,
    string,
    string,
  ];
  if (terminator !== 'aws4_request') throw otherTerminator(terminator);
  if (service !== 'kinesis') throw otherService();
  if (!regionForm.test(region)) throw otherRegion();
  return { accessKeyId, date, region };
}

/**
 * What says where a call goes must be signed, or whoever sees a request could make another one of it. The
 * time always is: it is part of what is signed.
 */
function checkSigned({ names }: SignedNames): void {
  if (!names.includes('host') && !names.includes(':authority')) throw unsignedHeader('host');
  if (!names.includes('x-amz-target')) throw unsignedHeader('x-amz-target');
}

const timeForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** `20260101T120000Z` of it, or of a Date header. */
function timestampOf(date: string): string {
  if (timeForm.test(date) && !Number.isNaN(msOf(date))) return date;
  const ms = /^\w{3}, /.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(ms)) throw badDate(date);
  return textOf(ms);
}

const msOf = (at: string): number => Date.parse(at.replace(timeForm, '$1-$2-$3T$4:$5:$6Z'));

const textOf = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');

/** @source guessed: what is answered to a number out of bounds. */
function lifeOf(expires: string): number {
  const seconds = /^\d{1,6}$/.test(expires) ? Number(expires) : Number.NaN;
  if (seconds <= expiresSecondsMax) return seconds * 1000;
  throw wrongSignature();
}

/** In a time that tells nothing of where they differ. */
function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
