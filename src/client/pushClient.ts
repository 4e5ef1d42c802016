/** SubscribeToShard of the local engine over HTTP/2: the extension's own reading, told each record as it is stored. */
import { KinesisClient, SubscribeToShardCommand } from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler } from '@smithy/node-http-handler';
import type { Disposable } from '../base/disposable.ts';
import { KinesisError } from '../kinesis/errors.ts';
import type { CallContext } from '../kinesis/kinesisApi.ts';
import type {
  SubscribeToShardInput,
  SubscribeToShardOutput,
} from '../kinesis/operations/subscribeToShard.ts';
import type { SubscribeToShardEvent } from '../kinesis/subscribeToShardEvent.ts';
import type { LocalConnection } from '../protocol/connection.ts';
import { addHeader, localConfig, nonceHeader } from './localClient.ts';
import { toKinesisError } from './sdkErrors.ts';

/** Of one connection; a server of ours takes 256. With more subscriptions there are more connections. */
const streamsPerSession = 128;
/** A subscription says something every five seconds: who is silent for so long is gone. */
const silenceMsMax = 30_000;

type Event = { readonly SubscribeToShardEvent: SubscribeToShardEvent };
const over = { done: true, value: undefined } as const;

/** The SDK would give each subscription a connection of its own. */
class SharedSessions extends NodeHttp2Handler {
  override handle(
    request: Parameters<NodeHttp2Handler['handle']>[0],
    options?: Parameters<NodeHttp2Handler['handle']>[1],
  ): ReturnType<NodeHttp2Handler['handle']> {
    return super.handle(request, { ...options, isEventStream: false });
  }
}

/** Opens no socket until the first call. Every rejection is a KinesisError or the abort's reason. */
export class PushClient implements Disposable {
  private readonly spec: LocalConnection;
  private made: KinesisClient | undefined;

  constructor(spec: LocalConnection) {
    this.spec = spec;
  }

  /** One attempt. The events end when `signal` aborts and when their iterator is returned, also while one is awaited. */
  async subscribeToShard(
    input: SubscribeToShardInput,
    { signal }: CallContext = {},
  ): Promise<SubscribeToShardOutput> {
    signal?.throwIfAborted();
    const leaving = new AbortController();
    const abortSignal = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
    try {
      const command = new SubscribeToShardCommand(input);
      const { EventStream } = await this.client.send(command, { abortSignal });
      const events = EventStream as AsyncIterable<Event>;
      return { EventStream: new PushedEvents(this.spec, { events, abortSignal, leaving }) };
    } catch (thrown) {
      if (signal?.aborted) throw signal.reason;
      throw pushError(thrown, this.spec);
    }
  }

  /** Subscriptions that are open end with an error. */
  dispose(): void {
    this.made?.destroy();
  }

  private get client(): KinesisClient {
    this.made ??= this.make();
    return this.made;
  }

  private make(): KinesisClient {
    const requestHandler = new SharedSessions({
      maxConcurrentStreams: streamsPerSession,
      requestTimeout: silenceMsMax,
      sessionTimeout: silenceMsMax,
    });
    const { spec } = this;
    const client = new KinesisClient({ ...localConfig(spec), maxAttempts: 1, requestHandler });
    addHeader(client, { name: nonceHeader, value: spec.nonce });
    return client;
  }
}

/** The SDK's events; its iterators end nothing below them, so that the request itself is ended. */
class PushedEvents implements AsyncIterable<Event> {
  private readonly spec: LocalConnection;
  private readonly events: AsyncIterable<Event>;
  private readonly abortSignal: AbortSignal;
  private readonly leaving: AbortController;

  constructor(
    spec: LocalConnection,
    parts: { events: AsyncIterable<Event>; abortSignal: AbortSignal; leaving: AbortController },
  ) {
    this.spec = spec;
    this.events = parts.events;
    this.abortSignal = parts.abortSignal;
    this.leaving = parts.leaving;
  }

  [Symbol.asyncIterator](): AsyncIterator<Event> {
    const source = this.events[Symbol.asyncIterator]();
    return {
      next: () => this.next(source),
      return: async () => {
        this.leaving.abort();
        return over;
      },
    };
  }

  private async next(source: AsyncIterator<Event>): Promise<IteratorResult<Event>> {
    if (this.abortSignal.aborted) return over;
    try {
      const result = await source.next();
      return this.abortSignal.aborted ? over : result;
    } catch (thrown) {
      if (this.abortSignal.aborted) return over;
      this.leaving.abort();
      throw pushError(thrown, this.spec);
    }
  }
}

/** Amid the events there is no status: a failure of the service itself is told by its name. */
function pushError(thrown: unknown, spec: LocalConnection): unknown {
  const isService = thrown instanceof Error && thrown.name.startsWith('InternalFailure');
  if (isService) return new KinesisError('InternalFailure', thrown.message);
  return toKinesisError(thrown, spec);
}
