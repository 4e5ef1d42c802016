// The admin routes: who may call them, what they do, and the long connection of a window.
import http, { type IncomingMessage } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AdminApi, AdminEvent, EngineStatus } from '../../src/admin/adminApi.ts';
import { Emitter } from '../../src/base/emitter.ts';
import { aliveMs, coalesceMs } from '../../src/server/adminConnections.ts';
import { controlRoutes } from '../../src/server/adminControls.ts';
import { proofOf } from '../../src/server/guard.ts';
import { fakeControls } from './support/fakeControls.ts';
import { until } from './support/quiet.ts';
import { type RawAnswer, sendHttp1, sendHttp2 } from './support/rawHttp.ts';
import { nonce, type TestServer, testServer } from './support/testServer.ts';

const status: EngineStatus = {
  version: '0.1.0',
  protocol: 1,
  pid: 1,
  endpoint: '',
  folder: '',
  folderUse: { bytes: 0, bytesMax: 1, state: 'ok' },
  streamCount: 0,
  durability: 'written',
  limits: 'warn',
  region: 'us-east-1',
  account: '000000000000',
  notices: [],
  damaged: [],
  clock: { nowMs: 0, now: '1970-01-01T00:00:00.000Z', aheadMs: 0, rate: 1 },
  faultCount: 0,
  windowCount: -1,
};

interface AdminServer extends TestServer {
  readonly done: unknown[];
  readonly changes: Emitter<'streams' | 'status'>;
  post(route: string, body?: unknown, headers?: Record<string, string>): Promise<RawAnswer>;
}

async function adminServer(): Promise<AdminServer> {
  const done: unknown[] = [];
  const note =
    (name: string) =>
    (...given: unknown[]): Promise<void> => {
      done.push([name, ...given]);
      return Promise.resolve();
    };
  const api: AdminApi = {
    ...fakeControls((name, given) => void done.push([name, ...given])),
    status: () => Promise.resolve(status),
    reset: note('reset'),
    emptyStream: note('emptyStream'),
    dropDamaged: () => Promise.reject(new Error('orders is not damaged')),
    ensureStreams: note('ensureStreams'),
    stop: note('stop'),
  };
  const changes = new Emitter<'streams' | 'status'>();
  const made = await testServer({ admin: { api, onDidChange: changes.event } });
  const post = (route: string, body: unknown = {}, headers = { 'x-shardscope-nonce': nonce }) =>
    sendHttp1(made.server.endpoint, {
      path: `/_shardscope/${route}`,
      headers,
      body: JSON.stringify(body),
    });
  return { ...made, done, changes, post: post as AdminServer['post'] };
}

const routes = [
  'status',
  'reset',
  'empty-stream',
  'drop-damaged',
  'ensure-streams',
  'stop',
  ...Object.keys(controlRoutes),
];

describe('admin routes', () => {
  test.each([...routes, 'connect', 'whatever'])(
    '%s is refused without the nonce',
    async (route) => {
      const { server, done } = await adminServer();
      const almost = `${nonce.slice(0, -1)}x`;
      for (const send of [sendHttp1, sendHttp2]) {
        for (const given of [undefined, '', 'x', almost, `${nonce}0`]) {
          const answer = await send(server.endpoint, {
            path: `/_shardscope/${route}`,
            headers: given === undefined ? {} : { 'x-shardscope-nonce': given },
            body: '{}',
          });
          expect(answer.status).toBe(403);
          expect(answer.json().message).toContain('nonce');
        }
      }
      expect(done).toEqual([]);
    },
  );

  test.each(routes)('%s is refused with an Origin, even with the nonce', async (route) => {
    const { post, done } = await adminServer();
    for (const origin of ['vscode-webview://x', 'http://127.0.0.1', 'null']) {
      const answer = await post(route, {}, { 'x-shardscope-nonce': nonce, origin });
      expect(answer.status).toBe(403);
      expect(answer.json().message).toContain('web pages');
      expect(answer.headers['access-control-allow-origin']).toBe(undefined);
    }
    expect(done).toEqual([]);
  });

  test.each(routes)(
    '%s is refused under a name that was rebound, even with the nonce',
    async (route) => {
      const { post, done } = await adminServer();
      const answer = await post(route, {}, { 'x-shardscope-nonce': nonce, host: 'evil.example' });
      expect(answer.status).toBe(403);
      expect(done).toEqual([]);
    },
  );

  test('do what they say', async () => {
    const { post, done } = await adminServer();
    expect((await post('status')).json()).toEqual({ ...status, windowCount: 0 });
    const streams = [{ name: 'orders', shards: 4 }];
    for (const [route, body] of [
      ['reset', {}],
      ['empty-stream', { stream: 'orders' }],
      ['ensure-streams', { streams }],
      ['stop', {}],
    ] as const) {
      expect([route, (await post(route, body)).status]).toEqual([route, 200]);
    }
    expect(done).toEqual([
      ['reset'],
      ['emptyStream', 'orders'],
      ['ensureStreams', streams],
      ['stop'],
    ]);
  });

  test('say what is wrong', async () => {
    const { post } = await adminServer();
    const failed = await post('drop-damaged', { stream: 'orders' });
    expect([failed.status, failed.json().message]).toEqual([500, 'orders is not damaged']);
    expect((await post('empty-stream', {})).status).toBe(400);
    expect((await post('ensure-streams', { streams: [{ name: 'a', shards: 0 }] })).status).toBe(
      400,
    );
    expect((await post('toString')).status).toBe(404);
  });

  test('hello proves the nonce and does not tell it', async () => {
    const { server } = await adminServer();
    const challenge = '0123456789abcdef0123456789abcdef';
    const path = `/_shardscope/hello?challenge=${challenge}`;
    const answer = await sendHttp1(server.endpoint, { method: 'GET', path });
    const proof = proofOf(nonce, { challenge, port: server.port });
    expect(answer.json()).toEqual({ shardscope: true, proof });
    expect(proof).not.toBe(proofOf(`${nonce}0`, { challenge, port: server.port }));
    const bare = await sendHttp1(server.endpoint, { method: 'GET', path: '/_shardscope/hello' });
    expect(bare.status).toBe(400);
  });
});

