/**
 * One subscription: the records of a shard as events, each as soon as there is a record. It holds a position
 * and at most one page, never a queue: who iterates slowly is read for slowly.
 */
import {
  anotherSubscription,
  type ConsumerId,
  consumerNotFound,
} from '../kinesis/consumerErrors.ts';
import { streamNotFound } from '../kinesis/errors.ts';
import {
  fanOutBytesPerSecond,
  getRecordsCountMax,
  subscriptionBeatMs,
  subscriptionLifeMs,
} from '../kinesis/limits.ts';
import { recordNumber } from '../kinesis/recordNumbers.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import type { SubscribeToShardEvent } from '../kinesis/subscribeToShardEvent.ts';
import { registrationOf } from './consumers.ts';
import type { EngineParts } from './engineParts.ts';
import { TokenBucket } from './limits/tokenBucket.ts';
import { readShardPage, type ShardPage, type ShardPlace } from './shardPage.ts';
import { Wakeup } from './wakeup.ts';

export type SubscriptionEvent = { readonly SubscribeToShardEvent: SubscribeToShardEvent };

/** What a subscription is of. */
export interface Subscribed extends ShardPlace {
  readonly consumer: {
    readonly name: string;
    readonly createdSeconds: number;
    readonly arn: string;
  };
  readonly fromKey: number;
  /** The extension's own reading: of no registered consumer, not paced, and told at once where it stands. */
  readonly isOwn: boolean;
}

/** Of an event of our own reading, in records and bytes: a window reads very many shards at a time. */
const ownEvent = { countMax: 2000, bytesMax: 256 * 1024 };

export class Subscription implements AsyncIterable<SubscriptionEvent> {
  private readonly engine: EngineParts;
  private readonly of: Subscribed;
  private readonly wakeup: Wakeup;
  private readonly endsMs: number;
  private readonly bucket: TokenBucket | undefined;
  private readonly onEnd: () => void;
  private end: 'takenOver' | 'closed' | undefined;

  /** `onEnd` is called when it has ended, more than once at times: who never began to iterate it ends it too. */
  constructor(engine: EngineParts, { of, onEnd }: { of: Subscribed; onEnd: () => void }) {
    this.engine = engine;
    this.of = of;
    this.onEnd = onEnd;
    const { clock } = engine.ports;
    this.wakeup = new Wakeup(clock);
    this.endsMs = clock.monotonic() + subscriptionLifeMs;
    const rate = { perSecond: fanOutBytesPerSecond, capacity: fanOutBytesPerSecond };
    const isPaced = engine.settings.limits === 'aws' && !of.isOwn;
    this.bucket = isPaced ? new TokenBucket(rate, clock.monotonic()) : undefined;
  }

  /** Another one takes its place: it ends with ResourceInUse. */
  takeOver(): void {
    this.finish('takenOver');
  }

  /** The engine ends: so does the subscription, as after its five minutes. */
  close(): void {
    this.finish('closed');
  }

  /** Something that it depends on may have changed. */
  look(): void {
    this.wakeup.fire();
  }

  /** One iteration; who ends it early need not wait for the next event. */
  [Symbol.asyncIterator](): AsyncIterator<SubscriptionEvent> {
    const events = this.events();
    return {
      next: () => events.next(),
      return: () => {
        this.finish('closed');
        return events.return(undefined);
      },
    };
  }

  private finish(end: 'takenOver' | 'closed'): void {
    this.end ??= end;
    this.wakeup.fire();
    this.onEnd();
  }

