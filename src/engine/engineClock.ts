/**
 * The engine's time: the machine's, until somebody stops, steps or speeds it up. How far it was moved is
 * kept with the data. It must never be used for what belongs to the machine: locks, sockets, `Date` headers.
 */
import { type ClockStatus, rateMax, stepMsMax } from '../admin/controls.ts';
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { invalidArgument } from '../kinesis/errors.ts';
import {
  type ClockLine,
  clockPath,
  decodeClockLine,
  encodeClockLine,
  latestMs,
  machineLine,
  timeAt,
} from './engineClockLine.ts';
import type { Files } from './log/files.ts';

/** Timers that a step calls at their own time; the rest is called right after its end. */
export const stepTimersMax = 10_000;

interface Timer {
  /** On the engine's monotonic time. */
  readonly dueMs: number;
  readonly task: () => void;
  /** The machine's timer; undefined while it is not due and the engine's time stands still, or that is held. */
  armed: Disposable | undefined;
}

export interface EngineClockPorts {
  /** Rooted at the data folder. */
  readonly files: Files;
  /** The machine's. */
  readonly clock: Clock;
}

export class EngineClock implements Clock {
  /** What a user should know who did not move it, or who did long ago. */
  notice: string | undefined;
  private readonly files: Files;
  private readonly machine: Clock;
  private readonly timers = new Set<Timer>();
  private readonly changed = new Emitter<void>();
  private line: ClockLine;
  /** The same for monotonic time, which is in no file. */
  private ticks: { readonly engineMs: number; readonly machineMs: number };
  private holdCount = 0;
  private queue: Promise<void> = Promise.resolve();

  /** It was stopped, started, stepped, sped up or set back. */
  readonly onDidChange = this.changed.event;

  private constructor({ files, clock }: EngineClockPorts) {
    this.files = files;
    this.machine = clock;
    this.line = machineLine(clock.now());
    const machineMs = clock.monotonic();
    this.ticks = { engineMs: machineMs, machineMs };
  }

  /** The clock of a data folder as it was left. Throws LogError FORMAT. */
  static async open(ports: EngineClockPorts): Promise<EngineClock> {
    const clock = new EngineClock(ports);
    await clock.reload();
    return clock;
  }

  now(): number {
    return timeAt(this.line, this.machine.now());
  }

  monotonic(): number {
    const { engineMs, machineMs } = this.ticks;
    return engineMs + (this.machine.monotonic() - machineMs) * this.line.rate;
  }

  schedule(delayMs: number, task: () => void): Disposable {
    const dueMs = this.monotonic() + Math.max(0, delayMs);
    const timer: Timer = { dueMs, task, armed: undefined };
    this.timers.add(timer);
    this.arm(timer);
    return {
      dispose: () => {
        timer.armed?.dispose();
        this.timers.delete(timer);
      },
    };
  }

  get status(): ClockStatus {
    const machineMs = this.machine.now();
    const nowMs = timeAt(this.line, machineMs);
    const now = new Date(nowMs).toISOString();
    return { nowMs, now, aheadMs: nowMs - machineMs, rate: this.line.rate };
  }

  /** 0 stops it, 1 lets it go as the machine's, from where it is. Resolved: a restart keeps it. */
  setRate(rate: number): Promise<void> {
    assert(rate >= 0 && rate <= rateMax, 'a rate is checked where it comes in');
    return this.change(async () => {
      await this.keep({ rate, engineMs: this.now(), wallMs: this.machine.now() });
      // Time went on while that was written.
      this.setLine({ rate, engineMs: this.now(), wallMs: this.machine.now() });
    });
  }

  /**
   * Goes forward by `ms`. Every timer that becomes due is called in order, with the clock at its time, and
   * `settle` waits for what it started. Throws InvalidArgument beyond the latest time.
   */
  step(ms: number, settle: () => Promise<void>): Promise<void> {
    assert(ms > 0 && ms <= stepMsMax, 'a step is checked where it comes in');
    return this.change(async () => {
      if (this.now() + ms > latestMs) throw invalidArgument(tooLate);
      const line = { ...this.line, engineMs: this.line.engineMs + ms };
      const ticks = { ...this.ticks, engineMs: this.ticks.engineMs + ms };
      await this.keep(line);
      this.hold();
      try {
        await this.callUntil(this.monotonic() + ms, settle);
      } finally {
        // Exactly so far, however long that took.
        this.line = line;
        this.ticks = ticks;
        this.release();
      }
    });
  }

