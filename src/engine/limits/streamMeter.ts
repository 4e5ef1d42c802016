/** The meters of one stream's shards, by the shard's index. The put path asks it once for each record. */
import { loadOf, type ShardLoad } from '../onDemandPlan.ts';
import type { Moment } from './moment.ts';
import { type Met, toldEverySeconds } from './overLimit.ts';
import { counterWindowSeconds, type RowBudget } from './secondsRing.ts';
import { ShardMeter } from './shardMeter.ts';
import type { PutRefusal } from './writeLimit.ts';

const minuteSeconds = 60;
const minuteAfter = (second: number): number =>
  (Math.floor(second / minuteSeconds) + 1) * minuteSeconds;

/** Told of what was admitted over a limit. */
export type Tell = (met: Met & { readonly shard: number }) => void;

export class StreamMeter {
  private readonly budget: RowBudget;
  private shards: ShardMeter[] = [];
  private readonly tell: Tell;
  private tellAtSecond = 0;
  private minuteEndsAt = 0;
  /** Of the turn that `begin` opened. */
  private moment!: Moment;

  /** `tell` is called once a minute at most. */
  constructor(budget: RowBudget, tell: Tell) {
    this.budget = budget;
    this.tell = tell;
  }

  /** The second in which the minute of `takeLoads` is over. */
  get minuteEnds(): number {
    return this.minuteEndsAt;
  }

  /** What follows in this turn happens now. */
  begin(moment: Moment): this {
    this.moment = moment;
    this.minuteEndsAt = minuteAfter(moment.second);
    return this;
  }

  /**
   * Counts a record of `bytes` (data and partition key) on its way to a shard. Defined: it must not be
   * stored; the answer says which limit it met. Only in the turn of `begin`.
   */
  admitPut(shard: number, bytes: number): PutRefusal | undefined {
    const { moment } = this;
    const refusal = this.shard(shard, moment.nowMs).put(bytes, moment);
    if (refusal === undefined || moment.limits === 'aws') return refusal;
    if (this.mayTell(moment)) this.tell({ call: 'PutRecord', limit: refusal, shard });
    return undefined;
  }

  /** Tells of a read that was admitted over a limit. */
  tellOfRead(met: Parameters<Tell>[0], moment: Moment): void {
    if (this.mayTell(moment)) this.tell(met);
  }

  private mayTell({ second }: Moment): boolean {
    if (second < this.tellAtSecond) return false;
    this.tellAtSecond = second + toldEverySeconds;
    return true;
  }

  shard(index: number, nowMs: number): ShardMeter {
    const known = this.shards[index];
    if (known) return known;
    const meter = new ShardMeter(nowMs, this.budget);
    this.shards[index] = meter;
    return meter;
  }

  /** Shards in which something happened, by rising index. */
  entries(): [number, ShardMeter][] {
    return Object.entries(this.shards).map(([index, meter]) => [Number(index), meter]);
  }

  /** What each shard took on average, in the minute that is over, and begins the next. */
  takeLoads(): ShardLoad[] {
    return this.entries().flatMap(([shard, meter]) => {
      const load = loadOf({ ...meter.takeDemand(), seconds: minuteSeconds });
      return load > 0 ? [{ shard, load }] : [];
    });
  }

  /** Forgets shards that were idle for the whole window; true when none is left. */
  sweep(second: number): boolean {
    const kept: ShardMeter[] = [];
    let isEmpty = true;
    for (const [index, meter] of this.entries()) {
      if (meter.ring.lastSecond <= second - counterWindowSeconds) meter.ring.dispose();
      else {
        kept[index] = meter;
        isEmpty = false;
      }
    }
    this.shards = kept;
    return isEmpty;
  }
}
