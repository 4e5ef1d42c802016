/** The subscriptions of one tail: how many it may hold, in whose name, and events that end with their reader. */
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { isKinesisError } from '../kinesis/errors.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import type { StartingPosition } from '../kinesis/operations/subscribeToShard.ts';
import type { SubscribeToShardEvent } from '../kinesis/subscribeToShardEvent.ts';
import { pushedPage, type ShardPage } from './shardPage.ts';

/** Who was refused polls, and asks again after this time. */
const refusedMs = 5_000;

export interface PushOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly pace: { readonly pushShardsMax: number };
}

type Events = AsyncIterable<{ readonly SubscribeToShardEvent: SubscribeToShardEvent }>;

export class Push {
  private readonly options: PushOptions;
  /** Nobody registered it: the local engine lets the extension's own calls name any. */
  private readonly consumer: string;
  private open = 0;
  private streamArn: Promise<string> | undefined;
  private refusedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: PushOptions) {
    this.options = options;
    const bytes = [...options.random.bytes(12)];
    const name = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
    this.consumer = `shardscope-tail-${name}`;
  }

  /** Takes a place for a subscription, to be given back by `leave`; false: the shard is to be polled. */
  enter(): boolean {
    const { clock, pace } = this.options;
    if (this.open >= pace.pushShardsMax || clock.monotonic() < this.refusedUntilMs) return false;
    this.open++;
    return true;
  }

  leave(): void {
    this.open--;
  }

  /** Rejects as the calls it makes. The pages are to be iterated, else nothing ends the subscription. */
  async subscribe(
    { shardId: ShardId, position }: { shardId: string; position: StartingPosition },
    signal: AbortSignal,
  ): Promise<AsyncIterable<ShardPage>> {
    const { api } = this.options;
    try {
      const ConsumerARN = `${await this.arn(signal)}/consumer/${this.consumer}:0`;
      const asked = { ConsumerARN, ShardId, StartingPosition: position };
      const { EventStream } = await api.subscribeToShard(asked, { own: true, signal });
      return pagesOf(EventStream, signal);
    } catch (thrown) {
      if (isRefusal(thrown)) this.refusedUntilMs = this.options.clock.monotonic() + refusedMs;
      throw thrown;
    }
  }

  private arn(signal: AbortSignal): Promise<string> {
    this.streamArn ??= this.describe(signal).catch((thrown: unknown) => {
      this.streamArn = undefined;
      throw thrown;
    });
    return this.streamArn;
  }

  private async describe(signal: AbortSignal): Promise<string> {
    const { api, stream: StreamName } = this.options;
    const asked = { own: true, signal };
    const { StreamDescriptionSummary } = await api.describeStreamSummary({ StreamName }, asked);
    return StreamDescriptionSummary.StreamARN;
  }
}

/** There are too many subscriptions, or the engine is of a version that asks for a registered consumer. */
export const isRefusal = (thrown: unknown): boolean =>
  isKinesisError(thrown, 'LimitExceededException') ||
  (isKinesisError(thrown, 'ResourceNotFoundException') && /^Consumer /.test(thrown.message));

/** To be iterated by whoever gets it, else nothing ends. None comes after `signal` has aborted. */
async function* pagesOf(events: Events, signal: AbortSignal): AsyncGenerator<ShardPage> {
  const source = events[Symbol.asyncIterator]();
  // Also while an event is awaited, which then turns out to be the end.
  const end = (): void => void source.return?.();
  signal.addEventListener('abort', end, { once: true });
  try {
    while (!signal.aborted) {
      const { done, value } = await source.next();
      if (done || signal.aborted) return;
      yield pushedPage(value.SubscribeToShardEvent);
    }
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}
