/** Where reading is held: where another tail stood when it was closed, or where its user wants it to stop. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { TailReached } from '../protocol/tail.ts';
import type { ShardPage } from './shardPage.ts';
import type { ShardTable } from './shardTable.ts';
import type { StopRule } from './stopRule.ts';

export interface HoldingHost {
  readonly clock: Clock;
  readonly table: ShardTable;
  /** Up to where to read at first. */
  readonly until: TailReached | undefined;
  /** All was read that is wanted at first, or before it was to stop. */
  held(why: 'until' | 'stop'): void;
}

/** The stream's clock may be moved while it is waited for. */
const lookEveryMs = 1000;

export class Holding {
  private readonly host: HoldingHost;
  private reached: TailReached | undefined;
  private stop: StopRule | undefined;
  private waiting: Disposable | undefined;
  private signal: AbortSignal | undefined;

  constructor(host: HoldingHost) {
    this.host = host;
    this.reached = host.until;
  }

  /** Undefined once all is wanted. */
  get until(): TailReached | undefined {
    return this.reached;
  }

  /** Reading goes on until `signal` aborts. */
  begin(signal: AbortSignal): void {
    this.signal = signal;
    signal.addEventListener('abort', () => this.waiting?.dispose(), { once: true });
    this.look();
    this.wait();
  }

  /** From now on all is wanted that was not at first. */
  goOn(): void {
    this.reached = undefined;
  }

  /** Undefined: it stops nowhere. */
  stopAt(rule: StopRule | undefined): void {
    this.stop = rule;
    this.wait();
    this.look();
  }

  /** How many of the first records of a page are wanted, when its shard is to be held behind them. */
  wantedOf(page: ShardPage): number | undefined {
    return this.stop?.take(page);
  }

  /** Tells when all shards stand where they are to stand. */
  look(): void {
    if (!this.signal || this.signal.aborted) return;
    if (this.reached) {
      if (this.isHeldAt(this.reached)) this.host.held('until');
    } else if (this.stop?.isReached || this.isStopped) this.host.held('stop');
  }

  private isHeldAt(until: TailReached): boolean {
    for (const { id, reading, reader } of this.host.table.all()) {
      if (reading === 'drained' || reader?.isHeld) continue;
      if (reading === 'reading' || id in until) return false;
    }
    return true;
  }

  /** Every shard was read up to the time to stop at. */
  private get isStopped(): boolean {
    const { stop } = this;
    if (!stop) return false;
    let hasHeld = false;
    for (const {
      reading,
      reader,
      isOpen,
      isAnswered,
      millisBehindLatest,
    } of this.host.table.all()) {
      if (reader?.isHeld) hasHeld = true;
      if (reading !== 'reading' || reader?.isHeld) continue;
      // What was asked for before the time may lack records that came before it, too.
      const isPast = reader !== undefined && stop.isPastAt(reader.askedMs);
      // One that is closed has children, to be read once it has ended.
      if (!isOpen || !isAnswered || millisBehindLatest > 0 || !isPast) return false;
    }
    return hasHeld || stop.isPast;
  }

  /** When nothing comes, nothing tells that the time is over. */
  private wait(): void {
    this.waiting?.dispose();
    this.waiting = undefined;
    const { signal, stop } = this;
    const waitMs = stop?.waitMs;
    if (waitMs === undefined || !signal || signal.aborted) return;
    this.waiting = this.host.clock.schedule(Math.min(waitMs || lookEveryMs, lookEveryMs), () => {
      this.look();
      this.wait();
    });
  }
}
