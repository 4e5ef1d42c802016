/** The shards of a stream as a tail knows them, and which of them may be read now: parents come first. */
import type { ChildShard, Shard } from '../kinesis/shapes.ts';
import type { TailShard, TailStart } from '../protocol/tail.ts';
import { RateMeter } from './rateMeter.ts';
import type { ShardReader } from './shardReader.ts';

export interface ShardEntry {
  readonly id: string;
  readonly parents: readonly string[];
  readonly startingHashKey: string;
  readonly endingHashKey: string;
  readonly start: TailStart;
  readonly meter: RateMeter;
  /** Of its range of sequence numbers, once a listing told: another stream's shard of this id has another. */
  firstNumber: string | undefined;
  isOpen: boolean;
  /** True once ListShards told of it: a parent that is not known by then has expired. */
  isListed: boolean;
  /** Listings in a row that did not tell of it. */
  unlisted: number;
  /** It was not there when reading began. */
  isFoundLater: boolean;
  reading: TailShard['reading'];
  /** Records taken. */
  received: number;
  millisBehindLatest: number;
  /** It has answered since reading went on: how far behind it is, is known. */
  isAnswered: boolean;
  /** It was read up to its newest record at least once since reading began. */
  isCaughtUp: boolean;
  /** Up to when it was read, by arrival times of its records and its parents'; it never falls. */
  reachedMs: number;
  /** Behind which record a gap was told last. */
  gapPlace: string | undefined;
  reader: ShardReader | undefined;
}

export class ShardTable {
  private readonly entries = new Map<string, ShardEntry>();

  get size(): number {
    return this.entries.size;
  }

  get(id: string): ShardEntry | undefined {
    return this.entries.get(id);
  }

  /** In the order in which they became known. */
  all(): Iterable<ShardEntry> {
    return this.entries.values();
  }

  /** Adds what ListShards tells; true when anything is new. A shard skipped is one nobody wants to read. */
  addListed(shards: readonly Shard[], start: (shard: Shard) => TailStart | undefined): boolean {
    let isNew = false;
    for (const shard of shards) {
      const isOpen = shard.SequenceNumberRange.EndingSequenceNumber === undefined;
      const known = this.entries.get(shard.ShardId);
      // A listing that was on its way while a shard was read to its end is out of date.
      if (known?.isOpen && !isOpen) {
        known.isOpen = false;
        isNew = true;
      }
      if (known) {
        known.isListed = true;
        known.firstNumber = shard.SequenceNumberRange.StartingSequenceNumber;
        continue;
      }
      const parents = [shard.ParentShardId, shard.AdjacentParentShardId].filter(
        (id) => id !== undefined,
      );
      const from = start(shard);
      this.add({ id: shard.ShardId, parents, range: shard.HashKeyRange, isOpen, start: from });
      const added = this.entries.get(shard.ShardId)!;
      added.isListed = true;
      added.firstNumber = shard.SequenceNumberRange.StartingSequenceNumber;
      isNew = true;
    }
    return isNew;
  }

  /** The shards are those of another stream of the name: the one that was read is gone. */
  isReplacedBy(shards: readonly Shard[]): boolean {
    return shards.some(({ ShardId, SequenceNumberRange }) => {
      const known = this.entries.get(ShardId)?.firstNumber;
      return known !== undefined && known !== SequenceNumberRange.StartingSequenceNumber;
    });
  }

  /** The same of a later listing: what is new of it is wanted from its beginning. */
  addFound(shards: readonly Shard[]): boolean {
    const known = new Set(this.entries.keys());
    const isNew = this.addListed(shards, () => ({ type: 'TRIM_HORIZON' }));
    for (const entry of this.entries.values()) entry.isFoundLater ||= !known.has(entry.id);
    return isNew;
  }

  /** Those that wait for their parents and are listed no more: they expired, or never come. */
  waitingUnlisted(listed: ReadonlySet<string>): ShardEntry[] {
    const gone: ShardEntry[] = [];
    for (const entry of this.entries.values()) {
      entry.unlisted = listed.has(entry.id) ? 0 : entry.unlisted + 1;
      // One listing may be older than what a parent has told since.
      if (entry.reading === 'waiting' && entry.unlisted > 1) gone.push(entry);
    }
    return gone;
  }

  /** Adds what a drained parent tells of those who go on. */
  addChildren(children: readonly ChildShard[]): void {
    for (const { ShardId, ParentShards, HashKeyRange } of children) {
      if (this.entries.has(ShardId)) continue;
      const start = { type: 'TRIM_HORIZON' } as const;
      this.add({ id: ShardId, parents: ParentShards, range: HashKeyRange, isOpen: true, start });
    }
  }

  /** Those whose parents are all read to their ends or expired. */
  ready(): ShardEntry[] {
    return [...this.entries.values()].filter(
      (entry) => entry.reading === 'waiting' && entry.parents.every((id) => this.isOver(id, entry)),
    );
  }

  /** True when a shard waits for a parent nobody has told of: only ListShards can say what it is. */
  get wantsListing(): boolean {
    for (const { isListed, parents, reading } of this.entries.values()) {
      const isLost = reading === 'waiting' && !isListed;
      if (isLost && parents.some((id) => !this.entries.has(id))) return true;
    }
    return false;
  }

  private isOver(parent: string, child: ShardEntry): boolean {
    const entry = this.entries.get(parent);
    return entry ? entry.reading === 'drained' : child.isListed;
  }

  reading(): ShardEntry[] {
    return [...this.entries.values()].filter((entry) => entry.reading === 'reading');
  }

  parentsOf({ parents }: ShardEntry): ShardEntry[] {
    return parents.flatMap((id) => this.entries.get(id) ?? []);
  }

  /** Up to when every shard was read; one that was read to its newest record keeps nobody waiting. */
  get reachedMs(): number {
    let reachedMs = Number.POSITIVE_INFINITY;
    for (const entry of this.entries.values()) {
      const isBehind = !entry.isAnswered || entry.millisBehindLatest > 0;
      if (entry.reading === 'reading' && isBehind) reachedMs = Math.min(reachedMs, entry.reachedMs);
    }
    return reachedMs;
  }

  childrenOf(id: string): ShardEntry[] {
    return [...this.entries.values()].filter((entry) => entry.parents.includes(id));
  }

  /** False while none is known. */
  get isAllDrained(): boolean {
    if (this.entries.size === 0) return false;
    for (const entry of this.entries.values()) if (entry.reading !== 'drained') return false;
    return true;
  }

  private add(shard: {
    id: string;
    parents: readonly string[];
    range: { StartingHashKey: string; EndingHashKey: string };
    isOpen: boolean;
    start: TailStart | undefined;
  }): void {
    this.entries.set(shard.id, {
      id: shard.id,
      parents: shard.parents,
      startingHashKey: shard.range.StartingHashKey,
      endingHashKey: shard.range.EndingHashKey,
      start: shard.start ?? { type: 'LATEST' },
      meter: new RateMeter(),
      firstNumber: undefined,
      isOpen: shard.isOpen,
      isListed: false,
      unlisted: 0,
      isFoundLater: false,
      reading: shard.start ? 'waiting' : 'drained',
      received: 0,
      millisBehindLatest: 0,
      isAnswered: false,
      isCaughtUp: false,
      reachedMs: Number.NEGATIVE_INFINITY,
      gapPlace: undefined,
      reader: undefined,
    });
  }
}
