// What goes over the wire: both HTTP versions, plain and in TLS, headers, errors, and who is refused.
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { connect } from 'node:net';
import * as sdk from '@aws-sdk/client-kinesis';
import { cbor } from '@smithy/core/cbor';
import { describe, expect, test } from 'vitest';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { operations } from '../../src/kinesis/operations.ts';
import { notImplemented } from '../../src/server/target.ts';
import { recorder } from '../support/recorder.ts';
import { callRaw, kinesisHeaders, secure, sendHttp1, trust, versions } from './support/rawHttp.ts';
import { signal } from './support/signal.ts';
import { nonce, testServer } from './support/testServer.ts';

const cborType = 'application/x-amz-cbor-1.1';
const cborHeaders = (operation: string) => ({
  ...kinesisHeaders(operation),
  'content-type': cborType,
});

describe.each(versions)('startServer() over %s', (_, send) => {
  test('answers a call with AWS headers', async () => {
    const { server, fake } = await testServer({
      answers: { PutRecord: () => ({ ShardId: 'shardId-000000000000', SequenceNumber: '1' }) },
    });
    const answer = await send(server.endpoint, {
      headers: kinesisHeaders('PutRecord'),
      body: JSON.stringify({ StreamName: 'orders', Data: 'aGk=', PartitionKey: 'é' }),
    });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ ShardId: 'shardId-000000000000', SequenceNumber: '1' });
    expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
    expect(answer.headers['x-amzn-requestid']).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(Buffer.from(String(answer.headers['x-amz-id-2']), 'base64')).toHaveLength(72);
    expect(fake.calls[0]!.input).toEqual({
      StreamName: 'orders',
      Data: new Uint8Array(Buffer.from('hi')),
      PartitionKey: 'é',
    });
  });

  test('answers an operation without output with an empty body', async () => {
    const { server } = await testServer();
    const request = { headers: kinesisHeaders('DeleteStream'), body: '{"StreamName":"a"}' };
    const answer = await send(server.endpoint, request);
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers['content-length']).toBe('0');
  });

  test('answers an exception with its name, text and status', async () => {
    const { server } = await testServer({
      answers: {
        ListStreams: () => Promise.reject(new KinesisError('LimitExceededException', 'Rate é')),
        DescribeStream: () => Promise.reject(new Error('the disk burns')),
      },
    });
    const limited = await send(server.endpoint, {
      headers: kinesisHeaders('ListStreams'),
      body: '{}',
    });
    expect(limited.status).toBe(400);
    expect(limited.json()).toEqual({ __type: 'LimitExceededException', message: 'Rate é' });
    const failed = await send(server.endpoint, {
      headers: kinesisHeaders('DescribeStream'),
      body: '{}',
    });
    expect([failed.status, failed.json()]).toEqual([
      500,
      { __type: 'InternalFailure', message: 'the disk burns' },
    ]);
  });

  test('refuses a request with an Origin, whatever else it is', async () => {
    const { server, fake } = await testServer();
    for (const origin of ['http://evil.example', 'null', server.endpoint]) {
      for (const method of ['POST', 'OPTIONS', 'GET']) {
        const answer = await send(server.endpoint, {
          method,
          headers: { ...kinesisHeaders('ListStreams'), origin, 'x-shardscope-nonce': nonce },
        });
        expect(answer.status).toBe(403);
        expect(answer.json().message).toContain('Origin');
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      }
    }
    expect(fake.calls).toEqual([]);
  });

  test('refuses a foreign Host and takes the names of loopback', async () => {
    const { server, fake } = await testServer({ allowedHosts: ['Engine'] });
    const ask = (host: string) =>
      send(server.endpoint, { headers: { ...kinesisHeaders('ListStreams'), host }, body: '{}' });
    const foreign = ['evil.example', `evil.example:${server.port}`, '127.0.0.1.evil.example'];
    for (const host of [
      ...foreign,
      'localhost.evil.example:80',
      '10.0.0.1',
      'host.docker.internal.evil.example',
    ]) {
      const answer = await ask(host);
      expect([host, answer.status]).toEqual([host, 403]);
      expect(answer.json().message).toContain(host.replace(/:\d+$/, ''));
    }
    expect(fake.calls).toEqual([]);
    for (const host of [
      'localhost',
      `LOCALHOST:${server.port}`,
      '[::1]:1',
      '127.0.0.1',
      `host.docker.internal:${server.port}`,
      'engine',
    ]) {
      expect([host, (await ask(host)).status]).toEqual([host, 200]);
    }
  });

  test('refuses a body over 16 MiB and answers the next call', async () => {
    const { server, fake } = await testServer();
    const body = Buffer.alloc(16 * 1024 ** 2 + 1, 0x20);
    const announced = await send(server.endpoint, {
      headers: { ...kinesisHeaders('PutRecord'), 'content-length': String(body.length) },
      body,
    });
    expect(announced.status).toBe(413);
    expect(announced.json().message).toContain('16 MiB');
    expect(fake.calls).toEqual([]);
    const next = await send(server.endpoint, {
      headers: kinesisHeaders('ListStreams'),
      body: '{}',
    });
    expect(next.status).toBe(200);
  });

  test('takes a body of 16 MiB', async () => {
    const { server, fake } = await testServer();
    const body = Buffer.alloc(16 * 1024 ** 2, 0x20);
    body.write('{"StreamName":"a"}');
    const answer = await send(server.endpoint, { headers: kinesisHeaders('DeleteStream'), body });
    expect([answer.status, fake.calls[0]?.input]).toEqual([200, { StreamName: 'a' }]);
  });

  test('answers a call in CBOR in CBOR', async () => {
    const { server, fake } = await testServer({
      answers: { PutRecord: () => ({ ShardId: 'shardId-000000000000', SequenceNumber: '1' }) },
    });
    const Data = Buffer.from([0, 0xff, 0x80]);
    const answer = await send(server.endpoint, {
      headers: cborHeaders('PutRecord'),
      body: cbor.serialize({ StreamName: 'orders', Data, PartitionKey: 'é' }),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(cborType);
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
    expect(cbor.deserialize(answer.bytes)).toEqual({
      ShardId: 'shardId-000000000000',
      SequenceNumber: '1',
    });
    const { Data: got, ...rest } = fake.calls[0]!.input as { Data: Uint8Array };
    expect([Buffer.from(got), rest]).toEqual([Data, { StreamName: 'orders', PartitionKey: 'é' }]);
  });

  test('gives a page of any size in CBOR as it is', async () => {
    for (const count of [0, 1, 40, 2000]) {
      const Records = Array.from({ length: count }, (_, place) => ({
        SequenceNumber: String(place),
        Data: Buffer.alloc(100, place),
        PartitionKey: 'ключ',
      }));
      const { server } = await testServer({ answers: { GetRecords: () => ({ Records }) } });
      const request = { headers: cborHeaders('GetRecords'), body: cbor.serialize({}) };
      const answer = await send(server.endpoint, request);
      const page = cbor.deserialize(answer.bytes) as { Records: { Data: Uint8Array }[] };
      const read = page.Records.map((record) => ({ ...record, Data: Buffer.from(record.Data) }));
      expect(read).toEqual(Records);
    }
  });

  test('answers a long batch in CBOR, every record with its place', async () => {
    const Records = Array.from({ length: 500 }, (_, place) => ({
      SequenceNumber: String(10n ** 55n + BigInt(place)),
      ShardId: 'shardId-000000000000',
    }));
    const output = { FailedRecordCount: 0, Records };
    const { server } = await testServer({ answers: { PutRecords: () => output } });
    const request = { headers: cborHeaders('PutRecords'), body: cbor.serialize({ Records: [] }) };
    const answer = await send(server.endpoint, request);
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
    expect(cbor.deserialize(answer.bytes)).toEqual(output);
  });

  test('answers an exception and an operation without output in CBOR', async () => {
    const { server } = await testServer({
      answers: {
        ListStreams: () => Promise.reject(new KinesisError('LimitExceededException', 'é')),
      },
    });
    const body = cbor.serialize({ StreamName: 'a' });
    const limited = await send(server.endpoint, { headers: cborHeaders('ListStreams'), body });
    expect([limited.status, limited.headers['content-type']]).toEqual([400, cborType]);
    expect(cbor.deserialize(limited.bytes)).toEqual({
      __type: 'LimitExceededException',
      message: 'é',
    });
    const deleted = await send(server.endpoint, { headers: cborHeaders('DeleteStream'), body });
    expect([deleted.status, deleted.text]).toEqual([200, '']);
    expect(deleted.headers['content-type']).toBe(cborType);
  });
});

