/** All subscriptions of an engine: one of each consumer and shard at a time. */
import { anotherSubscription, subscribedTooOften } from '../kinesis/consumerErrors.ts';
import { limitExceeded } from '../kinesis/errors.ts';
import { subscriptionTakeoverMs } from '../kinesis/limits.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import type { EngineParts, Scope } from './engineParts.ts';
import { type Subscribed, Subscription } from './subscription.ts';

/** Open at a time, over all streams. */
export const subscriptionsMax = 10_000;
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
  private openCount = 0;
  private isClosed = false;

  /**
   * Begins a subscription in place of the one that the consumer has to the shard. Throws ResourceInUse within
   * 5 s of that one, LimitExceeded for too many. What is not about one that is open holds with `limits: aws`
   * only: whose application was started again need not wait.
   */
  begin(engine: EngineParts, { of, scope }: { of: Subscribed; scope: Scope }): Subscription {
    const key = `${of.streamId}/${of.consumer.name}:${of.consumer.createdSeconds}/${of.shard}`;
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
  }

  close(): void {
    this.isClosed = true;
    for (const { subscription } of this.last.values()) subscription?.close();
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
