/**
 * A seeded workload on an engine whose files record every change: eight clients, a reader, reshards, rolls,
 * a retention drop and failing calls of the system. It notes what was answered and when, and judges nothing.
 */
import { setImmediate } from 'node:timers/promises';
import type { Durability } from '../../src/admin/adminApi.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { isKinesisError } from '../../src/kinesis/errors.ts';
import { type Fault, FaultyFiles } from '../support/faultyFiles.ts';
import type { Operation } from '../support/memoryFiles.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';
import {
  byRange,
  isOpen,
  openEngine,
  type Planted,
  RETENTION_MS,
  STATE_DELAY_MS,
  shardsOf,
} from './engineWorld.ts';

export const CLIENTS = 8;
export const STREAM = 'orders';
const SIDE_STREAM = 'side';

/** One record on its way in. Points in time are counts of changes on disk. */
export interface Attempt {
  readonly data: string;
  readonly key: string;
  /** Rises over all attempts. */
  readonly order: number;
  readonly startedAt: number;
  readonly startedMs: number;
}

/** A record that somebody was told of: its writer by an answer, or a reader. */
export interface Told {
  readonly attempt: Attempt;
  readonly at: number;
  readonly wallMs: number;
  readonly shard: string;
  readonly number: string;
}

/** A change of the list of streams that was answered. */
export interface ListChange {
  readonly at: number;
  readonly name: string;
  readonly exists: boolean;
}

export interface History {
  readonly seed: number;
  readonly durability: Durability;
  readonly planted: Planted;
  readonly files: FaultyFiles;
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly told: readonly Told[];
  readonly listed: readonly ListChange[];
  /** Streams that a call to delete was made for, answered or not. */
  readonly doomed: ReadonlySet<string>;
  /** Wall time at each change. */
  readonly wallsMs: readonly number[];
  /** Records that were acknowledged to their writers. */
  readonly answeredCount: number;
  /** Splits and merges that were done while the clients put. */
  readonly reshardCount: number;
}

export interface WorkloadOptions {
  readonly seed: number;
  readonly durability: Durability;
  readonly planted?: Planted;
}

/** Runs the workload to its end; the engine is closed. */
export async function runWorkload(options: WorkloadOptions): Promise<History> {
  const run = new Workload(options);
  await run.run();
  return run;
}

type Step = () => Promise<void>;

class Workload implements History {
  readonly seed: number;
  readonly durability: Durability;
  readonly planted: Planted;
  readonly files = new FaultyFiles();
  readonly attempts = new Map<string, Attempt>();
  readonly told: Told[] = [];
  readonly listed: ListChange[] = [];
  readonly doomed = new Set<string>();
  readonly wallsMs: number[] = [];
  private readonly toldOf = new Set<Attempt>();
  private readonly clock = new TestClock();
  private readonly random: SeededRandom;
  private readonly faults = new Set<number>();
  private engine!: Engine;
  answeredCount = 0;
  reshardCount = 0;
  private isStopping = false;

  constructor({ seed, durability, planted = {} }: WorkloadOptions) {
    this.seed = seed;
    this.durability = durability;
    this.planted = planted;
    this.random = seededRandom(seed);
    this.files.faultFor = (operation) => this.before(operation);
  }

  async run(): Promise<void> {
    await this.open();
    await this.create(STREAM, this.random.integer(1, 3));
    await this.settle();
    this.planFaults();
    const clients = Array.from({ length: CLIENTS }, (_, index) => this.client(`client ${index}`));
    const reader = this.reader();
    await this.drive(this.plan());
    this.faults.clear();
    await this.until(() => this.answeredCount >= 190);
    this.isStopping = true;
    await Promise.all([...clients, reader]);
    await this.settle();
    await this.engine.close();
  }

  private get now(): number {
    return this.files.operations.length;
  }

  private async open(): Promise<void> {
    const { files, clock, durability, seed, planted } = this;
    this.engine = await openEngine({ files, clock, durability, seed: seed + this.now, planted });
  }

  /** Is asked before each change, and so knows the time of each. */
  private before(operation: Operation): Fault | undefined {
    this.wallsMs[this.now] = this.clock.now();
    if (!this.faults.delete(this.now)) return undefined;
    const code = this.random.pick(['ENOSPC', 'EIO']);
    if (operation.kind !== 'write') return { code };
    return { code, writtenBytes: this.random.integer(0, operation.bytes.length) };
  }

  private planFaults(): void {
    for (let left = this.random.integer(0, 3); left > 0; left--) {
      this.faults.add(this.now + this.random.integer(1, 80));
    }
  }

