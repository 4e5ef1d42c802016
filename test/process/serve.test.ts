// `shardscope serve` as a process: its lines, its exit codes, its lock, and what it survives.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EngineStatus } from '../../src/admin/adminApi.ts';
import {
  addressOf,
  clientOf,
  type EngineProcess,
  forkOwned,
  shardscope,
  temporaryFolder,
} from './support/engineProcess.ts';

const serve = (folder: string, ...more: string[]): EngineProcess =>
  shardscope([
    'serve',
    '--data',
    folder,
    ...(more.includes('--port') ? [] : ['--port', '0']),
    ...more,
  ]);

function keysFile(mode: number): string {
  const file = path.join(temporaryFolder(), 'keys.json');
  const key = { accessKeyId: 'AKID', secretAccessKey: 'hush', account: '111122223333' };
  writeFileSync(file, JSON.stringify([key]));
  chmodSync(file, mode);
  return file;
}

const lockOf = (folder: string): { nonce: string; endpoint: string; pid: number } =>
  JSON.parse(readFileSync(path.join(folder, 'lock'), 'utf8'));

async function admin(folder: string, route: string): Promise<Response> {
  const { endpoint, nonce } = lockOf(folder);
  return fetch(`${endpoint}/_shardscope/${route}`, {
    method: 'POST',
    headers: { 'x-shardscope-nonce': nonce },
  });
}

async function listener(port = 0): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

async function readAll(client: KinesisClient, StreamName: string): Promise<string[]> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const texts: string[] = [];
  for (let next = ShardIterator; next !== undefined; ) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: next }));
    texts.push(...(page.Records ?? []).map((record) => Buffer.from(record.Data!).toString()));
    next = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
  }
  return texts;
}

