// Connections of HTTP/1.1 below any client: what arrives in pieces, ahead of time, too slowly or too much.
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sweepMs } from '../../../src/server/watchedConnections.ts';
import { heard } from '../support/heard.ts';
import { quiet, until } from '../support/quiet.ts';
import { kinesisHeaders } from '../support/rawHttp.ts';
import { signal } from '../support/signal.ts';
import { testServer } from '../support/testServer.ts';

const MIB = 1024 ** 2;

function requestOf(operation: string, body: string | Buffer = '{}', ...more: string[]): Buffer {
  const headers = Object.entries(kinesisHeaders(operation)).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const head = ['POST / HTTP/1.1', 'Host: localhost', ...headers, ...more, length, '', ''];
  return Buffer.concat([Buffer.from(head.join('\r\n')), Buffer.from(body as string)]);
}

/** A client that counts answers: each of ours has exactly one status line. */
class Client {
  readonly socket: Socket;
  text = '';
  isClosed = false;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1');
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isClosed = true;
    });
    onTestFinished(() => void this.socket.destroy());
  }

  get statuses(): number[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  async answers(count: number): Promise<number[]> {
    while (this.statuses.length < count) {
      if (this.isClosed) throw new Error(`closed after ${this.text}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return this.statuses;
  }

  /** Also after an error: what is sent to one who has closed may come back as a reset. */
  async closed(): Promise<void> {
    await until(() => this.isClosed);
  }
}

const streams = { StreamNames: ['a'], HasMoreStreams: false };
const listing = { answers: { ListStreams: async () => streams } };

describe('a connection', () => {
  test('answers requests that come together, in their order', async () => {
    const { server, fake } = await testServer(listing);
    const client = new Client(server.port);
    const names = ['DeleteStream', 'ListStreams', 'Whatever', 'DeleteStream'];
    client.socket.write(Buffer.concat(names.map((name) => requestOf(name, '{"StreamName":"s"}'))));
    expect(await client.answers(4)).toEqual([200, 200, 400, 200]);
    expect(fake.calls.map(({ operation }) => operation)).toEqual([
      'DeleteStream',
      'ListStreams',
      'DeleteStream',
    ]);
  });

  test('begins a request only when the one before is answered', async () => {
    const release = signal();
    const { server, fake } = await testServer({
      answers: { DescribeLimits: () => release.done, ListStreams: async () => streams },
    });
    const client = new Client(server.port);
    client.socket.write(Buffer.concat([requestOf('DescribeLimits'), requestOf('ListStreams')]));
    while (fake.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    client.socket.write(requestOf('ListStreams'));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(fake.calls).toHaveLength(1);
    release.fire();
    expect(await client.answers(3)).toEqual([200, 200, 200]);
  });

  test('reads bodies of any length, cut anywhere, to the byte', async () => {
    const seen: string[] = [];
    const { server } = await testServer({
      answers: {
        DeleteStream: (input) => void seen.push((input as { StreamName: string }).StreamName),
      },
    });
    const client = new Client(server.port);
    const names = [10, 60_000, 64 * 1024, 70_000, MIB, 5 * MIB, 3].map((length, place) =>
      String.fromCharCode(97 + place).repeat(length),
    );
    const whole = Buffer.concat(
      names.map((name) => requestOf('DeleteStream', JSON.stringify({ StreamName: name }))),
    );
    const cuts = [1, 17, 60_000, 7, 100_000, 64 * 1024, 300_000];
    for (let at = 0, turn = 0; at < whole.length; turn++) {
      const end = at + cuts[turn % cuts.length]!;
      await new Promise((resolve) => client.socket.write(whole.subarray(at, end), resolve));
      at = end;
    }
    await client.answers(names.length);
    expect(seen.map((name) => [name[0], name.length])).toEqual(
      names.map((name) => [name[0], name.length]),
    );
    expect(seen).toEqual(names);
  });

  test('drops the body of a request that it refuses, and takes the next one', async () => {
    const { server, fake } = await testServer(listing);
    const client = new Client(server.port);
    const refused = requestOf('DeleteStream', Buffer.alloc(200_000), 'Origin: null');
    client.socket.write(Buffer.concat([refused, requestOf('ListStreams')]));
    expect(await client.answers(2)).toEqual([403, 200]);
    expect(fake.calls).toHaveLength(1);
  });

  test('leaves other requests to Node with all that came behind them', async () => {
    const { server } = await testServer(listing);
    const client = new Client(server.port);
    const chunked = requestOf('ListStreams', '', 'Transfer-Encoding: chunked')
      .toString()
      .replace('Content-Length: 0\r\n', '')
      .concat('2\r\n{}\r\n0\r\n\r\n');
    const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
    client.socket.write(requestOf('ListStreams'));
    await client.answers(1);
    client.socket.write(chunked + get + requestOf('ListStreams'));
    expect(await client.answers(4)).toEqual([200, 200, 403, 200]);
    client.socket.write(requestOf('ListStreams'));
    expect(await client.answers(5)).toEqual([200, 200, 403, 200, 200]);
  });

  test('leaves a request to Node only when its own answers are out', async () => {
    const page = 'x'.repeat(8 * MIB);
    const { server } = await testServer({
      answers: { ListStreams: async () => ({ StreamNames: [page], HasMoreStreams: false }) },
    });
    const client = new Client(server.port);
    client.socket.pause();
    const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
    client.socket.write(Buffer.concat([requestOf('ListStreams'), Buffer.from(get)]));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    client.socket.resume();
    expect(await client.answers(2)).toEqual([200, 403]);
    expect(client.text.indexOf('HTTP/1.1 403')).toBeGreaterThan(page.length);
  });

  test('tells Node of a head that has no end', async () => {
    const { server } = await testServer();
    const client = new Client(server.port);
    client.socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(40_000)}`);
    expect(await client.answers(1)).toEqual([431]);
    await client.closed();
  });

  test('ends after the answer to a client that asks for that', async () => {
    const { server } = await testServer(listing);
    const client = new Client(server.port);
    client.socket.write(requestOf('ListStreams', '{}', 'Connection: close'));
    await client.closed();
    expect(client.statuses).toEqual([200]);
    expect(client.text).toMatch(/\r\nConnection: close\r\n/);
  });

  test('says how long it stays open, and its length and date', async () => {
    const { server } = await testServer(listing);
    const client = new Client(server.port);
    client.socket.write(requestOf('ListStreams'));
    await client.answers(1);
    expect(client.text).toMatch(/\r\nConnection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\n\{/);
    expect(client.text).toContain('\r\nDate: Wed, 01 Jan 2025 00:00:00 GMT\r\n');
    expect(client.text).toContain(`\r\nContent-Length: ${JSON.stringify(streams).length}\r\n`);
  });

  test('sends an answer of characters of several bytes whole', async () => {
    const names = ['é💧', 'é'.repeat(20_000)];
    const { server } = await testServer({
      answers: { ListStreams: async () => ({ StreamNames: names, HasMoreStreams: false }) },
    });
    const client = new Client(server.port);
    client.socket.write(requestOf('ListStreams', '{}', 'Connection: close'));
    await client.closed();
    const [head, body] = client.text.split('\r\n\r\n') as [string, string];
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse(Buffer.from(body, 'latin1').toString()).StreamNames).toEqual(names);
  });

  test('does not read what a client sends far ahead of its answers', async () => {
    const release = signal();
    const { server } = await testServer({ answers: { DescribeLimits: () => release.done } });
    const client = new Client(server.port);
    client.socket.write(requestOf('DescribeLimits'));
    const ahead = requestOf('DeleteStream', JSON.stringify({ StreamName: 'a'.repeat(60_000) }));
    const count = 400;
    for (let sent = 0; sent < count; sent++) client.socket.write(ahead);
    await quiet(() => client.socket.writableLength);
    // The systems' own buffers take some; 24 MB they do not.
    expect(client.socket.writableLength).toBeGreaterThan(10 * MIB);
    release.fire();
    await client.answers(1 + count);
  });
});

