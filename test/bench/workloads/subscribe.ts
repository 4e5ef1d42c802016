// From a put to its event on a subscription, beside a bare server that pushes what it is sent.
import { connect } from 'node:net';
import { Client } from '../client.ts';
import type { Round, Runner } from '../compare.ts';
import { registerConsumers, subscriptionTo } from '../consumers.ts';
import { Http2Connection } from '../http2Connection.ts';
import { http2PutRequests, http2RequestOf } from '../http2Requests.ts';
import { requestOf } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { createStream, shardsOf } from '../streams.ts';
import { comparison, type Workload } from '../workload.ts';

const stream = 'bench-subscribe';
const recordBytes = 1024;
const puts = 300;
const warmUpRounds = 3;

/** Tells when as many bytes have come as only an event with a record has: a beat is shorter. */
class Events {
  private bytes = 0;
  private came: (() => void) | undefined;

  readonly take = (chunk: Uint8Array): void => {
    this.bytes += chunk.length;
    if (this.bytes < recordBytes) return;
    this.came?.();
  };

  /** Resolves at the next event. */
  next(): Promise<void> {
    this.bytes = 0;
    return new Promise((resolve) => {
      this.came = resolve;
    });
  }
}

type Subscribe = (port: number, input: object, events: Events) => Promise<void>;

const byHttp2: Subscribe = async (port, input, events) => {
  const connection = await Http2Connection.open(port);
  await connection.subscribe(await http2RequestOf('SubscribeToShard', input), events.take);
};

/** Resolves with the answer's head. */
const byHttp1: Subscribe = (port, input, events) =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('data', (head) => {
      if (head.toString('latin1', 9, 12) === '200') resolve();
      else reject(new Error(head.toString()));
    });
    socket.on('data', events.take);
    socket.write(requestOf('SubscribeToShard', input));
  });

/** What to ask for: the bare server takes anything. */
async function subscription(server: BenchServer): Promise<object> {
  if (server.name === 'bare h2c') return {};
  const client = await Client.open(server.port);
  await createStream(client, { name: stream, shards: 1 });
  const [arn = ''] = await registerConsumers(client, { stream, count: 1 });
  const [shard = ''] = await shardsOf(client, stream);
  client.close();
  return subscriptionTo(arn, shard);
}

interface Kind {
  readonly name: string;
  readonly subscribe: Subscribe;
}

const kinds: readonly Kind[] = [
  { name: 'h2c', subscribe: byHttp2 },
  { name: 'HTTP/1.1', subscribe: byHttp1 },
];

/** One producer on a session of its own: each put waits for the event of the one before. */
async function runnerOf(server: BenchServer, { name, subscribe }: Kind): Promise<Runner> {
  const events = new Events();
  await subscribe(server.port, await subscription(server), events);
  const producer = await Http2Connection.open(server.port);
  const requests = await http2PutRequests(stream, { bytes: recordBytes, count: 512 });
  const round = async (): Promise<Round> => {
    const latenciesMs: number[] = [];
    const began = performance.now();
    for (let index = 0; index < puts; index++) {
      const event = events.next();
      const start = performance.now();
      const put = producer.request(requests[index % requests.length]!);
      await event;
      latenciesMs.push(performance.now() - start);
      const { status, body } = await put;
      if (status !== 200) throw new Error(`a put was refused: ${body}`);
    }
    return { count: puts, wallMs: performance.now() - began, latenciesMs };
  };
  for (let index = 0; index < warmUpRounds; index++) await round();
  const isBare = server.name === 'bare h2c';
  return { name: isBare ? server.name : `${server.name}, ${name}`, process: server, round };
}

export const subscribe: Workload = comparison({
  id: 'subscribe',
  title: 'PutRecord, 1 KiB, to its event on a subscription',
  unit: 'call',
  servers: ['bare h2c', 'written', 'baseline'],
  base: 'bare h2c',
  variantsOf: ({ name }) => (name === 'bare h2c' ? [0] : kinds.map((_, variant) => variant)),
  prepare: (server, { variant }) => runnerOf(server, kinds[variant]!),
});
