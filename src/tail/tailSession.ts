/** One live tail: follows a stream into a bounded ring, filters it, answers pages and announces ticks. */
import { type Clock, delay } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import type { Decoder } from '../decode/decoder.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type {
  EventTone,
  FilterAsked,
  FullRecord,
  Problem,
  RecordAsked,
  RecordRow,
  TailMoves,
  TailPage,
  TailShard,
  TailStart,
  TailState,
  TailTick,
} from '../protocol/tail.ts';
import { arrivalMsOf } from './arrival.ts';
import { ArrivalOrder } from './arrivalOrder.ts';
import { Follower, type FollowerOptions } from './follower.ts';
import { Ring, type RingBounds } from './ring.ts';
import type { TimeBox } from './rowChooser.ts';
import type { HeldRow } from './rowStore.ts';
import { fullRecord, pageRowsMax, type RowLook, recordsIn, tailRows } from './rows.ts';
import type { ShardEntry } from './shardTable.ts';
import type { Insertion } from './slotList.ts';
import { Ticker } from './ticker.ts';
import { heldText } from './troubles.ts';
import { type SliceBudget, View } from './view.ts';

export interface TailOptions extends FollowerOptions {
  /** Named in ticks. */
  readonly tail: number;
  readonly start: TailStart;
  readonly bounds: RingBounds;
  readonly decoder: Decoder;
  readonly timeBox: TimeBox;
  /** A sentence to show as the first row. */
  readonly note?: string | undefined;
  tick(tick: TailTick): void;
}