  /** What happens while the clients put, each after so many answered records. */
  private plan(): { after: number; step: Step }[] {
    const { random } = this;
    const steps: { after: number; step: Step }[] = [
      { after: random.integer(15, 40), step: () => this.split() },
      { after: random.integer(50, 80), step: () => this.merge() },
      { after: random.integer(90, 140), step: () => this.expire() },
      { after: random.integer(20, 160), step: () => this.split() },
      { after: random.integer(5, 60), step: () => this.createSide() },
      { after: random.integer(70, 160), step: () => this.deleteSide() },
    ];
    if (this.isSealing) {
      steps.push({ after: random.integer(20, 60), step: () => this.encrypt('KMS') });
      steps.push({ after: random.integer(100, 150), step: () => this.encrypt('NONE') });
    }
    if (random.chance(0.4)) steps.push({ after: random.integer(20, 170), step: this.restart });
    return steps.sort((a, b) => a.after - b.after);
  }

  private async drive(steps: readonly { after: number; step: Step }[]): Promise<void> {
    for (const { after, step } of steps) {
      await this.until(() => this.answeredCount >= after);
      await step();
    }
  }

  private async until(isMet: () => boolean): Promise<void> {
    while (!isMet()) await this.clock.advance(this.random.integer(0, 3));
  }

  /** Long enough for what is pending, also when it failed once. */
  private async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await this.clock.advance(1000 + STATE_DELAY_MS);
  }

  private async client(name: string): Promise<void> {
    for (let turn = 0; !this.isStopping; turn++) {
      await setImmediate();
      const count = this.random.chance(0.3) ? this.random.integer(2, 5) : 1;
      const attempts = Array.from({ length: count }, () => this.attempt(`${name} ${turn % 3}`));
      await (count === 1 ? this.putOne(attempts[0]!) : this.putMany(attempts)).catch(ignoreRefusal);
    }
  }

  private attempt(key: string): Attempt {
    const order = this.attempts.size;
    const length = this.random.chance(0.08) ? 1500 : this.random.integer(0, 150);
    const data = `${order} ${this.random.fraction()} `.padEnd(length, `${order}.`);
    const attempt = { data, key, order, startedAt: this.now, startedMs: this.clock.now() };
    this.attempts.set(data, attempt);
    return attempt;
  }

  private async putOne(attempt: Attempt): Promise<void> {
    const { key: PartitionKey, data } = attempt;
    const input = { StreamName: STREAM, PartitionKey, Data: bytesOf(data) };
    const { ShardId: shard, SequenceNumber: number } = await this.engine.putRecord(input);
    this.tell(attempt, { shard, number });
    this.answeredCount += 1;
  }

  private async putMany(attempts: readonly Attempt[]): Promise<void> {
    const Records = attempts.map(({ key, data }) => ({ PartitionKey: key, Data: bytesOf(data) }));
    const answer = await this.engine.putRecords({ StreamName: STREAM, Records });
    answer.Records.forEach(({ ShardId: shard, SequenceNumber: number }, index) => {
      if (shard === undefined || number === undefined) return;
      this.tell(attempts[index]!, { shard, number });
      this.answeredCount += 1;
    });
  }

  /** The first telling counts: from then on the record must not go away. */
  private tell(attempt: Attempt, place: { shard: string; number: string }): void {
    if (this.toldOf.has(attempt)) return;
    this.toldOf.add(attempt);
    this.told.push({ attempt, ...place, at: this.now, wallMs: this.clock.now() });
  }

  /** What a reader has seen must not go away either. */
  private async reader(): Promise<void> {
    while (!this.isStopping) {
      await setImmediate();
      const shards = (await shardsOf(this.engine, STREAM).catch(ignoreRefusal)) ?? [];
      if (shards.length > 0) await this.readPage(this.random.pick(shards).ShardId);
    }
  }

  private async readPage(ShardId: string): Promise<void> {
    const wanted = { StreamName: STREAM, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    const { engine } = this;
    const page = await engine
      .getShardIterator(wanted)
      .then(({ ShardIterator }) => engine.getRecords({ ShardIterator: ShardIterator!, Limit: 40 }))
      .catch(ignoreRefusal);
    for (const { Data, SequenceNumber: number } of page?.Records ?? []) {
      const attempt = this.attempts.get(textOf(Data));
      if (attempt) this.tell(attempt, { shard: ShardId, number });
    }
  }

  private split = async (): Promise<void> => {
    const shard = this.random.pick((await this.openShards()).filter(isWide));
    const { StartingHashKey: start, EndingHashKey: end } = shard.HashKeyRange;
    const NewStartingHashKey = ((BigInt(start) + BigInt(end)) / 2n).toString();
    const input = { StreamName: STREAM, ShardToSplit: shard.ShardId, NewStartingHashKey };
    await this.untilDone(() => this.engine.splitShard(input));
  };

  private merge = async (): Promise<void> => {
    const shards = await this.openShards();
    const at = this.random.integer(0, shards.length - 2);
    const [low, high] = [shards[at]!.ShardId, shards[at + 1]!.ShardId];
    const input = { StreamName: STREAM, ShardToMerge: low, AdjacentShardToMerge: high };
    await this.untilDone(() => this.engine.mergeShards(input));
  };

  /** A reshard is asked for until it is taken and done, whatever fails on the way. */
  private async untilDone(ask: () => Promise<unknown>): Promise<void> {
    const before = (await shardsOf(this.engine, STREAM)).length;
    for (;;) {
      await ask().catch(ignoreRefusal);
      await this.clock.advance(STATE_DELAY_MS + this.random.integer(0, 5));
      if ((await shardsOf(this.engine, STREAM)).length > before) break;
      await this.clock.advance(this.random.integer(0, 1000));
    }
    this.reshardCount += 1;
  }

  /** Records are sealed for a while in every fourth run. */
  private get isSealing(): boolean {
    return this.seed % 4 === 3;
  }

  /** Asked for until it is so, whatever fails on the way. */
  private async encrypt(wanted: 'KMS' | 'NONE'): Promise<void> {
    const key = { StreamName: STREAM, EncryptionType: 'KMS', KeyId: 'alias/a' } as const;
    const ask = wanted === 'KMS' ? 'startStreamEncryption' : 'stopStreamEncryption';
    for (;;) {
      await this.engine[ask](key).catch(ignoreRefusal);
      await this.clock.advance(STATE_DELAY_MS + this.random.integer(0, 5));
      const summary = await this.engine.describeStreamSummary({ StreamName: STREAM });
      if (summary.StreamDescriptionSummary.EncryptionType === wanted) return;
      await this.clock.advance(this.random.integer(0, 1000));
    }
  }

  private async openShards() {
    return (await shardsOf(this.engine, STREAM)).filter(isOpen).sort(byRange);
  }

  /** Everything so far becomes too old at once, and is removed under the clients' hands. */
  private expire = async (): Promise<void> => {
    await this.clock.jump(RETENTION_MS + 3_600_000);
    const removals = () => countOf(this.files.operations, isSegmentRemoval);
    for (const before = removals(); removals() === before; ) {
      await this.engine.removeExpired();
      await this.clock.advance(1);
    }
  };

  private restart = async (): Promise<void> => {
    this.faults.clear();
    await this.engine.close();
    await this.open();
  };

  private async create(StreamName: string, ShardCount: number): Promise<void> {
    await this.engine.createStream({ StreamName, ShardCount });
    this.listed.push({ at: this.now, name: StreamName, exists: true });
  }

  private createSide = (): Promise<void> => this.create(SIDE_STREAM, 1).catch(ignoreRefusal);

  private deleteSide = async (): Promise<void> => {
    this.doomed.add(SIDE_STREAM);
    const gone = await this.engine
      .deleteStream({ StreamName: SIDE_STREAM })
      .then(() => true)
      .catch(ignoreRefusal);
    if (gone) this.listed.push({ at: this.now, name: SIDE_STREAM, exists: false });
  };
}

