/** Opens the folder that a crash left and says what is wrong with it, in sentences; nothing when nothing is. */
import type { Engine } from '../../src/engine/engine.ts';
import type { KinesisRecord, Shard } from '../../src/kinesis/shapes.ts';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import { TestClock } from '../support/testClock.ts';
import {
  type Attempt,
  bytesOf,
  type History,
  STREAM,
  type Told,
  textOf,
} from './engineWorkload.ts';
import { isOpen, openEngine, RETENTION_MS, shardsOf } from './engineWorld.ts';

/** No engine is back sooner than this. */
const RESTART_MS = 10;

export interface Leftover {
  readonly files: MemoryFiles;
  /** How many changes had happened. */
  readonly at: number;
  /** Whether every record that somebody was told of must be there, or only those of closed shards. */
  readonly isPromised: boolean;
  /** Whether it is opened twice more, to see that a repair lasts. */
  readonly reopens: boolean;
}

interface Found {
  readonly shard: string;
  readonly number: string;
  readonly data: string;
}

/** Everything that is wrong; a folder that cannot be opened is one complaint. */
export async function complaintsAfter(history: History, left: Leftover): Promise<string[]> {
  try {
    return await examine(history, left);
  } catch (error) {
    return [`the folder cannot be used: ${error instanceof Error ? error.stack : String(error)}`];
  }
}

async function examine(history: History, left: Leftover): Promise<string[]> {
  const { seed, durability, planted, wallsMs } = history;
  const clock = new TestClock(wallsMs[left.at - 1]! + RESTART_MS);
  const world = { files: left.files, clock, durability, seed: seed + left.at, planted };
  const engine = await openEngine(world);
  const closed = await closedShards(engine);
  await clock.advance(3000);
  const complaints = await brokenLists(engine, { history, left });
  if ((await names(engine)).includes(STREAM)) {
    const stream = new StreamCheck({
      history,
      left,
      closed,
      horizonMs: clock.now() - RETENTION_MS,
    });
    complaints.push(...(await stream.complaints(engine)));
  }
  complaints.push(...engine.damaged().map(({ reason }) => `damaged: ${reason}`));
  await engine.close();
  if (left.files.openCount > 0) complaints.push(`${left.files.openCount} files were left open`);
  if (left.reopens) complaints.push(...(await differenceAfterReopening(world)));
  return complaints;
}

const names = async (engine: Engine): Promise<readonly string[]> =>
  (await engine.listStreams({})).StreamNames;

/** What was answered of streams themselves holds, unless a later call may have changed it. */
async function brokenLists(
  engine: Engine,
  { history, left }: { history: History; left: Leftover },
): Promise<string[]> {
  const there = await names(engine);
  const latest = new Map<string, boolean>();
  for (const { at, name, exists } of history.listed) if (at <= left.at) latest.set(name, exists);
  return [...latest].flatMap(([name, exists]) => {
    if (exists && !there.includes(name) && !history.doomed.has(name)) return [`${name} is lost`];
    return !exists && there.includes(name) ? [`${name} was deleted and is back`] : [];
  });
}

async function closedShards(engine: Engine): Promise<ReadonlySet<string>> {
  if (!(await names(engine)).includes(STREAM)) return new Set();
  const { StreamDescription: stream } = await engine.describeStream({ StreamName: STREAM });
  if (stream.StreamStatus === 'CREATING') return new Set();
  const shards = await shardsOf(engine, STREAM);
  return new Set(shards.filter((shard) => !isOpen(shard)).map(({ ShardId }) => ShardId));
}

/** One stream against what its writers and its reader were told. */
class StreamCheck {
  private readonly history: History;
  private readonly left: Leftover;
  private readonly closed: ReadonlySet<string>;
  private readonly horizonMs: number;

  constructor(parts: {
    history: History;
    left: Leftover;
    closed: ReadonlySet<string>;
    horizonMs: number;
  }) {
    this.history = parts.history;
    this.left = parts.left;
    this.closed = parts.closed;
    this.horizonMs = parts.horizonMs;
  }

  async complaints(engine: Engine): Promise<string[]> {
    const shards = await shardsOf(engine, STREAM);
    const found = await contentOf(engine, shards);
    const told = this.history.told.filter(({ at }) => at <= this.left.at);
    return [
      ...(await uncovered(engine, shards)),
      ...this.lost(told, found),
      ...this.holes(told, found),
      ...found.flatMap((record) => this.invented(record)),
      ...doubles(found),
      ...outOfOrder(found, this.history.attempts),
      ...(await numbersThatFell(engine, { shards, told, found })),
    ];
  }

  private lost(told: readonly Told[], found: readonly Found[]): string[] {
    const numbers = new Map(found.map((record) => [record.number, record]));
    return told
      .filter(({ attempt, shard }) => this.isKept(attempt) && this.isSafe(shard))
      .filter(({ attempt, number }) => numbers.get(number)?.data !== attempt.data)
      .map(({ attempt, number, shard }) => `${attempt.order} (${shard}, ${number}) is lost`);
  }

  /** A shard is closed only once its records are on the disk, whatever the durability. */
  private isSafe(shard: string): boolean {
    return this.left.isPromised || this.closed.has(shard);
  }

  private isKept({ startedMs }: Attempt): boolean {
    return startedMs >= this.horizonMs;
  }

