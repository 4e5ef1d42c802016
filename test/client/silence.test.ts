// What falls silent is cut, before an answer and amid it; what may be silent for long is not.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type ConnectOptions, connect } from '../../src/client/connect.ts';
import { until } from '../server/support/quiet.ts';

const StreamName = 's';
const put = { StreamName, Records: [{ Data: new Uint8Array(1), PartitionKey: 'k' }] };

/**
 * A connection to a server that lists streams. Of shards it writes `beginning` and no more; puts it leaves to the test.
 * `open`: its sockets.
 */
async function connected(
  silenceMs: ConnectOptions['silenceMs'],
  { beginning }: { beginning?: string | undefined } = {},
) {
  const open = new Set<Socket>();
  const puts: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    if (operation === 'ListStreams') response.end('{"StreamNames":[],"HasMoreStreams":false}');
    else if (operation === 'PutRecords') puts.push(response);
    else if (beginning !== undefined) response.write(beginning);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const spec = { kind: 'local', id: 'local', nonce: 'n', region: 'us-east-1' } as const;
  const made = connect({ ...spec, endpoint: `http://127.0.0.1:${port}` }, { silenceMs });
  onTestFinished(() => {
    made.dispose();
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { ...made, open, puts };
}

const silentFor = (seconds: number) => ({
  name: 'NetworkError',
  status: 503,
  message: expect.stringContaining(`does not answer (it fell silent for ${seconds} s)`),
});

test.each([
  ['before its head', undefined],
  ['amid its body', '{"Shards":['],
])(
  'an answer that falls silent %s is a lost network, and holds no socket',
  async (_, beginning) => {
    const { own, api, open } = await connected({ own: 30, others: 20 }, { beginning });
    await expect(own.listShards({ StreamName })).rejects.toMatchObject(silentFor(0.03));
    await expect(api.listShards({ StreamName })).rejects.toMatchObject(silentFor(0.02));
    await until(() => open.size === 0);
  },
);

test('a put takes longer than a tail waits for an answer', async () => {
  const { own, api, puts } = await connected({ own: 20, others: 60_000 });
  const call = api.putRecords(put);
  await until(() => puts.length === 1);
  await expect(own.listShards({ StreamName })).rejects.toMatchObject(silentFor(0.02));
  puts[0]!.end('{"FailedRecordCount":0,"Records":[]}');
  await expect(call).resolves.toMatchObject({ FailedRecordCount: 0 });
});

test('what is idle when the network is lost is not used again', async () => {
  const { own, api, open } = await connected({ own: 20, others: 60_000 });
  await Promise.all([api.listStreams({}), api.listStreams({})]);
  expect(open.size).toBe(2);
  await expect(own.listShards({ StreamName })).rejects.toMatchObject(silentFor(0.02));
  await until(() => open.size === 0);
});
