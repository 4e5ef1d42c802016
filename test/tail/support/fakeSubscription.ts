// A subscription to a shard of the model: told at once where it stands, then each record as it is put.
import { delay } from '../../../src/base/clock.ts';
import type { KinesisError } from '../../../src/kinesis/errors.ts';
import type { SubscribeToShardEvent } from '../../../src/kinesis/subscribeToShardEvent.ts';
import { childOf, type FakeOptions, type FakeShard, type FakeStream } from './fakeStream.ts';

const beatMs = 5000;
type Event = { readonly SubscribeToShardEvent: SubscribeToShardEvent };

export class FakeSubscription implements AsyncIterable<Event> {
  private readonly stream: FakeStream;
  private readonly shard: FakeShard;
  private readonly options: FakeOptions;
  private place: number;
  private readonly left = new AbortController();
  private error: KinesisError | undefined;

  constructor(
    stream: FakeStream,
    { shard, place, options }: { shard: FakeShard; place: number; options: FakeOptions },
  ) {
    this.stream = stream;
    this.shard = shard;
    this.place = place;
    this.options = options;
  }

  /** Its connection breaks. */
  cut(error: KinesisError): void {
    this.error = error;
    this.stream.changed.fire();
  }

  [Symbol.asyncIterator](): AsyncIterator<Event> {
    const events = this.events();
    return {
      next: () => events.next(),
      return: () => {
        this.left.abort();
        this.stream.subscriptions.delete(this);
        return events.return(undefined);
      },
    };
  }

  private async *events(): AsyncGenerator<Event> {
    const { clock, subscriptionLifeMs = 300_000, latencyMs, pageMax = 10_000 } = this.options;
    const { stream, shard } = this;
    const { signal } = this.left;
    const endsMs = clock.monotonic() + subscriptionLifeMs;
    let saidMs = Number.NEGATIVE_INFINITY;
    try {
      while (!signal.aborted && clock.monotonic() < endsMs) {
        this.check();
        const page = stream.page(shard, this.place, pageMax);
        const { Records, MillisBehindLatest } = page;
        if (Records.length > 0 || clock.monotonic() - saidMs >= beatMs) {
          const ContinuationSequenceNumber = this.continuation(page.end);
          const waitMs = latencyMs?.() ?? 0;
          if (waitMs > 0) await delay(clock, waitMs, signal);
          this.check();
          if (signal.aborted) return;
          this.place = page.end;
          saidMs = clock.monotonic();
          yield {
            SubscribeToShardEvent: { Records, MillisBehindLatest, ContinuationSequenceNumber },
          };
          continue;
        }
        if (shard.closed) {
          const ChildShards = shard.children.map(childOf);
          yield { SubscribeToShardEvent: { Records: [], MillisBehindLatest, ChildShards } };
          return;
        }
        await this.wait(Math.min(saidMs + beatMs, endsMs) - clock.monotonic());
      }
    } finally {
      stream.subscriptions.delete(this);
    }
  }

  private check(): void {
    const fault =
      this.error ?? this.options.fault?.('SubscribeToShard', { ShardId: this.shard.id });
    if (fault) throw fault;
    this.stream.checkThere();
  }

  /** Of the record before `place`, or of none. */
  private continuation(place: number): string {
    return this.shard.records[place - 1]?.SequenceNumber ?? '1';
  }

  private wait(ms: number): Promise<void> {
    const { clock } = this.options;
    return new Promise((resolve) => {
      const over = (): void => {
        timer.dispose();
        listening.dispose();
        this.left.signal.removeEventListener('abort', over);
        resolve();
      };
      const timer = clock.schedule(ms, over);
      const listening = this.stream.changed.event(() => queueMicrotask(over));
      this.left.signal.addEventListener('abort', over);
    });
  }
}
