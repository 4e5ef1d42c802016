// What the shared config files decide: endpoints and profiles; and what AWS's refusals mean.
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

test('toKinesisError() leaves a defect of our own alone', () => {
  const defect = new TypeError('x is not a function');
  expect(toKinesisError(defect, spec)).toBe(defect);
});
