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
const networkCodes =
  'E(?:CONNREFUSED|CONNRESET|CONNABORTED|PIPE|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH|NETDOWN|ADDRNOTAVAIL|PROTO|HOSTDOWN)';
const networkCode = new RegExp(
  `^(${networkCodes}|UND_ERR_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ERR_TLS_.*|ERR_HTTP2_.*|ERR_STREAM_PREMATURE_CLOSE|HPE_.*)$`,
);
/** Without a code: HTTP/1.1, then HTTP/2 in a request, and amid its events. */
const networkWords =
  /^(socket hang up|HTTP\/2 stream is abnormally aborted|Unexpected error: http2 request did not|Truncated event message)/;
/** Of an error of credentials the SDK makes its cause a text: its name, and what it said. */
const wrappedNetwork = new RegExp(
  `(?:^|: )(?:TimeoutError\\b|AggregateError\\b|Error: (?:.*\\b${networkCodes}\\b|socket hang up|Client network socket disconnected|.*certificate))`,
);
/** An error, what caused it, and so on: as many are looked at. */
const causesMax = 5;

/** `thrown` as a KinesisError; an error of our own program comes back as it is. */
export function toKinesisError(thrown: unknown, spec: ConnectionSpec): unknown {
  if (thrown instanceof KinesisError || !(thrown instanceof Error)) return thrown;
  const lost = lostNetwork(thrown);
  const isCredentials = credentialNames.has(thrown.name);
  if (lost) return isCredentials ? renewalProblem(lost) : networkProblem(lost, spec);
  if (isCredentials) return credentialsProblem(thrown, spec);
  const status = statusOf(thrown);
  if (status !== undefined) return new KinesisError(thrown.name, thrown.message, status);
  return thrown;
}

function statusOf(thrown: Error): number | undefined {
  const metadata = (thrown as { $metadata?: { httpStatusCode?: number } }).$metadata;
  return '$fault' in thrown ? (metadata?.httpStatusCode ?? 400) : undefined;
}

/** The innermost of `thrown` and its causes that tells of a lost network. */
function lostNetwork(thrown: Error): Error | undefined {
  let lost: Error | undefined;
  let at: unknown = thrown;
  for (let causes = 0; at instanceof Error && causes <= causesMax; causes++, at = at.cause) {
    if (isNetwork(at)) lost = at;
  }
  return lost;
}

function isNetwork(error: Error): boolean {
  const code = codeOf(error);
  if (code !== undefined && networkCode.test(code)) return true;
  if (credentialNames.has(error.name)) return wrappedNetwork.test(error.message);
  return networkNames.has(error.name) || networkWords.test(error.message);
}

function networkProblem(lost: Error, spec: ConnectionSpec): KinesisError {
  const reason = reasonOf(lost);
  const text =
    spec.kind === 'local'
      ? `The engine at ${spec.endpoint} does not answer (${reason}). Start the local engine, or look into the log.`
      : `${spec.endpoint ?? `AWS Kinesis in ${spec.region}`} cannot be reached (${reason}). Check the network, the region and any proxy.`;
  return new KinesisError(networkError, text, 503);
}

/** What the handler of the SDK says of its bounds, and how we say it. */
const bounds: readonly (readonly [RegExp, string])[] = [
  [/timed out after (\d+) ms of inactivity/, 'it fell silent for'],
  [/exceeded the configured (\d+) ms requestTimeout/, 'no answer within'],
  [/did not establish a connection .* of (\d+) ms/, 'no connection within'],
];

/** In a few words; of an error of credentials, what the SDK says. */
function reasonOf(lost: Error): string {
  for (const [bound, words] of bounds) {
    const ms = bound.exec(lost.message)?.[1];
    if (ms !== undefined) return `${words} ${Number(ms) / 1000} s`;
  }
  return codeOf(lost) ?? messageOf(lost);
}

/** The credentials may be good: nobody could be asked. */
function renewalProblem(lost: Error): KinesisError {
  const text = `Nobody could be reached to renew the credentials (${reasonOf(lost)}). Check the network and any proxy.`;
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
