/** One live tail: follows a stream into a bounded ring, filters it, answers pages and announces ticks. */
import { type Clock, delay } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import type { Decoder } from '../decode/decoder.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type {
  FullRecord,
  Problem,
  TailPage,
  TailRow,
  TailShard,
  TailStart,
  TailState,
  TailTick,
} from '../protocol/tail.ts';
import { Follower, type FollowerOptions } from './follower.ts';
import { Ring, type RingBounds } from './ring.ts';
import { fullRecord, heldRecord, pageRowsMax, recordRow, tailRow } from './rows.ts';
import type { ShardEntry } from './shardTable.ts';
import { Ticker } from './ticker.ts';
import { View } from './view.ts';

export interface TailOptions extends FollowerOptions {
  /** Named in ticks. */
  readonly tail: number;
  readonly start: TailStart;
  readonly bounds: RingBounds;
  readonly decoder: Decoder;
  /** A sentence to show as the first row. */
  readonly note?: string | undefined;
  tick(tick: TailTick): void;
}

/** One slice of a filter's work; others get their turn between two. */
const slice = { rows: 2000, bytes: 1024 * 1024 };
const unbounded = { rows: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
/** Among so many of the oldest rows the first arrival is looked for: shards are not read in step. */
const resumeRowsMax = 1000;
/** With more shards than this a tick is large, and fewer are sent. */
const shardsPerFastTick = 200;

/**
 * Starts reading at once. Visible until `show` says otherwise. Reading, pausing and failing never throw:
 * the state and event rows say what happened.
 */
export class TailSession implements Disposable {
  private readonly options: TailOptions;
  private readonly clock: Clock;
  private readonly ring: Ring;
  private readonly view: View;
  private readonly ticker: Ticker;
  private readonly disposables = new DisposableStore();
  private follower: Follower;
  private start: TailStart;
  private startedMs = 0;
  private running = new AbortController();
  private state: TailState = 'starting';
  private problem: Problem | undefined;
  private pausedSinceMs: number | undefined;
  private received = 0;
  private slicing: Disposable | undefined;

  constructor(options: TailOptions) {
    this.options = options;
    this.clock = options.clock;
    this.ring = new Ring(options.bounds, (index, row) => this.view.dropped(index, row));
    this.view = new View(this.ring, options.decoder);
    this.ticker = this.disposables.add(new Ticker(this.clock, () => options.tick(this.tick())));
    this.start = options.start;
    if (options.note !== undefined) this.addEvent('info', options.note);
    this.follower = this.follow(options.start);
  }

  /** Stops reading at once; the rows stay. */
  pause(): void {
    if (this.state !== 'live' && this.state !== 'starting') return;
    this.halt('paused');
    this.pausedSinceMs = this.clock.now();
    for (const entry of this.follower.table.reading()) entry.meter.stop();
    void this.probeWhilePaused(this.running.signal);
    this.changed();
  }

  /** Goes on after the last record of each shard, after a pause or a failure. */
  resume(): void {
    if (this.state !== 'paused' && this.state !== 'failed') return;
    this.halt('starting');
    this.read();
  }

  /** Forgets all rows and starts anew. */
  restart(start: TailStart): void {
    this.halt('starting');
    this.ring.clear();
    this.view.reset();
    this.received = 0;
    this.follower = this.follow(start);
  }

  /** Shows only rows that match; finding them among those held is done in slices. */
  filter(text: string): void {
    this.view.setFilter(text, this.clock.now());
    this.advanceView();
    this.changed();
  }

  /** Ticks are sent only while visible; becoming visible sends one at once. */
  show(visible: boolean): void {
    this.ticker.show(visible);
  }

  /** The rows at `from` up to `from + count`, at most `pageRowsMax`; later ones when `from` was dropped. */
  page({ from, count }: { from: number; count: number }): TailPage {
    const { view } = this;
    const end = Math.min(view.end, Math.trunc(from) + Math.min(Math.trunc(count), pageRowsMax));
    const first = Math.max(view.first, Math.trunc(from));
    const rows: TailRow[] = [];
    for (let position = first; position < end; position++) {
      const row = view.at(position);
      if (row) rows.push(tailRow(position, { row, filter: view.filter }));
    }
    return { generation: view.generation, from: first, rows };
  }

  /** Undefined when the row was dropped or is an event. */
  record(position: number): FullRecord | undefined {
    const row = this.view.at(position);
    if (row?.kind !== 'record') return undefined;
    const shard = this.follower.table.get(row.shardId);
    const { decoder } = this.options;
    const shown = recordRow(position, { row, filter: this.view.filter });
    return fullRecord(shown, { data: row.data, shard, decoder });
  }

  /** Ends every call; nothing is told afterwards. */
  dispose(): void {
    this.halt('ended');
    this.slicing?.dispose();
    this.disposables.dispose();
  }

  /** The state as it is now, as the next tick would tell it. */
  tick(): TailTick {
    const { ring, view, follower } = this;
    const shards = [...follower.table.all()].map((entry) => this.shard(entry));
    const problem = this.problem ?? (this.state === 'paused' ? undefined : follower.problem);
    return {
      tail: this.options.tail,
      state: this.state,
      ...(problem ? { problem } : {}),
      view: { first: view.first, end: view.end },
      generation: view.generation,
      held: { rows: ring.end - ring.first, bytes: ring.bytes },
      bounds: ring.bounds,
      received: this.received,
      records: { held: ring.recordCount, matching: view.matching },
      recordsPerSecond: sum(shards, (shard) => shard.recordsPerSecond),
      bytesPerSecond: sum(shards, (shard) => shard.bytesPerSecond),
      millisBehindLatest: Math.max(0, ...shards.map((shard) => shard.millisBehindLatest)),
      ...(this.pausedSinceMs === undefined ? {} : { pausedSinceMs: this.pausedSinceMs }),
      shards,
      start: this.start,
      resume: this.resumeAt(),
      filter: view.filter.text,
      ...(view.filter.problem === undefined ? {} : { filterProblem: view.filter.problem }),
    };
  }

  private follow(start: TailStart): Follower {
    this.start = start;
    this.startedMs = this.clock.now();
    const { ticker } = this;
    const follower = new Follower(start, this.options, {
      get isVisible() {
        return ticker.visible;
      },
      records: (shardId, records) => this.addRecords(shardId, records),
      event: (tone, text) => this.addEvent(tone, text),
      changed: () => this.changed(),
      failed: (problem) => this.fail(problem),
      ended: () => {
        this.halt('ended');
        this.changed();
      },
    });
    this.follower = follower;
    this.read();
    return follower;
  }

  private read(): void {
    const { signal } = this.running;
    this.follower.run(signal).catch((thrown: unknown) => {
      this.options.logger.error(`A tail of ${this.options.stream} broke: ${String(thrown)}`);
      const message = `Reading ${this.options.stream} stopped by a defect. Look into the log.`;
      if (!signal.aborted) this.fail({ message, action: 'showLog' });
    });
    this.changed();
  }

  private halt(state: TailState): void {
    this.running.abort(new Error('The tail stopped reading.'));
    this.running = new AbortController();
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
    while (pausedProbeMs !== undefined && !signal.aborted) {
      await delay(this.clock, pausedProbeMs, signal);
      if (!signal.aborted && this.ticker.visible) await this.follower.probe(signal);
    }
  }

  private addRecords(shardId: string, records: readonly KinesisRecord[]): void {
    const wasComplete = this.view.isComplete;
    const { decoder } = this.options;
    for (const record of records) {
      this.ring.push(heldRecord(shardId, { record, decoder }));
      if (wasComplete) this.view.advance(unbounded);
    }
    this.received += records.length;
  }

  private addEvent(tone: 'info' | 'warning' | 'error', text: string): void {
    const wasComplete = this.view.isComplete;
    this.ring.push({ kind: 'event', atMs: this.clock.now(), tone, text });
    if (wasComplete) this.view.advance(unbounded);
  }

  /** Everything at once without a filter, which is cheap; else a slice now and the others later. */
  private advanceView(): void {
    this.slicing?.dispose();
    this.slicing = undefined;
    const isDone = this.view.advance(this.view.filter.isEmpty ? unbounded : slice);
    if (!isDone) {
      this.slicing = this.clock.schedule(0, () => {
        this.advanceView();
        this.changed();
      });
    }
  }

  private changed(): void {
    if (this.state === 'starting' && this.follower?.isLive) this.state = 'live';
    this.ticker.intervalMs = (this.follower?.table.size ?? 0) > shardsPerFastTick ? 500 : 100;
    this.ticker.changed();
  }

  private shard(entry: ShardEntry): TailShard {
    return {
      id: entry.id,
      parents: entry.parents,
      startingHashKey: entry.startingHashKey,
      endingHashKey: entry.endingHashKey,
      isOpen: entry.isOpen,
      reading: entry.reading,
      ...entry.meter.rate,
      millisBehindLatest: entry.millisBehindLatest,
    };
  }

  /** When the oldest row held arrived, so that a reload shows the same rows; else the start. */
  private resumeAt(): TailStart {
    const { start, ring } = this;
    const hasDropped = this.received > ring.recordCount;
    if (start.type !== 'LATEST' && !hasDropped) return start;
    const end = Math.min(ring.end, ring.first + resumeRowsMax);
    let oldestMs = Number.POSITIVE_INFINITY;
    for (let index = ring.first; index < end; index++) {
      const row = ring.get(index);
      if (row?.kind === 'record') oldestMs = Math.min(oldestMs, row.arrivedMs);
    }
    const timestampMs = Number.isFinite(oldestMs) ? oldestMs : this.startedMs;
    return { type: 'AT_TIMESTAMP', timestampMs };
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
