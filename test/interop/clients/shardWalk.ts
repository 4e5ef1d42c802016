// Walks a stream's shards as a careful consumer does: children once all their parents are drained, each shard once.

import type { Got } from '../support/verdict.ts';
import { endCount, endKey } from '../support/workload.ts';

export interface ChildShard {
  readonly ShardId?: string | undefined;
  readonly ParentShards?: readonly string[] | undefined;
}

/**
 * Reads a shard from its oldest record on, hands each record on, and resolves to the shard's
 * children when it is drained, or to nothing when `signal` ends the reading.
 */
export type ReadShard = (
  shard: string,
  reading: { onRecord(record: Got): void; signal: AbortSignal },
) => Promise<readonly ChildShard[]>;

/** Resolves to all records when the last one of each shard that stays open was read. */
export async function walkShards(first: readonly string[], read: ReadShard): Promise<Got[]> {
  const walk = new ShardWalk(read);
  await walk.run(first);
  return walk.got;
}

class ShardWalk {
  readonly got: Got[] = [];
  readonly #read: ReadShard;
  readonly #started = new Set<string>();
  readonly #drained = new Set<string>();
  readonly #finish = new AbortController();
  #endsSeen = 0;

  constructor(read: ReadShard) {
    this.#read = read;
  }

  async run(shards: readonly string[]): Promise<void> {
    await Promise.all(shards.map((shard) => this.#shard(shard)));
  }

  async #shard(shard: string): Promise<void> {
    if (this.#started.has(shard)) return;
    this.#started.add(shard);
    const onRecord = (record: Got): void => this.#take(record);
    const children = await this.#read(shard, { onRecord, signal: this.#finish.signal });
    this.#drained.add(shard);
    const ready = children.filter((child) =>
      child.ParentShards?.every((parent) => this.#drained.has(parent)),
    );
    await this.run(ready.map((child) => child.ShardId!));
  }

  #take(record: Got): void {
    this.got.push(record);
    if (record.key.startsWith(endKey)) this.#endsSeen += 1;
    if (this.#endsSeen === endCount) this.#finish.abort();
  }
}
