/**
 * Scales on-demand streams: looks once a minute of traffic at what shards took, remembers the peaks of 30
 * days, and splits busy shards or merges idle ones by the ordinary transitions. It never reads a record.
 */
import type { Disposable } from '../base/disposable.ts';
import { messageOf } from '../base/errors.ts';
import type { EngineParts } from './engineParts.ts';
import type { LoadedMinute } from './limits/throughput.ts';
import {
  capacityOf,
  type PeakDay,
  peaksMs,
  shardsForPeak,
  shardsToSplit,
  wantedShards,
  withPeak,
} from './onDemandPlan.ts';
import { type CatalogChange, openShards, type Pending, type StreamEntry } from './streamEntry.ts';

/** @source guessed: that a minute's average is the peak, and that AWS scales down after 30 days. */
export class OnDemand implements Disposable {
  private readonly engine: EngineParts;
  private readonly listening: Disposable;

  constructor(engine: EngineParts) {
    this.engine = engine;
    this.listening = engine.throughput.onDidEndMinute((minute) => {
      if (engine.catalog.byId(minute.streamId)?.mode === 'ON_DEMAND') this.look(minute);
    });
  }

  dispose(): void {
    this.listening.dispose();
  }

  /** A failure is told to the log: the next minute looks again. */
  private look(minute: LoadedMinute): void {
    this.scale(minute).catch((error: unknown) => {
      this.engine.logger.warn(`scaling stream ${minute.streamId}: ${messageOf(error)}`);
    });
  }

  private async scale(minute: LoadedMinute): Promise<void> {
    const { catalog, transitions } = this.engine;
    let isStarted = false;
    await catalog.update(() => {
      const stream = catalog.byId(minute.streamId);
      if (stream?.mode !== 'ON_DEMAND') return [];
      const change = this.changeOf(stream, minute);
      isStarted = change?.pending !== undefined;
      return change ? [change] : [];
    });
    if (isStarted) transitions.start(minute.streamId);
  }

  private changeOf(stream: StreamEntry, { loads }: LoadedMinute) {
    const { ports, ages } = this.engine;
    const times = { nowMs: ports.clock.now(), sinceMs: ages.since(peaksMs) };
    // What a stream has when it is first looked at counts as asked for on that day.
    const { peaks: known = [] } = stream;
    const before =
      known.length > 0 ? known : withPeak([], { shards: openShards(stream).length, ...times });
    const peaks = withPeak(before, { shards: shardsForPeak(loads), ...times });
    const pending = this.pendingOf(stream, { loads, peaks });
    const status = pending ? 'UPDATING' : stream.status;
    if (!pending && isSame(peaks, known)) return undefined;
    const change: Extract<CatalogChange, { type: 'change' }> = {
      type: 'change',
      id: stream.id,
      set: { peaks, status },
      ...(pending && { pending }),
    };
    return change;
  }

  /** A stream that is changing already is looked at again in a minute. */
  private pendingOf(
    stream: StreamEntry,
    { loads, peaks }: { loads: LoadedMinute['loads']; peaks: readonly PeakDay[] },
  ): Pending | undefined {
    if (stream.status !== 'ACTIVE' || this.engine.streams.isDamaged(stream.id)) return undefined;
    const capacity = capacityOf(stream, peaks);
    const shards = shardsToSplit(stream, { loads, capacity });
    if (shards.length > 0) return { kind: 'spread', shards };
    const target = wantedShards(stream, peaks);
    if (2 * target > openShards(stream).length) return undefined;
    return { kind: 'scale', target, policy: this.engine.settings.scalingPolicy };
  }
}

const isSame = (a: readonly PeakDay[], b: readonly PeakDay[]): boolean =>
  a.length === b.length &&
  a.every(({ day, shards }, place) => b[place]!.day === day && b[place]!.shards === shards);
