/** Reads one shard from its start to its end, page by page, asked for or pushed. It knows nothing of other shards. */
import { type Clock, delay } from '../base/clock.ts';
import { compareDecimals } from '../base/decimals.ts';
import { isKinesisError, KinesisError } from '../kinesis/errors.ts';
import { isThrottle, isUnreachable } from '../kinesis/failureKinds.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import type { GetRecordsInput, GetRecordsOutput } from '../kinesis/operations/getRecords.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type { TailStart } from '../protocol/tail.ts';
import { arrivalMsOf } from './arrival.ts';
import { ExpiryWatch, momentOf, type ReadUntil, type WatchSince } from './expiryWatch.ts';
import type { Gate } from './gate.ts';
import type { Outage } from './outage.ts';
import type { TailPace } from './pace.ts';
import { isRefusal, type Push } from './push.ts';
import { ReadMeter, type ReadRate } from './readMeter.ts';
import { ReadRhythm } from './readRhythm.ts';
import { polledPage, type ShardPage } from './shardPage.ts';
import { ShardPosition } from './shardPosition.ts';

/** What a reader needs of its tail, and what it tells it. Every call is synchronous. */
export interface ReaderHost {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly clock: Clock;
  /** When reading was asked for. */
  readonly asked: WatchSince['asked'];
  readonly pace: TailPace;
  readonly push: Push;
  readonly gate: Gate;
  readonly outage: Outage;
  /** 0 to below 1. */
  chance(): number;
  idleWaitMs(): number;
  /** The reader stands in its shard: what is put from now on will be read. */
  positioned(reader: ShardReader): void;
  /** How many of the first records of an answer are wanted, when its shard is to be held behind them. */
  wantedOf(page: ShardPage): number | undefined;
  /** One answer; never called after its signal was aborted. */
  page(reader: ShardReader, page: ShardPage): void;
  /** Records behind the last one that was read may have expired; those of the next page are the oldest kept. */
  expired(reader: ShardReader, next: ShardPage): void;
  throttled(reader: ShardReader): void;
  /** The shard or its stream is not there any more. Resolves once the shards were looked up, or `signal` aborted. */
  missing(
    reader: ShardReader,
    cause: { readonly error: KinesisError; readonly signal: AbortSignal },
  ): Promise<void>;
  /** Another stream has taken the name of the one that was read. */
  replaced(): void;
  /** Nothing that waiting could cure. */
  failed(error: unknown): void;
}

/** Successive answers that cure themselves by a new iterator, before that is called a failure. */
const renewalsMax = 5;
const emptyBehindWaitMs = 20;
/** Pages without a record, on the way to one. */
const emptyPagesMax = 10;

/** A tail that goes on had read everything before. */
const resumed = (start: TailStart, clock: Clock): ReadUntil | undefined =>
  start.type === 'AT_TIMESTAMP' && start.isResumed
    ? { serverMs: start.timestampMs, at: momentOf(clock) }
    : undefined;

/** What is to be read. */
export interface ReaderTask {
  readonly shardId: string;
  readonly start: TailStart;
  /** The last record that is wanted for now. */
  readonly until?: string | undefined;
  /** Everything that arrived after it is wanted: what of it has expired is a gap. */
  readonly since?: ReadUntil | undefined;
}

export class ShardReader {
  readonly shardId: string;
  private readonly host: ReaderHost;
  private readonly position: ShardPosition;
  private iterator: string | undefined;
  private ended = false;
  private pushed = false;
  private polledMs = Number.NEGATIVE_INFINITY;
  private readonly expiry: ExpiryWatch;
  /** Where a gap began behind which nothing was read: the shard may have ended in it. */
  private gapSince: ReadUntil | undefined;
  private until: string | undefined;
  /** Why it stands: all is read that is wanted at first, or before it was to stop. */
  private heldBy: 'until' | 'stop' | undefined;
  private readonly rhythm: ReadRhythm;
  /** Where others read the shard, too. */
  private readonly meter: ReadMeter | undefined;
  private renewals = 0;

  constructor({ shardId, start, until, since }: ReaderTask, host: ReaderHost) {
    this.shardId = shardId;
    this.host = host;
    this.position = new ShardPosition(start, host.clock);
    this.rhythm = new ReadRhythm(host.pace);
    this.meter = host.pace.shared && new ReadMeter();
    this.until = until;
    const last = since ?? resumed(start, host.clock);
    this.expiry = new ExpiryWatch(host.clock, { asked: host.asked, last });
  }

