/**
 * Puts records with PutRecords until each is acknowledged or given up. One call is in flight at a time,
 * so that what is put again does not pass later records of its key on another call.
 */
import { type Clock, delay } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import { isKinesisError, KinesisError } from '../kinesis/errors.ts';
import { isThrottle, isUnreachable } from '../kinesis/failureKinds.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import { putRecordsEntriesMax } from '../kinesis/limits.ts';
import type { PutRecordsResultEntry } from '../kinesis/operations/putRecords.ts';
import type { PublishCounts, PublishProgress, PublishResult } from '../protocol/worker.ts';
import { type Entry, Intake, type Source } from './batch.ts';
import { isLegalKey } from './document.ts';

/** A part of a job with its own pace. */
export interface Phase {
  /** In a few words: `flights, by origin airport`. */
  readonly name: string;
  readonly records: Source;
  /** Undefined when the length is not known beforehand. */
  readonly total?: number | undefined;
  /** Undefined: as fast as the stream takes them. */
  readonly perSecond?: number | undefined;
}

/** One line per acknowledged record, kept before the next call is made. */
export interface Receipt {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
}
export interface Receipts {
  write(receipts: readonly Receipt[]): Promise<void>;
}

export interface PublisherOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly job: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Aborting stops after the call in flight. */
  readonly signal: AbortSignal;
  readonly receipts?: Receipts | undefined;
  progress(progress: PublishProgress): void;
}

const progressMs = 500;
/** At a given rate a call is made this often, so that a watcher sees a flow and not bursts. */
const paceMs = 100;
const attemptsMax = 30;
const firstWaitMs = 100;
const longestWaitMs = 2000;
/** How long a stream may be out of reach before the job is given up. */
const outageMsMax = 120_000;

export class Publisher {
  private readonly options: PublisherOptions;
  private acknowledged = 0;
  private retried = 0;
  private failed = 0;
  private failure: string | undefined;
  private last: PublishCounts['last'];
  private note: string | undefined;
  private lastProgressMs = Number.NEGATIVE_INFINITY;
  /** Calls in a row that were not taken as a whole. */
  private setbacks = 0;
  private unreachableSinceMs: number | undefined;
  /** Fewer after a call was refused as a whole for one of its records: halved until that one is alone. */
  private entriesMax = putRecordsEntriesMax;
  private isGivenUp = false;
  /** It was over before all of a source was put. */
  private isCutShort = false;

  constructor(options: PublisherOptions) {
    this.options = options;
  }

  /** Resolves when all is acknowledged or given up, or after `signal` aborted. Rejects when the source does. */
  async run(phases: readonly Phase[]): Promise<PublishResult> {
    const total = totalOf(phases);
    for (const phase of phases) {
      await this.runPhase(phase, total);
      if (this.isOver) break;
    }
    this.tell(phases.at(-1)?.name ?? '', total);
    return { ...this.counts, end: this.end, untried: this.untriedOf(total) };
  }

  private get end(): PublishResult['end'] {
    if (this.isGivenUp) return 'givenUp';
    return this.options.signal.aborted ? 'cancelled' : 'done';
  }

  private untriedOf(total: number | undefined): number | undefined {
    if (total !== undefined) return total - this.acknowledged - this.failed;
    return this.isCutShort ? undefined : 0;
  }

  private get isOver(): boolean {
    return this.isGivenUp || this.options.signal.aborted;
  }

  private get counts(): PublishCounts {
    const { acknowledged, retried, failed, failure, last } = this;
    return { acknowledged, retried, failed, failure, last };
  }

  private async runPhase(phase: Phase, total: number | undefined): Promise<void> {
    const intake = new Intake(phase.records);
    try {
      await this.putAll(phase, { intake, total });
      this.isCutShort = this.isOver && (await intake.hasMore());
    } finally {
      await intake.close();
    }
  }

  private async putAll(
    phase: Phase,
    { intake, total }: { intake: Intake; total: number | undefined },
  ): Promise<void> {
    const { clock, signal } = this.options;
    const startedMs = clock.monotonic();
    while (!this.isOver && !intake.isEmpty) {
      this.tellSometimes(phase.name, total);
      const newMax = this.dueOf(phase, clock.monotonic() - startedMs) - intake.taken;
      const batch = this.legal(await intake.next({ entriesMax: this.entriesMax, newMax }));
      if (batch.length > 0) await this.put(batch, intake);
      const waitMs = batch.length > 0 && phase.perSecond === undefined ? 0 : paceMs;
      if (waitMs > 0 && !intake.isEmpty) await delay(clock, waitMs, signal);
    }
  }

  private dueOf({ perSecond }: Phase, elapsedMs: number): number {
    if (perSecond === undefined) return Number.POSITIVE_INFINITY;
    return Math.floor(((elapsedMs + paceMs) / 1000) * perSecond);
  }

  /** Keys that no stream takes would make a whole call fail. */
  private legal(batch: readonly Entry[]): Entry[] {
    return batch.filter(({ record }) => {
      if (record.isKeyless || isLegalKey(record.partitionKey)) return true;
      this.giveUp(1, 'A partition key has 1 to 256 characters.');
      return false;
    });
  }

