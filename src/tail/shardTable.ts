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
  /** It or a parent was left before its end: nothing that follows is wanted. */
  isLeft: boolean;
  /** Records taken. */
  received: number;
  millisBehindLatest: number;
  /** It has answered since reading went on: how far behind it is, is known. */
  isAnswered: boolean;
  /** It was read up to its newest record at least once since reading began. */
  isCaughtUp: boolean;
  /** Up to when it was read, by arrival times of its records and its parents'; it never falls. */
  reachedMs: number;
  /** Where its first record stands among the rows; undefined before there is one. */
  firstMs: number | undefined;
  /** Behind which record a gap was told last. */
  gapPlace: string | undefined;
  reader: ShardReader | undefined;
}

export class ShardTable {
  private readonly entries = new Map<string, ShardEntry>();
  /** By the id of a parent, known or not. */
  private readonly children = new Map<string, readonly ShardEntry[]>();

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

  /** Nothing of those who follow a shard is wanted, neither of those that are known nor of those to come. */
  leave(entry: ShardEntry): void {
    entry.isLeft = true;
    for (const child of this.childrenOf(entry.id)) {
      if (child.reading !== 'waiting') continue;
      child.reading = 'drained';
      this.leave(child);
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

  childrenOf(id: string): readonly ShardEntry[] {
    return this.children.get(id) ?? [];
  }

  /** Where what is read of a shard belongs: behind what was read of it and its parents, before its children's. */
  placeMs(entry: ShardEntry): number {
    return Math.min(entry.reachedMs, this.placeMsMax(entry));
  }

  /**
   * Before the first record of the shards that go on from this one. There is one already when a listing left the shard
   * out at first, or it had expired and came back.
   */
  placeMsMax({ id, isFoundLater }: ShardEntry): number {
    if (!isFoundLater) return Number.POSITIVE_INFINITY;
    let placeMs = Number.POSITIVE_INFINITY;
    // A shard that was split and merged again is reached in several ways.
    const followers = new Set(this.childrenOf(id));
    for (const follower of followers) {
      if (follower.firstMs !== undefined) placeMs = Math.min(placeMs, follower.firstMs - 1);
      else for (const child of this.childrenOf(follower.id)) followers.add(child);
    }
    return placeMs;
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
    const isLeft = shard.parents.some((id) => this.entries.get(id)?.isLeft);
    const entry: ShardEntry = {
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
      reading: shard.start && !isLeft ? 'waiting' : 'drained',
      isLeft,
      received: 0,
      millisBehindLatest: 0,
      isAnswered: false,
      isCaughtUp: false,
      reachedMs: Number.NEGATIVE_INFINITY,
      firstMs: undefined,
      gapPlace: undefined,
      reader: undefined,
    };
    this.entries.set(shard.id, entry);
    for (const parent of shard.parents) {
      this.children.set(parent, [...this.childrenOf(parent), entry]);
    }
    // A child may be known already: its other parent told of it.
    if (isLeft) this.leave(entry);
  }
}