  /** From when on its children are wanted: up to there everything was read. */
  get readUntil(): ReadUntil | undefined {
    return this.gapSince ?? this.expiry.readUntil;
  }

  /** It was read to its end. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** The last record that was read. */
  get lastSequenceNumber(): string | undefined {
    return this.position.lastSequenceNumber;
  }

  /** What it takes of a shard that others read, too. */
  get readRate(): ReadRate | undefined {
    return this.meter?.rate(this.host.clock.monotonic());
  }

  /** The shard is asked less often, since its reads were throttled. */
  get isHoldingBack(): boolean {
    return this.rhythm.isHoldingBack;
  }

  /** What comes is pushed: nothing is asked for while nothing comes. */
  get isPushed(): boolean {
    return this.pushed;
  }

  /** By this side's clock, when it asked for the last page it got: all that had come by then is in it or behind it. */
  get askedMs(): number {
    return this.pushed ? this.host.clock.now() : this.polledMs;
  }

  /** It stands behind the last record that is wanted, and waits for `goOn`. */
  get isHeld(): boolean {
    return this.heldBy !== undefined;
  }

  /** All that follows is wanted, too; to be run again. */
  goOn(): void {
    this.until = undefined;
    this.heldBy = undefined;
  }

  /** Where it was to stop is of no account any more: true when it stood there, to be run again. */
  leaveStop(): boolean {
    if (this.heldBy !== 'stop') return false;
    this.heldBy = undefined;
    return true;
  }

  /** Reads no more, for ever. */
  end(): void {
    this.ended = true;
  }

  get isPositioned(): boolean {
    return this.position.isTaken;
  }

  get hasRead(): boolean {
    return this.position.lastSequenceNumber !== undefined;
  }

  /** Reads until the shard's end or until `signal` aborts; never rejects. Callable again after an abort. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.ended && !this.isHeld) {
      const startedMs = this.host.clock.monotonic();
      let waitMs: number;
      try {
        waitMs = await this.read(signal);
      } catch (thrown) {
        if (signal.aborted) return;
        waitMs = await this.recover(thrown, signal);
      }
      const spentMs = this.host.clock.monotonic() - startedMs;
      waitMs = Math.max(waitMs, this.rhythm.intervalMs - spentMs);
      if (waitMs > 0 && !this.ended && !this.isHeld) await delay(this.host.clock, waitMs, signal);
    }
  }

  /** How far behind the shard is, without moving on; undefined when that cannot be told now. */
  async probe(signal: AbortSignal): Promise<number | undefined> {
    const { gate } = this.host;
    try {
      return await gate.run(signal, async () => {
        const ShardIterator = await this.obtainIterator(signal);
        if (ShardIterator === undefined) return undefined;
        return (await this.getRecords({ ShardIterator, Limit: 1 }, signal)).MillisBehindLatest;
      });
    } catch (thrown) {
      if (isKinesisError(thrown, 'ExpiredIteratorException')) this.iterator = undefined;
      return undefined;
    }
  }

  /** A page that is asked for, or all that a subscription brings; returns how long to wait for the next. */
  private async read(signal: AbortSignal): Promise<number> {
    const { push } = this.host;
    if (!push.enter()) return await this.readPolled(signal);
    try {
      return await this.readPushed(signal);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      return 0; // it is polled
    } finally {
      this.pushed = false;
      push.leave();
    }
  }

  private async readPushed(signal: AbortSignal): Promise<number> {
    const { gate, pace } = this.host;
    const pages = await gate.run(signal, () => this.subscribe(signal));
    if (!pages) return 0;
    let isEmpty = true;
    for await (const page of pages) {
      this.pushed = true;
      isEmpty = false;
      await this.take(page, signal);
      if (signal.aborted || this.ended || this.isHeld) return 0;
    }
    return isEmpty ? pace.retryMs.first : 0;
  }

  private async subscribe(signal: AbortSignal): Promise<AsyncIterable<ShardPage>> {
    const { shardId, host } = this;
    const beforeMs = host.clock.now();
    const asked = { shardId, position: this.position.next };
    const pages = await host.push.subscribe(asked, signal);
    if (!signal.aborted) this.positioned(beforeMs);
    return pages;
  }

