// Bytes of requests that are under way: past 64 MiB sockets are not read, but for one request that all the
// others wait for.
import http from 'node:http';
import { expect, test } from 'vitest';
import { quiet } from './support/quiet.ts';
import { kinesisHeaders, sendHttp1 } from './support/rawHttp.ts';
import { testServer } from './support/testServer.ts';

const MIB = 1024 * 1024;
const clients = 12;
const body = JSON.stringify({
  StreamName: 's',
  PartitionKey: 'k',
  Data: Buffer.alloc(9 * MIB).toString('base64'), // 12 MiB of text
});

test('no more than 64 MiB of bodies and one more are taken at once, and every request is answered in the end', async () => {
  const letGo: (() => void)[] = [];
  let most = 0;
  const { server, fake } = await testServer({
    answers: {
      PutRecord: () =>
        new Promise<void>((resolve) => {
          letGo.push(resolve);
          most = Math.max(most, letGo.length);
        }),
    },
  });
  const request = { headers: kinesisHeaders('PutRecord'), body };
  const answers = Array.from({ length: clients }, () => sendHttp1(server.endpoint, request));
  for (let answered = 0; answered < clients; answered++) {
    await expect.poll(() => letGo.length, { timeout: 60_000 }).toBeGreaterThan(0);
    await quiet(() => fake.calls.length);
    letGo.shift()!();
  }
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses).toEqual(Array.from({ length: clients }, () => 200));
  expect(most * body.length).toBeLessThanOrEqual((64 + 16) * MIB);
});

test('the body of a client that went away counts until its call has ended', async () => {
  const letGo: (() => void)[] = [];
  const { server } = await testServer({
    answers: { PutRecord: () => new Promise<void>((resolve) => letGo.push(resolve)) },
  });
  const headers = kinesisHeaders('PutRecord');
  for (let client = 0; client < clients; client++) {
    const request = http.request(server.endpoint, { method: 'POST', headers, agent: false });
    request.on('error', () => undefined).end(body);
    const isRead = client < 5; // of the next one the rest is not read, nor its end seen
    if (isRead) await expect.poll(() => letGo.length, { timeout: 60_000 }).toBe(client + 1);
    await quiet(() => letGo.length);
    request.destroy();
    if (isRead) await expect.poll(() => server.idleSinceMs, { timeout: 60_000 }).toBeDefined();
  }
  expect(letGo.length * body.length).toBeLessThanOrEqual((64 + 16) * MIB);
  const headersOfOther = kinesisHeaders('ListStreams');
  const other = sendHttp1(server.endpoint, { headers: headersOfOther, body: '{}' });
  for (const end of letGo) end();
  expect((await other).status).toBe(200);
  await expect.poll(() => server.idleSinceMs, { timeout: 60_000 }).toBeDefined();
});

test('the data of a put stay as they are until its call has ended, whatever its client does', async () => {
  const puts: { data: Uint8Array; end: () => void }[] = [];
  const { server } = await testServer({
    answers: {
      PutRecord: ({ Data: data }: { Data: Uint8Array }) =>
        new Promise<void>((end) => puts.push({ data, end })),
    },
  });
  const headers = kinesisHeaders('PutRecord');
  const bodyOf = (byte: number): string =>
    JSON.stringify({ Data: Buffer.alloc(MIB, byte).toString('base64'), PartitionKey: 'k' });
  for (let byte = 0; byte < 6; byte++) {
    const request = http.request(server.endpoint, { method: 'POST', headers, agent: false });
    request.on('error', () => undefined).end(bodyOf(byte));
    await expect.poll(() => puts.length, { timeout: 60_000 }).toBe(byte + 1);
    request.destroy();
    await expect.poll(() => server.idleSinceMs, { timeout: 60_000 }).toBeDefined();
  }
  const contents = puts.map(({ data }) => [...new Set(data)]);
  expect(contents).toEqual([[0], [1], [2], [3], [4], [5]]);
  for (const { end } of puts) end();
});
