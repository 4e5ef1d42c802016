/** How many bytes of request bodies are held at once. Past that, sockets are not read. */

import { assert } from '../base/assert.ts';

/** More bodies than this at once are a crowd. */
const crowd = 32;

/**
 * Bytes are counted as they arrive, so that a request that announces much and sends little holds
 * little. When every request that holds bytes waits for more, the oldest goes on beyond the budget, to its
 * end: without that they would wait for each other for ever. So the bytes held are at most the budget's
 * and those of one request.
 */
export class BodyBudget {
  private readonly bytesMax: number;
  private bytesHeld = 0;
  private leases = 0;
  private nextOrder = 0;
  /** The lease that may go beyond the budget. */
  private favoured: BodyLease | undefined;
  private readonly waiters: BodyLease[] = [];

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.bytesHeld;
  }

  get isCrowded(): boolean {
    return this.leases > crowd;
  }

  lease(): BodyLease {
    this.leases++;
    return new BodyLease(this, this.nextOrder++);
  }

  /** For leases: as their `take`. */
  admit(lease: BodyLease, bytes: number): boolean {
    const isFree = this.waiters.length === 0 && this.bytesHeld + bytes <= this.bytesMax;
    if (isFree || this.favoured === lease) {
      this.bytesHeld += bytes;
      return true;
    }
    this.waiters.push(lease);
    this.admitWaiters();
    return !this.waiters.includes(lease);
  }

  /** For leases: as their `release`. */
  takeBack(lease: BodyLease, bytes: number): void {
    const index = this.waiters.indexOf(lease);
    if (index >= 0) this.waiters.splice(index, 1);
    this.bytesHeld -= bytes;
    this.leases--;
    if (this.favoured === lease) this.favoured = undefined;
    if (this.waiters.length > 0) this.admitWaiters();
  }

  private admitWaiters(): void {
    for (let first = this.waiters[0]; first; first = this.waiters[0]) {
      const fits = this.bytesHeld + first.bytesWanted <= this.bytesMax;
      const isStuck = this.waiters.length === this.leases;
      if (!fits && !isStuck) return;
      const next = fits ? first : this.oldest();
      if (!fits) this.favoured = next;
      this.waiters.splice(this.waiters.indexOf(next), 1);
      this.bytesHeld += next.bytesWanted;
      next.admitted();
    }
  }

  private oldest(): BodyLease {
    return this.waiters.reduce((a, b) => (b.order < a.order ? b : a));
  }
}

/** What one request holds. */
export class BodyLease {
  /** Of two leases, the older one's is smaller. */
  readonly order: number;
  private readonly budget: BodyBudget;
  private bytesHeld = 0;
  private go: (() => void) | undefined;
  /** What it waits for. */
  bytesWanted = 0;

  constructor(budget: BodyBudget, order: number) {
    this.budget = budget;
    this.order = order;
  }

  /** Takes `bytes` more; false: there is no room, and `go` is called once there is and they are taken. */
  take(bytes: number, go: () => void): boolean {
    assert(!this.go, 'a lease waits for one thing at a time');
    this.bytesWanted = bytes;
    const isTaken = this.budget.admit(this, bytes);
    if (isTaken) this.bytesHeld += bytes;
    else this.go = go;
    return isTaken;
  }

  /** So many bodies come in that each should begin small. */
  get isCrowded(): boolean {
    return this.budget.isCrowded;
  }

  /** For the budget: what it wanted is taken. */
  admitted(): void {
    const { go } = this;
    if (!go) return; // in its own `take`, which says so itself
    this.go = undefined;
    this.bytesHeld += this.bytesWanted;
    go();
  }

  /** Gives everything back. */
  release(): void {
    const bytes = this.bytesHeld;
    this.bytesHeld = 0;
    this.go = undefined;
    this.budget.takeBack(this, bytes);
  }
}
