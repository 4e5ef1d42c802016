/**
 * The engine's throughput: which meter a call belongs to, and what its limits mean for it. The extension's
 * own calls have no meter, so they are exempt and in no counter.
 */
import type { LimitsMode } from '../../admin/adminApi.ts';
import type { Clock } from '../../base/clock.ts';
import { Emitter, type Event } from '../../base/emitter.ts';
import type { Logger } from '../../base/logger.ts';
import { formatShardId } from '../../kinesis/shardId.ts';
import { iteratorThrottled, readThrottled } from '../../kinesis/throttleErrors.ts';
import type { Scope } from '../engineParts.ts';
import type { ShardLoad } from '../onDemandPlan.ts';
import type { StreamEntry } from '../streamEntry.ts';
import { type Moment, secondOf } from './moment.ts';
import { overLimitText } from './overLimit.ts';
import { counterWindowSeconds, RowBudget } from './secondsRing.ts';
import type { ReadAnswer, ShardMeter } from './shardMeter.ts';
import { StreamMeter } from './streamMeter.ts';

/** What a stream's shards took in a minute that had traffic, as far as it was within the limits. */
export interface LoadedMinute {
  readonly streamId: string;
  readonly loads: readonly ShardLoad[];
}

/** A stream as its meter knows it. */
type StreamName = Pick<StreamEntry, 'id' | 'name'>;

/** A call of GetRecords under way. */
export interface MeteredRead {
  /** Told once, when the answer is known. */
  answered(answer: ReadAnswer): void;
}

export class Throughput {
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly limits: LimitsMode;
  private readonly budget = new RowBudget();
  private readonly meters = new Map<string, StreamMeter>();
  private sweepAtSecond = 0;
  private readonly minutes = new Emitter<LoadedMinute>();

  constructor(parts: { clock: Clock; logger: Logger; limits: LimitsMode }) {
    this.clock = parts.clock;
    this.logger = parts.logger;
    this.limits = parts.limits;
  }

  /**
   * The meter for the records of one call, all put in this turn; undefined for calls that are exempt. The
   * clock is read here, once.
   */
  puts(stream: StreamName, scope: Scope): StreamMeter | undefined {
    if (scope.own) return undefined;
    const moment = this.moment(scope);
    const meter = this.meterOf(stream);
    if (moment.second >= meter.minuteEnds) this.endMinute(stream.id, meter);
    return meter.begin(moment);
  }

  /** Fires before the first put after a minute in which a stream took records. */
  get onDidEndMinute(): Event<LoadedMinute> {
    return this.minutes.event;
  }

  /** Throws ProvisionedThroughputExceeded. Undefined for calls that are exempt. */
  read(at: { stream: StreamEntry; shard: number }, scope: Scope): MeteredRead | undefined {
    if (scope.own) return undefined;
    const moment = this.moment(scope);
    const meter = this.shard(at, moment);
    const refusal = meter.read(moment);
    if (refusal !== undefined) {
      if (this.limits === 'aws') throw readThrottled(named(at));
      const met = { call: 'GetRecords', limit: refusal, shard: at.shard } as const;
      this.meterOf(at.stream).tellOfRead(met, moment);
    }
    const isFree = refusal !== undefined;
    return {
      answered: (answer) => {
        const chargedBytes = isFree ? 0 : answer.chargedBytes;
        // The meter may have been swept away while a slow read was under way.
        const later = this.moment(scope);
        this.shard(at, later).answered({ ...answer, chargedBytes }, later);
      },
    };
  }

  /** Admits a call of GetShardIterator. Throws ProvisionedThroughputExceeded. */
  iterator(at: { stream: StreamEntry; shard: number }, scope: Scope): void {
    if (scope.own) return;
    const moment = this.moment(scope);
    if (this.shard(at, moment).iterator(moment)) return;
    if (this.limits === 'aws') throw iteratorThrottled(named(at));
    const met = { call: 'GetShardIterator', limit: 'calls', shard: at.shard } as const;
    this.meterOf(at.stream).tellOfRead(met, moment);
  }

  /** The meter of a stream in which something happened. */
  of(streamId: string): StreamMeter | undefined {
    return this.meters.get(streamId);
  }

  private shard(
    { stream, shard }: { stream: StreamEntry; shard: number },
    { nowMs }: Moment,
  ): ShardMeter {
    return this.meterOf(stream).shard(shard, nowMs);
  }

  private moment({ caller }: Scope): Moment {
    const nowMs = this.clock.monotonic();
    const second = secondOf(nowMs);
    if (second >= this.sweepAtSecond) this.sweep(second);
    return { nowMs, second, caller, limits: this.limits };
  }

  private meterOf({ id, name }: StreamName): StreamMeter {
    const known = this.meters.get(id);
    if (known) return known;
    const meter = new StreamMeter(this.budget, (met) => this.logger.warn(overLimitText(name, met)));
    this.meters.set(id, meter);
    return meter;
  }

  private endMinute(streamId: string, meter: StreamMeter): void {
    const loads = meter.takeLoads();
    if (loads.length > 0) this.minutes.fire({ streamId, loads });
  }

  /** Shards and streams that were idle for the whole window are forgotten; their buckets are full. */
  private sweep(second: number): void {
    this.sweepAtSecond = second + counterWindowSeconds;
    for (const [id, meter] of this.meters) {
      if (second >= meter.minuteEnds) this.endMinute(id, meter);
      if (meter.sweep(second)) this.meters.delete(id);
    }
  }
}

const named = ({ stream, shard }: { stream: StreamEntry; shard: number }) => ({
  ShardId: formatShardId(shard),
  stream,
});
