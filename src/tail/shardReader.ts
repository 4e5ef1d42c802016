/** Reads one shard from its start to its end, page by page, asked for or pushed. It knows nothing of other shards. */
import { type Clock, delay } from '../base/clock.ts';
import { compareDecimals } from '../base/decimals.ts';
import { isKinesisError, type KinesisError } from '../kinesis/errors.ts';
import { isThrottle, isUnreachable, networkError } from '../kinesis/failureKinds.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import type { GetRecordsInput, GetRecordsOutput } from '../kinesis/operations/getRecords.ts';
import type { TailStart } from '../protocol/tail.ts';
import { arrivalMsOf } from './arrival.ts';
import {
  ExpiryWatch,
  type Moment,
  momentOf,
  type ReadUntil,
  type WatchSince,
} from './expiryWatch.ts';
import type { Gate } from './gate.ts';
import { type OldestHost, oldestRecord } from './oldestRecord.ts';
import type { Outage } from './outage.ts';
import type { TailPace } from './pace.ts';
import { PageLimit } from './pageLimit.ts';
import { isRefusal, type Push } from './push.ts';
import type { ReadBudget, ShardBudget } from './readBudget.ts';
import type { ReadRate } from './readMeter.ts';
import { ReadRhythm } from './readRhythm.ts';
import { ShardOutage } from './shardOutage.ts';
import { polledPage, type ShardPage } from './shardPage.ts';
import { ShardPosition } from './shardPosition.ts';

/** What a reader needs of its tail, and what it tells it. Every call is synchronous. */
export interface ReaderHost {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly clock: Clock;
  /** When reading was asked for. */
  asked(): WatchSince['asked'];
  readonly pace: TailPace;
  readonly push: Push;
  readonly gate: Gate;
  /** Where others read the stream, too: shared by all of the window that do. */
  readonly budget: ReadBudget | undefined;
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
  throttled(reader: ShardReader, error: KinesisError): void;
  /** This shard alone gets no answer; it does again, after that time. */
  silent(reader: ShardReader, reason: string): void;
  audible(reader: ShardReader, lastedMs: number): void;
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

/** A tail that goes on had read everything before. */
const resumed = (start: TailStart, clock: Clock): ReadUntil | undefined =>
  start.type === 'AT_TIMESTAMP' && start.isResumed
    ? { serverMs: start.timestampMs, at: momentOf(clock) }
    : undefined;

interface Answer {
  readonly output: GetRecordsOutput;
  readonly askedAt: Moment;
}

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
  private readonly limit: PageLimit;
  private readonly outage: ShardOutage;
  private readonly budget: ShardBudget | undefined;
  private renewals = 0;

