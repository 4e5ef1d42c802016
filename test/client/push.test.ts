// Subscriptions of the local engine over real HTTP/2: shared connections, the nonce, ends, breaks and back pressure.
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { nodeClock } from '../../src/cli/nodeClock.ts';
import { type Connected, connect } from '../../src/client/connect.ts';
import { KinesisError } from '../../src/kinesis/errors.ts';
import type { SubscribeToShardEvent } from '../../src/kinesis/subscribeToShardEvent.ts';
import { until } from '../server/support/quiet.ts';
import { nonce, testServer } from '../server/support/testServer.ts';

type Event = { readonly SubscribeToShardEvent: SubscribeToShardEvent };

const asked = (name = 'tail') => ({
  ConsumerARN: `arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/${name}:0`,
  ShardId: 'shardId-000000000000',
  StartingPosition: { Type: 'LATEST' as const },
});

const event = (bytes: number): Event => ({
  SubscribeToShardEvent: {
    Records: [{ SequenceNumber: '1', Data: new Uint8Array(bytes), PartitionKey: 'k' }],
    ContinuationSequenceNumber: '1',
    MillisBehindLatest: 0,
  },
});

/** As many events of one byte as a test gives, then what it says. */
class Source {
  readonly waiting: (() => void)[] = [];
  returned = 0;
  private readonly events: (Event | Error)[] = [];

  tell(...events: (Event | Error)[]): void {
    this.events.push(...events);
    for (const go of this.waiting.splice(0)) go();
  }

  get stream(): AsyncIterable<Event> {
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          while (this.events.length === 0) {
            await new Promise<void>((resolve) => this.waiting.push(resolve));
          }
          const next = this.events.shift()!;
          if (next instanceof Error) throw next;
          return { done: false, value: next };
        },
        return: async () => {
          this.returned++;
          return { done: true, value: undefined };
        },
      }),
    };
  }
}

async function served(stream: () => AsyncIterable<Event>) {
  const answers = { SubscribeToShard: () => ({ EventStream: stream() }) };
  const made = await testServer({ clock: nodeClock, answers: answers as never });
  const { endpoint } = made.server;
  const sockets = await counted(new URL(endpoint));
  const spec = { kind: 'local', id: 'local', nonce, region: 'us-east-1' } as const;
  const connected = connect({ ...spec, endpoint: sockets.endpoint });
  onTestFinished(() => connected.dispose());
  return { ...made, connected, sockets };
}