  /** What survives is a beginning of what was stored, in the order of its numbers' indexes. */
  private holes(told: readonly Told[], found: readonly Found[]): string[] {
    const there = new Set(found.map(({ number }) => number));
    const kept = told
      .filter(({ attempt }) => this.isKept(attempt))
      .sort((a, b) => (indexOf(a.number) < indexOf(b.number) ? -1 : 1));
    const firstMissing = kept.findIndex(({ number }) => !there.has(number));
    if (firstMissing < 0) return [];
    const after = kept.slice(firstMissing).filter(({ number }) => there.has(number));
    return after.length === 0
      ? []
      : [`${after.length} records are there behind ${kept[firstMissing]!.attempt.order}`];
  }

  private invented({ data, number }: Found): string[] {
    const attempt = this.history.attempts.get(data);
    if (!attempt || attempt.startedAt > this.left.at) return [`${number} was never put like this`];
    const told = this.history.told.find((candidate) => candidate.attempt === attempt);
    if (told && told.number !== number) return [`${attempt.order} has another number now`];
    const isExpired = told !== undefined && told.wallMs < this.horizonMs;
    return isExpired ? [`${attempt.order} has expired and is shown`] : [];
  }
}

/** The counter in a sequence number, which rises over all shards of a stream. */
const indexOf = (number: string): bigint => BigInt.asUintN(64, BigInt(number) >> 80n);

/** All records, shard after shard by rising id, so that children come after their parents. */
async function contentOf(engine: Engine, shards: readonly Shard[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const { ShardId: shard } of shards) {
    for (const { Data, SequenceNumber: number } of await recordsOf(engine, shard)) {
      found.push({ shard, number, data: textOf(Data) });
    }
  }
  return found;
}

async function recordsOf(engine: Engine, ShardId: string): Promise<KinesisRecord[]> {
  const wanted = { StreamName: STREAM, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
  const records: KinesisRecord[] = [];
  let { ShardIterator: next } = await engine.getShardIterator(wanted);
  while (next !== undefined) {
    const page = await engine.getRecords({ ShardIterator: next, Limit: 50 });
    records.push(...page.Records);
    if (page.Records.length === 0 && page.MillisBehindLatest === 0) break;
    next = page.NextShardIterator;
  }
  return records;
}

async function uncovered(engine: Engine, shards: readonly Shard[]): Promise<string[]> {
  const { StreamDescription: stream } = await engine.describeStream({ StreamName: STREAM });
  const width = shards
    .filter(isOpen)
    .map(({ HashKeyRange: range }) => BigInt(range.EndingHashKey) - BigInt(range.StartingHashKey))
    .reduce((sum, length) => sum + length + 1n, 0n);
  const complaints = width === 2n ** 128n ? [] : ['the open shards do not cover all hash keys'];
  if (stream.StreamStatus !== 'ACTIVE') complaints.push(`the stream stays ${stream.StreamStatus}`);
  return complaints;
}

function doubles(found: readonly Found[]): string[] {
  const seen = new Set<string>();
  return found.flatMap(({ data }) => {
    const isDouble = seen.has(data);
    seen.add(data);
    return isDouble ? [`${data.split(' ')[0]} is there twice`] : [];
  });
}

/** Numbers rise in a shard, and the records of a key come in the order in which they were put. */
function outOfOrder(found: readonly Found[], attempts: ReadonlyMap<string, Attempt>): string[] {
  const lastNumber = new Map<string, bigint>();
  const lastOrder = new Map<string, number>();
  return found.flatMap(({ shard, number, data }) => {
    const { key = '', order = 0 } = attempts.get(data) ?? {};
    const fell = BigInt(number) <= (lastNumber.get(shard) ?? 0n);
    const isLate = order < (lastOrder.get(key) ?? -1);
    lastNumber.set(shard, BigInt(number));
    lastOrder.set(key, order);
    if (fell) return [`${number} does not follow the number before it`];
    return isLate ? [`${order} comes after a later record of its key`] : [];
  });
}

/** A reader that stands behind the last record it was told of must not miss what comes now. */
async function numbersThatFell(
  engine: Engine,
  of: { shards: readonly Shard[]; told: readonly Told[]; found: readonly Found[] },
): Promise<string[]> {
  const complaints: string[] = [];
  const known = [...of.told, ...of.found];
  for (const { ShardId, HashKeyRange: range } of of.shards.filter(isOpen)) {
    const { ShardId: shard, SequenceNumber: number } = await engine.putRecord({
      StreamName: STREAM,
      PartitionKey: 'after',
      ExplicitHashKey: range.StartingHashKey,
      Data: bytesOf(`after the crash ${ShardId}`),
    });
    if (shard !== ShardId) complaints.push(`${ShardId} does not take its own hash key`);
    const higher = known.find(
      (record) => record.shard === shard && BigInt(record.number) >= BigInt(number),
    );
    if (higher) complaints.push(`${number} is not above ${higher.number}`);
  }
  return complaints;
}

/** What one opening repaired stays as it is at the next. */
async function differenceAfterReopening(
  world: Parameters<typeof openEngine>[0],
): Promise<string[]> {
  const read = async (engine: Engine): Promise<string> => {
    const shards = await shardsOf(engine, STREAM);
    const found = await contentOf(engine, shards);
    return found.map(({ number }) => number).join();
  };
  const first = await openEngine(world);
  const complaints = first.notices.map((notice) => `repaired twice: ${notice}`);
  if ((await names(first)).includes(STREAM)) {
    const before = await read(first);
    await first.close();
    const second = await openEngine(world);
    if ((await read(second)) !== before) complaints.push('another opening shows other records');
    await second.close();
    return complaints;
  }
  await first.close();
  return complaints;
}