  private async put(batch: Entry[], intake: Intake): Promise<void> {
    const { api, stream } = this.options;
    const Records = batch.map(({ record }) => ({
      Data: record.data,
      PartitionKey: record.isKeyless ? undefined : record.partitionKey,
      ExplicitHashKey: record.explicitHashKey,
    }));
    try {
      const answer = await api.putRecords({ StreamName: stream, Records });
      this.unreachableSinceMs = undefined;
      await this.settle(batch, { answers: answer.Records, intake });
    } catch (thrown) {
      await this.recover(thrown, { batch, intake });
    }
  }

  private async settle(
    batch: readonly Entry[],
    { answers, intake }: { answers: readonly PutRecordsResultEntry[]; intake: Intake },
  ): Promise<void> {
    const receipts: Receipt[] = [];
    const again: Entry[] = [];
    let reason: string | undefined;
    for (const [index, entry] of batch.entries()) {
      const { ErrorCode, ErrorMessage, ShardId, SequenceNumber } = answers[index] ?? {};
      entry.attempts++;
      if (ShardId !== undefined && SequenceNumber !== undefined) {
        const { partitionKey } = entry.record;
        receipts.push({ shardId: ShardId, sequenceNumber: SequenceNumber, partitionKey });
        continue;
      }
      reason = ErrorCode;
      if (entry.attempts < attemptsMax) again.push(entry);
      else
        this.giveUp(
          1,
          `${ErrorCode ?? 'No answer'}: ${ErrorMessage ?? 'the record was not taken'}`,
        );
    }
    await this.acknowledge(receipts);
    if (again.length === 0) this.recovered();
    else await this.waitWith(again, { intake, note: throttleNote(reason) });
  }

  /** Counted only once the receipt is kept. */
  private async acknowledge(receipts: readonly Receipt[]): Promise<void> {
    if (receipts.length === 0) return;
    await this.options.receipts?.write(receipts);
    const { shardId, sequenceNumber } = receipts.at(-1)!;
    this.last = { shardId, sequenceNumber };
    this.acknowledged += receipts.length;
  }

  private recovered(): void {
    this.setbacks = 0;
    this.note = undefined;
  }

  /** The call as a whole was refused, or nobody knows what became of it. */
  private async recover(
    thrown: unknown,
    { batch, intake }: { batch: Entry[]; intake: Intake },
  ): Promise<void> {
    if (isUnreachable(thrown)) {
      const nowMs = this.options.clock.monotonic();
      this.unreachableSinceMs ??= nowMs;
      if (nowMs - this.unreachableSinceMs < outageMsMax) {
        return await this.waitWith(batch, { intake, note: lostNote });
      }
    } else if (isThrottle(thrown) && this.setbacks < attemptsMax) {
      return await this.waitWith(batch, { intake, note: throttleNote(thrown.name) });
    } else if (isKinesisError(thrown, 'ValidationException', 'InvalidArgumentException')) {
      return this.narrow(thrown, { batch, intake });
    } else if (!(thrown instanceof KinesisError)) throw thrown;
    this.isGivenUp = true;
    this.giveUp(batch.length + intake.dropWaiting(), describe(thrown));
  }

  /** One bad record makes a whole call fail: smaller calls find it, and the others go through. */
  private narrow(error: KinesisError, { batch, intake }: { batch: Entry[]; intake: Intake }): void {
    if (batch.length === 1) {
      this.entriesMax = putRecordsEntriesMax;
      this.giveUp(1, describe(error));
      return;
    }
    this.entriesMax = Math.ceil(batch.length / 2);
    intake.giveBack(batch);
  }

  private async waitWith(
    again: readonly Entry[],
    { intake, note }: { intake: Intake; note: string },
  ): Promise<void> {
    intake.giveBack(again);
    this.retried += again.length;
    this.note = note;
    const { clock, random, signal } = this.options;
    const ceiling = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(this.setbacks++, 10));
    const chance = random.bytes(1)[0]! / 256;
    await delay(clock, ceiling / 2 + (chance * ceiling) / 2, signal);
  }

  private giveUp(count: number, reason: string): void {
    this.failed += count;
    this.failure ??= reason;
    this.options.logger.warn(`Publishing to ${this.options.stream}: ${count} given up: ${reason}`);
  }

  private tellSometimes(phase: string, total: number | undefined): void {
    if (this.options.clock.monotonic() - this.lastProgressMs >= progressMs) this.tell(phase, total);
  }

  private tell(phase: string, total: number | undefined): void {
    const { job, clock } = this.options;
    this.lastProgressMs = clock.monotonic();
    const words = this.note === undefined ? phase : `${phase}; ${this.note}`;
    this.options.progress({ job, ...this.counts, total, phase: words });
  }
}

function totalOf(phases: readonly Phase[]): number | undefined {
  let total = 0;
  for (const phase of phases) {
    if (phase.total === undefined) return undefined;
    total += phase.total;
  }
  return total;
}

const describe = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : messageOf(thrown);

const throttleNote = (code: string | undefined): string =>
  code === undefined || /Throughput/.test(code)
    ? "a shard's limit is reached (1,000 records or 1 MiB a second), what it refused is put again"
    : `${code}: what was refused is put again`;

const lostNote =
  'no answer, putting the last call again: what it had stored before will be there twice';
