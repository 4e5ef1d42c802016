/** What the SDK throws, as KinesisError: AWS's words verbatim, ours for the network and credentials. */
import { codeOf, messageOf } from '../base/errors.ts';
import { KinesisError } from '../kinesis/errors.ts';
import { networkError } from '../kinesis/failureKinds.ts';
import type { ConnectionSpec } from '../protocol/connection.ts';

/** AWS cannot be asked before the user signs in or repairs a profile. */
export const credentialsError = 'CredentialsError';

const credentialNames = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'InvalidClientTokenId',
  'InvalidClientTokenIdException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'IncompleteSignatureException',
]);

const networkNames = new Set(['TimeoutError', 'RequestTimeout', 'NetworkingError']);
const networkCode =
  /^(E(CONNREFUSED|CONNRESET|CONNABORTED|PIPE|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH|ADDRNOTAVAIL|PROTO|HOSTDOWN)|EAI_AGAIN|UND_ERR_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ERR_TLS_.*|ERR_HTTP2_.*|ERR_STREAM_PREMATURE_CLOSE|HPE_.*)$/;
/** Without a code: HTTP/1.1, then HTTP/2 in a request, and amid its events. */
const networkWords =
  /^(socket hang up|HTTP\/2 stream is abnormally aborted|Unexpected error: http2 request did not|Truncated event message)/;

/** `thrown` as a KinesisError; an error of our own program comes back as it is. */
export function toKinesisError(thrown: unknown, spec: ConnectionSpec): unknown {
  if (thrown instanceof KinesisError || !(thrown instanceof Error)) return thrown;
  if (credentialNames.has(thrown.name)) return credentialsProblem(thrown, spec);
  const status = statusOf(thrown);
  if (isNetwork(thrown)) return networkProblem(thrown, spec);
  if (status !== undefined) return new KinesisError(thrown.name, thrown.message, status);
  return thrown;
}

function statusOf(thrown: Error): number | undefined {
  const metadata = (thrown as { $metadata?: { httpStatusCode?: number } }).$metadata;
  return '$fault' in thrown ? (metadata?.httpStatusCode ?? 400) : undefined;
}

function isNetwork(thrown: Error): boolean {
  const code = codeOf(thrown) ?? codeOf(thrown.cause);
  if (code !== undefined && networkCode.test(code)) return true;
  return networkNames.has(thrown.name) || networkWords.test(thrown.message);
}

function networkProblem(thrown: Error, spec: ConnectionSpec): KinesisError {
  const reason = codeOf(thrown.cause) ?? codeOf(thrown) ?? messageOf(thrown);
  const text =
    spec.kind === 'local'
      ? `The engine at ${spec.endpoint} does not answer (${reason}). Start the local engine, or look into the log.`
      : `${spec.endpoint ?? `AWS Kinesis in ${spec.region}`} cannot be reached (${reason}). Check the network, the region and any proxy.`;
  return new KinesisError(networkError, text, 503);
}

function credentialsProblem(thrown: Error, spec: ConnectionSpec): KinesisError {
  const profile = spec.kind === 'aws' ? spec.profile : undefined;
  return new KinesisError(credentialsError, credentialsSentence(thrown.message, profile), 403);
}

/** What happened, why in AWS's words, and the next step. */
export function credentialsSentence(reason: string, profile?: string): string {
  const why = reason.trim().replace(/\.*$/, '.');
  const named = profile === undefined ? '' : ` --profile ${profile}`;
  if (/sso/i.test(reason)) return `The sign-in has expired: ${why} Run \`aws sso login${named}\`.`;
  if (/mfa/i.test(reason)) {
    return `This profile asks for an MFA code: ${why} Get a session with \`aws sts get-session-token\`, or use a profile with single sign-on.`;
  }
  if (/could not be found|not found in|Could not resolve credentials using profile/i.test(reason)) {
    const what = profile === undefined ? 'the default profile' : `profile "${profile}"`;
    return `There are no credentials in ${what}: ${why} Check ~/.aws/config and ~/.aws/credentials.`;
  }
  if (/expired/i.test(reason)) {
    return `The credentials have expired: ${why} Renew them, for example with \`aws sso login${named}\`.`;
  }
  if (/Could not load credentials from any providers/i.test(reason)) {
    return `No AWS credentials were found: ${why} Choose a profile, or run \`aws configure\`.`;
  }
  return `AWS does not accept the credentials: ${why} Sign in again, for example with \`aws sso login${named}\`.`;
}
