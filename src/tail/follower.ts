/** Follows all shards of a stream: finds them, reads parents before children, and says what happened. */
import { type Clock, delay } from '../base/clock.ts';
import { traceOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import { isKinesisError, type KinesisError } from '../kinesis/errors.ts';
import { isThrottle, isUnreachable } from '../kinesis/failureKinds.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import type { KinesisRecord, Shard } from '../kinesis/shapes.ts';
import type { EventTone, Problem, TailReached, TailReads, TailStart } from '../protocol/tail.ts';
import { arrivalMsOf } from './arrival.ts';
import { type Moment, momentOf, type ReadUntil } from './expiryWatch.ts';
import { Gate } from './gate.ts';
import { Holding } from './holding.ts';
import { MissingShards } from './missingShards.ts';
import { Outage } from './outage.ts';
import { idleWaitMs, type TailPace } from './pace.ts';
import { Push } from './push.ts';
import { lastOf, reachedOf } from './reached.ts';
import { budgetPaceOf, ReadBudget } from './readBudget.ts';
import { ShardNews } from './shardNews.ts';
import type { ShardPage } from './shardPage.ts';
import { type ReaderHost, ShardReader } from './shardReader.ts';
import { startProblem, startsOf } from './shardStart.ts';
import { type ShardEntry, ShardTable } from './shardTable.ts';
import { readsOf } from './sharedReads.ts';
import type { StopRule } from './stopRule.ts';
import {
  endOf,
  mergedText,
  outageOverText,
  outageProblem,
  outageText,
  type Place,
  problemOf,
  type StreamEnd,
  splitText,
} from './troubles.ts';

export interface FollowerOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  /** Up to where to read at first; shards that it does not name are not read until `goOn`. */
  readonly until?: TailReached | undefined;
  readonly place: Place;
  readonly pace: TailPace;
  /** Shared by all that read the stream; undefined: the pace's, for this one alone. */
  readonly budget?: ReadBudget | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Where the follower brings what it finds. Every call is synchronous. */
export interface FollowerHost {
  readonly isVisible: boolean;
  /** An answer of the shard; none means that it has no more, where it is not behind. */
  records(shard: ShardEntry, records: readonly KinesisRecord[]): void;
  /** `orderMs`: where among the records; without it behind all that was read. */
  event(tone: EventTone, text: string, orderMs?: number): void;
  /** Behind all that was read. */
  readonly endMs: number;
  /** Something a tick tells has changed; `mention`: and it can wait for another one. */
  changed(): void;
  mention(): void;
  /** Cannot go on without the user; the run is over once its signal aborts. */
  failed(problem: Problem): void;
  /** All was read that is wanted at first, or before the tail was to stop. */
  held(why: 'until' | 'stop'): void;
  /** Nothing is left to read, or the stream is not there any more. */
  ended(why: StreamEnd): void;
}

export class Follower {
  readonly table = new ShardTable();
  private readonly options: FollowerOptions;
  private readonly host: FollowerHost;
  private readonly start: TailStart;
  private readonly outage: Outage;
  private readonly news: ShardNews;
  /** When reading was asked for. */
  private asked: Moment;
  private hasFailed = false;
  /** The shards could not be listed at first: the latest record is another one now. */
  private isLate = false;
  private readonly readerHost: ReaderHost;
  private readonly missing = new MissingShards();
  private readonly holding: Holding;
  private signal: AbortSignal | undefined;
  private isListed = false;
  private wantsListing = false;
  private outageReason: string | undefined;
  private toldReads = '';

  constructor(start: TailStart, options: FollowerOptions, host: FollowerHost) {
    this.start = start;
    this.options = options;
    this.host = host;
    const { clock, until } = options;
    const held = (why: 'until' | 'stop'): void => host.held(why);
    this.holding = new Holding({ clock, until, table: this.table, held });
    this.outage = this.makeOutage();
    this.asked = momentOf(clock);
    this.news = new ShardNews({ clock, start, table: this.table, rows: host });
    this.readerHost = this.makeReaderHost();
  }

  /** True once every shard that can be read stands at its place: what is put from now on is seen. */
  get isLive(): boolean {
    return this.isListed && this.table.reading().every((entry) => entry.reader?.isPositioned);
  }

  /** What keeps it from reading, while it waits for that to pass. */
  get problem(): Problem | undefined {
    if (this.outageReason === undefined) return this.news.problem;
    return outageProblem(this.options.place, this.outageReason);
  }

  /** Reads until `signal` aborts; callable again afterwards, and goes on where it was. */
  async run(signal: AbortSignal): Promise<void> {
    this.signal = signal;
    if (this.hasFailed) this.beginAnew();
    if (!this.isListed) await this.list(signal);
    if (signal.aborted) return;
    for (const entry of this.table.reading()) {
      entry.isAnswered = false;
      void entry.reader?.run(signal);
    }
    this.startReady();
    this.host.changed();
    this.holding.begin(signal);
    await this.listAgain(signal);
  }

  /** Where it is to be held; undefined: nowhere. Shards that are held where it was to stop before go on. */
  stopAt(rule: StopRule | undefined): void {
    const held = this.table.reading().filter(({ reader }) => reader?.leaveStop());
    for (const entry of held) entry.isAnswered = false;
    this.holding.stopAt(rule);
    const { signal } = this;
    if (!signal || signal.aborted) return;
    for (const { reader } of held) void reader?.run(signal);
  }

  /** From the next run on all is wanted. */
  goOn(): void {
    this.holding.goOn();
    for (const { reader } of this.table.all()) reader?.goOn();
  }

  /** Up to where each shard was read that anything was read of; undefined with too many shards. */
  get reached(): TailReached | undefined {
    return reachedOf(this.table);
  }

  /** What the window takes of shards that others read, too. */
  get reads(): TailReads | undefined {
    const { shared } = this.options.pace;
    return shared && readsOf(this.table.reading(), shared);
  }

  /** Reads no more of a shard. Its children go on as if it had been read to its end, or none of them is read, ever. */
  leave(entry: ShardEntry, { children }: { children: 'read' | 'left' }): void {
    if (children === 'left') this.table.leave(entry);
    this.drain(entry);
    this.startReady();
  }

  /** Asks every shard how far behind it is, without reading on. */
  async probe(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.table.reading().map(async (entry) => {
        const behindMs = await entry.reader?.probe(signal);
        if (signal.aborted || behindMs === undefined) return;
        entry.millisBehindLatest = behindMs;
      }),
    );
    if (!signal.aborted) this.host.changed();
  }

  /** Reading was given up: at the latest record it begins where that is now. */
  private beginAnew(): void {
    this.hasFailed = this.isLate = false;
    this.asked = momentOf(this.options.clock);
    for (const { reader } of this.table.all()) reader?.beginAnew();
  }

  /** The first listing: tried until it succeeds, or fails for good. */
  private async list(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const shards = await this.listShards(signal);
        if (signal.aborted) break;
        this.outage.answered();
        const problem = this.holding.until ? undefined : startProblem(this.start, shards);
        if (problem) return this.failWith(problem);
        this.table.addListed(shards, startsOf(this.listedStart, { shards, table: this.table }));
        this.isListed = true;
        return;
      } catch (thrown) {
        if (!signal.aborted) await this.waitToList(thrown, signal);
      }
    }
    this.isLate ||= !this.hasFailed;
  }

  private async waitToList(thrown: unknown, signal: AbortSignal): Promise<void> {
    const { clock, pace } = this.options;
    if (isUnreachable(thrown)) {
      this.isLate = true;
      return await this.outage.wait(signal, thrown.message);
    }
    this.outage.answered();
    const passes = isKinesisError(thrown, 'ResourceInUseException', 'ExpiredNextTokenException');
    if (passes || isThrottle(thrown)) return await delay(clock, pace.retryMs.first, signal);
    this.fail(thrown);
  }

  /** Where shards that are listed now are read from. */
  private get listedStart(): TailStart {
    if (this.start.type !== 'LATEST' || !this.isLate) return this.start;
    return { type: 'AT_TIMESTAMP', timestampMs: this.asked.wallMs };
  }

  private async listShards(signal: AbortSignal): Promise<Shard[]> {
    const { api, stream } = this.options;
    const found: Shard[] = [];
    let NextToken: string | undefined;
    do {
      const input = NextToken === undefined ? { StreamName: stream } : { NextToken };
      const page = await api.listShards(input, { own: true, signal });
      found.push(...(page.Shards ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined && !signal.aborted);
    return found;
  }

  /**
   * Looks from time to time for shards that nobody told of, and at once when a parent named no children. Where all
   * that happens is pushed there is nothing to look for.
   */
  private async listAgain(signal: AbortSignal): Promise<void> {
    const { clock, pace } = this.options;
    const stepMs = pace.retryMs.first;
    let sinceMs = clock.monotonic();
    while (!signal.aborted) {
      await delay(clock, stepMs, signal);
      if (signal.aborted) return;
      this.fade();
      this.tellReads();
      if (this.isPushed) sinceMs = clock.monotonic();
      const isDue = clock.monotonic() - sinceMs >= pace.listShardsMs;
      // Also amid an outage: that of a stream which was created again looks like one.
      if (!isDue && (!this.wantsListing || this.outage.isActive)) continue;
      sinceMs = clock.monotonic();
      await this.refresh(signal);
    }
  }

  /** Every shard that is left is read to its newest record, and told what comes. */
  private get isPushed(): boolean {
    for (const { reading, reader, millisBehindLatest } of this.table.all()) {
      if (reading !== 'drained' && !(reader?.isPushed && millisBehindLatest === 0)) return false;
    }
    return true;
  }

  /** Rates fall while nothing comes, also where nobody asks whether something did. */
  private fade(): void {
    const nowMs = this.options.clock.monotonic();
    for (const { reader, meter, millisBehindLatest } of this.table.reading()) {
      if (!reader?.isPushed || millisBehindLatest > 0) continue;
      const { recordsPerSecond } = meter.rate;
      if (recordsPerSecond === 0) continue;
      meter.polled(nowMs, { hadRecords: false, isCaughtUp: true });
      if (meter.rate.recordsPerSecond !== recordsPerSecond) this.host.mention();
    }
  }

  /** They change also while nothing else does. */
  private tellReads(): void {
    const told = JSON.stringify(this.reads) ?? '';
    if (told === this.toldReads) return;
    this.toldReads = told;
    this.host.mention();
  }

  private async refresh(signal: AbortSignal): Promise<void> {
    try {
      const shards = await this.listShards(signal);
      if (signal.aborted) return;
      this.wantsListing = false;
      if (this.table.isReplacedBy(shards)) return this.end('replaced');
      const isNew = this.table.addFound(shards);
      this.dropUnlisted(shards);
      this.startReady();
      this.holding.look();
      if (isNew) this.host.changed();
      if (this.table.isAllDrained) this.end('read');
    } catch (thrown) {
      if (signal.aborted) return;
      if (isKinesisError(thrown, 'ResourceNotFoundException')) {
        this.end('deleted');
      } else this.options.logger.debug(`ListShards of a tail failed: ${String(thrown)}`);
    } finally {
      this.missing.decided();
    }
  }

  /** A shard whose records have all expired is listed no more and cannot be read. */
  private dropUnlisted(shards: readonly Shard[]): void {
    const listed = new Set(shards.map((shard) => shard.ShardId));
    const missing = this.missing.takeUnlisted(listed);
    for (const entry of [...missing, ...this.table.waitingUnlisted(listed)]) {
      this.news.expired(entry.id);
      this.drain(entry);
    }
  }

  private startReady(): void {
    const { signal } = this;
    const { until } = this.holding;
    if (!signal || signal.aborted) return;
    for (const entry of this.table.ready()) {
      if (until && !(entry.id in until)) continue;
      entry.reading = 'reading';
      const { id: shardId, start } = entry;
      const parents = this.table.parentsOf(entry);
      entry.reachedMs = Math.max(entry.reachedMs, ...parents.map(({ reachedMs }) => reachedMs));
      const last = until?.[shardId];
      const since = this.wantedSince(entry);
      entry.reader = new ShardReader(
        { shardId, start, until: lastOf(last), since },
        this.readerHost,
      );
      this.announceMerge(entry);
      void entry.reader.run(signal);
    }
  }

  /** A child is wanted from where its parents were read to; of one whose parents are gone unseen, all. */
  private wantedSince(entry: ShardEntry): ReadUntil | undefined {
    const parents = this.table.parentsOf(entry);
    if (entry.isFoundLater && parents.length < entry.parents.length) {
      return { serverMs: 0, at: momentOf(this.options.clock) };
    }
    const reached = parents.flatMap(({ reader }) => reader?.readUntil ?? []);
    return reached.sort((a, b) => a.serverMs - b.serverMs)[0];
  }

  private accept(entry: ShardEntry, page: ShardPage): void {
    const nowMs = this.options.clock.monotonic();
    const hadRecords = page.Records.length > 0;
    const { isAnswered, millisBehindLatest, meter } = entry;
    const before = meter.rate.recordsPerSecond;
    for (const record of page.Records) {
      entry.meter.add(arrivalMsOf(record) ?? 0, record.Data.length);
    }
    entry.received += page.Records.length;
    entry.millisBehindLatest = page.MillisBehindLatest ?? 0;
    entry.isAnswered = true;
    this.news.read(entry.id);
    entry.meter.polled(nowMs, { hadRecords, isCaughtUp: entry.millisBehindLatest === 0 });
    this.host.records(entry, page.Records);
    if (entry.reader?.hasEnded) this.finish(entry, page);
    else entry.isCaughtUp ||= entry.millisBehindLatest === 0;
    const isSameAge = isAnswered && millisBehindLatest === entry.millisBehindLatest;
    const isSame = isSameAge && before === meter.rate.recordsPerSecond;
    if (hadRecords || !isSame) this.host.changed();
    this.holding.look();
  }

  /** A shard was read to its end: its children go on, once their other parents are drained too. */
  private finish(entry: ShardEntry, page: ShardPage): void {
    // Whoever watches it live sees the end where the list is now, not beside its last record of long ago.
    if (entry.isCaughtUp) entry.reachedMs = Math.max(entry.reachedMs, this.host.endMs);
    this.table.addChildren(page.ChildShards ?? []);
    const children = this.table.childrenOf(entry.id);
    const split = children.filter((child) => child.parents.length === 1).map((child) => child.id);
    const hasRecords = entry.reader?.hasRead ?? false;
    if (split.length > 0) {
      const text = splitText(entry.id, { children: split, hasRecords });
      this.host.event('info', text, this.table.placeMs(entry));
    }
    if (children.length === 0 || this.table.wantsListing) this.wantsListing = true;
    this.drain(entry);
    this.startReady();
    if (this.table.isAllDrained) this.wantsListing = true;
  }

  private drain(entry: ShardEntry): void {
    entry.reading = 'drained';
    entry.reader?.end();
    this.news.left(entry.id);
    entry.isOpen = false;
    entry.millisBehindLatest = 0;
    entry.meter.stop();
    this.host.changed();
  }

  private announceMerge(child: ShardEntry): void {
    const parents = child.parents.map((id) => this.table.get(id));
    if (parents.length < 2 || !parents.some((parent) => parent?.reader)) return;
    const hasRecords = parents.some((parent) => parent?.reader?.hasRead);
    // Nothing tells of when: it is news.
    if (child.reachedMs === Number.NEGATIVE_INFINITY) child.reachedMs = this.host.endMs;
    const text = mergedText(child.parents, { child: child.id, hasRecords });
    this.host.event('info', text, this.table.placeMs(child));
  }

  private end(why: StreamEnd): void {
    if (this.signal?.aborted) return;
    this.outage.answered();
    for (const entry of this.table.all()) if (entry.reading === 'reading') this.drain(entry);
    this.host.event('warning', endOf(why, this.options.stream).text);
    this.host.ended(why);
  }

  private fail(thrown: unknown): void {
    if (this.signal?.aborted) return;
    const { logger, stream } = this.options;
    if (!isKinesisError(thrown)) logger.error(`A tail of ${stream} broke: ${traceOf(thrown)}`);
    this.failWith(problemOf(thrown, stream));
  }

  private failWith(problem: Problem): void {
    this.hasFailed = true;
    this.host.event('error', problem.message);
    this.host.failed(problem);
  }

  private noteMissing(
    reader: ShardReader,
    { error, signal }: { error: KinesisError; signal: AbortSignal },
  ): Promise<void> {
    this.options.logger.debug(`A tail's shard is missing: ${error.message}`);
    this.wantsListing = true;
    return this.missing.add(this.table.get(reader.shardId), signal);
  }

  private makeReaderHost(): ReaderHost {
    const { options, table, news } = this;
    const alone = budgetPaceOf(options.pace);
    return {
      ...options,
      asked: () => this.asked,
      push: new Push(options),
      gate: new Gate(options.pace.callsMax),
      budget: options.budget ?? (alone && new ReadBudget(options.clock, alone)),
      outage: this.outage,
      chance: () => options.random.bytes(1)[0]! / 256,
      idleWaitMs: () =>
        idleWaitMs(options.pace, {
          readerCount: table.reading().length,
          isVisible: this.host.isVisible,
        }),
      positioned: (reader) => news.positioned(reader),
      wantedOf: (page) => this.holding.wantedOf(page),
      page: (reader, page) => {
        const entry = table.get(reader.shardId);
        if (entry) this.accept(entry, page);
      },
      expired: ({ shardId }, { Records: [next] }) => news.expired(shardId, arrivalMsOf(next)),
      throttled: ({ shardId }, error) => news.throttled(shardId, error),
      silent: ({ shardId }, reason) => news.silent(shardId, reason),
      audible: ({ shardId }, lastedMs) => news.audible(shardId, lastedMs),
      missing: (reader, { error, signal }) => this.noteMissing(reader, { error, signal }),
      replaced: () => this.end('replaced'),
      failed: (error) => this.fail(error),
    };
  }

  private makeOutage(): Outage {
    const { clock, pace, place, logger } = this.options;
    return new Outage({
      clock,
      retryMs: pace.retryMs,
      began: (reason) => {
        logger.warn(`A tail of ${this.options.stream} lost its connection: ${reason}`);
        this.outageReason = reason;
        this.host.event('warning', outageText(place));
        this.host.changed();
      },
      ended: (lastedMs) => {
        this.outageReason = undefined;
        this.host.event('info', outageOverText(place, lastedMs));
        this.host.changed();
      },
    });
  }
}
