// What the shared config files decide: endpoints and profiles; and what AWS's refusals mean.
import { CredentialsProviderError, TokenProviderError } from '@smithy/core/config';
import { describe, expect, test } from 'vitest';
import { endpointOf } from '../../src/client/endpoint.ts';
import { guardWrite } from '../../src/client/guard.ts';
import { profilesOf } from '../../src/client/profiles.ts';
import { credentialsSentence, toKinesisError } from '../../src/client/sdkErrors.ts';
import { type OperationName, operations, writeOperations } from '../../src/kinesis/operations.ts';
import type { AwsConnection } from '../../src/protocol/connection.ts';

const spec: AwsConnection = { kind: 'aws', id: 'a', profile: 'dev', region: 'eu-west-1' };

describe('endpointOf()', () => {
  const config = {
    dev: { services: 'desk', endpoint_url: 'http://profile' },
    'services.desk': { 'kinesis.endpoint_url': 'http://services' },
  };
  const env = { AWS_ENDPOINT_URL_KINESIS: 'http://kinesis', AWS_ENDPOINT_URL: 'http://all' };

  test('prefers the connection, then the environment, then the services block, then the profile', () => {
    expect(endpointOf({ ...spec, endpoint: 'http://own' }, { env, config })).toBe('http://own');
    expect(endpointOf(spec, { env, config })).toBe('http://kinesis');
    const { AWS_ENDPOINT_URL } = env;
    expect(endpointOf(spec, { env: { AWS_ENDPOINT_URL }, config })).toBe('http://all');
    expect(endpointOf(spec, { env: {}, config })).toBe('http://services');
    const { dev } = config;
    expect(endpointOf(spec, { env: {}, config: { dev } })).toBe('http://profile');
    expect(endpointOf(spec, { env: {}, config: {} })).toBeUndefined();
  });

  test('obeys ignore_configured_endpoint_urls, but not for the connection itself', () => {
    const ignoring = { ...config, dev: { ...config.dev, ignore_configured_endpoint_urls: 'true' } };
    expect(endpointOf(spec, { env, config: ignoring })).toBeUndefined();
    const own = { ...spec, endpoint: 'http://own' };
    expect(endpointOf(own, { env, config: ignoring })).toBe('http://own');
  });
});

test('profilesOf() lists each profile once, and no sessions or services', () => {
  const configFile = { dev: { region: 'eu-west-1' }, 'sso-session.corp': {}, 'services.desk': {} };
  const credentialsFile = { dev: {}, ci: { region: 'us-east-1' } };
  expect(profilesOf(configFile, credentialsFile)).toEqual([
    { name: 'ci', region: 'us-east-1' },
    { name: 'dev', region: 'eu-west-1' },
  ]);
});

test('guardWrite() refuses exactly the writes of a read-only AWS connection', () => {
  const names = Object.keys(operations) as OperationName[];
  const refused = (kind: 'aws' | 'local', writable: boolean): OperationName[] =>
    names.filter((operation) => {
      try {
        guardWrite({ kind, label: 'prod in eu-west-1', writable }, operation);
        return false;
      } catch (thrown) {
        expect(thrown).toMatchObject({ name: 'ReadOnlyConnection' });
        return true;
      }
    });
  expect(new Set(refused('aws', false))).toEqual(writeOperations);
  expect(refused('aws', true)).toEqual([]);
  expect(refused('local', false)).toEqual([]);
});

test('toKinesisError() says how to sign in again when a token has expired', () => {
  const expired = Object.assign(new Error('The SSO session has expired'), {
    name: 'CredentialsProviderError',
  });
  expect(toKinesisError(expired, spec)).toMatchObject({
    name: 'CredentialsError',
    message:
      'The sign-in has expired: The SSO session has expired. Run `aws sso login --profile dev`.',
  });
  expect(credentialsSentence('Could not load credentials from any providers')).toMatch(
    /^No AWS credentials were found: /,
  );
});

test.each([
  new Error('getaddrinfo ENOTFOUND portal.sso.eu-west-1.amazonaws.com'),
  new Error('connect ETIMEDOUT 10.0.0.1:443'),
  new Error('socket hang up'),
  new Error('Client network socket disconnected before secure TLS connection was established'),
  new Error('self-signed certificate in certificate chain'),
  new AggregateError([]),
  Object.assign(new Error('The request socket timed out.'), { name: 'TimeoutError' }),
])(
  'toKinesisError() takes credentials that could not be renewed (%s) for a lost network',
  (cause) => {
    const lost = { name: 'NetworkError', status: 503 };
    for (const why of [
      // As the SDK makes it of an error, whatever its type says.
      new CredentialsProviderError(cause as unknown as string, { tryNextLink: false }),
      new CredentialsProviderError(`Failed to refresh token: ${cause}. Please re-authenticate.`),
      Object.assign(new TokenProviderError('Token is expired.'), {
        cause: Object.assign(cause, { code: 'ENOTFOUND' }),
      }),
    ]) {
      expect(toKinesisError(why, spec)).toMatchObject(lost);
    }
  },
);

test.each([
  'The SSO session associated with this profile has expired.',
  'UnauthorizedException: Session token not found or invalid',
  'Command failed: sign --certificate /home/me/reader.pem',
  'Profile dev was not found.',
])('toKinesisError() takes what is wrong with credentials (%s) for that', (words) => {
  const why = new CredentialsProviderError(words, { tryNextLink: false });
  expect(toKinesisError(why, spec)).toMatchObject({ name: 'CredentialsError', status: 403 });
});

test('toKinesisError() leaves a defect of our own alone', () => {
  const defect = new TypeError('x is not a function');
  expect(toKinesisError(defect, spec)).toBe(defect);
});
