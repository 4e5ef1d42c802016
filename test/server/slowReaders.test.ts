// Clients that do not read their pages, or do not send on: what they hold is bounded, and given up in time.
import http2 from 'node:http2';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pagesBytesMax } from '../../src/server/answerBudget.ts';
import { quiet, until } from './support/quiet.ts';
import { kinesisHeaders, sendHttp1 } from './support/rawHttp.ts';
import { testServer } from './support/testServer.ts';

const MIB = 1024 ** 2;
const dataBytes = 9 * MIB;
const page = {
  Records: [{ SequenceNumber: '1', Data: Buffer.alloc(dataBytes), PartitionKey: 'k' }],
  MillisBehindLatest: 0,
};
const headers = kinesisHeaders('GetRecords');
const body = '{"ShardIterator":"i"}';

/** Asks for a page that it never reads. */
type Ask = (port: number) => void;

const askHttp1: Ask = (port) => {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = `Content-Length: ${body.length}\r\n\r\n${body}`;
  socket.pause().write(`POST / HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}${length}`);
  onTestFinished(() => void socket.destroy());
};

const askHttp2: Ask = (port) => {
  const session = http2.connect(`http://127.0.0.1:${port}`).on('error', () => undefined);
  const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
  stream.on('error', () => undefined).end(body);
  stream.pause();
  onTestFinished(() => void session.destroy());
};

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
])('pages that nobody reads over %s', (_, ask) => {
  test('are bounded together, and their clients are cut off for those who read', async () => {
    const { server, fake, clock } = await testServer({ answers: { GetRecords: () => page } });
    const clients = 20;
    for (let client = 0; client < clients; client++) ask(server.port);
    await until(() => fake.calls.length > 4);
    await quiet(() => fake.calls.length);
    const pageBytes = (dataBytes / 3) * 4;
    expect(fake.calls.length).toBeLessThanOrEqual(pagesBytesMax / pageBytes + 1);
    const answer = sendHttp1(server.endpoint, { headers, body });
    for (let passed = 0; passed < 20; passed++) {
      await clock.advance(5000);
      await quiet(() => fake.calls.length);
    }
    expect((await answer).bytes.length).toBeGreaterThan(pageBytes);
    expect(fake.calls).toHaveLength(clients + 1);
  });
});

test('an HTTP/2 upload that stalls is given up, and its bytes with it', async () => {
  const { server, clock } = await testServer();
  const session = http2.connect(server.endpoint).on('error', () => undefined);
  onTestFinished(() => void session.destroy());
  const stalled = session.request({
    ':method': 'POST',
    ':path': '/',
    ...kinesisHeaders('PutRecord'),
    'content-length': '1000000',
  });
  stalled.on('error', () => undefined).write(Buffer.alloc(500_000));
  await until(() => server.idleSinceMs === undefined);
  await quiet(() => stalled.writableLength);
  for (let passed = 0; passed < 23; passed++) await clock.advance(5000);
  const closed = new Promise((resolve) => stalled.once('close', resolve));
  expect(server.idleSinceMs).toBeUndefined();
  for (let passed = 0; passed < 2; passed++) await clock.advance(5000);
  await closed;
  expect(server.idleSinceMs).toBeDefined();
  const other = await sendHttp1(server.endpoint, {
    headers: kinesisHeaders('ListStreams'),
    body: '{}',
  });
  expect(other.status).toBe(200);
});
