/** All subscriptions of an engine: one of each consumer and shard at a time; the extension's own beside them. */
import { anotherSubscription, subscribedTooOften } from '../kinesis/consumerErrors.ts';
import { limitExceeded } from '../kinesis/errors.ts';
import { subscriptionTakeoverMs } from '../kinesis/limits.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import type { EngineParts, Scope } from './engineParts.ts';
import { type Subscribed, Subscription } from './subscription.ts';

/** Open at a time, over all streams. */
export const subscriptionsMax = 10_000;
/** The extension's own, of all windows: a tail has up to 200. */
export const ownSubscriptionsMax = 4_000;
/** A second. */
const callsMs = 1000;

interface Last {
  /** Undefined once it has ended. */
  subscription: Subscription | undefined;
  readonly beganMs: number;
}

export class Subscriptions {
  /** By stream, consumer and shard; oldest first. Those that ended long ago are forgotten. */
  private readonly last = new Map<string, Last>();
  /** The extension's own, which count nowhere else. */
  private readonly own = new Map<string, Subscription>();
  private openCount = 0;
  private isClosed = false;

  /**
   * Begins a subscription in place of the one that the consumer has to the shard. Throws ResourceInUse within
   * 5 s of that one, LimitExceeded for too many. What is not about one that is open holds with `limits: aws`
   * only: whose application was started again need not wait. The extension's own never wait.
   */
  begin(engine: EngineParts, { of, scope }: { of: Subscribed; scope: Scope }): Subscription {
    const key = `${of.streamId}/${of.consumer.name}:${of.consumer.createdSeconds}/${of.shard}`;
    if (of.isOwn) return this.beginOwn(engine, { key, of });
    const nowMs = engine.ports.clock.monotonic();
    const before = this.last.get(key);
    if (before) check(engine, { of, scope, before, nowMs });
    if (this.openCount >= subscriptionsMax) {
      throw limitExceeded(`No more than ${subscriptionsMax} subscriptions can be open at a time.`);
    }
    before?.subscription?.takeOver();
    this.forget(nowMs);
    return this.add(engine, { key, of, nowMs });
  }

  /** The catalog changed: shards may have closed, consumers gone. */
  look(): void {
    for (const { subscription } of this.last.values()) subscription?.look();
    for (const subscription of this.own.values()) subscription.look();
  }

  close(): void {
    this.isClosed = true;
    for (const { subscription } of this.last.values()) subscription?.close();
    for (const subscription of this.own.values()) subscription.close();
  }

  private beginOwn(
    engine: EngineParts,
    { key, of }: { key: string; of: Subscribed },
  ): Subscription {
    this.own.get(key)?.takeOver();
    if (this.own.size >= ownSubscriptionsMax) {
      throw limitExceeded(
        `No more than ${ownSubscriptionsMax} subscriptions of tails can be open at a time.`,
      );
    }
    const onEnd = (): void => {
      if (this.own.get(key) === subscription) this.own.delete(key);
    };
    const subscription = new Subscription(engine, { of, onEnd });
    this.own.set(key, subscription);
    if (this.isClosed) subscription.close();
    return subscription;
  }

  private add(
    engine: EngineParts,
    { key, of, nowMs }: { key: string; of: Subscribed; nowMs: number },
  ): Subscription {
    const last: Last = { subscription: undefined, beganMs: nowMs };
    const onEnd = (): void => {
      if (!last.subscription) return;
      last.subscription = undefined;
      this.openCount -= 1;
    };
    last.subscription = new Subscription(engine, { of, onEnd });
    this.openCount += 1;
    this.last.delete(key);
    this.last.set(key, last);
    if (this.isClosed) last.subscription.close();
    return last.subscription;
  }

  private forget(nowMs: number): void {
    for (const [key, { subscription, beganMs }] of this.last) {
      if (nowMs - beganMs < subscriptionTakeoverMs) return;
      if (!subscription) this.last.delete(key);
    }
  }
}

function check(
  engine: EngineParts,
  asked: { of: Subscribed; scope: Scope; before: Last; nowMs: number },
): void {
  const { of, scope, before } = asked;
  const ageMs = asked.nowMs - before.beganMs;
  const id = { stream: of, consumer: of.consumer.name };
  const shard = formatShardId(of.shard);
  const isOpen = before.subscription !== undefined;
  if (isOpen && ageMs < subscriptionTakeoverMs) throw anotherSubscription(id, shard);
  engine.callLimits.underQuota({ operation: 'SubscribeToShard', scope }, () => {
    if (ageMs < callsMs) throw subscribedTooOften(id, shard);
  });
  if (ageMs < subscriptionTakeoverMs && engine.settings.limits === 'aws') {
    throw anotherSubscription(id, shard);
  }
}
