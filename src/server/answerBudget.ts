/** How many bytes of pages are made, or wait for clients to read them, at once. Past that, calls wait. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';

/** Of all pages together. */
export const pagesBytesMax = 128 * 1024 ** 2;
/**
 * What a page is counted as until it is made, when it is counted as it is: so at most 64 are in the making,
 * of 14 MiB each (10 MiB of records in base64, and what is around them). What delays calls, as a rule for
 * faults does, delays no more of them than that.
 */
export const pageBytesAhead = 2 * 1024 ** 2;
/** Who reads less than this between two looks does not read. */
const slowBytesMax = 64 * 1024;
/** A client that reads nothing for this long is cut off. */
export const stuckMs = 60_000;
/** The same while others wait for room. */
export const stuckWhileFullMs = 10_000;
const sweepMs = 5_000;

/** Whoever a page is for. */
export interface PageReader {
  /** Rises while it reads. */
  readonly bytesSent: number;
  /** Ends its connection. */
  cut(): void;
}

export class AnswerBudget {
  private readonly clock: Clock;
  private readonly bytesMax: number;
  private readonly leases = new Set<PageLease>();
  private readonly waiting: ((lease: PageLease) => void)[] = [];
  private sweeping: Disposable | undefined;
  private bytesHeld = 0;

  constructor(clock: Clock, bytesMax = pagesBytesMax) {
    this.clock = clock;
    this.bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.bytesHeld;
  }

  /** Room for one page, at once or when there is some. */
  begin(): PageLease | Promise<PageLease> {
    const hasRoom = this.waiting.length === 0 && this.bytesHeld + pageBytesAhead <= this.bytesMax;
    if (hasRoom) return this.lease();
    return new Promise((resolve) => void this.waiting.push(resolve));
  }

  /** For leases: gives bytes back. */
  giveBack(bytes: number, ended?: PageLease): void {
    this.bytesHeld -= bytes;
    if (ended) this.leases.delete(ended);
    while (this.waiting.length > 0 && this.bytesHeld + pageBytesAhead <= this.bytesMax) {
      this.waiting.shift()?.(this.lease());
    }
  }

  /** For leases: its page waits for its reader. */
  watch(): void {
    this.sweeping ??= this.schedule();
  }

  /** Nobody is watched any more. */
  dispose(): void {
    this.sweeping?.dispose();
  }

  private lease(): PageLease {
    this.bytesHeld += pageBytesAhead;
    const lease = new PageLease(this);
    this.leases.add(lease);
    return lease;
  }

  private schedule(): Disposable {
    return this.clock.schedule(sweepMs, () => {
      const limitMs = this.waiting.length > 0 ? stuckWhileFullMs : stuckMs;
      for (const lease of [...this.leases]) lease.look(this.clock.monotonic(), limitMs);
      this.sweeping = this.leases.size > 0 ? this.schedule() : undefined;
    });
  }
}

/** What one page holds. */
export class PageLease {
  private readonly budget: AnswerBudget;
  private bytes = pageBytesAhead;
  private reader: PageReader | undefined;
  private bytesSent = Number.NEGATIVE_INFINITY;
  private sinceMs = 0;

  constructor(budget: AnswerBudget) {
    this.budget = budget;
  }

  /** The page is made, and is counted as what it is. */
  made(bytes: number, reader: PageReader): void {
    if (this.bytes === 0) return; // it ended before
    const left = this.bytes - bytes;
    this.bytes = bytes;
    this.reader = reader;
    this.budget.watch();
    this.budget.giveBack(left);
  }

  /** It is sent, or nobody will read it. */
  end(): void {
    const { bytes } = this;
    this.bytes = 0;
    this.reader = undefined;
    if (bytes > 0) this.budget.giveBack(bytes, this);
  }

  /** For the budget: cuts a reader off that has read nothing for `limitMs`. */
  look(nowMs: number, limitMs: number): void {
    const { reader } = this;
    if (!reader) return;
    if (Math.abs(reader.bytesSent - this.bytesSent) > slowBytesMax) {
      this.bytesSent = reader.bytesSent;
      this.sinceMs = nowMs;
    } else if (nowMs - this.sinceMs >= limitMs) reader.cut();
  }
}
