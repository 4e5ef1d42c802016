/**
 * AWS's exceptions for who calls, in AWS's sentences. Nothing here decides; no sentence holds more than the
 * caller itself has sent.
 */
import { KinesisError } from '../../kinesis/errors.ts';

/** @source measured */
export const missingToken = (): KinesisError =>
  new KinesisError('MissingAuthenticationTokenException', 'Missing Authentication Token');

/** @source measured */
export const signedTwice = (): KinesisError =>
  invalidSignature(
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  );

/** `message`: AWS's. */
export const incompleteSignature = (message: string): KinesisError =>
  new KinesisError('IncompleteSignatureException', message);

export const invalidSignature = (message: string): KinesisError =>
  new KinesisError('InvalidSignatureException', message);

/** An unknown key, or a session token that is not the key's. @source documented */
export const unknownToken = (): KinesisError =>
  new KinesisError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );

/** @source documented */
export const expiredToken = (): KinesisError =>
  new KinesisError(
    'ExpiredTokenException',
    'The security token included in the request is expired',
  );

/** @source documented */
export const wrongSignature = (): KinesisError =>
  invalidSignature(
    'The request signature we calculated does not match the signature you provided. Check your AWS ' +
      'Secret Access Key and signing method. Consult the service documentation for details.',
  );

/** @source documented: of `host`; guessed: that the other is worded alike. */
export const unsignedHeader = (header: 'host' | 'x-amz-target'): KinesisError => {
  const shown = header === 'host' ? "'Host' or ':authority'" : "'X-Amz-Target'";
  return invalidSignature(`${shown} must be a 'SignedHeader' in the AWS Authorization.`);
};

/** Times as in X-Amz-Date. @source documented */
export const signatureExpired = (of: { at: string; since: string; now: string }): KinesisError =>
  invalidSignature(
    `Signature expired: ${of.at} is now earlier than ${of.since} (${of.now} - 5 min.)`,
  );

/** @source documented */
export const signatureInFuture = (of: { at: string; until: string; now: string }): KinesisError =>
  invalidSignature(
    `Signature not yet current: ${of.at} is still later than ${of.until} (${of.now} + 5 min.)`,
  );

/** @source documented: second hand; guessed: the type. */
export const badDate = (given: string): KinesisError =>
  incompleteSignature(
    `Date must be in ISO-8601 'basic format'. Got '${given}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );

/** @source documented: second hand; guessed: the type. */
export const badCredential = (given: string): KinesisError =>
  incompleteSignature(
    'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, ' +
      `got '${given}'`,
  );

/** @source documented: second hand. */
export const otherDate = (of: { scope: string; date: string; at: string }): KinesisError =>
  invalidSignature(
    'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
      `'${of.scope}' != '${of.date}', from '${of.at}'.`,
  );

/** @source documented: second hand. */
export const otherRegion = (): KinesisError =>
  invalidSignature('Credential should be scoped to a valid region.');

/** @source documented: second hand. */
export const otherService = (): KinesisError =>
  invalidSignature("Credential should be scoped to correct service: 'kinesis'.");

/** @source documented: second hand. */
export const otherTerminator = (given: string): KinesisError =>
  invalidSignature(
    `Credential should be scoped with a valid terminator: 'aws4_request', not '${given}'.`,
  );

/** @source guessed */
export const otherAlgorithm = (given: string): KinesisError =>
  incompleteSignature(`Unsupported AWS 'algorithm': '${given}'.`);
