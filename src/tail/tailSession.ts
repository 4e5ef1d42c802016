/** One live tail: follows a stream into a bounded ring, for all the tabs that show it. */
import { type Clock, delay } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { traceOf } from '../base/errors.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type {
  EventTone,
  Problem,
  TailShard,
  TailStart,
  TailState,
  TailStop,
} from '../protocol/tail.ts';
import { arrivalMsOf } from './arrival.ts';
import { ArrivalOrder } from './arrivalOrder.ts';
import { Follower, type FollowerOptions } from './follower.ts';
import { Ring, type RingBounds } from './ring.ts';
import { recordsIn } from './rows.ts';
import type { ShardEntry } from './shardTable.ts';
import { StopRule } from './stopRule.ts';
import { type TabOptions, type TailSource, type TailStatus, TailTab } from './tailTab.ts';
import { endOf, heldText, stoppedText } from './troubles.ts';

export interface TailOptions extends FollowerOptions {
  /** By which its user's time passes, where the stream's is another one. */
  readonly machine?: Clock | undefined;
  readonly start: TailStart;
  readonly bounds: RingBounds;
  /** A sentence to show as the first row. */
  readonly note?: string | undefined;
}

/** Aggregates make very many rows of a page: more than so many are not put in order together. */
const rowsTogetherMax = 8192;
/** How far behind a paused tail is, is asked for the first time. */
const firstProbeMs = 3000;
/** Among so many of the oldest rows the first arrival is looked for: shards are not read in step. */
const resumeRowsMax = 1000;

/**
 * Starts reading at once. Reading, pausing and failing never throw: the state and event rows say what happened. What
 * its tabs are told alike is here; what each shows is the tab's.
 */
export class TailSession implements Disposable, TailSource {
  readonly clock: Clock;
  readonly ring: Ring;
  start: TailStart;
  startedMs = 0;
  private readonly options: TailOptions;
  private readonly order: ArrivalOrder;
  private readonly tabs = new Set<TailTab>();
  private follower: Follower;
  private running = new AbortController();
  private state: TailState = 'starting';
  private problem: Problem | undefined;
  private pausedSinceMs: number | undefined;
  private received = 0;
  private releasing: Disposable | undefined;
  private rule: StopRule | undefined;
  /** The rows are of the start before. */
  private isClearOwed = false;

  constructor(options: TailOptions) {
    this.options = options;
    this.clock = options.clock;
    this.ring = new Ring(options.bounds);
    this.order = new ArrivalOrder(this.ring);
    this.start = options.start;
    if (options.note !== undefined) this.keepEvent('info', options.note);
    this.follower = this.follow(options.start);
  }

  get tabCount(): number {
    return this.tabs.size;
  }

  /** Nothing is left to read, unless it is started elsewhere. */
  get hasEnded(): boolean {
    return this.state === 'ended';
  }

  /** Another tab of this tail: it shows the rows that are held. */
  openTab(options: TabOptions): TailTab {
    const tab = new TailTab(this, options);
    this.tabs.add(tab);
    tab.changed();
    return tab;
  }

  closeTab(tab: TailTab): void {
    tab.dispose();
    this.tabs.delete(tab);
  }

  /** What may be held from now on; the oldest rows beyond it go. */
  setBounds(bounds: RingBounds): void {
    if (!this.ring.setBounds(bounds)) return;
    this.changed();
  }

  /** Pauses by itself there; undefined: no more. */
  stopAt(stop: TailStop | undefined): void {
    this.rule = stop && new StopRule(stop, this.clock);
    this.follower.stopAt(this.rule);
    this.changed();
  }

  /** Stops reading at once; the rows stay. */
  pause(): void {
    if (this.state !== 'live' && this.state !== 'starting') return;
    this.halt('paused');
    this.pausedSinceMs = (this.options.machine ?? this.clock).now();
    for (const entry of this.follower.table.reading()) entry.meter.stop();
    void this.probeWhilePaused(this.running.signal);
    this.changed();
  }

  /** Goes on after the last record of each shard, after a pause or a failure. */
  resume(): void {
    if (this.state !== 'paused' && this.state !== 'failed') return;
    this.halt('starting');
    this.follower.goOn();
    this.read();
  }

  /** Starts anew; the rows stay until the shards are found, as of a stream that is there no more they are all that is left. */
  restart(start: TailStart): void {
    this.halt('starting');
    this.isClearOwed = true;
    this.follower = this.follow(start);
  }