/** One slice of a filter's work; others get their turn between two. */
const slice: SliceBudget = { rows: 50_000, ms: 10 };
/** The first one is short: its rows are what the user waits for. */
const firstSlice: SliceBudget = { rows: 1000, ms: 10 };
/** Without a filter a row costs next to nothing. */
const unfilteredSlice: SliceBudget = { rows: 200_000, ms: 10 };
/** Aggregates make very many rows of a page: more than so many are not put in order together. */
const rowsTogetherMax = 8192;
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
  private readonly order: ArrivalOrder;
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
  private releasing: Disposable | undefined;
  /** Those that the last tick told of. */
  private moves: Omit<TailMoves, 'late'> = { revision: 0, from: 0, list: [] };

  constructor(options: TailOptions) {
    this.options = options;
    this.clock = options.clock;
    this.ring = new Ring(options.bounds);
    this.order = new ArrivalOrder(this.ring);
    const { decoder, timeBox, clock } = options;
    this.view = new View(this.ring, { decoder, timeBox, monotonic: () => clock.monotonic() });
    this.ticker = this.disposables.add(new Ticker(this.clock, () => this.sendTick()));
    this.start = options.start;
    if (options.note !== undefined) this.keepEvent('info', options.note);
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
    this.follower.goOn();
    this.read();
  }

  /** Forgets all rows and starts anew. */
  restart(start: TailStart): void {
    this.halt('starting');
    this.order.clear();
    this.ring.clear();
    this.received = 0;
    this.follower = this.follow(start);
  }

  /** Shows only rows that match; finding them among those held is done in slices. */
  filter({ text, utcOffsetMinutes }: FilterAsked): void {
    const nowMs = this.clock.now();
    this.view.setFilter(
      text,
      utcOffsetMinutes === undefined ? { nowMs } : { nowMs, utcOffsetMinutes },
    );
    this.advanceView(firstSlice);
    this.changed();
  }

  /** Ticks are sent only while visible; becoming visible sends one at once. */
  show(visible: boolean): void {
    this.ticker.show(visible);
  }

  /** The rows at `from` up to `from + count`, at most `pageRowsMax`; later ones when `from` was dropped. */
  page({ from, count }: { from: number; count: number }): TailPage {
    const { view, look } = this;
    if (view.hasMoved && this.ticker.visible) this.ticker.tellNow();
    const end = Math.min(view.end, Math.trunc(from) + Math.min(Math.trunc(count), pageRowsMax));
    const first = Math.max(view.first, Math.trunc(from));
    const held: HeldRow[] = [];
    for (let position = first; position < end; position++) {
      held.push(this.ring.store.row(view.at(position)!));
    }
    const rows = tailRows(first, { rows: held, look });
    return { generation: view.generation, revision: this.moves.revision, from: first, rows };
  }

  /** Undefined when the row was dropped or is an event. */
  record({ position, id }: RecordAsked): FullRecord | undefined {
    const { store } = this.ring;
    const slot = id === undefined ? this.view.at(position) : store.slotOf(id);
    const row = slot === undefined ? undefined : store.row(slot);
    if (row?.kind !== 'record') return undefined;
    const shard = this.follower.table.get(row.shardId);
    const { decoder } = this.options;
    const [shown] = tailRows(position, { rows: [row], look: this.look });
    return fullRecord(shown as RecordRow, { data: row.data, shard, decoder });
  }

  /** Ends every call; nothing is told afterwards. */
  dispose(): void {
    this.halt('ended');
    this.slicing?.dispose();
    this.view.dispose();
    this.disposables.dispose();
  }

  /** The state as it is now, as the next tick would tell it. */
  tick(): TailTick {
    const { ring, view, follower } = this;
    const shards = [...follower.table.all()].map((entry) => this.shard(entry));
    const { reached } = follower;
    const problem = this.problem ?? (this.state === 'paused' ? undefined : follower.problem);
    return {
      tail: this.options.tail,
      state: this.state,
      ...(problem ? { problem } : {}),
      view: { first: view.first, end: view.end },
      generation: view.generation,
      moves: { ...this.moves, late: this.order.late },
      held: { rows: ring.length, bytes: ring.bytes },
      bounds: ring.bounds,
      received: this.received,
      records: { held: ring.records, matching: view.matching },
      recordsPerSecond: sum(shards, (shard) => shard.recordsPerSecond),
      bytesPerSecond: sum(shards, (shard) => shard.bytesPerSecond),
      millisBehindLatest: Math.max(0, ...shards.map((shard) => shard.millisBehindLatest)),
      ...(this.pausedSinceMs === undefined ? {} : { pausedSinceMs: this.pausedSinceMs }),
      shards,
      start: this.start,
      resume: this.resumeAt(),
      ...(reached ? { reached } : {}),
      filter: view.filter,
      ...(view.problem === undefined ? {} : { filterProblem: view.problem }),
    };
  }

  private follow(start: TailStart): Follower {
    this.start = start;
    this.startedMs = this.clock.now();
    const { ticker, order } = this;
    const { until: asked, ...options } = this.options;
    // A tail that is started elsewhere by its user is wanted whole.
    const until = start === this.options.start ? asked : undefined;
    const follower = new Follower(
      start,
      { ...options, until },
      {
        get isVisible() {
          return ticker.visible;
        },
        records: (shard, records) => this.addRecords(shard, records),
        event: (tone, text, orderMs) => this.addEvent(tone, text, orderMs),
        get endMs() {
          return order.endMs;
        },
        changed: () => this.changed(),
        failed: (problem) => this.fail(problem),
        held: () => this.hold(),
        ended: () => {
          this.halt('ended');
          this.changed();
        },
      },
    );
    this.follower = follower;
    this.read();
    return follower;
  }

  /** All is read that was there before: it stands where another tail stood. */
  private hold(): void {
    this.keepEvent('info', heldText);
    this.pause();
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
    while (pausedProbeMs !== undefined && !signal.aborted) {
      await delay(this.clock, pausedProbeMs, signal);
      if (!signal.aborted && this.ticker.visible) await this.follower.probe(signal);
    }
  }

  private addRecords(shard: ShardEntry, records: readonly KinesisRecord[]): void {
    let slots: number[] = [];
    for (const record of records) {
      const arrivedMs = arrivalMsOf(record) ?? 0;
      shard.reachedMs = Math.max(shard.reachedMs, arrivedMs);
      const place = { shardId: shard.id, arrivedMs, orderMs: shard.reachedMs };
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
    this.keepEvent(tone, text, orderMs);
    if (this.state === 'paused') this.order.flush();
    this.changed();
  }

  private keepEvent(tone: EventTone, text: string, orderMs = this.order.endMs): void {
    // Before all that is held it would be dropped at once.
    const at = Math.max(orderMs, this.ring.oldestMs);
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

  /** A slice now and the others later. */
  private advanceView(budget: SliceBudget = slice): void {
    this.slicing?.dispose();
    this.slicing = undefined;
    const isDone = this.view.advance(this.view.isUnfiltered ? unfilteredSlice : budget);
    if (!isDone) {
      this.slicing = this.clock.schedule(0, () => {
        this.advanceView();
        this.changed();
      });
    }
  }

  private changed(): void {
    if (this.state === 'starting' && this.follower?.isLive) this.state = 'live';
    this.release();
    if (!this.view.isComplete && !this.slicing) this.advanceView();
    this.ticker.intervalMs = (this.follower?.table.size ?? 0) > shardsPerFastTick ? 500 : 100;
    this.ticker.changed();
  }

  private sendTick(): void {
    this.tellMoves(this.view.takeMoves());
    this.options.tick(this.tick());
  }

  /** Of too many nobody is told where rows went: whoever shows some asks for them again. */
  private tellMoves(list: readonly Insertion[] | undefined): void {
    const { revision } = this.moves;
    const next = list?.length === 0 ? revision : revision + 1;
    const from = list ? revision : -1;
    this.moves = { revision: next, from, list: list ?? [] };
  }

  private get look(): RowLook {
    const { decoder } = this.options;
    return { decoder, marksIn: (texts) => this.view.marksIn(texts) };
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
    if (start.type !== 'LATEST' && ring.dropped === 0) return start;
    const end = Math.min(ring.length, resumeRowsMax);
    let oldestMs = Number.POSITIVE_INFINITY;
    for (let index = 0; index < end; index++) {
      const slot = ring.at(index);
      if (ring.store.isRecord(slot)) oldestMs = Math.min(oldestMs, ring.store.arrivalOf(slot));
    }
    const timestampMs = Number.isFinite(oldestMs) ? oldestMs : this.startedMs;
    return { type: 'AT_TIMESTAMP', timestampMs, isResumed: true };
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
