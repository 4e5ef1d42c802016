// A connection over a real socket: what a call carries, and what comes back of answers and of silence.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { nodeClock } from '../../src/cli/nodeClock.ts';
import { attemptsMax, connect } from '../../src/client/connect.ts';
import { KinesisError } from '../../src/kinesis/errors.ts';
import type { LocalConnection } from '../../src/protocol/connection.ts';
import { nonce, testServer } from '../server/support/testServer.ts';
import { tempFolder } from '../support/tempFolder.ts';

const spec = (endpoint: string): LocalConnection => ({
  kind: 'local',
  id: 'local',
  endpoint,
  nonce,
  region: 'us-east-1',
});

async function served(answers: Parameters<typeof testServer>[0] = {}) {
  // A server whose date is not the machine's has the client set its clock and try again.
  const made = await testServer({ clock: nodeClock, ...answers });
  const connected = connect(spec(made.server.endpoint));
  return { ...made, connected };
}

test('own calls carry the nonce, a user call does not', async () => {
  const { connected, fake } = await served({
    answers: { ListShards: () => ({ Shards: [] }), PutRecords: () => ({ Records: [] }) },
  });
  await connected.own.listShards({ StreamName: 's' });
  await connected.api.listShards({ StreamName: 's' });
  expect(fake.calls.map((call) => call.context?.own ?? false)).toEqual([true, false]);
  connected.dispose();
});

test('an engine that verifies signatures lets in both, without a key', async () => {
  const { connected, fake } = await served({ auth: { mode: 'verify', keys: [] } });
  await connected.own.listStreams({});
  await connected.api.listStreams({});
  expect(fake.calls.map((call) => call.context?.own)).toEqual([true, false]);
  connected.dispose();
});

test('records come back as bytes and dates', async () => {
  const at = new Date(1_735_689_600_123);
  const record = { SequenceNumber: '1', Data: new Uint8Array([0, 255]), PartitionKey: 'k' };
  const { connected } = await served({
    answers: {
      GetRecords: () => ({
        Records: [{ ...record, ApproximateArrivalTimestamp: at }],
        MillisBehindLatest: 0,
      }),
    },
  });
  const page = await connected.own.getRecords({ ShardIterator: 'i' });
  expect(page.Records[0]).toMatchObject({ SequenceNumber: '1', PartitionKey: 'k' });
  expect([...page.Records[0]!.Data]).toEqual([0, 255]);
  expect(page.Records[0]!.ApproximateArrivalTimestamp).toEqual(at);
  connected.dispose();
});

test('exceptions keep the name and words of AWS', async () => {
  const words = 'Stream s under account 000000000000 not found.';
  const { connected } = await served({
    answers: {
      ListShards: () => {
        throw new KinesisError('ResourceNotFoundException', words);
      },
    },
  });
  const call = connected.own.listShards({ StreamName: 's' });
  await expect(call).rejects.toThrow(new KinesisError('ResourceNotFoundException', words));
  await expect(call).rejects.toBeInstanceOf(KinesisError);
  connected.dispose();
});

test.each([
  ['own', 'listStreams', 1],
  ['api', 'listStreams', attemptsMax],
  ['api', 'putRecords', 1],
] as const)('%s.%s is tried %i times', async (kind, method, attempts) => {
  const fail = (): never => {
    throw new KinesisError('InternalFailure', 'Internal failure.');
  };
  const { connected, fake } = await served({ answers: { ListStreams: fail, PutRecords: fail } });
  const input = { StreamName: 's', Records: [{ Data: new Uint8Array(1), PartitionKey: 'k' }] };
  const call =
    method === 'putRecords' ? connected.api.putRecords(input) : connected[kind].listStreams({});
  await expect(call).rejects.toMatchObject({ name: 'InternalFailure', status: 500 });
  expect(fake.calls).toHaveLength(attempts);
  connected.dispose();
});