  /** Ends every call; nothing is told afterwards. */
  dispose(): void {
    this.halt('ended');
    for (const tab of this.tabs) this.closeTab(tab);
  }

  get shardCount(): number {
    return this.follower?.table.size ?? 0;
  }

  get lateRows(): number {
    return this.order.late;
  }

  get hasRowsOfBefore(): boolean {
    return this.isClearOwed;
  }

  get isStartingAnew(): boolean {
    return this.isClearOwed && this.state === 'starting';
  }

  shard(id: string): ShardEntry | undefined {
    return this.follower.table.get(id);
  }

  status(): TailStatus {
    const { ring, follower } = this;
    const shards = [...follower.table.all()].map(shownShard);
    const { reached } = follower;
    const reads = this.state === 'live' ? follower.reads : undefined;
    const problem = this.problem ?? (this.state === 'paused' ? undefined : follower.problem);
    return {
      state: this.state,
      ...(problem ? { problem } : {}),
      held: { rows: ring.length, bytes: ring.bytes },
      bounds: ring.bounds,
      received: this.received,
      recordsPerSecond: sum(shards, (shard) => shard.recordsPerSecond),
      bytesPerSecond: sum(shards, (shard) => shard.bytesPerSecond),
      millisBehindLatest: Math.max(0, ...shards.map((shard) => shard.millisBehindLatest)),
      ...(this.pausedSinceMs === undefined ? {} : { pausedSinceMs: this.pausedSinceMs }),
      shards,
      ...(reads ? { reads } : {}),
      start: this.start,
      ...(this.rule ? { stop: this.rule.rest } : {}),
      resume: this.resumeAt(),
      ...(reached ? { reached } : {}),
    };
  }

  private follow(start: TailStart): Follower {
    this.start = start;
    this.startedMs = this.clock.now();
    const { order, tabs } = this;
    const { until: asked, ...options } = this.options;
    // A tail that is started elsewhere by its user is wanted whole.
    const until = start === this.options.start ? asked : undefined;
    const follower = new Follower(
      start,
      { ...options, until },
      {
        get isVisible() {
          return isAnyVisible(tabs);
        },
        records: (shard, records) => this.addRecords(shard, records),
        event: (tone, text, orderMs) => this.addEvent(tone, text, orderMs),
        get endMs() {
          return order.endMs;
        },
        changed: () => this.changed(),
        mention: () => {
          for (const tab of this.tabs) tab.mention();
        },
        failed: (problem) => this.fail(problem),
        held: (why) => this.hold(why),
        ended: (why) => {
          this.halt('ended');
          const { text, advice } = endOf(why, this.options.stream);
          this.problem = { message: `${text} ${advice}` };
          this.changed();
        },
      },
    );
    this.follower = follower;
    follower.stopAt(this.rule);
    this.read();
    return follower;
  }

  /** All is read that was there before, so that it stands where another tail stood, or where it is to stop. */
  private hold(why: 'until' | 'stop'): void {
    this.keepEvent('info', why === 'until' ? heldText : stoppedText);
    if (why === 'stop') this.rule = undefined;
    this.pause();
    this.follower.stopAt(this.rule);
  }

  private read(): void {
    const { signal } = this.running;
    this.follower.run(signal).catch((thrown: unknown) => {
      this.options.logger.error(`A tail of ${this.options.stream} broke: ${traceOf(thrown)}`);
      const message = `Reading ${this.options.stream} stopped by a defect. Look into the log.`;
      if (!signal.aborted) this.fail({ message, action: 'showLog' });
    });
    this.changed();
  }

  private halt(state: TailState): void {
    this.running.abort(new Error('The tail stopped reading.'));
    this.running = new AbortController();
    this.releasing?.dispose();
    this.releasing = undefined;
    this.order.flush();
    this.state = state;
    this.problem = undefined;
    this.pausedSinceMs = undefined;
  }

  private fail(problem: Problem): void {
    this.halt('failed');
    this.problem = problem;
    this.changed();
  }