const utf8 = new TextEncoder();
const decoder = new TextDecoder();
export const bytesOf = (text: string): Uint8Array => utf8.encode(text);
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Calls are refused while the disk fails and while the engine restarts; anything else is a defect. */
function ignoreRefusal(error: unknown): undefined {
  if (!isKinesisError(error)) throw error;
  return undefined;
}

const isWide = (shard: Awaited<ReturnType<typeof shardsOf>>[number]): boolean =>
  BigInt(shard.HashKeyRange.EndingHashKey) - BigInt(shard.HashKeyRange.StartingHashKey) > 16n;

const isSegment = (path: string): boolean => /^streams\/[^/]+\/\d+\.log$/.test(path);

const isSegmentRemoval = (operation: Operation): boolean =>
  operation.kind === 'remove' && isSegment(operation.path);

const isSegmentCreation = (operation: Operation): boolean =>
  operation.kind === 'create' && isSegment(operation.path);

function countOf<T>(items: readonly T[], isCounted: (item: T) => boolean): number {
  return items.reduce((count, item) => count + (isCounted(item) ? 1 : 0), 0);
}

/** What a seed did; see `leastOf` in engineRun.ts for what it must have done. */
export interface Reached {
  readonly acknowledged: number;
  readonly clients: number;
  readonly reshards: number;
  readonly rolls: number;
  readonly drops: number;
}

export function reachedBy({ files, told, answeredCount, reshardCount }: History): Reached {
  const clients = new Set(told.map(({ attempt }) => attempt.key.slice(0, 'client 0'.length)));
  return {
    acknowledged: answeredCount,
    clients: clients.size,
    reshards: reshardCount,
    rolls: countOf(files.operations, isSegmentCreation) - 1,
    drops: countOf(files.operations, isSegmentRemoval),
  };
}
