/**
 * A stream whose log is open: gives numbers to records and appends them. The one rule of this file:
 * there is no await between taking a number and queueing the record, so order on disk is order of numbers.
 */
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { HashRoutes } from './hashRoutes.ts';
import type { Log } from './log/log.ts';
import type { ShardEntry, StreamEntry } from './streamEntry.ts';

/**
 * A log that was reopened goes on this far above its last number: after a power cut acknowledged records
 * may be missing, and a reader's iterator above them must not skip what comes later.
 * @source guessed: numbers of today's streams have gaps.
 */
const reopenGap = 2 ** 30;

export interface Appended {
  readonly shard: ShardEntry;
  readonly key: number;
  /** Arrival, milliseconds since 1970. */
  readonly timeMs: number;
  /** Resolves when the record is as safe as the durability says; rejects with LogError. */
  readonly stored: Promise<void>;
}

export class LiveStream {
  readonly id: string;
  readonly log: Log;
  private readonly clock: Clock;
  private readonly entryOf: () => StreamEntry | undefined;
  private nextKey: number;
  private lastTimeMs: number;
  private routes: HashRoutes | undefined;
  private routedShards: readonly ShardEntry[] | undefined;
  private gate: Promise<void> | undefined;

  constructor(parts: {
    id: string;
    log: Log;
    clock: Clock;
    entryOf: () => StreamEntry | undefined;
  }) {
    this.id = parts.id;
    this.log = parts.log;
    this.clock = parts.clock;
    this.entryOf = parts.entryOf;
    this.lastTimeMs = parts.log.lastTimeMs;
    this.nextKey = parts.log.lastKey < 0 ? 1 : parts.log.lastKey + 1 + reopenGap;
    for (const { startKey } of parts.entryOf()?.shards ?? []) {
      if (startKey > this.nextKey) this.nextKey = startKey + reopenGap;
    }
  }

  /** The catalog's view; undefined once deleted. */
  get entry(): StreamEntry | undefined {
    return this.entryOf();
  }

  /** The number the next record gets. */
  get upcomingKey(): number {
    return this.nextKey;
  }

  /** The second of the newest record, 0 for none. */
  get lastSeconds(): number {
    return Math.floor(this.lastTimeMs / 1000);
  }

  /** Defined while appending must wait; look again when it has resolved. */
  get blocked(): Promise<void> | undefined {
    return this.gate;
  }

  /** Makes the next number at least `key`. */
  skipTo(key: number): void {
    if (key > this.nextKey) this.nextKey = key;
  }

  /** The open shard that covers a hash key of sixteen bytes, big endian. */
  shardOf(hashKey: Uint8Array): ShardEntry {
    return this.route().find(hashKey);
  }

  /**
   * Appends what packRecord made to an open shard. Only while not `blocked` and in the same turn as that
   * look and as `shardOf`.
   */
  append(shard: ShardEntry, bytes: Uint8Array): Appended {
    assert(!this.gate, 'nothing is appended while the stream changes shape');
    const timeMs = Math.max(Math.floor(this.clock.now()), this.lastTimeMs);
    const key = this.nextKey;
    this.nextKey += 1;
    this.lastTimeMs = timeMs;
    const stored = this.log.append({ lane: shard.index, key, timeMs, bytes });
    return { shard, key, timeMs, stored };
  }

  /** Holds appends back while `work` runs; one at a time. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    while (this.gate) await this.gate;
    let open = (): void => undefined;
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    try {
      return await work();
    } finally {
      this.gate = undefined;
      open();
    }
  }

  private route(): HashRoutes {
    const entry = this.entryOf();
    assert(entry, 'a stream that takes records is in the catalog');
    if (!this.routes || this.routedShards !== entry.shards) {
      this.routes = new HashRoutes(entry);
      this.routedShards = entry.shards;
    }
    return this.routes;
  }
}