describe('serve', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'says its address and ends with 0 on %s',
    async (signal) => {
      const folder = path.join(temporaryFolder(), 'data');
      const engine = serve(folder, '--init', 'orders:4,clicks');
      const endpoint = await addressOf(engine);
      const { StreamNames } = await clientOf(endpoint).send(new ListStreamsCommand({}));
      expect(StreamNames).toEqual(['clicks', 'orders']);
      const { StreamDescriptionSummary } = await clientOf(endpoint, 'http1').send(
        new DescribeStreamSummaryCommand({ StreamName: 'orders' }),
      );
      expect(StreamDescriptionSummary).toMatchObject({ OpenShardCount: 4, StreamStatus: 'ACTIVE' });
      expect(lockOf(folder)).toMatchObject({ endpoint, pid: engine.child.pid });
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(path.join(folder, 'lock')).mode & 0o777).toBe(0o600);
      engine.child.kill(signal);
      expect(await engine.exit).toBe(0);
      expect(engine.stdout()).toBe(`Shardscope is listening on ${endpoint} (data: ${folder})\n`);
      expect(existsSync(path.join(folder, 'lock'))).toBe(false);
    },
  );

  test('keeps its port for the next start', async () => {
    const folder = temporaryFolder();
    const first = serve(folder);
    const endpoint = await addressOf(first);
    first.child.kill();
    await first.exit;
    const second = shardscope(['serve', '--data', folder]);
    expect(await addressOf(second)).toBe(endpoint);
  });

  test('a second one on the folder ends with 3 and names the first', async () => {
    const folder = temporaryFolder();
    const endpoint = await addressOf(serve(folder));
    const second = serve(folder);
    expect(await second.exit).toBe(3);
    expect(second.stderr()).toContain(endpoint);
    expect(second.stderr()).toContain(folder);
    expect(second.stdout()).toBe('');
    expect((await admin(folder, 'status')).status).toBe(200);
  });

  test('ends with 4 when the port is taken, says by whom, and frees the folder', async () => {
    const folder = temporaryFolder();
    const { port } = (await listener()).address() as AddressInfo;
    const engine = serve(folder, '--port', String(port));
    expect(await engine.exit).toBe(4);
    expect(engine.stderr()).toContain(`Port ${port} is taken`);
    expect(engine.stderr()).toContain('--port');
    if (process.platform === 'linux') expect(engine.stderr()).toContain(`process ${process.pid} `);
    expect(existsSync(path.join(folder, 'lock'))).toBe(false);
  });

  test('ends with 5 when the folder is a file', async () => {
    const file = path.join(temporaryFolder(), 'data');
    writeFileSync(file, 'mine');
    for (const folder of [file, path.join(file, 'below')]) {
      const engine = serve(folder);
      expect(await engine.exit).toBe(5);
      expect(engine.stderr()).toContain('is a file, not a folder');
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test('ends with 2 for what it does not know, and helps', async () => {
    const wrong = shardscope(['serve', '--prot', '1']);
    expect(await wrong.exit).toBe(2);
    expect(wrong.stderr()).toContain('--prot');
    const help = shardscope(['--help']);
    expect([await help.exit, help.stdout().includes('--size-limit')]).toEqual([0, true]);
    const version = shardscope(['--version']);
    expect([await version.exit, version.stdout()]).toEqual([
      0,
      `${process.env.SHARDSCOPE_VERSION}\n`,
    ]);
  });

  test('ends with 2 when its keys are missing or may be read by others, without a word of them', async () => {
    const folder = temporaryFolder();
    const none = serve(folder, '--auth', 'verify');
    expect(await none.exit).toBe(2);
    expect(none.stderr()).toContain('--keys FILE');
    const open = serve(folder, '--auth', 'verify', '--keys', keysFile(0o644));
    expect(await open.exit).toBe(2);
    expect(open.stderr()).toMatch(/keys\.json may be used by others .* chmod 600/);
    expect(open.stderr()).not.toContain('hush');
  });

  test('lets in whoever signs with a key of its file, and nobody else', async () => {
    const engine = serve(temporaryFolder(), '--auth', 'verify', '--keys', keysFile(0o600));
    const endpoint = await addressOf(engine);
    const list = (secretAccessKey: string) => {
      const client = new KinesisClient({
        endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKID', secretAccessKey },
      });
      onTestFinished(() => client.destroy());
      return client.send(new ListStreamsCommand({}));
    };
    expect((await list('hush')).StreamNames).toEqual([]);
    await expect(list('loud')).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });

  test('killed with SIGKILL, it comes back with every acknowledged record', async () => {
    const folder = temporaryFolder();
    const first = serve(folder, '--init', 'orders:1');
    const client = clientOf(await addressOf(first), 'http1');
    const put = (text: string) =>
      client.send(
        new PutRecordCommand({
          StreamName: 'orders',
          PartitionKey: 'k',
          Data: Buffer.from(text),
        }),
      );
    const acknowledged: string[] = [];
    const puts = Array.from({ length: 300 }, async (_, index) => {
      await put(`record ${index}`);
      acknowledged.push(`record ${index}`);
      if (acknowledged.length === 200) first.child.kill('SIGKILL');
    });
    await Promise.allSettled(puts);
    expect(await first.exit).toBe('SIGKILL');
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    const second = serve(folder);
    const records = await readAll(clientOf(await addressOf(second)), 'orders');
    expect(new Set(records).size).toBe(records.length);
    expect(acknowledged.filter((text) => !records.includes(text))).toEqual([]);
    expect(lockOf(folder).pid).toBe(second.child.pid);
  });

  test('suspended for long, it is replaced, and ends when it wakes', async () => {
    const folder = temporaryFolder();
    const first = serve(folder, '--init', 'orders:1');
    await addressOf(first);
    first.child.kill('SIGSTOP');
    const second = serve(folder);
    const endpoint = await addressOf(second);
    first.child.kill('SIGCONT');
    expect(await first.exit).toBe(3);
    expect(first.stderr()).toContain('no longer ours');
    const { StreamNames } = await clientOf(endpoint).send(new ListStreamsCommand({}));
    expect(StreamNames).toEqual(['orders']);
    expect(lockOf(folder).pid).toBe(second.child.pid);
  });

  test('ends by itself when nobody uses it', async () => {
    const engine = serve(temporaryFolder(), '--idle-exit', '1');
    await addressOf(engine);
    expect(await engine.exit).toBe(0);
    expect(engine.stderr()).toContain('nobody has used it');
  });

  test('ends with 3 when its lock is taken away, without touching the new one', async () => {
    const folder = temporaryFolder();
    const engine = serve(folder);
    await addressOf(engine);
    const stolen = { ...lockOf(folder), nonce: 'another' };
    writeFileSync(path.join(folder, 'lock.new'), JSON.stringify(stolen));
    execFileSync('mv', [path.join(folder, 'lock.new'), path.join(folder, 'lock')]);
    expect(await engine.exit).toBe(3);
    expect(lockOf(folder).nonce).toBe('another');
  });

  test.each(['throw', 'Promise.reject('])(
    'a defect of its own (%s) ends it with 70, in the log, and costs no record',
    async (how) => {
      const folder = temporaryFolder();
      const planted = path.join(folder, 'planted.cjs');
      const error = "new Error('planted defect')";
      const fails = how === 'throw' ? `throw ${error}` : `${how}${error})`;
      writeFileSync(planted, `process.once('SIGUSR2', () => { ${fails}; });`);
      const data = path.join(folder, 'data');
      const env = { NODE_OPTIONS: `--require ${planted}` };
      const first = shardscope(['serve', '--port', '0', '--data', data, '--init', 'orders:1'], {
        env,
      });
      const client = clientOf(await addressOf(first), 'http1');
      const Data = Buffer.from('kept');
      await client.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'k', Data }));
      first.child.kill('SIGUSR2');
      expect(await first.exit).toBe(70);
      for (const told of [first.stderr(), readFileSync(path.join(data, 'engine.log'), 'utf8')]) {
        expect(told).toMatch(/error unexpected: Error: planted defect\n +at /);
      }
      const second = serve(data);
      expect(await readAll(clientOf(await addressOf(second)), 'orders')).toEqual(['kept']);
    },
  );

  test('writes a log into the folder, without records', async () => {
    const folder = temporaryFolder();
    const engine = serve(folder, '--init', 'orders', '--log-level', 'debug');
    const client = clientOf(await addressOf(engine));
    const Data = Buffer.from('top secret');
    await client.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'hush', Data }));
    engine.child.kill();
    await engine.exit;
    const log = readFileSync(path.join(folder, 'engine.log'), 'utf8');
    expect(log).toContain('ending: SIGTERM');
    expect(log).not.toMatch(/secret|hush/);
  });
});