test('startServer() refuses a streamed body once it is over 16 MiB', async () => {
  const { server, fake } = await testServer();
  const socket = connect(server.port, '127.0.0.1');
  const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n';
  const headers = Object.entries(kinesisHeaders('PutRecord')).map(([k, v]) => `${k}: ${v}\r\n`);
  socket.write(`${head}${headers.join('')}\r\n`);
  const chunk = Buffer.concat([
    Buffer.from('100000\r\n'),
    Buffer.alloc(1024 ** 2, 0x20),
    Buffer.from('\r\n'),
  ]);
  for (let i = 0; i < 17; i++) socket.write(chunk);
  socket.write('0\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  expect(fake.calls).toEqual([]);
  socket.destroy();
});

test('startServer() refuses a body announced as huge without waiting for it', async () => {
  const { server } = await testServer();
  const socket = connect(server.port, '127.0.0.1');
  const headers = Object.entries(kinesisHeaders('PutRecord')).map(([k, v]) => `${k}: ${v}\r\n`);
  socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\n${headers.join('')}`);
  socket.write(`Content-Length: ${2 ** 40}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

test('startServer() understands a client that sends byte by byte', async () => {
  const { server } = await testServer();
  const socket = connect(server.port, '127.0.0.1');
  socket.setNoDelay(true);
  const body = '{}';
  const headers = Object.entries(kinesisHeaders('ListStreams')).map(([k, v]) => `${k}: ${v}\r\n`);
  const text = `POST / HTTP/1.1\r\nHost: localhost\r\n${headers.join('')}Content-Length: 2\r\n\r\n${body}`;
  for (const byte of text) {
    await new Promise((resolve) => socket.write(byte, resolve));
  }
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
});

describe('order of checks', () => {
  test.each([
    ['no JSON', 'PutRecord', 'hello', { __type: 'SerializationException' }],
    ['a scalar', 'PutRecord', 'true', { __type: 'SerializationException' }],
    ['null', 'PutRecord', 'null', { __type: 'SerializationException' }],
    ['no body', 'PutRecord', '', { __type: 'SerializationException' }],
    ['no JSON and no operation', 'Whatever', 'hello', { __type: 'SerializationException' }],
    ['no body and no operation', 'Whatever', '', { __type: 'UnknownOperationException' }],
    ['no such operation', 'Whatever', '{}', { __type: 'UnknownOperationException' }],
    ['an operation named like a method', 'toString', '{}', { __type: 'UnknownOperationException' }],
    [
      'an operation that is not ours yet',
      'CreateChannel',
      '{}',
      {
        __type: 'UnknownOperationException',
        message: 'Shardscope does not implement CreateChannel yet.',
      },
    ],
  ])('%s', async (_, operation, input, expected) => {
    const { server, fake } = await testServer();
    const answer = await callRaw(server.endpoint, { operation, input });
    expect([answer.status, answer.json()]).toEqual([400, expected]);
    expect(fake.calls).toEqual([]);
  });

  test.each([
    ['no CBOR', 'PutRecord', Buffer.from('hello'), { __type: 'SerializationException' }],
    ['a scalar', 'PutRecord', cbor.serialize(1), { __type: 'SerializationException' }],
    ['no body', 'PutRecord', '', { __type: 'SerializationException' }],
    ['no CBOR and no operation', 'Whatever', '{', { __type: 'SerializationException' }],
    ['no such operation', 'Whatever', cbor.serialize({}), { __type: 'UnknownOperationException' }],
    [
      'a wrong type',
      'PutRecord',
      cbor.serialize({ PartitionKey: true }),
      {
        __type: 'SerializationException',
        Message: 'class java.lang.Boolean can not be converted to an String',
      },
    ],
  ])('of CBOR: %s', async (_, operation, body, expected) => {
    const { server, fake } = await testServer();
    const answer = await sendHttp1(server.endpoint, { headers: cborHeaders(operation), body });
    expect([answer.status, answer.headers['content-type']]).toEqual([400, cborType]);
    expect(cbor.deserialize(answer.bytes)).toEqual(expected);
    expect(fake.calls).toEqual([]);
  });

  test.each(['application/x-amz-json-1.0', 'application/json', 'text/plain', undefined])(
    'no body of type %s is answered in CBOR',
    async (type) => {
      const { server } = await testServer();
      const answer = await sendHttp1(server.endpoint, {
        headers: {
          'x-amz-target': 'Kinesis_20131202.Whatever',
          ...(type !== undefined && { 'content-type': type }),
        },
      });
      expect([answer.status, answer.headers['content-type']]).toEqual([400, cborType]);
      expect(cbor.deserialize(answer.bytes)).toEqual({ __type: 'UnknownOperationException' });
    },
  );

  test.each([
    ['GET', undefined, 'ListStreams', 403, /^<AccessDeniedException>/],
    ['POST', 'text/plain', 'ListStreams', 404, /^<UnknownOperationException\/>/],
    ['POST', 'text/plain', 'Whatever', 500, /^<InternalFailure\/>/],
    ['POST', 'application/json', 'ListStreams', 404, /coral\.service#UnknownOperationException/],
  ])('%s with type %s for %s', async (method, type, operation, status, text) => {
    const { server } = await testServer();
    const headers = { 'x-amz-target': `Kinesis_20131202.${operation}` };
    const answer = await sendHttp1(server.endpoint, {
      method,
      headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
      body: method === 'GET' ? '' : '{}',
    });
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(text);
  });

  test('every operation of the SDK is ours or known as missing', () => {
    const published = Object.keys(sdk)
      .filter((name) => name.endsWith('Command') && name !== '$Command')
      .map((name) => name.slice(0, -'Command'.length));
    expect([...Object.keys(operations), ...notImplemented].sort()).toEqual(published.sort());
  });
});

describe('call context', () => {
  const authorization = (key: string) =>
    `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=00`;

  test.each([
    ['123456789012', { account: '123456789012', region: 'eu-west-1' }],
    ['AKIAIOSFODNN7EXAMPLE', { account: undefined, region: 'eu-west-1' }],
  ])('of the access key %s', async (key, expected) => {
    const { server, fake } = await testServer();
    const headers = {
      ...kinesisHeaders('ListStreams'),
      authorization: authorization(key),
      'user-agent': 'aws-sdk-test/1',
    };
    const answer = await sendHttp1(server.endpoint, { headers, body: '{}' });
    const context = fake.calls[0]!.context!;
    const requestId = answer.headers['x-amzn-requestid'];
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(context).toMatchObject({
      ...expected,
      accessKeyId: key,
      own: false,
      userAgent: 'aws-sdk-test/1',
      requestId,
    });
    expect(context.signal?.aborted).toBe(false);
  });

  test('own is true only with the nonce', async () => {
    const { server, fake } = await testServer();
    for (const given of [nonce, 'wrong', nonce.toUpperCase()]) {
      const headers = { ...kinesisHeaders('ListStreams'), 'x-shardscope-nonce': given };
      await sendHttp1(server.endpoint, { headers, body: '{}' });
    }
    expect(fake.calls.map((call) => call.context?.own)).toEqual([true, false, false]);
  });

  test.each(versions)('signal aborts when a client of %s goes away', async (version) => {
    const aborted = signal();
    const called = signal();
    const { server } = await testServer({
      answers: {
        GetRecords: async (_, context) => {
          context?.signal?.addEventListener('abort', () => aborted.fire());
          called.fire();
          await aborted.done;
        },
      },
    });
    const leave = await openCall(server.endpoint, version);
    await called.done;
    leave();
    await aborted.done;
  });
});

async function openCall(endpoint: string, version: string): Promise<() => void> {
  const headers = kinesisHeaders('GetRecords');
  const body = '{"ShardIterator":"a"}';
  const isSecure = version.endsWith('TLS');
  const to = isSecure ? secure(endpoint) : endpoint;
  if (version.startsWith('HTTP/2')) {
    const session = http2.connect(to, await trust());
    const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
    stream.on('error', () => undefined);
    stream.end(body);
    return () => session.destroy();
  }
  const options = { method: 'POST', headers, agent: false, ...(await trust()) };
  const request = (isSecure ? https : http).request(to, options);
  request.on('error', () => undefined);
  request.end(body);
  return () => request.destroy();
}

test('close() answers what is under way and ends idle connections', async () => {
  const called = signal();
  const release = signal();
  let callCount = 0;
  const { server } = await testServer({
    answers: {
      ListStreams: async () => {
        callCount++;
        if (callCount === versions.length) called.fire();
        await release.done;
        return { StreamNames: [], HasMoreStreams: false };
      },
    },
  });
  const idle = connect(server.port, '127.0.0.1');
  await once(idle, 'connect');
  const answers = versions.map(([, send]) =>
    send(server.endpoint, { headers: kinesisHeaders('ListStreams'), body: '{}' }),
  );
  await called.done;
  const closed = server.close();
  release.fire();
  for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
  await closed;
});

test('connections beyond the limit are ended at once, and there is room again when one leaves', async () => {
  const logger = recorder();
  const { server } = await testServer({ connectionsMax: 3, logger });
  const body = '{}';
  const headers = kinesisHeaders('ListStreams');
  const agent = new http.Agent({ keepAlive: true });
  const kept = http.request(server.endpoint, { method: 'POST', headers, agent });
  kept.end(body);
  const [answer] = (await once(kept, 'response')) as [http.IncomingMessage];
  answer.resume();
  const session = http2.connect(server.endpoint);
  await once(session, 'remoteSettings');
  const silent = connect(server.port, '127.0.0.1');
  await once(silent, 'connect');
  for (let tries = 0; tries < 2; tries++) {
    const refused = connect(server.port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => refused.once('close', resolve));
  }
  expect(logger.lines).toEqual([expect.stringContaining('More than 3 connections are open')]);
  silent.destroy();
  for (let status = 0; status !== 200; ) {
    status = await sendHttp1(server.endpoint, { headers, body }).then(
      (sent) => sent.status,
      () => 0,
    );
  }
  agent.destroy();
  session.destroy();
});