interface Window {
  /** The next event. */
  next(): Promise<AdminEvent>;
  leave(): void;
}

function openWindow(endpoint: string): Promise<Window> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-shardscope-nonce': nonce };
    const request = http.get(`${endpoint}/_shardscope/connect`, { headers, agent: false }, (got) =>
      resolve(windowOf(got)),
    );
    request.on('error', reject);
    onTestFinished(() => void request.destroy());
  });
}

function windowOf(response: IncomingMessage): Window {
  const lines = linesOf(response);
  response.on('error', () => undefined);
  return {
    next: async () => JSON.parse((await lines.next()).value as string) as AdminEvent,
    leave: () => void response.destroy(),
  };
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of response) {
    const lines = (text + String(chunk)).split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
}

describe('connect', () => {
  test('says the status at once and counts windows', async () => {
    const { server, clock, post } = await adminServer();
    const first = await openWindow(server.endpoint);
    expect(await first.next()).toEqual({ type: 'status', status: { ...status, windowCount: 1 } });
    const second = await openWindow(server.endpoint);
    expect(await second.next()).toMatchObject({ status: { windowCount: 2 } });
    expect([server.windowCount, server.idleSinceMs]).toEqual([2, undefined]);
    expect((await post('status')).json().windowCount).toBe(2);
    await clock.advance(coalesceMs);
    expect(await first.next()).toMatchObject({ type: 'status', status: { windowCount: 2 } });
  });

  test('tells many changes as one, and is alive in between', async () => {
    const { server, clock, changes } = await adminServer();
    const window = await openWindow(server.endpoint);
    await window.next();
    await clock.advance(coalesceMs);
    expect(await window.next()).toMatchObject({ type: 'status' }); // its own arrival
    for (let i = 0; i < 100; i++) changes.fire(i % 2 === 0 ? 'streams' : 'status');
    await clock.advance(coalesceMs);
    expect(await window.next()).toEqual({ type: 'streams' });
    expect(await window.next()).toMatchObject({ type: 'status' });
    await clock.advance(aliveMs);
    expect(await window.next()).toEqual({ type: 'alive' });
    await clock.advance(aliveMs);
    expect(await window.next()).toEqual({ type: 'alive' });
  });

  test('a window that leaves counts no more, and the server is idle again', async () => {
    const { server, clock } = await adminServer();
    const [stays, leaves] = [await openWindow(server.endpoint), await openWindow(server.endpoint)];
    await stays.next();
    await clock.advance(coalesceMs);
    expect(await stays.next()).toMatchObject({ status: { windowCount: 2 } });
    leaves.leave();
    await until(() => server.windowCount === 1);
    await clock.advance(coalesceMs);
    expect(await stays.next()).toMatchObject({ status: { windowCount: 1 } });
    stays.leave();
    await until(() => server.idleSinceMs !== undefined);
    expect(server.idleSinceMs).toBe(clock.monotonic());
  });

  test('close() ends it', async () => {
    const { server } = await adminServer();
    const window = await openWindow(server.endpoint);
    await window.next();
    await server.close();
    await expect(window.next()).rejects.toThrow();
  });
});