const pageOf = (bytes: number) => ({
  Records: [{ SequenceNumber: '1', Data: Buffer.alloc(bytes), PartitionKey: 'k' }],
  MillisBehindLatest: 0,
});
const askForPage = requestOf('GetRecords', '{"ShardIterator":"i"}');

describe('a client that leaves', () => {
  test.each([
    ['one of ours', requestOf('DeleteStream', '{"StreamName":"s"}')],
    ['one of Node', requestOf('DeleteStream', '{"StreamName":"s"}', 'Connection: keep-alive, x')],
    ['a part of one', Buffer.from('GET /_x HTTP/1.1\r\nHost: local')],
  ])('while its page is sent has nothing begun that came behind it: %s', async (_, behind) => {
    const { server, fake } = await testServer({ answers: { GetRecords: () => pageOf(6 * MIB) } });
    const client = new Client(server.port);
    client.socket.pause().write(Buffer.concat([askForPage, behind]));
    await until(() => fake.calls.length > 0);
    await quiet(() => fake.calls.length);
    client.socket.resetAndDestroy();
    await until(() => server.idleSinceMs !== undefined);
    await quiet(() => fake.calls.length);
    expect(fake.calls.map(({ operation }) => operation)).toEqual(['GetRecords']);
    await server.close();
  });

  test('takes with it what waits behind an answer of Node', async () => {
    const release = signal();
    const { server, fake } = await testServer({
      answers: { DescribeLimits: () => release.done, ListStreams: async () => streams },
    });
    const client = new Client(server.port);
    const names = ['DescribeLimits', 'ListStreams', 'ListStreams'];
    const asked = names.map((name) => requestOf(name, '{}', 'Connection: keep-alive, x'));
    client.socket.write(Buffer.concat(asked));
    await until(() => fake.calls.length > 0);
    client.socket.resetAndDestroy();
    await quiet(() => fake.calls.length);
    release.fire();
    await until(() => server.idleSinceMs !== undefined);
  });

  test('after a part of what it says is no uncaught error, wherever it is cut', async () => {
    const { server } = await testServer(listing);
    const whole = requestOf('ListStreams', '{"Limit":1}');
    for (let end = 1; end < whole.length; end += 7) {
      const client = new Client(server.port);
      await new Promise((resolve) => client.socket.write(whole.subarray(0, end), resolve));
      client.socket.resetAndDestroy();
    }
    const last = new Client(server.port);
    last.socket.write(requestOf('ListStreams'));
    expect(await last.answers(1)).toEqual([200]);
  });
});

