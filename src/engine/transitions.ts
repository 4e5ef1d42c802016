/**
 * Carries out what streams are about to do - create, split, merge, scale, … - when their delay is
 * over, also after a restart. A parent's last batch is on the disk before the catalog closes it.
 */
import { unreachable } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import { evenRanges } from '../kinesis/hashKey.ts';
import { shardsPerStreamMax } from '../kinesis/limits.ts';
import type { Catalog } from './catalog.ts';
import type { Files } from './log/files.ts';
import { planGrowth, planSpread } from './onDemandPlan.ts';
import { type OpenStreams, streamFolder } from './openStreams.ts';
import { reshape } from './reshape.ts';
import { planMerge, planSplit, type Round } from './reshardPlan.ts';
import { planScaling } from './scalingPlan.ts';
import { isSetting, type PendingSetting, settled } from './settingChange.ts';
import { type StateDelays, stateDelayMs } from './stateDelays.ts';
import {
  type CatalogChange,
  openShards,
  type Pending,
  type StreamEntry,
  shardAt,
} from './streamEntry.ts';

/** After a failure (a full disk) it is tried again this much later. */
const retryMs = 1000;
/** A first shard's creation lies this much before its stream's. @source measured: 2 to 7 s. */
const createdEarlierSeconds = 2;

export interface TransitionParts {
  readonly catalog: Catalog;
  readonly streams: OpenStreams;
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly stateDelays: StateDelays;
}

export class Transitions {
  private readonly parts: TransitionParts;
  private readonly timers = new Map<string, Disposable>();
  private readonly running = new Map<string, Promise<void>>();
  private isClosed = false;

  constructor(parts: TransitionParts) {
    this.parts = parts;
  }

  /** Goes on with everything that was pending when the engine last ended. */
  resume(): void {
    for (const { id, pending } of this.parts.catalog.streams()) if (pending) this.start(id);
  }

  /** Finishes what is pending of a stream after its delay. */
  start(id: string): void {
    const { catalog, random, stateDelays: delays } = this.parts;
    const kind = catalog.byId(id)?.pending?.kind;
    if (kind) this.startAfter(id, stateDelayMs(kind, { delays, random }));
  }

  private startAfter(id: string, delayMs: number): void {
    if (this.isClosed) return;
    this.timers.get(id)?.dispose();
    const timer = this.parts.clock.schedule(delayMs, () => {
      this.timers.delete(id);
      this.run(id).catch((error: unknown) => this.retry(id, error));
    });
    this.timers.set(id, timer);
  }

  /** Finishes what is pending of a stream now; rejects with what prevented it. */
  finishNow(id: string): Promise<void> {
    this.timers.get(id)?.dispose();
    this.timers.delete(id);
    return this.run(id);
  }

  /** Resolves when nothing runs; what waits for its time does not count. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running.values());
  }

  /** Stops the timers and waits for what runs; the rest goes on at the next start. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const timer of this.timers.values()) timer.dispose();
    this.timers.clear();
    await Promise.allSettled(this.running.values());
  }

  /** One at a time for each stream. */
  private run(id: string): Promise<void> {
    const before = this.running.get(id) ?? Promise.resolve();
    const run = before.catch(() => undefined).then(() => this.finish(id));
    this.running.set(id, run);
    const forget = (): void => {
      if (this.running.get(id) === run) this.running.delete(id);
    };
    run.then(forget, forget);
    return run;
  }

  private retry(id: string, error: unknown): void {
    this.parts.logger.warn(`stream ${id}: ${messageOf(error)}`);
    if (!this.parts.streams.isDamaged(id)) this.startAfter(id, retryMs);
  }

  private async finish(id: string): Promise<void> {
    const pending = this.parts.catalog.byId(id)?.pending;
    if (!pending) return;
    if (pending.kind === 'create') await this.create(id);
    else if (pending.kind === 'delete') await this.remove(id);
    else if (isSetting(pending)) await this.settle(id, pending);
    else await this.reshard(id, pending);
  }