/** Hands on to `target`, and knows the connections. */
async function counted(target: URL) {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const other = connectSocket(Number(target.port), target.hostname);
    for (const [from, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      from.on('error', () => undefined).on('close', () => to.destroy());
      from.pipe(to);
    }
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return { endpoint: `http://127.0.0.1:${port}`, open };
}

async function begun(connected: Connected, signal?: AbortSignal) {
  const { EventStream } = await connected.own.subscribeToShard(asked(), { signal });
  return EventStream[Symbol.asyncIterator]();
}

test('events come as they are told, and carry the nonce', async () => {
  const source = new Source();
  const { connected, fake } = await served(() => source.stream);
  const events = await begun(connected);
  for (let bytes = 1; bytes <= 3; bytes++) {
    source.tell(event(bytes));
    const { value } = await events.next();
    expect(value.SubscribeToShardEvent.Records[0].Data).toEqual(new Uint8Array(bytes));
  }
  expect(fake.calls.map(({ context }) => context?.own)).toEqual([true]);
});

test('up to 128 subscriptions share a connection', async () => {
  const { connected, sockets, fake } = await served(() => new Source().stream);
  await Promise.all(Array.from({ length: 128 }, () => begun(connected)));
  expect([sockets.open.size, fake.calls.length]).toEqual([1, 128]);
  await Promise.all(Array.from({ length: 72 }, () => begun(connected)));
  expect([sockets.open.size, fake.calls.length]).toEqual([2, 200]);
  connected.dispose();
  await until(() => sockets.open.size === 0);
});

test('who leaves ends the subscription, also while an event is awaited, and no other', async () => {
  const [left, aborted, stays] = [new Source(), new Source(), new Source()];
  const sources = [left, aborted, stays];
  const { connected } = await served(() => sources.shift()!.stream);
  const first = await begun(connected);
  const controller = new AbortController();
  const second = await begun(connected, controller.signal);
  const third = await begun(connected);
  const awaited = [first.next(), second.next()];
  await first.return!();
  controller.abort(new Error('The tail stopped reading.'));
  for (const one of awaited) expect(await one).toEqual({ done: true, value: undefined });
  expect(await first.next()).toEqual({ done: true, value: undefined });
  await until(() => left.returned > 0 && aborted.returned > 0);
  stays.tell(event(1));
  expect((await third.next()).done).toBe(false);
  expect(stays.returned).toBe(0);
});

test('an aborted call rejects with the reason, and leaves nothing', async () => {
  const source = new Source();
  const { connected } = await served(() => source.stream);
  const reason = new Error('no more');
  await expect(begun(connected, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const call = begun(connected, controller.signal);
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
});

test('a subscription that tells nothing for longer than a call may take stays', async () => {
  const source = new Source();
  const answers = {
    SubscribeToShard: () => ({ EventStream: source.stream }),
    ListStreams: () => new Promise(() => undefined),
  };
  const { server } = await testServer({ clock: nodeClock, answers: answers as never });
  const spec = { kind: 'local', id: 'local', nonce, region: 'us-east-1' } as const;
  const silenceMs = { own: 20, others: 20 };
  const connected = connect({ ...spec, endpoint: server.endpoint }, { silenceMs });
  onTestFinished(() => connected.dispose());
  const events = await begun(connected);
  const awaited = events.next();
  await expect(connected.own.listStreams({})).rejects.toMatchObject({ name: 'NetworkError' });
  source.tell(event(1));
  expect((await awaited).done).toBe(false);
});

test('a connection that breaks ends the events, with an error where it was reset; the next call says what to do', async () => {
  const source = new Source();
  const sources = [new Source(), new Source(), source];
  const { connected, sockets, server } = await served(
    () => (sources.shift() ?? new Source()).stream,
  );
  const cut = (how: 'destroy' | 'resetAndDestroy'): void => {
    for (const socket of sockets.open) socket[how]();
  };
  const words = /does not answer .*Start the local engine/;
  const network = { name: 'NetworkError', status: 503, message: expect.stringMatching(words) };
  /** The next event, awaited on a connection that has brought one: before that, how it ended may be lost. */
  const awaited = async (): Promise<{ next: Promise<unknown> }> => {
    const [told] = sources;
    const events = await begun(connected);
    told!.tell(event(1));
    expect((await events.next()).done).toBe(false);
    return { next: events.next() };
  };
  const closed = await awaited();
  cut('destroy');
  expect(await closed.next).toEqual({ done: true, value: undefined });
  const reset = await awaited();
  cut('resetAndDestroy');
  await expect(reset.next).rejects.toMatchObject(network);
  const others = await begun(connected);
  source.tell(event(900_000));
  await until(() => [...sockets.open].some(({ bytesWritten }) => bytesWritten > 60_000));
  cut('resetAndDestroy');
  await expect(others.next()).rejects.toMatchObject(network);
  await server.close();
  await expect(begun(connected)).rejects.toMatchObject(network);
});

test.each([
  ['ResourceNotFoundException', new KinesisError('ResourceNotFoundException', 'Gone.'), 400],
  ['ResourceInUseException', new KinesisError('ResourceInUseException', 'Taken.'), 400],
  ['InternalFailure', new Error('a disk broke'), 500],
])('an end with %s keeps its name and words', async (name, thrown, status) => {
  const source = new Source();
  const { connected } = await served(() => source.stream);
  const events = await begun(connected);
  source.tell(event(1), thrown);
  expect((await events.next()).done).toBe(false);
  const { message } = thrown;
  await expect(events.next()).rejects.toMatchObject({ name, message, status });
  await expect(events.next()).resolves.toEqual({ done: true, value: undefined });
});

test('an event that nobody takes keeps the engine from making the next', async () => {
  let made = 0;
  const endless = (): AsyncIterable<Event> => ({
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        made++;
        return { done: false, value: event(100_000) };
      },
    }),
  });
  const { connected } = await served(endless);
  const events = await begun(connected);
  const settled = async (): Promise<number> => {
    for (let before = -1; before !== made; await wait(50)) before = made;
    return made;
  };
  const ahead = await settled();
  expect(ahead).toBeLessThan(8);
  for (let taken = 0; taken < 50; taken++) await events.next();
  expect((await settled()) - 50).toBeLessThan(8);
});
