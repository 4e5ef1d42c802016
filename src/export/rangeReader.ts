/**
 * Reads a range of a stream: of each shard from its first record at the start up to its first that arrived at the end
 * or later, parents before children. Ranges that follow each other have every record once. A range up to now leaves a
 * shard at its newest record, and what follows that shard later with it. Whoever takes the records sets the pace: while
 * enough waits to be taken, nothing is asked of the stream.
 */
import { apiFrom, callOperation, type KinesisApi } from '../kinesis/kinesisApi.ts';
import { MIB } from '../kinesis/limits.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type * as Protocol from '../protocol/export.ts';
import type { TailStart } from '../protocol/tail.ts';
import { arrivalMsOf } from '../tail/arrival.ts';
import { Follower, type FollowerHost, type FollowerOptions } from '../tail/follower.ts';
import type { TailPace } from '../tail/pace.ts';
import { recordsIn } from '../tail/rows.ts';
import type { ShardEntry } from '../tail/shardTable.ts';
import type { StreamEnd } from '../tail/troubles.ts';
import type { ExportSource } from './exporter.ts';
import type { ExportedRecord } from './record.ts';

/** While records of so many bytes wait to be taken, no further page is asked for. */
export const waitingBytesMax = 16 * MIB;
/** What a record takes beside its data: its object, key, number and time. */
export const recordBytes = 1024;
/** Pages on their way, each of 10 MiB at most, beside those that wait. */
export const pagesInFlightMax = 4;
/** The protocol's; the compiler keeps them equal. */
const warningsMax: typeof Protocol.warningsMax = 10;
/**
 * A range up to now ends in a shard at its newest record. Where records come faster than they are read it ends so long
 * after the time at which it began, whatever this clock and the stream's differ by.
 */
const slackMs = 60_000;
/**
 * An answer with records that is not behind may be one of an emulator that always says so: in a shard that records come
 * into all the time a range up to now ends only with one that arrived so long after it began.
 */
const surelyNewMs = 5_000;
/** By so much the clock of AWS may be behind ours, or a record be seen late: one that arrived before may still come. */
const surelyPastMs = 5_000;

/** The same with few pages at a time, each of them asked for: what is pushed cannot be held back. */
export const rangePace = (pace: TailPace): TailPace => ({
  ...pace,
  callsMax: Math.min(pace.callsMax, pagesInFlightMax),
  pushShardsMax: 0,
});

export interface RangeOptions extends Omit<FollowerOptions, 'until'> {
  readonly start: TailStart;
  /** Epoch milliseconds; undefined: what is there now. One to come is now, with a warning: nothing waits for it. */
  readonly toMs?: number | undefined;
}

interface Page {
  readonly shardId: string;
  readonly records: readonly KinesisRecord[];
  /** What its records take in memory, about. */
  readonly bytes: number;
}

export class RangeReader implements ExportSource {
  readonly dropped = 0;
  /** In sentences: gaps, where records had expired before they could be read, and that the range ends before its end. */
  readonly warnings: string[] = [];
  private readonly options: RangeOptions;
  private readonly follower: Follower;
  private readonly running = new AbortController();
  private readonly pages: Page[] = [];
  private bytesWaiting = 0;
  private bytesWaitingMax = 0;
  private isDone = false;
  private isLooking = false;
  /** Shards that are to be left, and what becomes of their children. */
  private readonly leaving = new Map<ShardEntry, 'read' | 'left'>();
  /** Those that are closed, and had no more when they were asked. */
  private readonly emptied = new Set<ShardEntry>();
  private failure: Error | undefined;
  private readonly beganMs: number;
  /** The same, monotonic. */
  private readonly beganAtMs: number;
  private readonly toMs: number | undefined;
  /** Where a range up to now ends at the latest. */
  private nowMs: number | undefined;
  private wakeTaker: () => void = () => undefined;
  private readonly readers = new Set<() => void>();

  /** Reads at once. */
  constructor(options: RangeOptions) {
    const { api, start } = options;
    this.options = options;
    this.beganMs = options.clock.now();
    this.beganAtMs = options.clock.monotonic();
    this.toMs = this.endOf(options.toMs);
    const held = { ...options, api: this.heldBack(api), pace: rangePace(options.pace) };
    this.follower = new Follower(start, held, this.followerHost());
    this.follower.run(this.running.signal).catch((thrown: unknown) => {
      this.end(thrown instanceof Error ? thrown : new Error(String(thrown)));
    });
  }

