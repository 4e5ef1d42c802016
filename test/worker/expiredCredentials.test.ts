// Credentials that expire under a tail of AWS, over HTTP and through the SDK: one row, one problem, and after signing in
// it goes on behind its last record.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { tempFolder } from '../support/tempFolder.ts';
import { LocalEngine } from './support/localEngine.ts';
import { TestWorker } from './support/testWorker.ts';

const StreamName = 'flights';
const bytesMax = 64 * 1024 * 1024;
const utf8 = new TextEncoder();

/** The engine, to those whose access key is in force. */
async function door(local: LocalEngine): Promise<{ endpoint: string; accept(key: string): void }> {
  let accepted = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { authorization = '', 'x-amz-target': target, 'content-type': type } = request.headers;
      if (!authorization.includes(`Credential=${accepted}/`)) {
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
        const message = 'The security token included in the request is expired';
        response.end(JSON.stringify({ __type: 'ExpiredTokenException', message }));
        return;
      }
      const headers = { 'x-amz-target': String(target), 'content-type': String(type) };
      const body = Buffer.concat(chunks);
      const answer = await fetch(local.connection.endpoint, { method: 'POST', headers, body });
      response.writeHead(answer.status, { 'content-type': String(type) });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const accept = (key: string): void => {
    accepted = key;
  };
  return { endpoint: `http://127.0.0.1:${port}`, accept };
}

test('a tail of AWS whose token expires says so once, and goes on without loss once its user signed in', async () => {
  const local = await LocalEngine.start({ limits: 'off' });
  onTestFinished(() => local.stop());
  await local.engine.createStream({ StreamName, ShardCount: 3 });
  await local.untilActive(StreamName);
  const { endpoint, accept } = await door(local);
  const file = path.join(await tempFolder(), 'credentials');
  const signIn = (key: string): void =>
    writeFileSync(file, `[dev]\naws_access_key_id=${key}\naws_secret_access_key=secret\n`);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  vi.stubEnv('AWS_CONFIG_FILE', `${file}.none`);
  onTestFinished(() => void vi.unstubAllEnvs());
  signIn('OLD');
  accept('OLD');
  let made = 0;
  const put = async (count: number): Promise<void> => {
    for (let more = 0; more < count; more++, made++) {
      const Data = utf8.encode(`{"n":${made}}`);
      await local.engine.putRecord({ StreamName, PartitionKey: `key-${made}`, Data });
    }
  };

  const worker = new TestWorker();
  const { channel } = worker;
  const aws = { kind: 'aws', id: 'dev', profile: 'dev', region: 'us-east-1', endpoint } as const;
  await channel.call('connect', aws);
  const { tail } = await channel.call('openTail', {
    ...{ connection: 'dev', stream: StreamName, start: { type: 'TRIM_HORIZON' } },
    ...{ rowsMax: 10_000, bytesMax, windowBytesMax: bytesMax, awsReadsPerSecond: 5 },
  });
  await put(10);
  await worker.tick(tail, ({ received }) => received === 10);
  accept('NEW');
  const failed = await worker.tick(tail, ({ state }) => state === 'failed');
  expect(failed.problem).toMatchObject({
    action: 'signIn',
    message: expect.stringMatching(/credentials have expired: .*token .* --profile dev/),
  });
  await put(10);
  expect(await worker.events(tail)).toEqual([failed.problem!.message]);
  signIn('NEW');
  await channel.call('resumeTail', { tail });
  await worker.tick(tail, ({ received, state }) => received === 20 && state === 'live');
  const shown = (await worker.records(tail)).map((row) => row.preview);
  expect(new Set(shown).size).toBe(20);
  expect(shown).toHaveLength(20);
});