  /** The machine's time again. */
  reset(): Promise<void> {
    return this.change(async () => {
      await this.files.remove(clockPath);
      this.notice = undefined;
      this.setLine(machineLine(this.machine.now()));
    });
  }

  /** What a folder needs to go on at this time. */
  encoded(): Uint8Array {
    return encodeClockLine(this.line);
  }

  /** Takes over what the folder says. Throws LogError FORMAT. */
  async reload(): Promise<void> {
    const bytes = await this.files.readAll(clockPath);
    const line = bytes && decodeClockLine(bytes);
    this.setLine(line ?? machineLine(this.machine.now()));
    if (bytes) this.notice = line ? movedSentence(this.status) : unreadable;
  }

  /** No timer is called until `release`, however late it gets. Nests. */
  hold(): void {
    this.holdCount++;
    for (const timer of this.timers) disarm(timer);
  }

  release(): void {
    this.holdCount--;
    for (const timer of this.inOrder()) this.arm(timer);
  }

  /** One change at a time: two steps at once go as far as both. */
  private change(work: () => Promise<void>): Promise<void> {
    const run = this.queue.then(work).finally(() => this.changed.fire());
    this.queue = run.catch(() => undefined);
    return run;
  }

  private keep(line: ClockLine): Promise<void> {
    return this.files.replace(clockPath, encodeClockLine(line));
  }

  private async callUntil(untilMs: number, settle: () => Promise<void>): Promise<void> {
    await settle();
    for (let count = 0; count < stepTimersMax; count++) {
      const timer = this.first();
      if (!timer || timer.dueMs > untilMs) break;
      this.moveTo(timer.dueMs);
      this.timers.delete(timer);
      timer.task();
      await settle();
    }
  }

  /** Forward only: the machine's time goes on while something is waited for. */
  private moveTo(monotonicMs: number): void {
    const byMs = monotonicMs - this.monotonic();
    if (byMs <= 0) return;
    this.ticks = { ...this.ticks, engineMs: this.ticks.engineMs + byMs };
    this.line = { ...this.line, engineMs: this.line.engineMs + byMs };
  }

  private setLine(line: ClockLine): void {
    for (const timer of this.timers) disarm(timer);
    this.ticks = { engineMs: this.monotonic(), machineMs: this.machine.monotonic() };
    this.line = line;
    for (const timer of this.inOrder()) this.arm(timer);
  }

  private arm(timer: Timer): void {
    const { rate } = this.line;
    if (this.holdCount > 0 || timer.armed) return;
    const leftMs = Math.max(0, timer.dueMs - this.monotonic());
    if (rate === 0 && leftMs > 0) return;
    // What is due needs no time to pass: a step may leave it behind while the clock stands still.
    const waitMs = leftMs === 0 ? 0 : leftMs / rate;
    timer.armed = this.machine.schedule(waitMs, () => {
      this.timers.delete(timer);
      timer.task();
    });
  }

  private first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) if (!first || timer.dueMs < first.dueMs) first = timer;
    return first;
  }

  /** Those that wait, the first due first; of those due together the one first asked for. */
  private inOrder(): Timer[] {
    return [...this.timers].sort((a, b) => a.dueMs - b.dueMs);
  }
}

function disarm(timer: Timer): void {
  timer.armed?.dispose();
  timer.armed = undefined;
}

function movedSentence({ aheadMs, rate }: ClockStatus): string | undefined {
  if (aheadMs === 0 && rate === 1) return undefined;
  const hours = Math.round(Math.abs(aheadMs) / 360_000) / 10;
  const where = `${hours} h ${aheadMs < 0 ? 'behind' : 'ahead of'} the machine's`;
  const how =
    rate === 0 ? 'stands still' : rate === 1 ? 'goes as fast' : `goes ${rate} times as fast`;
  return (
    `The engine's clock was moved in an earlier run: it is ${where} and ${how}. ` +
    '"shardscope clock" shows it; a reset or the restore of a snapshot takes it back.'
  );
}

const tooLate = `The engine's clock goes to ${new Date(latestMs).toISOString()} and no further.`;
const unreadable =
  `The file ${clockPath} of the data folder cannot be read: the engine's clock is the machine's ` +
  'again. Arrival times of streams still never fall.';
