// Which variables programs get, and that nothing of the user's is replaced.
import { describe, expect, test } from 'vitest';
import {
  engineVariables,
  namesInEnvFile,
  withVariables,
} from '../../src/extension/debugging/engineVariables.ts';

const engine = { endpoint: 'http://127.0.0.1:4567', region: 'us-east-1' };
const bare = { env: {}, configFile: '', credentialsFile: '' };
const namesFor = (setup: Partial<typeof bare> & { env?: Record<string, string> }): string[] =>
  Object.keys(engineVariables(engine, { ...bare, ...setup }));

const region = ['AWS_REGION', 'AWS_DEFAULT_REGION'];
const credentials = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const endpoint = 'AWS_ENDPOINT_URL_KINESIS';

describe('engineVariables()', () => {
  test('gives everything where there is nothing', () => {
    expect(engineVariables(engine, bare)).toEqual({
      AWS_ENDPOINT_URL_KINESIS: engine.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  });

  test.each([
    ['a profile in the environment', { env: { AWS_PROFILE: 'dev' } }, [endpoint, ...region]],
    ['keys in the environment', { env: { AWS_ACCESS_KEY_ID: 'x' } }, [endpoint, ...region]],
    [
      'a role of a container',
      { env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'x' } },
      [endpoint, ...region],
    ],
    [
      'a region in the environment',
      { env: { AWS_DEFAULT_REGION: 'eu-west-1' } },
      [endpoint, ...credentials],
    ],
    [
      'a region in the config file',
      { configFile: '[default]\nregion = eu-west-1\n' },
      [endpoint, ...credentials],
    ],
    [
      'keys in the credentials file',
      { credentialsFile: '[default]\naws_access_key_id=x\n' },
      [endpoint, ...region],
    ],
    ['single sign-on', { configFile: '[default]\nsso_session = x\n' }, [endpoint, ...region]],
    [
      'an endpoint of the user',
      { env: { AWS_ENDPOINT_URL_KINESIS: 'x' } },
      [...region, ...credentials],
    ],
  ])('leaves out what %s gives', (_, setup, expected) => {
    expect(namesFor(setup)).toEqual(expected);
  });
});

describe('withVariables()', () => {
  const variables = { A: 'ours', B: 'ours' };
  const none: ReadonlySet<string> = new Set();

  test('adds to env and replaces nothing', () => {
    const configuration = { request: 'launch', env: { A: 'theirs' } };
    expect(withVariables(configuration, { variables, taken: none })).toEqual({
      request: 'launch',
      env: { A: 'theirs', B: 'ours' },
    });
  });

  test('leaves out what an envFile sets', () => {
    const taken = namesInEnvFile('export A=1\n# B=2\n');
    const result = withVariables({ request: 'launch' }, { variables, taken });
    expect(result).toEqual({ request: 'launch', env: { B: 'ours' } });
  });

  test('adds to the list that C++ debuggers have', () => {
    const configuration = { request: 'launch', environment: [{ name: 'A', value: 'theirs' }] };
    expect(withVariables(configuration, { variables, taken: none }).environment).toEqual([
      { name: 'A', value: 'theirs' },
      { name: 'B', value: 'ours' },
    ]);
  });

  test('leaves an attach as it is', () => {
    const configuration = { request: 'attach' };
    expect(withVariables(configuration, { variables, taken: none })).toBe(configuration);
  });
});
