/**
 * A stream whose log is open: gives numbers to records and appends them. The one rule of this file:
 * there is no await between taking a number and queueing the record, so order on disk is order of numbers.
 */
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { PackedRecords } from '../kinesis/packedRecords.ts';
import { type Encryption, encryptionOf } from './encryption.ts';
import { firstKeyAfterOpening } from './firstKey.ts';
import { HashRoutes, type RoutedShard } from './hashRoutes.ts';
import { type Log, type LogPage, PASSED_OVER } from './log/log.ts';
import type { OpenedEntry, RecordSeals } from './sealedRecords.ts';
import type { ShardEntry, StreamEntry } from './streamEntry.ts';

/** Records that were appended together. */
export interface Appended {
  /** Of the first; the others follow it. */
  readonly firstKey: number;
  /** Arrival, milliseconds since 1970. */
  readonly timeMs: number;
  /** Resolves when all are as safe as the durability says; rejects with LogError. */
  readonly stored: Promise<void> | undefined;
}

/** Records that bring their numbers and times, one behind the other. */
export interface ToldRecords {
  readonly packed: PackedRecords;
  /** What is told of each. */
  readonly of: readonly {
    /** The index of its shard. */
    readonly shard: number;
    /** Above that of the record before it in its shard. */
    readonly index: number;
    readonly timeMs: number;
    readonly encrypted?: boolean | undefined;
  }[];
}

export class LiveStream {
  readonly id: string;
  readonly log: Log;
  private readonly clock: Clock;
  private readonly seals: RecordSeals;
  private readonly entryOf: () => StreamEntry | undefined;
  private nextKey: number;
  private lastTimeMs: number;
  private routes: HashRoutes | undefined;
  private routedShards: readonly ShardEntry[] | undefined;
  /** Of what is appended in this turn. */
  private encryption: Encryption | undefined;
  private gate: Promise<void> | undefined;

  constructor(parts: {
    id: string;
    log: Log;
    clock: Clock;
    seals: RecordSeals;
    entryOf: () => StreamEntry | undefined;
    /** No number below it is given. */
    keyFloor: number;
  }) {
    this.id = parts.id;
    this.log = parts.log;
    this.clock = parts.clock;
    this.seals = parts.seals;
    this.entryOf = parts.entryOf;
    this.lastTimeMs = parts.log.lastTimeMs;
    const shards = parts.entryOf()?.shards ?? [];
    const { log, keyFloor } = parts;
    this.nextKey = firstKeyAfterOpening({ log, nowMs: parts.clock.now(), shards, keyFloor });
  }

  /** The catalog's view; undefined once deleted. */
  get entry(): StreamEntry | undefined {
    return this.entryOf();
  }

  /** Whether what is appended in this turn is encrypted. */
  get isEncrypting(): boolean {
    return this.encryption !== undefined;
  }

  /** Entries of the log as they were put. Throws LogError CORRUPT. */
  opened({ entries }: LogPage): OpenedEntry[] {
    return this.seals.opened(entries, this.entry?.encryption);
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

  /**
   * What is appended in this turn arrives now; the way to the open shard that covers a hash key, whose four
   * words begin at `at`. Only while not `blocked` and in the same turn as that look.
   */
  begin(): (words: Uint32Array, at: number) => RoutedShard {
    assert(!this.gate, 'nothing is appended while the stream changes shape');
    // Never in what has expired already, where no reader would find it: the clock may have been set back.
    const entry = this.entryOf();
    const { expiredBeforeMs = 0 } = entry ?? {};
    this.encryption = entry && encryptionOf(entry);
    const nowMs = Math.floor(this.clock.now());
    this.lastTimeMs = Math.max(nowMs, this.lastTimeMs, expiredBeforeMs);
    const routes = this.route();
    return (words, at) => routes.routeOf(words, at);
  }

  /** Appends to open shards, by their indexes or PASSED_OVER. Only in the turn of `begin`. */
  append(lanes: readonly number[], records: PackedRecords): Appended {
    const { lastTimeMs: timeMs, nextKey: firstKey, encryption } = this;
    let count = 0;
    for (const lane of lanes) if (lane !== PASSED_OVER) count += 1;
    if (count === 0) return { firstKey, timeMs, stored: undefined };
    const { bytes, ends } = encryption
      ? this.seals.sealed(records, { lanes, secret: encryption.secret })
      : records;
    this.nextKey += count;
    const stored = this.log.appendAll({ lanes, firstKey, timeMs, bytes, start: 0, ends });
    return { firstKey, timeMs, stored };
  }

  /**
   * Appends records with numbers and times of their own; one that is told to have arrived before another
   * arrives with it. What is put later goes on behind them. Resolves when all are as safe as the durability
   * says; rejects with LogError.
   */
  async appendTold({ packed, of }: ToldRecords, secret: string | undefined): Promise<void> {
    const stored = new Set<Promise<void>>();
    let start = 0;
    for (let place = 0; place < of.length; place++) {
      const { shard: lane, index: key, timeMs, encrypted } = of[place]!;
      const plain = packed.bytes.subarray(start, packed.ends[place]!);
      const bytes = encrypted && secret !== undefined ? this.sealedRecord(plain, secret) : plain;
      start = packed.ends[place]!;
      this.lastTimeMs = Math.max(timeMs, this.lastTimeMs);
      this.skipTo(key + 1);
      stored.add(this.log.append({ lane, key, timeMs: this.lastTimeMs, bytes }));
    }
    await Promise.all(stored);
  }

  private sealedRecord(plain: Uint8Array, secret: string): Uint8Array {
    const records = new PackedRecords(plain, [plain.length]);
    return this.seals.sealed(records, { lanes: [0], secret }).bytes;
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
