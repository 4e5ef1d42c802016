/** Does one thing at a time in the order asked for; appends that meet in the queue become one batch. */
import { PendingBatch } from './batch.ts';

/** A batch longer than this is closed, so that no write takes too long and no file grows too far. */
const BATCH_BYTES_MAX = 8 * 1024 * 1024;

export interface Task {
  readonly run: () => Promise<void>;
  readonly reject: (reason: Error) => void;
  /** Runs also after a failure, as closing must. */
  readonly isLast: boolean;
}

type Job = PendingBatch | Task;

/** Calls `go` once, when what came in together has been taken in. */
export type Gather = (go: () => void) => void;

const atTurnEnd: Gather = (go) => void Promise.resolve().then(go);

export class Jobs {
  private readonly write: (batch: PendingBatch) => Promise<void>;
  private queue: Job[] = [];
  /** The batch at the end of the queue, while it may grow. */
  private open: PendingBatch | undefined;
  private isRunning = false;
  private readonly gather: Gather;

  /** `write` must settle the batch and never reject. */
  constructor(write: (batch: PendingBatch) => Promise<void>, gather: Gather = atTurnEnd) {
    this.write = write;
    this.gather = gather;
  }

  /** The batch that the next append joins. */
  batch(): PendingBatch {
    if (this.open && this.open.bytes < BATCH_BYTES_MAX) return this.open;
    this.open = new PendingBatch();
    this.push(this.open);
    return this.open;
  }

  /** Runs `action` after everything asked for before, and before every later append. */
  add<T>(action: () => Promise<T>, { isLast = false } = {}): Promise<T> {
    this.open = undefined;
    return new Promise<T>((resolve, reject) => {
      const run = (): Promise<void> => action().then(resolve, reject);
      this.push({ run, reject, isLast });
    });
  }

  /** Rejects what waits: the batches only, or everything but the last task. */
  rejectWaiting(reason: Error, what: 'batches' | 'all'): void {
    this.open = undefined;
    const waiting = this.queue;
    this.queue = [];
    for (const job of waiting) {
      if (job instanceof PendingBatch) job.reject(reason);
      else if (what === 'all' && !job.isLast) job.reject(reason);
      else this.queue.push(job);
    }
  }

  private push(job: Job): void {
    this.queue.push(job);
    if (this.isRunning) return;
    this.isRunning = true;
    this.gather(() => void this.run());
  }

  private async run(): Promise<void> {
    for (let job = this.queue.shift(); job; job = this.queue.shift()) {
      if (job === this.open) this.open = undefined;
      if (job instanceof PendingBatch) await this.write(job);
      else await job.run();
    }
    this.isRunning = false;
  }
}