describe('serve --owned', () => {
  test('says once that it is ready, lets go of its parent, and stops when asked', async () => {
    const folder = temporaryFolder();
    const engine = forkOwned(['--data', folder, '--port', '0']);
    const [message] = (await once(engine.child, 'message')) as [Record<string, unknown>];
    const { nonce, endpoint } = lockOf(folder);
    expect(message).toEqual({ ready: true, endpoint, nonce, pid: engine.child.pid });
    if (engine.child.connected) await once(engine.child, 'disconnect');
    const status = (await (await admin(folder, 'status')).json()) as EngineStatus;
    expect(status).toMatchObject({
      version: process.env.SHARDSCOPE_VERSION,
      protocol: 1,
      pid: engine.child.pid,
      endpoint,
      folder,
      windowCount: 0,
      streamCount: 0,
      damaged: [],
    });
    expect((await admin(folder, 'stop')).status).toBe(200);
    expect(await engine.exit).toBe(0);
    expect(existsSync(path.join(folder, 'lock'))).toBe(false);
  });

  test('says who holds the folder', async () => {
    const folder = temporaryFolder();
    const endpoint = await addressOf(serve(folder));
    const engine = forkOwned(['--data', folder, '--port', '0']);
    const [message] = (await once(engine.child, 'message')) as [Record<string, unknown>];
    expect(message).toMatchObject({ failed: true, code: 'LOCKED', endpoint });
    expect(message.message).toContain(endpoint);
    expect(await engine.exit).toBe(3);
  });

  test('says who has the port', async () => {
    const { port } = (await listener()).address() as AddressInfo;
    const engine = forkOwned(['--data', temporaryFolder(), '--port', String(port)]);
    const [message] = (await once(engine.child, 'message')) as [Record<string, unknown>];
    expect(message).toMatchObject({ failed: true, code: 'PORT_TAKEN' });
    expect(await engine.exit).toBe(4);
  });

  test('without a channel it says it as one line of JSON', async () => {
    const folder = temporaryFolder();
    const engine = serve(folder, '--owned');
    const [line] = await engine.says(/^.*\n/);
    expect(JSON.parse(line)).toMatchObject({ ready: true, nonce: lockOf(folder).nonce });
  });

  test('ends when its owner is gone', async () => {
    const owner = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const env = { SHARDSCOPE_OWNER_PID: String(owner.pid) };
    const engine = forkOwned(['--data', temporaryFolder(), '--port', '0'], { env });
    await once(engine.child, 'message');
    owner.kill();
    expect(await engine.exit).toBe(0);
  });
});