  private async readPolled(signal: AbortSignal): Promise<number> {
    const { gate, pace, clock } = this.host;
    let askedMs = 0;
    const page = await gate.run(signal, async () => {
      const ShardIterator = await this.obtainIterator(signal);
      if (ShardIterator === undefined) return undefined;
      askedMs = clock.now();
      const asked = { ShardIterator, Limit: pace.recordsPerCall };
      return polledPage(await this.getRecords(asked, signal));
    });
    if (signal.aborted || !page) return 0;
    this.polledMs = askedMs;
    this.rhythm.passed(page.Records.length === 0 && !page.MillisBehindLatest);
    await this.take(page, signal);
    return this.waitAfter(page);
  }

  /** Every call of it is counted, also one that fails. */
  private async getRecords(input: GetRecordsInput, signal: AbortSignal): Promise<GetRecordsOutput> {
    const { api, clock } = this.host;
    this.meter?.add(clock.monotonic(), { calls: 1 });
    const output = await api.getRecords(input, { own: true, signal });
    this.meter?.add(clock.monotonic(), { bytes: bytesOf(output) });
    return output;
  }

  /** The page becomes part of what was read, unless `signal` aborts before. */
  private async take(page: ShardPage, signal: AbortSignal): Promise<void> {
    this.host.outage.answered();
    const isDoubtful = this.expiry.isDoubtful(page) || this.lacksWanted(page);
    const hasExpired = isDoubtful && (await this.hasExpired(signal));
    if (signal.aborted) return;
    if (isDoubtful) this.expiry.asked();
    this.renewals = 0;
    if (hasExpired) {
      this.gapSince ??= this.expiry.readUntil ?? { serverMs: 0, at: this.host.asked };
      this.host.expired(this, page);
    }
    this.accept(page);
  }

  /** How many records of the page are wanted, when the reader is to hold behind the last one that is. */
  private wantedUntil({ Records, MillisBehindLatest }: ShardPage): number | undefined {
    const { until } = this;
    if (until === undefined) return undefined;
    const end = Records.findIndex((one) => compareDecimals(one.SequenceNumber, until) > 0);
    if (end >= 0) return end;
    const isThere = Records.at(-1)?.SequenceNumber === until || MillisBehindLatest === 0;
    return isThere ? Records.length : undefined;
  }

  /**
   * The last record that is wanted is not in the page, nor will it come: it has expired, unless reading began behind
   * it. What is too young to expire needs no question.
   */
  private lacksWanted(page: ShardPage): boolean {
    const end = this.wantedUntil(page);
    if (end === undefined || this.expiry.isYoung) return false;
    const last = page.Records[end - 1]?.SequenceNumber ?? this.lastSequenceNumber;
    return last !== this.until;
  }

  private waitAfter(page: ShardPage): number {
    const { MillisBehindLatest = 0 } = page;
    if (MillisBehindLatest > 0 && page.Records.length === 0) return emptyBehindWaitMs;
    const wantedMs = MillisBehindLatest > 0 ? 0 : this.host.idleWaitMs();
    const { shared } = this.host.pace;
    return shared ? Math.max(wantedMs, (bytesOf(page) * 1000) / shared.bytesPerSecond) : wantedMs;
  }

  /** Whether the oldest record that is kept comes behind the last one that was read. */
  private async hasExpired(signal: AbortSignal): Promise<boolean> {
    const { lastSequenceNumber: last, expiry } = this;
    let oldest: KinesisRecord | undefined;
    try {
      oldest = await this.host.gate.run(signal, () => this.oldest(signal));
    } catch (thrown) {
      // The page is here, and what could not be asked may have been.
      if (thrown instanceof KinesisError) return true;
      throw thrown;
    }
    if (!oldest) return true;
    if (last !== undefined) return compareDecimals(oldest.SequenceNumber, last) > 0;
    const arrivedMs = arrivalMsOf(oldest) ?? 0;
    return arrivedMs > (expiry.readUntil?.serverMs ?? Number.NEGATIVE_INFINITY);
  }

