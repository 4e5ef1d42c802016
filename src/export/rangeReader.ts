/**
 * Reads a range of a stream: of each shard from its first record at the start up to its first that arrived at the end
 * or later, parents before children. Ranges that follow each other have every record once. Whoever takes the records
 * sets the pace: while enough waits to be taken, nothing is asked of the stream.
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
import { endedText } from '../tail/troubles.ts';
import type { ExportSource } from './exporter.ts';
import type { ExportedRecord } from './record.ts';

/** While so many bytes of data wait to be taken, no further page is asked for. */
export const waitingBytesMax = 16 * MIB;
/** Pages on their way, each of 10 MiB at most, beside those that wait. */
export const pagesInFlightMax = 4;
/** The protocol's; the compiler keeps them equal. */
const warningsMax: typeof Protocol.warningsMax = 10;
/**
 * A range up to now ends in a shard at its newest record. Where records come faster than they are read it ends so long
 * after the time at which it began, whatever this clock and the stream's differ by.
 */
const slackMs = 60_000;

/** The same with few pages at a time, each of them asked for: what is pushed cannot be held back. */
export const rangePace = (pace: TailPace): TailPace => ({
  ...pace,
  callsMax: Math.min(pace.callsMax, pagesInFlightMax),
  pushShardsMax: 0,
});

export interface RangeOptions extends Omit<FollowerOptions, 'until'> {
  readonly start: TailStart;
  /** Epoch milliseconds; undefined: what is there now. */
  readonly toMs?: number | undefined;
}

interface Page {
  readonly shardId: string;
  readonly records: readonly KinesisRecord[];
  readonly bytes: number;
}

export class RangeReader implements ExportSource {
  readonly dropped = 0;
  /** Gaps, in sentences: what had expired before it could be read. */
  readonly warnings: string[] = [];
  private readonly options: RangeOptions;
  private readonly follower: Follower;
  private readonly running = new AbortController();
  private readonly pages: Page[] = [];
  private bytesWaiting = 0;
  private bytesWaitingMax = 0;
  private isDone = false;
  private isLooking = false;
  private failure: Error | undefined;
  private lastWarning = '';
  /** Where a range up to now ends at the latest. */
  private nowMs: number | undefined;
  private wakeTaker: () => void = () => undefined;
  private readonly readers = new Set<() => void>();

  /** Reads at once. */
  constructor(options: RangeOptions) {
    const { api, start } = options;
    this.options = options;
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
        if (tone !== 'warning') return;
        this.lastWarning = text;
        // Told at a place among the records: a gap.
        if (orderMs !== undefined && this.warnings.length < warningsMax) this.warnings.push(text);
      },
      changed: () => this.lookSoon(),
      mention: () => undefined,
      failed: (problem) => this.end(new Error(problem.message)),
      held: () => undefined,
      ended: () =>
        this.end(this.lastWarning === endedText ? undefined : new Error(this.lastWarning)),
    };
  }

  private take(shard: ShardEntry, records: readonly KinesisRecord[]): void {
    const endMs = this.options.toMs ?? this.endOfNow(shard, records);
    const end = records.findIndex((record) => (arrivalMsOf(record) ?? 0) >= endMs);
    const wanted = end < 0 ? records : records.slice(0, end);
    let bytes = 0;
    for (const record of wanted) {
      bytes += record.Data.length;
      shard.reachedMs = Math.max(shard.reachedMs, arrivalMsOf(record) ?? 0);
    }
    if (wanted.length > 0) this.keep({ shardId: shard.id, records: wanted, bytes });
    if (end >= 0) this.follower.leave(shard);
  }

  private keep(page: Page): void {
    this.pages.push(page);
    this.bytesWaiting += page.bytes;
    this.bytesWaitingMax = Math.max(this.bytesWaitingMax, this.bytesWaiting);
    this.wakeTaker();
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

  /** A shard is done at its newest record. The children of one that was closed are known, and go on. */
  private look(): void {
    const { table } = this.follower;
    for (const entry of table.reading()) {
      const isAtEnd = entry.isAnswered && entry.millisBehindLatest === 0;
      if (isAtEnd) this.follower.leave(entry);
    }
    if (table.isAllDrained) this.end();
  }
}

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