  /** Throws ResourceInUse, ResourceNotFound or InternalFailure, which Kinesis sends in the stream. */
  private async *events(): AsyncGenerator<SubscriptionEvent> {
    let { fromKey } = this.of;
    let beatMs = this.of.isOwn ? Number.NEGATIVE_INFINITY : this.nowMs + subscriptionBeatMs;
    try {
      while (this.isAlive()) {
        const listening = await this.listen();
        try {
          const read = await this.read(fromKey);
          fromKey = read.page.nextKey;
          const isEnd = read.children.length > 0;
          const isBeat = !isEnd && this.nowMs >= beatMs;
          if (read.page.count > 0 || isBeat) {
            yield { SubscribeToShardEvent: eventOf(read, read.page.lastTimeMs ?? this.tipMs()) };
            beatMs = this.nowMs + subscriptionBeatMs;
          }
          read.records.release();
          if (isEnd) {
            yield { SubscribeToShardEvent: endOf(read) };
            return;
          }
          if (read.millisBehind > 0) await this.pace(read);
          else await this.wakeup.wait(this.patienceMs(beatMs));
        } finally {
          listening.dispose();
        }
      }
    } finally {
      this.onEnd();
    }
  }

  /** No record of the stream that was told is later. */
  private tipMs(): number {
    const { streams, ports } = this.engine;
    return Math.max(ports.clock.now(), streams.get(this.of.streamId)?.log.lastTimeMs ?? 0);
  }

  private get nowMs(): number {
    return this.engine.ports.clock.monotonic();
  }

  /** False: it ends as it should. Throws when something else ended it. */
  private isAlive(): boolean {
    const { catalog } = this.engine;
    const { of } = this;
    if (this.end === 'takenOver') throw anotherSubscription(this.id(), formatShardId(of.shard));
    if (this.end === 'closed' || this.nowMs >= this.endsMs) return false;
    const stream = catalog.byId(of.streamId);
    if (!stream || stream.status === 'DELETING') throw streamNotFound(of);
    if (!of.isOwn && registrationOf(stream, of.consumer)?.status !== 'ACTIVE') {
      throw consumerNotFound(of.consumer.arn, of.account);
    }
    return true;
  }

  private id(): ConsumerId {
    return { stream: this.of, consumer: this.of.consumer.name };
  }

  /** Before the read, so that nothing comes in between unseen. */
  private async listen() {
    const { streams } = this.engine;
    const { streamId, shard } = this.of;
    const live = streams.get(streamId) ?? (await streams.open(streamId));
    return live.log.onReadable(shard, this.wakeup.fire);
  }

  private read(fromKey: number): Promise<ShardPage> {
    const asked = { ...this.of, fromKey };
    const registered = { countMax: getRecordsCountMax, bytesMax: fanOutBytesPerSecond };
    return readShardPage(this.engine, { ...asked, ...(this.of.isOwn ? ownEvent : registered) });
  }

  /** Until the next beat, which is due when nothing is left: else it would be waited for again and again. */
  private patienceMs(beatMs: number): number {
    const { nowMs } = this;
    return Math.max(0, Math.min(beatMs, this.endsMs) - nowMs);
  }

  /** Waits until the shard may give the consumer more. */
  private async pace({ records }: ShardPage): Promise<void> {
    const { bucket } = this;
    if (!bucket) return;
    const bytes = records.dataBytes + records.keyBytes;
    bucket.take(bytes);
    while (!bucket.has(1, this.nowMs) && this.end === undefined) await this.wakeup.wait(100);
  }
}

/**
 * In an event of its own, for there are clients that take no records from the one without a
 * continuation. @source guessed: that AWS does so too.
 */
function endOf({ millisBehind, children }: ShardPage): SubscribeToShardEvent {
  return { Records: [], MillisBehindLatest: millisBehind, ChildShards: [...children] };
}

function eventOf(
  { page, shard, records, millisBehind }: ShardPage,
  timeMs: number,
): SubscribeToShardEvent {
  const Records = records.unpack();
  // AFTER_SEQUENCE_NUMBER goes on behind it, whether or not a record has it. It never falls.
  const ContinuationSequenceNumber = recordNumber(shard, {
    key: Math.max(0, page.nextKey - 1),
    timeMs,
  });
  return { Records, ContinuationSequenceNumber, MillisBehindLatest: millisBehind };
}