  constructor({ shardId, start, until, since }: ReaderTask, host: ReaderHost) {
    this.shardId = shardId;
    this.host = host;
    this.position = new ShardPosition(start, host.clock);
    this.rhythm = new ReadRhythm(host.pace);
    this.limit = new PageLimit(host.pace);
    this.outage = new ShardOutage({
      ...{ clock: host.clock, retryMs: host.pace.retryMs, outage: host.outage },
      silent: (reason) => host.silent(this, reason),
      audible: (lastedMs) => host.audible(this, lastedMs),
    });
    this.budget = host.budget?.shard(shardId);
    this.until = until;
    const last = since ?? resumed(start, host.clock);
    const isShared = host.pace.shared !== undefined;
    this.expiry = new ExpiryWatch(host.clock, { asked: host.asked(), last, isShared });
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

  /** What the window takes of a shard that others read, too. */
  get readRate(): ReadRate | undefined {
    return this.budget?.rate;
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

  /** What came up to now is not wanted, where it stands nowhere yet and is to begin at the latest record. */
  beginAnew(): void {
    this.position.beginAnew();
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

  /** As its position has it. */
  get aheadMs(): number | undefined {
    return this.position.aheadMs;
  }

  get hasRead(): boolean {
    return this.position.lastSequenceNumber !== undefined;
  }

  /** Reads until the shard's end or until `signal` aborts; never rejects. Callable again after an abort. */
  async run(signal: AbortSignal): Promise<void> {
    this.position.begin(this.host.clock.now());
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
    this.position.begin(this.host.clock.now());
    try {
      const answer = await this.ask(1, signal);
      return answer && this.distanceOf(answer.output);
    } catch (thrown) {
      if (isKinesisError(thrown, 'ExpiredIteratorException')) this.iterator = undefined;
      return undefined;
    }
  }

  /** How far a place is behind whose next record, if there is one, is in the answer. */
  private distanceOf({ Records: [next], MillisBehindLatest = 0 }: GetRecordsOutput): number {
    const arrivedMs = arrivalMsOf(next);
    if (arrivedMs === undefined || MillisBehindLatest > 0) return MillisBehindLatest;
    return Math.max(1, this.host.clock.now() - arrivedMs);
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
    const { clock } = this.host;
    const answer = await this.ask(this.limit.records, signal);
    if (signal.aborted || !answer) return 0;
    const page = polledPage(answer.output);
    this.polledMs = answer.askedAt.wallMs;
    this.limit.came({ records: page.Records.length, bytes: bytesOf(page) });
    this.rhythm.passed(page.Records.length === 0 && !page.MillisBehindLatest);
    await this.take(page, signal);
    return this.waitAfter(page, clock.monotonic() - answer.askedAt.monotonicMs);
  }

  private async ask(Limit: number, signal: AbortSignal): Promise<Answer | undefined> {
    const { gate, clock } = this.host;
    // Not in its turn: LATEST would be another place by then. Of any other an iterator may grow too old in the queue.
    const isNow = this.iterator === undefined && this.position.next.Type === 'LATEST';
    if (this.budget && isNow) await gate.run(signal, () => this.obtainIterator(signal));
    await this.budget?.turn(signal);
    return await gate.run(signal, async () => {
      const ShardIterator = await this.obtainIterator(signal);
      if (ShardIterator === undefined) return undefined;
      const askedAt = momentOf(clock);
      return { output: await this.getRecords({ ShardIterator, Limit }, signal), askedAt };
    });
  }

  /** Every call of it is counted, also one that fails. */
  private async getRecords(input: GetRecordsInput, signal: AbortSignal): Promise<GetRecordsOutput> {
    this.budget?.asked();
    const output = await this.host.api.getRecords(input, { own: true, signal });
    this.budget?.came(bytesOf(output));
    return output;
  }

  /** The page becomes part of what was read, unless `signal` aborts before. */
  private async take(page: ShardPage, signal: AbortSignal): Promise<void> {
    this.outage.answered();
    const cameAt = momentOf(this.host.clock);
    const isDoubtful = this.expiry.isDoubtful(page) || this.lacksWanted(page);
    const hasExpired = isDoubtful && (await this.hasExpired(signal));
    if (signal.aborted) return;
    if (isDoubtful) this.expiry.asked();
    this.renewals = 0;
    if (hasExpired) {
      this.gapSince ??= this.expiry.readUntil ?? { serverMs: 0, at: this.host.asked() };
      this.host.expired(this, page);
    }
    this.accept(page, cameAt);
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

  /** `spentMs`: since it was asked for. */
  private waitAfter(page: ShardPage, spentMs: number): number {
    const { MillisBehindLatest = 0 } = page;
    if (MillisBehindLatest > 0 && page.Records.length === 0) return emptyBehindWaitMs;
    const wantedMs = MillisBehindLatest > 0 ? 0 : this.host.idleWaitMs();
    const { shared } = this.host.pace;
    if (!shared) return wantedMs;
    return Math.max(wantedMs, (bytesOf(page) * 1000) / shared.ourBytesPerSecond - spentMs);
  }

  /** Whether the oldest record that is kept comes behind the last one that was read. */
  private async hasExpired(signal: AbortSignal): Promise<boolean> {
    const { lastSequenceNumber: last, expiry } = this;
    const oldest = await oldestRecord(this.oldestHost(), signal);
    if (!oldest) return true;
    if (last !== undefined) return compareDecimals(oldest.SequenceNumber, last) > 0;
    const arrivedMs = arrivalMsOf(oldest) ?? 0;
    const { wantedFromMs = Number.NEGATIVE_INFINITY } = this.position;
    return arrivedMs > (expiry.readUntil?.serverMs ?? wantedFromMs);
  }

  private oldestHost(): OldestHost {
    const { shardId, budget, outage } = this;
    return {
      ...this.host,
      ...{ shardId, budget, outage },
      getRecords: (input, signal) => this.getRecords(input, signal),
      throttleWaitMs: () => this.throttleWaitMs(),
    };
  }

  /** Position and rows change in one step, so that no page is counted twice or lost between them. */
  private accept(page: ShardPage, cameAt: Moment): void {
    const wantedUntil = this.wantedUntil(page);
    const wanted = wantedUntil ?? this.host.wantedOf(page);
    const Records = page.Records.slice(0, wanted);
    const last = Records.at(-1)?.SequenceNumber ?? this.lastSequenceNumber;
    const isCut = Records.length < page.Records.length;
    this.heldBy = wanted === undefined ? undefined : wantedUntil === undefined ? 'stop' : 'until';
    // What lies behind is read once it is wanted: by then an iterator may have grown old.
    this.iterator = this.isHeld ? undefined : page.NextShardIterator;
    this.expiry.read({ ...page, Records }, cameAt);
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
    // Where its reads fail, an iterator alone is no answer.
    if (!this.outage.isFailing) this.host.outage.answered();
    this.expiry.broken();
    if (this.position.take(beforeMs)) this.host.positioned(this);
  }

  /** What a failed call means; returns how long to wait before the next try. */
  private async recover(thrown: unknown, signal: AbortSignal): Promise<number> {
    const { host } = this;
    if (isUnreachable(thrown)) {
      this.position.begin(host.clock.now());
      // Who did answer may not know the iterator: that of a stream which was deleted is an internal failure.
      if (thrown.name !== networkError && this.hasRead) this.iterator = undefined;
      await this.outage.wait(signal, thrown.message);
      return 0;
    }
    this.outage.answered();
    if (isThrottle(thrown)) {
      host.throttled(this, thrown);
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
