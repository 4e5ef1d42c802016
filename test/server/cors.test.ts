// Web pages that may call and those that may not, and questions about health, by both versions of HTTP.
import { describe, expect, test } from 'vitest';
import { kinesisHeaders, type RawAnswer, versions } from './support/rawHttp.ts';
import { nonce, testServer } from './support/testServer.ts';

const page = 'http://localhost:3000';
const exposed =
  'x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date';
const corsOf = ({ headers }: RawAnswer) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => /^access-control|^vary/.test(name)),
  );

describe.each(versions)('corsOrigins over %s', (_, send) => {
  const call = (endpoint: string, origin: string, more: Record<string, string> = {}) =>
    send(endpoint, { headers: { ...kinesisHeaders('ListStreams'), origin, ...more }, body: '{}' });
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,x-amz-target',
  };

  test('a page of a named origin calls and is told of itself, also of what went wrong', async () => {
    const { server, fake } = await testServer({ corsOrigins: [page] });
    const expected = {
      'access-control-allow-origin': page,
      'access-control-expose-headers': exposed,
      vary: 'Origin',
    };
    const taken = await call(server.endpoint, page);
    expect([taken.status, corsOf(taken)]).toEqual([200, expected]);
    const wrong = await call(server.endpoint, page, { 'x-amz-target': 'Kinesis_20131202.Nothing' });
    expect([wrong.status, corsOf(wrong)]).toEqual([400, expected]);
    expect(fake.calls).toHaveLength(1);
  });

  test('with * every page calls and is answered as AWS does', async () => {
    const { server } = await testServer({ corsOrigins: ['*'] });
    for (const origin of [page, 'null', 'https://example.com']) {
      expect(corsOf(await call(server.endpoint, origin))).toEqual({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': exposed,
      });
    }
  });

  test('a preflight is answered with what it asked for', async () => {
    const { server, fake } = await testServer({ corsOrigins: ['*'] });
    const more = { ...preflight, 'access-control-request-private-network': 'true' };
    const headers = { origin: page, ...more };
    const answer = await send(server.endpoint, { method: 'OPTIONS', headers });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(corsOf(answer)).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': exposed,
      'access-control-allow-headers': 'authorization,x-amz-target',
      'access-control-allow-methods': 'POST',
      'access-control-allow-private-network': 'true',
      'access-control-max-age': '172800',
    });
    expect(fake.calls).toEqual([]);
  });

  test('every other page is refused without a word to its browser', async () => {
    const { server, fake } = await testServer({ corsOrigins: [page, 'https://example.com'] });
    const others = [
      'http://localhost:3001',
      'https://localhost:3000',
      'http://localhost:3000.evil.example',
      'http://evil.example',
      'null',
      '*',
      '',
    ];
    for (const origin of others) {
      for (const method of ['POST', 'OPTIONS', 'GET']) {
        const headers = { ...kinesisHeaders('ListStreams'), ...preflight, origin };
        const answer = await send(server.endpoint, { method, headers });
        expect([origin, answer.status, corsOf(answer)]).toEqual([origin, 403, {}]);
      }
    }
    expect(fake.calls).toEqual([]);
  });

  test('a named page under a foreign Host is refused, and none reaches the admin routes', async () => {
    const { server, fake } = await testServer({ corsOrigins: ['*'] });
    expect((await call(server.endpoint, page, { host: 'evil.example' })).status).toBe(403);
    const withAdmin = await testServer({
      corsOrigins: ['*'],
      admin: { api: {} as never, onDidChange: () => ({ dispose: () => undefined }) },
    });
    for (const path of ['/_shardscope/status', '/_shardscope/hello?challenge=00']) {
      const headers = { origin: page, 'x-shardscope-nonce': nonce };
      const answer = await send(withAdmin.server.endpoint, { path, headers, body: '{}' });
      expect([answer.status, corsOf(answer)]).toEqual([403, {}]);
    }
    expect(fake.calls).toEqual([]);
  });
});

describe.each(versions)('health over %s', (_, send) => {
  test('is told to everybody who may ask, and nothing else of the engine', async () => {
    const { server } = await testServer({ auth: { mode: 'verify', keys: [] } });
    for (const path of ['/healthcheck', '/_health', '/_health?deep=1']) {
      const answer = await send(server.endpoint, { method: 'GET', path });
      expect([answer.status, answer.text]).toEqual([200, '{"status":"UP"}']);
      const head = await send(server.endpoint, { method: 'HEAD', path });
      expect([head.status, head.text]).toEqual([200, '']);
    }
  });

  test('is not told to web pages and foreign hosts, and other paths and methods are no such question', async () => {
    const { server } = await testServer();
    const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
      send(server.endpoint, { method, path, headers });
    expect((await ask('GET', '/_health', { origin: page })).status).toBe(403);
    expect((await ask('GET', '/_health', { host: 'evil.example' })).status).toBe(403);
    expect((await ask('GET', '/')).text).toContain('AccessDeniedException');
    expect((await ask('GET', '/_health/x')).text).toContain('AccessDeniedException');
    expect((await ask('PUT', '/healthcheck')).text).toContain('AccessDeniedException');
  });
});
