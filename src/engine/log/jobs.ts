/** Does one thing at a time in the order asked for; appends that meet in the queue become one batch. */
import { PendingBatch } from './batch.ts';

/** A batch longer than this is closed, so that no write takes too long and no file grows too far. */
const BATCH_BYTES_MAX = 8 * 1024 * 1024;

/** A batch of this length is not held back: the calls in it cost more by far than the sync they share. */
const SHARED_BYTES_MAX = 16 * 1024;

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

export interface JobsOptions {
  readonly gather?: Gather | undefined;
  /** Writing a batch costs far more than the appends in it: it waits while those who may join it come in. */
  readonly isDear?: boolean;
}

export class Jobs {
  private readonly write: (batch: PendingBatch) => Promise<void>;
  private queue: Job[] = [];
  /** The batch at the end of the queue, while it may grow. */
  private open: PendingBatch | undefined;
  private isRunning = false;
  private readonly gather: Gather;
  private readonly isDear: boolean;
  /** Appends since the last batch was begun. */
  private joined = 0;
  /** As many as waited when the last batch was done, for it or for the next: they may all come again. */
  private expected = 0;

  /** `write` must settle the batch and never reject. */
  constructor(
    write: (batch: PendingBatch) => Promise<void>,
    { gather = atTurnEnd, isDear = false }: JobsOptions = {},
  ) {
    this.write = write;
    this.gather = gather;
    this.isDear = isDear;
  }

  /** The batch that the next append joins. */
  batch(): PendingBatch {
    this.joined += 1;
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
    if (this.mayGrow) await this.gatherAll();
    for (let job = this.queue.shift(); job; job = this.queue.shift()) {
      if (job === this.open) this.open = undefined;
      if (job instanceof PendingBatch) await this.writeNext(job);
      else await job.run();
    }
    this.isRunning = false;
  }

  private async writeNext(batch: PendingBatch): Promise<void> {
    const written = this.joined;
    this.joined = 0;
    await this.write(batch);
    this.expected = written + this.joined;
    if (!this.mayGrow) return;
    // Those who are answered in this turn come again in the next one at the earliest.
    await this.turn();
    await this.gatherAll();
  }

  /** Whether the next job is a batch that more appends ought to share. */
  private get mayGrow(): boolean {
    const { open } = this;
    if (!this.isDear || !open || open !== this.queue[0]) return false;
    return this.joined < this.expected && open.length < SHARED_BYTES_MAX;
  }

  /** Ends with the first turn that brings nothing, so nobody waits for one who does not come. */
  private async gatherAll(): Promise<void> {
    for (let before = -1; this.mayGrow && before < this.joined; ) {
      before = this.joined;
      await this.turn();
    }
  }

  private turn(): Promise<void> {
    return new Promise((go) => this.gather(go));
  }
}