test('a connection that was held back still waits for room for its next body', async () => {
  const held = signal();
  const { server, fake } = await testServer({
    answers: { GetRecords: () => pageOf(3 * MIB), PutRecord: () => held.done },
  });
  const reader = new Client(server.port);
  reader.socket.pause().write(askForPage);
  await until(() => fake.calls.length > 0);
  const put = requestOf(
    'PutRecord',
    JSON.stringify({ Data: '', PartitionKey: 'k'.repeat(16 * MIB - 30) }),
  );
  const holders = Array.from({ length: 4 }, () => new Client(server.port));
  for (const { socket } of holders) socket.write(put.subarray(0, -1));
  for (const { socket } of holders) await heard(socket);
  const waiting = requestOf('DeleteStream', JSON.stringify({ StreamName: 's'.repeat(15 * MIB) }));
  reader.socket.write(waiting);
  await quiet(() => reader.socket.writableLength);
  reader.socket.resume();
  await reader.answers(1);
  await quiet(() => reader.socket.writableLength);
  // All but what fits in the budget and the system's own buffers is still the client's.
  expect(reader.socket.writableLength).toBeGreaterThan(MIB);
  expect(reader.statuses).toEqual([200]);
  held.fire();
  for (const { socket } of holders) socket.write('}');
  expect(await reader.answers(2)).toEqual([200, 200]);
});

test('close() sends an answer whole that its client reads late, whoever speaks for us', async () => {
  for (const more of [[], ['Connection: keep-alive, x']]) {
    const { server, fake } = await testServer({ answers: { GetRecords: () => pageOf(6 * MIB) } });
    const client = new Client(server.port);
    client.socket.pause().write(requestOf('GetRecords', '{"ShardIterator":"i"}', ...more));
    await until(() => fake.calls.length > 0);
    const closed = server.close();
    await quiet(() => client.socket.bytesRead);
    client.socket.resume();
    await closed;
    await client.closed();
    const length = Number(/Content-Length: (\d+)/i.exec(client.text)?.[1]);
    expect(client.text.length - client.text.indexOf('\r\n\r\n') - 4).toBe(length);
  }
});

describe('time limits of a connection', () => {
  const pass = async (clock: { advance(ms: number): Promise<void> }, ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += sweepMs) await clock.advance(sweepMs);
  };

  test.each([
    ['that is idle', requestOf('ListStreams').toString(), 65_000, [200]],
    ['in a head', 'POST / HTTP/1.1\r\nHost: a', 65_000, [408]],
    ['in a body', requestOf('ListStreams', '{"a":1').subarray(0, -1).toString(), 120_000, [408]],
  ])('end one %s', async (_, says, limitMs, statuses) => {
    const { server, clock } = await testServer(listing);
    const client = new Client(server.port);
    client.socket.write(says);
    await heard(client.socket);
    await client.answers(statuses[0] === 200 ? 1 : 0);
    await pass(clock, limitMs - sweepMs);
    expect(client.isClosed).toBe(false);
    await pass(clock, 2 * sweepMs);
    await client.closed();
    expect(client.statuses).toEqual(statuses);
  });

  test('end one whose body trickles in', async () => {
    const { server, clock } = await testServer();
    const client = new Client(server.port);
    client.socket.write(requestOf('ListStreams', ' '.repeat(100)).subarray(0, -100));
    await heard(client.socket);
    for (let sent = 0; sent < 30 && !client.isClosed; sent++) {
      client.socket.write(' ');
      await pass(clock, sweepMs);
    }
    await client.closed();
    expect(client.statuses).toEqual([408]);
  });

  test('end one that does not read its answer, and not one that waits for us', async () => {
    const release = signal();
    const names = Array.from({ length: 30 }, () => 'x'.repeat(MIB));
    const { server, fake, clock } = await testServer({
      answers: {
        ListStreams: async () => ({ StreamNames: names, HasMoreStreams: false }),
        DescribeLimits: () => release.done,
      },
    });
    const stuck = new Client(server.port);
    stuck.socket.pause();
    stuck.socket.write(requestOf('ListStreams'));
    const patient = new Client(server.port);
    patient.socket.write(requestOf('DescribeLimits'));
    await until(() => fake.calls.length === 2);
    await quiet(() => stuck.socket.bytesRead);
    await pass(clock, 300_000);
    stuck.socket.resume();
    await stuck.closed();
    expect(stuck.text.length).toBeLessThan(30 * MIB);
    release.fire();
    expect(await patient.answers(1)).toEqual([200]);
  });
});
