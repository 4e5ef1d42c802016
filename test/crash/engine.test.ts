// The whole engine, cut off at any change of its files: what was answered is there, what was begun is finished.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Durability } from '../../src/admin/adminApi.ts';
import { isKinesisError } from '../../src/kinesis/errors.ts';
import { TestEngine } from '../engine/support/testEngine.ts';
import { FaultyFiles } from '../support/faultyFiles.ts';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';

/** An answer, and how many changes of files had happened when it came. */
interface Answer {
  readonly at: number;
  readonly what:
    | {
        readonly put: string;
        readonly stream: string;
        readonly shard: string;
        readonly number: string;
      }
    | { readonly created: string; readonly shards: number }
    | { readonly deleted: string };
}

class Workload {
  readonly files = new FaultyFiles();
  readonly answers: Answer[] = [];
  private readonly random: SeededRandom;
  private test!: TestEngine;
  private lastData = 0;

  constructor(random: SeededRandom) {
    this.random = random;
  }

  /** Three streams; one is reshaped all the time, one is deleted in between. */
  async run(durability: Durability): Promise<void> {
    const options = { durability, limits: 'off' } as const;
    this.test = await TestEngine.open(options, { files: this.files });
    await this.create('a', 1);
    await this.create('b', 2);
    await this.wait();
    const waiting: Promise<unknown>[] = [];
    for (let step = 0; step < 40; step++) {
      for (let count = this.random.integer(0, 3); count > 0; count--) waiting.push(this.put());
      for (let turns = this.random.integer(0, 3); turns > 0; turns--) await setImmediate();
      if (step === 20) waiting.push(this.remove('b'));
      if (this.random.chance(0.4)) waiting.push(this.reshard());
      if (this.random.chance(0.6)) await this.test.clock.advance(this.random.integer(1, 20));
    }
    await Promise.all(waiting);
    await this.wait();
  }

  private async wait(): Promise<void> {
    await this.test.clock.advance(100);
    await this.test.clock.advance(100);
  }

  private answered(what: Answer['what']): void {
    this.answers.push({ at: this.files.operations.length, what });
  }

  private async create(StreamName: string, ShardCount: number): Promise<void> {
    await this.test.engine.createStream({ StreamName, ShardCount });
    this.answered({ created: StreamName, shards: ShardCount });
  }

  private async remove(StreamName: string): Promise<void> {
    await this.test.engine.deleteStream({ StreamName });
    this.answered({ deleted: StreamName });
  }

  private async put(): Promise<void> {
    const stream = this.random.pick(['a', 'a', 'b']);
    const data = `${this.lastData++} ${'x'.repeat(this.random.integer(0, 200))}`;
    try {
      const answer = await this.test.put(stream, `key ${this.random.integer(0, 9)}`, data);
      const { ShardId: shard, SequenceNumber: number } = answer;
      this.answered({ put: data, stream, shard, number });
    } catch (error) {
      if (!isKinesisError(error, 'ResourceNotFoundException')) throw error;
    }
  }

  /** Splits or merges what is open in `a`. */
  private async reshard(): Promise<void> {
    const { engine } = this.test;
    const shards = (await this.test.shards('a')).filter(
      ({ SequenceNumberRange: range }) => range.EndingSequenceNumber === undefined,
    );
    const [first, second] = shards.sort((a, b) =>
      BigInt(a.HashKeyRange.StartingHashKey) < BigInt(b.HashKeyRange.StartingHashKey) ? -1 : 1,
    );
    const { StartingHashKey: start, EndingHashKey: end } = first!.HashKeyRange;
    const NewStartingHashKey = ((BigInt(start) + BigInt(end)) / 2n).toString();
    const change =
      second && this.random.chance(0.5)
        ? engine.mergeShards({
            StreamName: 'a',
            ShardToMerge: first!.ShardId,
            AdjacentShardToMerge: second.ShardId,
          })
        : engine.splitShard({ StreamName: 'a', ShardToSplit: first!.ShardId, NewStartingHashKey });
    await change.catch((error: unknown) => {
      if (!isKinesisError(error)) throw error;
    });
  }
}