  private create(id: string): Promise<void> {
    return this.parts.catalog.update(() => {
      const stream = this.parts.catalog.byId(id);
      if (stream?.pending?.kind !== 'create') return [];
      const count = stream.pending.shardCount;
      const createdSeconds = Math.floor(stream.createdMs / 1000) - createdEarlierSeconds;
      const add = evenRanges(count).map((range, index) => {
        return { index, range, parents: [], createdSeconds, startKey: 0 };
      });
      const set = { status: 'ACTIVE', nextShardIndex: count } as const;
      return [{ type: 'change', id, set, add, pending: null }];
    });
  }

  /** The files go first: until the catalog forgets the stream, a restart begins here again. */
  private async remove(id: string): Promise<void> {
    await this.parts.streams.retire(id);
    await this.parts.files.removeFolder(streamFolder(id));
    await this.parts.catalog.update(() => [{ type: 'removed', id }]);
  }

  /** Nothing is left to do but to become ACTIVE with the new setting. */
  private settle(id: string, pending: PendingSetting): Promise<void> {
    return this.parts.catalog.update(() => {
      const stream = this.parts.catalog.byId(id);
      if (stream?.pending !== pending) return [];
      const set = { ...settled(pending, stream), status: 'ACTIVE' } as const;
      return [{ type: 'change', id, set, pending: null }];
    });
  }

  /** Appends wait from before the flush until the catalog has closed the parents. */
  private async reshard(id: string, pending: Pending): Promise<void> {
    const { streams, catalog, clock } = this.parts;
    const live = await streams.open(id);
    await live.hold(async () => {
      await live.log.flush().catch((error: unknown) => {
        throw streams.explain(live, error);
      });
      await catalog.update(() => {
        const stream = catalog.byId(id);
        // A reset or a drop may have come in between.
        if (stream?.pending !== pending) return [];
        const nowSeconds = Math.max(Math.floor(clock.now() / 1000), live.lastSeconds);
        return [reshardChange(stream, { pending, nowSeconds, startKey: live.upcomingKey })];
      });
    });
  }
}

function reshardChange(
  stream: StreamEntry,
  { pending, ...at }: { pending: Pending; nowSeconds: number; startKey: number },
): CatalogChange {
  const rounds = roundsOf(stream, pending);
  const shape = reshape(stream, { rounds, ...at });
  const set = { ...shape.set, ...modeSet(pending), status: 'ACTIVE' } as const;
  return { type: 'change', id: stream.id, ...shape, set, pending: null };
}

/** A new mode begins without what only an earlier one has. */
function modeSet(
  pending: Pending,
): Partial<Pick<StreamEntry, 'distribution' | 'mode' | 'peaks' | 'warmMiBps'>> {
  if (pending.kind !== 'mode') return {};
  const { mode } = pending;
  return mode === 'ON_DEMAND'
    ? { mode, peaks: [] }
    : { mode, warmMiBps: 0, distribution: 'USER_PARTITION_KEY' };
}

/** What a pending transition does; checked when it was accepted, so nothing here can be refused. */
function roundsOf(stream: StreamEntry, pending: Pending): Round[] {
  const nextIndex = stream.nextShardIndex;
  switch (pending.kind) {
    case 'split':
      return [[planSplit(shardAt(stream, pending.shard)!, { at: pending.at, nextIndex })]];
    case 'merge': {
      const [low, high] = pending.shards.map((index) => shardAt(stream, index)!);
      return [[planMerge({ low: low!, high: high! }, nextIndex)]];
    }
    case 'scale': {
      const { target, policy } = pending;
      return planScaling({ open: openShards(stream), target, nextIndex }, policy) ?? [];
    }
    case 'spread':
      return [
        planSpread(
          pending.shards.map((index) => shardAt(stream, index)!),
          nextIndex,
        ),
      ];
    case 'mode':
    case 'warm': {
      const target = Math.min(stream.warmMiBps ?? 0, shardsPerStreamMax);
      return planGrowth({ open: openShards(stream), target, nextIndex });
    }
    case 'create':
    case 'delete':
    case 'encryption':
    case 'monitoring':
    case 'recordSize':
    case 'retention':
      return [];
    default:
      return unreachable(pending, 'transition');
  }
}