  /** The oldest record that the shard keeps. */
  private async oldest(signal: AbortSignal): Promise<KinesisRecord | undefined> {
    const { api, stream: StreamName } = this.host;
    const call = { own: true, signal };
    const place = { StreamName, ShardId: this.shardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    let { ShardIterator: at } = await api.getShardIterator(place, call);
    for (let pages = 0; pages < emptyPagesMax && at !== undefined; pages++) {
      const page = await this.getRecords({ ShardIterator: at, Limit: 1 }, signal);
      if (page.Records[0]) return page.Records[0];
      at = page.NextShardIterator;
    }
    return undefined;
  }

  /** Position and rows change in one step, so that no page is counted twice or lost between them. */
  private accept(page: ShardPage): void {
    const wantedUntil = this.wantedUntil(page);
    const wanted = wantedUntil ?? this.host.wantedOf(page);
    const Records = page.Records.slice(0, wanted);
    const last = Records.at(-1)?.SequenceNumber ?? this.lastSequenceNumber;
    const isCut = Records.length < page.Records.length;
    this.heldBy = wanted === undefined ? undefined : wantedUntil === undefined ? 'stop' : 'until';
    // What lies behind is read once it is wanted: by then an iterator may have grown old.
    this.iterator = this.isHeld ? undefined : page.NextShardIterator;
    this.expiry.read({ ...page, Records });
    if (Records.length > 0) this.gapSince = undefined;
    const continuation = this.isHeld ? undefined : page.ContinuationSequenceNumber;
    this.position.moveTo(this.isHeld ? (last ?? this.until) : last, continuation);
    this.ended = page.isEnd && !isCut;
    this.host.page(this, { ...page, Records });
  }

  /** Undefined when `signal` aborted meanwhile: a position is only taken by the run that still counts. */
  private async obtainIterator(signal: AbortSignal): Promise<string | undefined> {
    if (this.iterator !== undefined) return this.iterator;
    const { api, clock, stream: StreamName } = this.host;
    const beforeMs = clock.now();
    const { Type: ShardIteratorType, SequenceNumber, Timestamp } = this.position.next;
    const place = { StreamName, ShardId: this.shardId, ShardIteratorType, Timestamp };
    const asked = { ...place, StartingSequenceNumber: SequenceNumber };
    const { ShardIterator } = await api.getShardIterator(asked, { own: true, signal });
    if (signal.aborted) return undefined;
    this.iterator = ShardIterator;
    this.positioned(beforeMs);
    return ShardIterator;
  }

  /** Reading goes on by a new iterator or subscription. */
  private positioned(beforeMs: number): void {
    this.host.outage.answered();
    this.expiry.broken();
    if (this.position.take(beforeMs)) this.host.positioned(this);
  }

  /** What a failed call means; returns how long to wait before the next try. */
  private async recover(thrown: unknown, signal: AbortSignal): Promise<number> {
    const { host } = this;
    if (isUnreachable(thrown)) {
      await host.outage.wait(signal, thrown.message);
      return 0;
    }
    host.outage.answered();
    if (isThrottle(thrown)) {
      host.throttled(this);
      return this.throttleWaitMs();
    }
    if (isKinesisError(thrown, 'ResourceInUseException')) return host.pace.retryMs.first;
    if (isKinesisError(thrown, 'ResourceNotFoundException')) {
      this.iterator = undefined;
      // Another stream may have taken the name: nothing is read before that is known.
      await host.missing(this, { error: thrown, signal });
      return 0;
    }
    if (isKinesisError(thrown, 'ExpiredIteratorException', 'InvalidArgumentException')) {
      return this.renew(thrown);
    }
    host.failed(thrown);
    return 0;
  }

  /** The last record's number outlives every iterator, also one that an engine's restart made invalid. */
  private renew(error: KinesisError): number {
    this.iterator = undefined;
    if (/did not come from this stream/.test(error.message)) this.host.replaced();
    this.position.isAhead = /timestampInMillis parameter cannot be greater/.test(error.message);
    this.renewals++;
    if (this.renewals > renewalsMax) this.host.failed(error);
    return this.renewals > 1 ? this.host.pace.retryMs.first : 0;
  }

  /** With jitter, so that shards throttled together do not come back together. */
  private throttleWaitMs(): number {
    this.rhythm.throttled();
    return this.rhythm.intervalMs * (1 + this.host.chance() / 2);
  }
}

const bytesOf = ({ Records }: Pick<GetRecordsOutput, 'Records'>): number =>
  Records.reduce((total, { Data }) => total + Data.length, 0);