/** What must hold of a folder that was cut off after `count` changes. */
async function checkAfter(
  answers: readonly Answer[],
  cut: { count: number; files: MemoryFiles; recordsAreSafe: boolean },
): Promise<void> {
  const clock = new TestClock();
  const test = await TestEngine.open({ limits: 'off' }, { files: cut.files, clock });
  const closed = await closedShards(test);
  await clock.advance(3000);
  const due = answers.filter(({ at }) => at <= cut.count).map(({ what }) => what);
  const names = (await test.engine.listStreams({})).StreamNames;
  const deleted = due.flatMap((what) => ('deleted' in what ? [what.deleted] : []));
  for (const name of deleted) expect(names).not.toContain(name);
  const isDeletedEver = new Set(
    answers.flatMap(({ what }) => ('deleted' in what ? [what.deleted] : [])),
  );
  for (const what of due) {
    if ('created' in what && !isDeletedEver.has(what.created))
      expect(names).toContain(what.created);
  }
  expect(test.engine.damaged()).toEqual([]);
  for (const name of names) await checkStream(test, { name, due, closed, ...cut });
  await test.engine.close();
}

/** Shards that the catalog says are closed, as `stream/shard`. */
async function closedShards({ engine }: TestEngine): Promise<Set<string>> {
  const closed = new Set<string>();
  for (const StreamName of (await engine.listStreams({})).StreamNames) {
    const { StreamDescription: stream } = await engine.describeStream({ StreamName });
    for (const { ShardId, SequenceNumberRange: range } of stream.Shards) {
      if (range.EndingSequenceNumber) closed.add(`${StreamName}/${ShardId}`);
    }
  }
  return closed;
}

async function checkStream(
  test: TestEngine,
  {
    name,
    due,
    closed,
    recordsAreSafe,
  }: {
    name: string;
    due: Answer['what'][];
    closed: ReadonlySet<string>;
    recordsAreSafe: boolean;
  },
): Promise<void> {
  const { StreamDescription: description } = await test.engine.describeStream({
    StreamName: name,
  });
  expect(description.StreamStatus).toBe('ACTIVE');
  const open = description.Shards.filter(
    ({ SequenceNumberRange: range }) => range.EndingSequenceNumber === undefined,
  );
  const width = open.reduce(
    (sum, { HashKeyRange: range }) =>
      sum + BigInt(range.EndingHashKey) - BigInt(range.StartingHashKey) + 1n,
    0n,
  );
  expect(width).toBe(2n ** 128n);
  const contents = await test.readAll(name);
  expect(contents.size).toBe(description.Shards.length);
  const records = [...contents.values()].flatMap((content) => content.records);
  const numbers = new Map(records.map(({ number, data }) => [number, data]));
  expect(numbers.size).toBe(records.length);
  const puts = due.flatMap((what) => ('put' in what && what.stream === name ? [what] : []));
  for (const { number, put, shard } of puts) {
    // A shard is closed only once all its records are on the disk, whatever the durability.
    const isSafe = recordsAreSafe || closed.has(`${name}/${shard}`);
    if (isSafe) expect(numbers.get(number)).toBe(put);
  }
  const next = await test.put(name, 'key', 'after the crash');
  for (const record of contents.get(next.ShardId)!.records) {
    expect(BigInt(record.number)).toBeLessThan(BigInt(next.SequenceNumber));
  }
}

describe.each([1, 2, 3])('the engine with seed %i', (seed) => {
  it('keeps what it answered when it is killed at any write, and finishes what it began', async () => {
    const random = seededRandom(seed);
    const workload = new Workload(random);
    await workload.run('written');
    const { files, answers } = workload;
    const puts = answers.filter(({ what }) => 'put' in what);
    expect(puts.length).toBeGreaterThan(20);
    for (let count = 1; count <= files.operations.length; count++) {
      const next = files.operations[count];
      const length = next?.kind === 'write' ? next.bytes.length : 0;
      const image = files.afterKill(count, random.integer(0, length));
      await checkAfter(answers, { count, files: image, recordsAreSafe: true });
    }
  }, 60_000);

  it('keeps what it answered when the power fails, records too when synced', async () => {
    for (const durability of ['synced', 'written'] as const) {
      const random = seededRandom(seed + 100);
      const workload = new Workload(random);
      await workload.run(durability);
      const { files, answers } = workload;
      for (let count = 1; count <= files.operations.length; count += 2) {
        const image = files.afterPowerCut(count, random);
        const recordsAreSafe = durability === 'synced';
        await checkAfter(answers, { count, files: image, recordsAreSafe });
      }
    }
  }, 60_000);
});