  private async probeWhilePaused(signal: AbortSignal): Promise<void> {
    const { pausedProbeMs } = this.options.pace;
    let waitMs = firstProbeMs;
    while (pausedProbeMs !== undefined && !signal.aborted) {
      waitMs = Math.min(pausedProbeMs, waitMs);
      await delay(this.clock, waitMs, signal);
      waitMs *= 2;
      if (!signal.aborted && isAnyVisible(this.tabs)) await this.follower.probe(signal);
    }
  }

  /** The start is one that can be read from. */
  private clearOwed(): void {
    if (!this.isClearOwed || this.shardCount === 0) return;
    this.isClearOwed = false;
    this.order.clear();
    this.ring.clear();
    this.received = 0;
  }

  private addRecords(shard: ShardEntry, records: readonly KinesisRecord[]): void {
    if (records.length === 0) return;
    this.clearOwed();
    let slots: number[] = [];
    const placeMsMax = this.follower?.table.placeMsMax(shard) ?? Number.POSITIVE_INFINITY;
    for (const record of records) {
      const arrivedMs = arrivalMsOf(record) ?? 0;
      shard.reachedMs = Math.max(shard.reachedMs, arrivedMs);
      const orderMs = Math.min(shard.reachedMs, placeMsMax);
      shard.firstMs ??= orderMs;
      const place = { shardId: shard.id, arrivedMs, orderMs };
      for (const one of recordsIn(record)) {
        slots.push(this.ring.keepRecord({ ...place, ...one }));
        if (slots.length < rowsTogetherMax) continue;
        this.addRows(slots);
        slots = [];
      }
    }
    this.addRows(slots);
  }

  private addRows(slots: readonly number[]): void {
    this.received += slots.length;
    this.order.add(slots, this.clock.monotonic());
    if (slots.length >= rowsTogetherMax) this.release();
  }

  private addEvent(tone: EventTone, text: string, orderMs?: number): void {
    this.clearOwed();
    this.keepEvent(tone, text, orderMs);
    if (this.state === 'paused') this.order.flush();
    this.changed();
  }

  private keepEvent(tone: EventTone, text: string, orderMs = this.order.endMs): void {
    // Where rows are dropped, one before all that is held would go at once.
    const at = this.ring.dropped > 0 ? Math.max(orderMs, this.ring.oldestMs) : orderMs;
    const slot = this.ring.keepEvent({ orderMs: at, atMs: this.clock.now(), tone, text });
    this.order.add([slot], this.clock.monotonic());
  }

  /** Shows what every shard has come to, and comes back for what waits. */
  private release(): void {
    this.releasing?.dispose();
    this.releasing = undefined;
    const nowMs = this.clock.monotonic();
    this.order.release(this.follower?.table.reachedMs ?? Number.NEGATIVE_INFINITY, nowMs);
    const { dueMs } = this.order;
    if (dueMs === undefined) return;
    this.releasing = this.clock.schedule(dueMs - nowMs, () => this.changed());
  }

  private changed(): void {
    this.clearOwed();
    if (this.state === 'starting' && this.follower?.isLive) this.state = 'live';
    this.release();
    for (const tab of this.tabs) tab.changed();
  }

  /** When the oldest row held arrived, so that a reload shows the same rows; else the start. */
  private resumeAt(): TailStart {
    const { start, ring } = this;
    const isOurs = !this.isClearOwed;
    if (start.type !== 'LATEST' && !(isOurs && ring.dropped > 0)) return start;
    const end = isOurs ? Math.min(ring.length, resumeRowsMax) : 0;
    let oldestMs = Number.POSITIVE_INFINITY;
    for (let index = 0; index < end; index++) {
      const slot = ring.at(index);
      if (ring.store.isRecord(slot)) oldestMs = Math.min(oldestMs, ring.store.arrivalOf(slot));
    }
    const timestampMs = Number.isFinite(oldestMs) ? oldestMs : this.startedMs;
    return { type: 'AT_TIMESTAMP', timestampMs, isResumed: true };
  }
}

const isAnyVisible = (tabs: Iterable<TailTab>): boolean => {
  for (const tab of tabs) if (tab.isVisible) return true;
  return false;
};

function shownShard(entry: ShardEntry): TailShard {
  return {
    id: entry.id,
    parents: entry.parents,
    startingHashKey: entry.startingHashKey,
    endingHashKey: entry.endingHashKey,
    isOpen: entry.isOpen,
    reading: entry.reading,
    received: entry.received,
    ...entry.meter.rate,
    millisBehindLatest: entry.millisBehindLatest,
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
