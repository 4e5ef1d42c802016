/** Removes what has expired, by a timer and never inside a read: whole segments, and shards long closed. */
import type { Disposable } from '../base/disposable.ts';
import { messageOf } from '../base/errors.ts';
import { iteratorLifeMs } from '../kinesis/limits.ts';
import type { Ages } from './ages.ts';
import type { EngineParts } from './engineParts.ts';
import { streamFolder } from './openStreams.ts';
import { endMs, horizonMs } from './shardView.ts';
import { isOpen, type StreamEntry } from './streamEntry.ts';

/** Half an hour: segments are closed at an hour's age, so nothing outlives its retention by more than 1.5 h. */
const sweepMs = 1_800_000;

export class Retention implements Disposable {
  private readonly engine: EngineParts;
  private timer: Disposable | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private isDisposed = false;

  constructor(engine: EngineParts) {
    this.engine = engine;
  }

  start(): void {
    if (this.isDisposed) return;
    this.timer = this.engine.ports.clock.schedule(sweepMs, () => {
      this.sweeping = this.sweep().finally(() => this.start());
    });
  }

  dispose(): void {
    this.isDisposed = true;
    this.timer?.dispose();
  }

  /** Resolves when no sweep is under way. */
  idle(): Promise<void> {
    return this.sweeping;
  }

  /** Trims every stream that has records. Never rejects. */
  async sweep(): Promise<void> {
    for (const { id } of this.engine.catalog.streams()) {
      if (this.isDisposed) return;
      try {
        await this.sweepStream(id);
      } catch (error) {
        this.engine.logger.warn(`removing expired records of stream ${id}: ${messageOf(error)}`);
      }
    }
    this.engine.capacity.tellState();
  }

  private async sweepStream(id: string): Promise<void> {
    const { catalog, streams, capacity, ages } = this.engine;
    const stream = catalog.byId(id);
    if (!stream || stream.status === 'DELETING' || streams.isDamaged(id)) return;
    const horizon = horizonMs(stream, ages);
    if (capacity.bytesOf(id) > 0 && (await this.mayHoldExpired(id, horizon))) {
      const live = await streams.open(id);
      await live.log.trim(horizon).catch((error: unknown) => {
        throw streams.explain(live, error);
      });
    }
    await this.forgetShards(id);
  }

  /**
   * Whether a log is worth being opened: it is open, or nobody has written to its oldest file since the
   * horizon. A thousand quiet streams stay closed; a file's time may delay what is removed, never hasten it.
   */
  private async mayHoldExpired(id: string, horizon: number): Promise<boolean> {
    const { streams, ports } = this.engine;
    if (streams.get(id)) return true;
    const names = await ports.files.list(streamFolder(id));
    const oldest = names.find((name) => name.endsWith('.log'));
    if (oldest === undefined) return false;
    const stat = await ports.files.stat(`${streamFolder(id)}/${oldest}`);
    return stat !== undefined && stat.mtimeMs < horizon;
  }

  /** Iterators into them are gone by now: shards were unlisted longer ago than an iterator lives. */
  private async forgetShards(id: string): Promise<void> {
    const { catalog, ages } = this.engine;
    await catalog.update(() => {
      const stream = catalog.byId(id);
      const drop = stream ? expiredShards(stream, ages) : [];
      return drop.length === 0 ? [] : [{ type: 'change', id, drop }];
    });
  }
}

function expiredShards(stream: StreamEntry, ages: Ages): number[] {
  const oldest = horizonMs(stream, ages) - 2 * iteratorLifeMs;
  return stream.shards
    .filter((shard) => !isOpen(shard) && endMs(shard) <= oldest)
    .map(({ index }) => index);
}