test('no answer is a NetworkError, and an abort is its reason', async () => {
  const { server, connected } = await served();
  await server.close();
  await expect(connected.own.listStreams({})).rejects.toMatchObject({
    name: 'NetworkError',
    status: 503,
    message: expect.stringMatching(/^The engine at .* does not answer \(ECONNREFUSED\)\. Start/),
  });
  const controller = new AbortController();
  const call = connected.own.listStreams({}, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  connected.dispose();
});

/** An endpoint of AWS that refuses a request with what `refusal` says, else lists no streams. */
async function awsEndpoint(
  refusal: (request: IncomingMessage) => { __type: string; message: string } | undefined,
  now = (): number => Date.now(),
): Promise<string> {
  const server = createServer((request, response) => {
    const refused = refusal(request);
    const date = new Date(now()).toUTCString();
    response.writeHead(refused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1', date });
    response.end(JSON.stringify(refused ?? { StreamNames: [], HasMoreStreams: false }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Credentials of one profile in a file of their own; returns how to write others. */
async function credentialsFile(profile: string): Promise<(accessKey: string) => void> {
  const file = path.join(await tempFolder(), 'credentials');
  for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  vi.stubEnv('AWS_CONFIG_FILE', `${file}.none`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return (accessKey) =>
    writeFileSync(
      file,
      `[${profile}]\naws_access_key_id = ${accessKey}\naws_secret_access_key = s\n`,
    );
}

function aws(endpoint: string, profile?: string) {
  const connected = connect({ kind: 'aws', id: 'a', profile, region: 'eu-west-1', endpoint });
  onTestFinished(() => connected.dispose());
  return connected;
}

test.each(['dev', undefined])(
  'credentials renewed in a file hold for the next call of %s',
  async (profile) => {
    const write = await credentialsFile(profile ?? 'default');
    write('OLD');
    const endpoint = await awsEndpoint(({ headers }) =>
      headers.authorization?.includes('Credential=NEW/')
        ? undefined
        : { __type: 'ExpiredTokenException', message: 'The token is expired.' },
    );
    const { own } = aws(endpoint, profile);
    const refused = { name: 'CredentialsError', status: 403 };
    await expect(own.listStreams({})).rejects.toMatchObject(refused);
    await expect(own.listStreams({})).rejects.toMatchObject(refused);
    write('NEW');
    await expect(own.listStreams({})).resolves.toMatchObject({ StreamNames: [] });
  },
);

test('a clock that is wrong by an hour costs one more attempt, not the call', async () => {
  const write = await credentialsFile('dev');
  write('KEY');
  const now = (): number => Date.now() + 3_600_000;
  let attempts = 0;
  const endpoint = await awsEndpoint(({ headers }) => {
    attempts++;
    const stamp = String(headers['x-amz-date']);
    const at = stamp.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
    const message = `Signature expired: ${stamp} is now earlier than that.`;
    const isLate = Math.abs(now() - Date.parse(at)) > 300_000;
    return isLate ? { __type: 'InvalidSignatureException', message } : undefined;
  }, now);
  const { own } = aws(endpoint, 'dev');
  await expect(own.listStreams({})).resolves.toMatchObject({ StreamNames: [] });
  await expect(own.listStreams({})).resolves.toMatchObject({ StreamNames: [] });
  expect(attempts).toBe(3);
});

/** What a profile of single sign-on finds in its files, with sign-in servers at `endpoint`. */
async function ssoProfile(endpoint: string, { hasSession = false, expiresInMs = 3_600_000 } = {}) {
  const home = await tempFolder();
  const config = path.join(home, 'config');
  const start = 'https://corp.awsapps.com/start';
  const session = `${path.basename(home)}`;
  const sso = `sso_region = eu-west-1\nsso_start_url = ${start}\n`;
  const account = 'sso_account_id = 111122223333\nsso_role_name = reader\n';
  writeFileSync(
    config,
    hasSession
      ? `[profile dev]\nsso_session = ${session}\n${account}[sso-session ${session}]\n${sso}`
      : `[profile dev]\n${account}${sso}`,
  );
  for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_CONFIG_FILE', config);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', `${config}.none`);
  vi.stubEnv('AWS_ENDPOINT_URL_SSO', endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_SSO_OIDC', endpoint);
  onTestFinished(() => void vi.unstubAllEnvs());
  const cache = path.join(home, '.aws', 'sso', 'cache');
  mkdirSync(cache, { recursive: true });
  const token = createHash('sha1')
    .update(hasSession ? session : start)
    .digest('hex');
  const expiresAt = new Date(Date.now() + expiresInMs).toISOString();
  writeFileSync(
    path.join(cache, `${token}.json`),
    JSON.stringify({
      ...{ accessToken: 't', expiresAt, clientId: 'c', clientSecret: 's', refreshToken: 'r' },
    }),
  );
}

/** Where nobody listens any more. */
async function closedEndpoint(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return `http://127.0.0.1:${port}`;
}

const unrenewed = {
  name: 'NetworkError',
  status: 503,
  message: expect.stringMatching(/^Nobody could be reached to renew the credentials \(.*REFUSED/),
};

test('a role of single sign-on that cannot be renewed for want of a network is no end of the sign-in', async () => {
  const gone = await closedEndpoint();
  await ssoProfile(gone);
  await expect(aws(gone, 'dev').own.listStreams({})).rejects.toMatchObject(unrenewed);
});

test('a session that expired while nobody could be reached is no end either, until it is refused', async () => {
  const gone = await closedEndpoint();
  await ssoProfile(gone, { hasSession: true, expiresInMs: -1000 });
  await expect(aws(gone, 'dev').own.listStreams({})).rejects.toMatchObject(unrenewed);
  // The SDK does not try again so soon, and says the same.
  await expect(aws(gone, 'dev').own.listStreams({})).rejects.toMatchObject(unrenewed);
  const refusing = await awsEndpoint(() => ({ __type: 'InvalidGrantException', message: 'No.' }));
  await ssoProfile(refusing, { hasSession: true, expiresInMs: -1000 });
  await expect(aws(refusing, 'dev').own.listStreams({})).rejects.toMatchObject({
    name: 'CredentialsError',
    message: expect.stringMatching(/expired/),
  });
});
