/**
 * What a request says of who signed it, and how: by its Authorization header or by its query. It reads
 * and refuses what cannot be read; nothing of it is verified here.
 */
import type { KinesisError } from '../../kinesis/errors.ts';
import type { Exchange } from '../exchange.ts';
import { incompleteSignature, missingToken, signedTwice } from './authErrors.ts';

/** Everything as the client sent it. */
export interface Claim {
  readonly algorithm: string;
  /** `KEY/20260101/us-east-1/kinesis/aws4_request` */
  readonly credential: string;
  /** `host;x-amz-date` */
  readonly signedHeaders: string;
  readonly signature: string;
  /** X-Amz-Date or Date. */
  readonly date: string;
  readonly sessionToken: string | undefined;
  /** Only where the query says it: seconds for which the signature holds. */
  readonly expires?: string | undefined;
}

type Signed = Pick<Exchange, 'header' | 'search'>;

const inHeader = ['Credential', 'Signature', 'SignedHeaders'] as const;
const inQuery = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
] as const;

/** The claim, or AWS's exception for one that is missing or lacks parts. @source measured */
export function claimOf(exchange: Signed): Claim | KinesisError {
  const authorization = exchange.header('authorization');
  const query = exchange.search === '' ? undefined : new URLSearchParams(exchange.search);
  if (query?.has('X-Amz-Algorithm')) {
    return authorization === undefined ? queryClaim(query) : signedTwice();
  }
  // An empty header is none. @source measured
  return authorization ? headerClaim(exchange, authorization) : missingToken();
}

function headerClaim(exchange: Signed, authorization: string): Claim | KinesisError {
  const parts = partsOf(authorization);
  const date = exchange.header('x-amz-date') || exchange.header('date');
  const [credential, signature, signedHeaders] = inHeader.map((name) => parts.get(name));
  if (!credential || !signature || !signedHeaders || !date) {
    return incompleteSignature(lacks({ authorization, parts, date }));
  }
  const algorithm = authorization.slice(0, `${authorization} `.indexOf(' '));
  const sessionToken = exchange.header('x-amz-security-token');
  return { algorithm, credential, signedHeaders, signature, date, sessionToken };
}

/** Commas and blanks separate the parts alike. @source measured */
function partsOf(authorization: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of authorization.split(/[, ]/).slice(1)) {
    const equals = part.indexOf('=');
    if (equals > 0) parts.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return parts;
}

function lacks(of: {
  authorization: string;
  parts: ReadonlyMap<string, string>;
  date: string | undefined;
}): string {
  const missing = inHeader.filter((name) => !of.parts.get(name));
  const sentences = missing.map((name) => `Authorization header requires '${name}' parameter.`);
  if (!of.date) {
    sentences.push(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  }
  return [...sentences, `Authorization=${of.authorization}`].join(' ');
}

function queryClaim(query: URLSearchParams): Claim | KinesisError {
  const missing = inQuery.filter((name) => !query.get(name));
  if (missing.length > 0) {
    const sentences = missing.map((name) => `AWS query-string parameters must include '${name}'.`);
    return incompleteSignature([...sentences, 'Re-examine the query-string parameters.'].join(' '));
  }
  const [algorithm, credential, signature, signedHeaders, date] = inQuery.map(
    (name) => query.get(name)!,
  ) as [string, string, string, string, string];
  const sessionToken = query.get('X-Amz-Security-Token') ?? undefined;
  const expires = query.get('X-Amz-Expires') ?? undefined;
  return { algorithm, credential, signature, signedHeaders, date, sessionToken, expires };
}