  /** Up to when all shards were read; undefined while that cannot be told. */
  get reachedMs(): number | undefined {
    const { reachedMs } = this.follower.table;
    return Number.isFinite(reachedMs) ? reachedMs : undefined;
  }

  /** What keeps it from reading, in a sentence, while it waits for that to pass. */
  get waiting(): string | undefined {
    return this.follower.problem?.message;
  }

  /** The most bytes that have waited at a time. */
  get peakBytes(): number {
    return this.bytesWaitingMax;
  }

  /**
   * The records of the next page, aggregates taken apart; undefined when all was read. Rejects with what ended reading
   * too early, once all that came before was taken.
   */
  async next(): Promise<Iterable<ExportedRecord> | undefined> {
    for (;;) {
      const page = this.pages.shift();
      if (page) return this.taken(page);
      if (this.failure) throw this.failure;
      if (this.isDone) return undefined;
      await new Promise<void>((resolve) => {
        this.wakeTaker = resolve;
      });
    }
  }

  /** Ends every call; who waits for records is told that there are no more. */
  close(): void {
    this.end();
  }

  private taken(page: Page): Iterable<ExportedRecord> {
    this.bytesWaiting -= page.bytes;
    if (this.bytesWaiting < waitingBytesMax) this.wakeReaders();
    return recordsOf(page);
  }

  private wakeReaders(): void {
    for (const goOn of this.readers) goOn();
    this.readers.clear();
  }

  private end(failure?: Error): void {
    if (this.isDone) return;
    this.isDone = true;
    this.failure = failure;
    this.running.abort(new Error('The range was read.'));
    this.wakeReaders();
    this.wakeTaker();
  }

  /** Pages are asked for while there is room. */
  private heldBack(api: KinesisApi): KinesisApi {
    return apiFrom(async (operation, input, context) => {
      if (operation === 'GetRecords') await this.room();
      return callOperation(api, { operation, input, context });
    });
  }

  private async room(): Promise<void> {
    while (this.bytesWaiting >= waitingBytesMax && !this.isDone) {
      await new Promise<void>((resolve) => this.readers.add(resolve));
    }
  }

  private followerHost(): FollowerHost {
    return {
      isVisible: true,
      endMs: 0,
      records: (shard, records) => this.take(shard, records),
      event: (tone, text, orderMs) => {
        // Told at a place among the records: a gap.
        const isGap = tone === 'warning' && orderMs !== undefined;
        if (isGap && this.warnings.length < warningsMax) this.warnings.push(text);
      },
      changed: () => this.lookSoon(),
      mention: () => undefined,
      failed: (problem) => this.end(new Error(problem.message)),
      held: () => undefined,
      ended: (why) => this.end(why === 'read' ? undefined : goneError(why, this.options.stream)),
    };
  }

  private take(shard: ShardEntry, records: readonly KinesisRecord[]): void {
    if (this.keepWanted(shard, records)) {
      const children = this.toMs === undefined ? 'left' : 'read';
      this.follower.leave(shard, { children });
    } else if (this.isReadUp(shard, records)) this.leaveSoon(shard);
    else this.emptied.delete(shard);
  }

  /** True when the end of the range is among the records. */
  private keepWanted(shard: ShardEntry, records: readonly KinesisRecord[]): boolean {
    if (records.length === 0) return false;
    const endMs = this.toMs ?? this.endOfNow(shard, records);
    const end = records.findIndex((one) => this.isBehind(endMs, arrivalMsOf(one) ?? 0));
    const wanted = end < 0 ? records : records.slice(0, end);
    let bytes = 0;
    for (const record of wanted) {
      bytes += recordBytes + record.Data.length;
      shard.reachedMs = Math.max(shard.reachedMs, arrivalMsOf(record) ?? 0);
    }
    if (wanted.length > 0) this.keep({ shardId: shard.id, records: wanted, bytes });
    return end >= 0;
  }

