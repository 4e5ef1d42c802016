/** Lets at most so many calls run at once; the others wait in the order in which they came. */

export class Gate {
  private readonly max: number;
  private running = 0;
  private readonly waiting = new Set<() => void>();

  constructor(max: number) {
    this.max = max;
  }

  /** Runs `task` when there is room; its place is free again when it ends. Undefined when aborted before. */
  async run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T | undefined> {
    if (this.running >= this.max) await this.turn(signal);
    else this.running++;
    try {
      return signal.aborted ? undefined : await task();
    } finally {
      this.leave();
    }
  }

  /** Resolves with a place taken; an aborted waiter goes through at once and gives its place back. */
  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const enter = (): void => {
        this.waiting.delete(enter);
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.running++;
        enter();
      };
      this.waiting.add(enter);
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Hands the place to who waits longest, if anyone does. */
  private leave(): void {
    const [next] = this.waiting;
    if (next && this.running <= this.max) next();
    else this.running--;
  }
}
