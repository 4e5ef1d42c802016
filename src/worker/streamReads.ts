/**
 * How streams are read in a window: through which connection, how fast, and on AWS by one budget of each stream for all
 * that read it, tails and exports.
 */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { FollowerOptions } from '../tail/follower.ts';
import { awsPaceOf, localPace } from '../tail/pace.ts';
import { budgetPaceOf, ReadBudget } from '../tail/readBudget.ts';
import type { Connections } from './connections.ts';

export interface ReadsAsked {
  readonly connection: string;
  readonly stream: string;
  /** Of each shard on AWS; undefined: one. Holds for all that read the stream, from now on. */
  readonly awsReadsPerSecond?: number | undefined;
}

type Reads = Pick<FollowerOptions, 'api' | 'stream' | 'place' | 'pace' | 'clock' | 'budget'>;

/** To be disposed of when nothing more is read with it. */
export interface StreamRead extends Disposable {
  readonly reads: Reads;
}

interface Shared {
  readonly budget: ReadBudget;
  users: number;
}

export class StreamReads {
  private readonly connections: Connections;
  private readonly clock: Clock;
  private readonly budgets = new Map<string, Shared>();

  constructor(connections: Connections, clock: Clock) {
    this.connections = connections;
    this.clock = clock;
  }

  /** Streams whose budgets are kept: those that are read now. */
  get budgetCount(): number {
    return this.budgets.size;
  }

  /** Throws a KinesisError `NoConnection` when there is none. */
  open({ connection, stream, awsReadsPerSecond: readsPerSecond = 1 }: ReadsAsked): StreamRead {
    const place = this.connections.spec(connection).kind;
    const pace = place === 'local' ? localPace : awsPaceOf({ readsPerSecond });
    const api = this.connections.reading(connection);
    const shared = budgetPaceOf(pace);
    const clock = this.connections.clocks.of(connection);
    const reads = { api, stream, place, pace, clock };
    if (!shared) return { reads, dispose: () => undefined };
    const key = JSON.stringify([connection, stream]);
    const kept = this.budgets.get(key) ?? { budget: new ReadBudget(this.clock, shared), users: 0 };
    kept.budget.pace = shared;
    kept.users++;
    this.budgets.set(key, kept);
    let isOver = false;
    const dispose = (): void => {
      if (isOver) return;
      isOver = true;
      if (--kept.users === 0) this.budgets.delete(key);
    };
    return { reads: { ...reads, budget: kept.budget }, dispose };
  }
}
