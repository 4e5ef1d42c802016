/** How many bytes of request bodies are held at once. Past that, sockets are not read. */

interface Waiter {
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
 * little. When every request that holds bytes waits for more, the oldest goes on beyond the budget:
 * without that they would wait for each other for ever.
 */
export class BodyBudget {
  private readonly bytesMax: number;
  private bytesHeld = 0;
  private leases = 0;
  private readonly waiters: Waiter[] = [];

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.bytesHeld;
  }

  lease(): BodyLease {
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
        if (this.waiters.length === 0 && this.bytesHeld + bytes <= this.bytesMax) {
          taken(bytes);
          return true;
        }
        waiting = {
          bytes,
          go: () => {
            taken(bytes);
            go();
          },
        };
        this.waiters.push(waiting);
        this.admit();
        return false;
      },
      release: () => {
        const index = waiting ? this.waiters.indexOf(waiting) : -1;
        if (index >= 0) this.waiters.splice(index, 1);
        this.bytesHeld -= held;
        held = 0;
        this.leases--;
        this.admit();
      },
    };
  }

  private admit(): void {
    while (this.waiters.length > 0) {
      const fits = this.bytesHeld + this.waiters[0]!.bytes <= this.bytesMax;
      const isStuck = this.waiters.length === this.leases;
      if (!fits && !isStuck) return;
      this.waiters.shift()!.go();
    }
  }
}
