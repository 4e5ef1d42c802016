/** How many bytes of request bodies are held at once. Past that, sockets are not read. */

interface Waiter {
  /** Of the lease: older ones have smaller numbers. */
  readonly order: number;
  readonly bytes: number;
  readonly go: () => void;
}

/** What one request holds. */
export interface BodyLease {
  /** Takes `bytes` more; false: there is no room, and `go` is called once there is and they are taken. */
  take(bytes: number, go: () => void): boolean;
  /** Gives everything back. */
  release(): void;
}

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
  private favoured: number | undefined;
  private readonly waiters: Waiter[] = [];

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.bytesHeld;
  }

  lease(): BodyLease {
    const order = this.nextOrder++;
    let held = 0;
    let waiting: Waiter | undefined;
    this.leases++;
    const taken = (bytes: number): void => {
      held += bytes;
      this.bytesHeld += bytes;
      waiting = undefined;
    };
    return {
      take: (bytes, go) => {
        const isFree = this.waiters.length === 0 && this.bytesHeld + bytes <= this.bytesMax;
        if (isFree || this.favoured === order) {
          taken(bytes);
          return true;
        }
        let isAsking = true;
        waiting = {
          order,
          bytes,
          go: () => {
            taken(bytes);
            if (!isAsking) go();
          },
        };
        this.waiters.push(waiting);
        this.admit();
        isAsking = false;
        return waiting === undefined;
      },
      release: () => {
        const index = waiting ? this.waiters.indexOf(waiting) : -1;
        if (index >= 0) this.waiters.splice(index, 1);
        this.bytesHeld -= held;
        held = 0;
        this.leases--;
        if (this.favoured === order) this.favoured = undefined;
        this.admit();
      },
    };
  }

  private admit(): void {
    for (let first = this.waiters[0]; first; first = this.waiters[0]) {
      const fits = this.bytesHeld + first.bytes <= this.bytesMax;
      const isStuck = this.waiters.length === this.leases;
      if (!fits && !isStuck) return;
      const next = fits ? first : this.oldest();
      if (!fits) this.favoured = next.order;
      this.waiters.splice(this.waiters.indexOf(next), 1);
      next.go();
    }
  }

  private oldest(): Waiter {
    return this.waiters.reduce((a, b) => (b.order < a.order ? b : a));
  }
}