  /** Arrival times of our own engine never fall: once its clock was set back, those ahead of it tell nothing of now. */
  private isBehind(endMs: number, arrivedMs: number): boolean {
    const { place, clock } = this.options;
    const isUntold = this.toMs === undefined && place === 'local' && arrivedMs > clock.now();
    return arrivedMs >= endMs && !isUntold;
  }

  /** All that was there when the range began was read of the shard. */
  private isReadUp({ millisBehindLatest }: ShardEntry, records: readonly KinesisRecord[]): boolean {
    if (millisBehindLatest > 0) return false;
    // Our own engine says 0 only where no more is there, and its clock may stand still.
    if (this.options.place === 'local') return true;
    const last = records.at(-1);
    if (!last) return this.isEndPast;
    return (arrivalMsOf(last) ?? 0) >= this.beganMs + surelyNewMs;
  }

  /** Nothing that arrives from now on is wanted, by any clock. */
  private get isEndPast(): boolean {
    const { beganMs, toMs } = this;
    if (toMs === undefined) return true;
    const passedMs = this.options.clock.monotonic() - this.beganAtMs;
    return beganMs + passedMs >= toMs + surelyPastMs;
  }

  /**
   * What comes into an open shard from now on is not wanted, nor what follows it: its children would begin behind that.
   * One that is closed is asked once more, as its last records may have come between the answer and its end.
   */
  private leaveSoon(shard: ShardEntry): void {
    const isClosed = !shard.isOpen || this.follower.table.childrenOf(shard.id).length > 0;
    if (!isClosed) this.leaving.set(shard, 'left');
    else if (this.emptied.has(shard)) this.leaving.set(shard, 'read');
    else this.emptied.add(shard);
    this.lookSoon();
  }

  private keep(page: Page): void {
    this.pages.push(page);
    this.bytesWaiting += page.bytes;
    this.bytesWaitingMax = Math.max(this.bytesWaitingMax, this.bytesWaiting);
    this.wakeTaker();
  }

  /** What arrives between now and a time to come would be in no range: neither in this one nor in one from there on. */
  private endOf(toMs: number | undefined): number | undefined {
    if (toMs === undefined || toMs <= this.beganMs) return toMs;
    this.warnings.push(stillToComeText(this.beganMs));
    return this.beganMs;
  }

  /** By the stream's clock, which may be another than this machine's. */
  private endOfNow({ millisBehindLatest }: ShardEntry, records: readonly KinesisRecord[]): number {
    const streamMs = (arrivalMsOf(records.at(-1)) ?? 0) + millisBehindLatest;
    this.nowMs ??= Math.max(this.options.clock.now(), streamMs) + slackMs;
    return this.nowMs;
  }

  /** Once the follower has told all that it has to tell in this turn. */
  private lookSoon(): void {
    if (this.isLooking || this.isDone) return;
    this.isLooking = true;
    void Promise.resolve().then(() => {
      this.isLooking = false;
      if (!this.isDone) this.look();
    });
  }

  private look(): void {
    const { table } = this.follower;
    for (const [entry, children] of this.leaving) {
      if (entry.reading === 'reading') this.follower.leave(entry, { children });
    }
    this.leaving.clear();
    if (table.isAllDrained) this.end();
  }
}

const stillToComeText = (reachedMs: number): string =>
  `The end of the range was still to come: the file has what arrived before ${new Date(reachedMs).toISOString()}. Export from there on to have the rest.`;

const goneError = (why: Exclude<StreamEnd, 'read'>, stream: string): Error =>
  new Error(
    why === 'deleted'
      ? `The stream ${stream} was deleted while it was read.`
      : `The stream ${stream} was deleted and created again while it was read: what was read is of the old one. Export again to have the new one.`,
  );

function* recordsOf({ shardId, records }: Page): Generator<ExportedRecord> {
  for (const record of records) {
    const arrivedMs = arrivalMsOf(record) ?? 0;
    for (const one of recordsIn(record)) {
      const { sequenceNumber, subSequenceNumber, partitionKey, explicitHashKey, data } = one;
      const numbers = { sequenceNumber, subSequenceNumber, arrivedMs };
      yield { shardId, ...numbers, partitionKey, explicitHashKey, data };
    }
  }
}
