// Retention: what has expired cannot be read, comes back never, and leaves the disk.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileStat, OpenFile } from '../../src/engine/log/files.ts';
import { parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { MemoryFiles, type Operation } from '../support/memoryFiles.ts';
import { TestClock } from '../support/testClock.ts';
import { bytesOf, dataOf, rejection, TestEngine } from './support/testEngine.ts';

const hourMs = 3_600_000;
const StreamName = 'orders';
const half = (2n ** 127n).toString();

async function opened(): Promise<TestEngine> {
  const test = await TestEngine.open();
  await test.stream(StreamName);
  return test;
}

const increase = (test: TestEngine, RetentionPeriodHours: number) =>
  test.engine.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours });
const decrease = (test: TestEngine, RetentionPeriodHours: number) =>
  test.engine.decreaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours });

const readable = async (test: TestEngine): Promise<string[]> =>
  dataOf(await test.read(StreamName, '0'));

/** Bytes of the stream's files. */
function diskBytes(test: TestEngine): number {
  const files = test.files as MemoryFiles;
  return files.paths
    .filter((path) => path.startsWith('streams/'))
    .reduce((sum, path) => sum + files.raw(path).length, 0);
}

describe('increaseStreamRetentionPeriod()', () => {
  it('keeps what would expire in the next millisecond, and the stream passes through UPDATING', async () => {
    const test = await opened();
    await test.put(StreamName, 'k', 'old');
    await test.clock.advance(24 * hourMs);
    expect(await readable(test)).toEqual(['old']);
    await increase(test, 25);
    const { StreamDescription: during } = await test.engine.describeStream({ StreamName });
    expect(during).toMatchObject({ StreamStatus: 'UPDATING', RetentionPeriodHours: 25 });
    const error = await rejection(increase(test, 26));
    expect(error.message).toBe(
      `Stream ${StreamName} under account 000000000000 not ACTIVE, instead in state UPDATING`,
    );
    await test.clock.advance(hourMs);
    const { StreamDescription: after } = await test.engine.describeStream({ StreamName });
    expect(after).toMatchObject({ StreamStatus: 'ACTIVE', RetentionPeriodHours: 25 });
    expect(await readable(test)).toEqual(['old']);
    await test.clock.advance(1);
    expect(await readable(test)).toEqual([]);
  });

  it('revives nothing that had expired, also before a sweep and after a restart', async () => {
    const test = await opened();
    await test.put(StreamName, 'k', 'old');
    await test.clock.advance(24 * hourMs + 1);
    await increase(test, 8760);
    expect(await readable(test)).toEqual([]);
    await test.reopenAfterKill();
    await test.settle();
    expect(await readable(test)).toEqual([]);
    await test.put(StreamName, 'k', 'new');
    await test.clock.advance(8759 * hourMs);
    expect(await readable(test)).toEqual(['new']);
  });
});

describe('decreaseStreamRetentionPeriod()', () => {
  it('hides what is older at once, and a later increase brings none of it back', async () => {
    const test = await opened();
    await increase(test, 48);
    await test.settle();
    await test.put(StreamName, 'k', 'old');
    await test.clock.advance(20 * hourMs);
    await test.put(StreamName, 'k', 'young');
    await test.clock.advance(10 * hourMs);
    expect(await readable(test)).toEqual(['old', 'young']);
    await decrease(test, 24);
    expect(await readable(test)).toEqual(['young']);
    await test.settle();
    await increase(test, 48);
    await test.settle();
    expect(await readable(test)).toEqual(['young']);
    await test.clock.advance(30 * hourMs);
    expect(await readable(test)).toEqual(['young']);
  });

  it('leaves an iterator that pointed at expired records to go on behind them', async () => {
    const test = await opened();
    await increase(test, 48);
    await test.settle();
    const old = await test.put(StreamName, 'k', 'old');
    await test.clock.advance(30 * hourMs);
    await test.put(StreamName, 'k', 'new');
    const from = { StreamName, ShardId: '0', ShardIteratorType: 'AT_SEQUENCE_NUMBER' } as const;
    const at = { ...from, StartingSequenceNumber: old.SequenceNumber };
    const before = await test.engine.getShardIterator(at);
    await decrease(test, 24);
    const after = await test.engine.getShardIterator(at);
    for (const { ShardIterator } of [before, after]) {
      const { Records } = await test.engine.getRecords({ ShardIterator: ShardIterator! });
      expect(Records.map(({ SequenceNumber }) => SequenceNumber)).not.toContain(old.SequenceNumber);
      expect(Records).toHaveLength(1);
    }
  });

  it('gives the disk back at the next sweep, all but what is still readable', async () => {
    const test = await opened();
    await increase(test, 72);
    const data = 'x'.repeat(10_000);
    for (let hour = 0; hour < 72; hour++) {
      for (let count = 0; count < 5; count++) await test.put(StreamName, 'k', data);
      await test.clock.advance(hourMs);
    }
    const full = diskBytes(test);
    expect(full).toBeGreaterThan(72 * 5 * 10_000);
    await decrease(test, 24);
    expect(await readable(test)).toHaveLength(24 * 5);
    await test.clock.advance(hourMs / 2);
    const left = diskBytes(test);
    // Segments are an hour long: one may hold records on both sides of the horizon, one is being written.
    expect(await readable(test)).toHaveLength(23 * 5);
    expect(left).toBeGreaterThan(23 * 5 * 10_000);
    expect(left).toBeLessThan(25 * 5 * 10_100);
    expect(test.engine.folderUse().bytes).toBeLessThan(left + 100_000);
    await test.clock.advance(26 * hourMs);
    expect(diskBytes(test)).toBeLessThan(10_000);
  });

  it('hides closed shards that are older, and drops them for good', async () => {
    const test = await opened();
    await increase(test, 48);
    await test.settle();
    await test.put(StreamName, 'k', 'old');
    await test.engine.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: half });
    await test.settle();
    await test.clock.advance(30 * hourMs);
    expect(await test.shards(StreamName)).toHaveLength(3);
    await decrease(test, 24);
    await test.settle();
    const idsOf = async () => (await test.shards(StreamName)).map(({ ShardId }) => ShardId);
    expect(await idsOf()).toEqual(['shardId-000000000001', 'shardId-000000000002']);
    const gone = await rejection(test.read(StreamName, '0'));
    expect(gone.message).toBe(
      `Shard shardId-000000000000 in stream ${StreamName} under account 000000000000 does not exist`,
    );
    await increase(test, 48);
    await test.settle();
    expect(await idsOf()).toEqual(['shardId-000000000001', 'shardId-000000000002']);
    const ShardFilter = { Type: 'AT_TRIM_HORIZON' as const };
    const { Shards } = await test.engine.listShards({ StreamName, ShardFilter });
    expect(Shards).toHaveLength(2);
  });
});

/** Files that know when they were written, and count how often a stream's are opened. */
class DatedFiles extends MemoryFiles {
  readonly clock = new TestClock();
  openedCount = 0;
  private readonly writtenMs = new Map<number, number>();

  protected override async change(operation: Operation): Promise<void> {
    if ('file' in operation) this.writtenMs.set(operation.file, this.clock.now());
    await super.change(operation);
  }

  override async stat(path: string): Promise<FileStat | undefined> {
    const stat = await super.stat(path);
    const mtimeMs = stat?.isFolder === false ? this.writtenMs.get(this.image.fileAt(path))! : 0;
    return stat && { ...stat, mtimeMs };
  }

  override open(path: string, mode: 'append' | 'read'): Promise<OpenFile> {
    if (path.startsWith('streams/')) this.openedCount += 1;
    return super.open(path, mode);
  }
}

describe('a sweep', () => {
  it('opens no stream that nobody uses before something in it can have expired', async () => {
    const files = new DatedFiles();
    const test = await TestEngine.open({ limits: 'off' }, { files, clock: files.clock });
    const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
    for (const name of names) await test.stream(name);
    for (const name of names) await test.put(name, 'k', 'x'.repeat(1000));
    await test.reopen();
    files.openedCount = 0;
    await test.clock.advance(23 * hourMs);
    expect(files.openedCount).toBe(0);
    expect(diskBytes(test)).toBeGreaterThan(20_000);
    await test.clock.advance(2 * hourMs);
    expect(files.openedCount).toBeGreaterThanOrEqual(20);
    expect(diskBytes(test)).toBeLessThan(10_000);
  });
});

describe('a closed shard', () => {
  it('is listed to the last millisecond of its retention; an older iterator still ends it', async () => {
    const test = await opened();
    await test.put(StreamName, 'k', 'old');
    await test.engine.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: half });
    await test.settle();
    const [closed] = await test.shards(StreamName);
    const ending = parseSequenceNumber(closed!.SequenceNumberRange.EndingSequenceNumber!)!;
    const endMs = (ending.seconds + 1) * 1000;
    await test.clock.advance(endMs + 24 * hourMs - 1 - test.clock.now());
    expect(await test.shards(StreamName)).toHaveLength(3);
    const horizon = { StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await test.engine.getShardIterator(horizon);
    await test.clock.advance(1);
    expect(await test.shards(StreamName)).toHaveLength(2);
    expect(await rejection(test.engine.getShardIterator(horizon))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000000 in stream ${StreamName} under account 000000000000 does not exist`,
    });
    await test.engine.removeExpired();
    const page = await test.engine.getRecords({ ShardIterator: ShardIterator! });
    expect(page.Records).toEqual([]);
    expect(page.ChildShards).toHaveLength(2);
    await test.clock.advance(hourMs);
    const split = { StreamName, ShardToSplit: '0', NewStartingHashKey: '99' };
    expect((await rejection(test.engine.splitShard(split))).message).toMatch(
      /^Could not find shard/,
    );
  });
});

describe('retention', () => {
  it('shows exactly what a model of it keeps, whatever period follows which', async () => {
    const step = fc.record({
      passMs: fc.integer({ min: 1, max: 20 * hourMs }),
      hours: fc.option(fc.integer({ min: 24, max: 96 })),
      sweep: fc.boolean(),
    });
    const steps = fc.array(step, { minLength: 5, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const test = await opened();
        let hours = 24;
        let kept: { data: string; timeMs: number }[] = [];
        for (const [index, { passMs, hours: wanted, sweep }] of all.entries()) {
          await test.clock.advance(passMs);
          if (sweep) await test.engine.removeExpired();
          const expire = () => {
            kept = kept.filter(({ timeMs }) => timeMs >= test.clock.now() - hours * hourMs);
          };
          expire();
          if (wanted !== null && wanted !== hours) {
            await (wanted > hours ? increase(test, wanted) : decrease(test, wanted));
            hours = wanted;
            expire();
            expect(await readable(test)).toEqual(kept.map(({ data }) => data));
            await test.settle();
            expire();
          }
          await test.put(StreamName, 'k', `${index}`);
          kept.push({ data: `${index}`, timeMs: test.clock.now() });
          expect(await readable(test)).toEqual(kept.map(({ data }) => data));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('does not touch a stream that is being written while it is swept', async () => {
    const test = await opened();
    const puts: Promise<unknown>[] = [];
    for (let hour = 0; hour < 50; hour++) {
      puts.push(test.put(StreamName, 'k', `${hour}`));
      const sweep = test.engine.removeExpired();
      puts.push(test.put(StreamName, 'k', `${hour} too`));
      await sweep;
      await test.clock.advance(hourMs);
    }
    await Promise.all(puts);
    const expected = Array.from({ length: 24 }, (_, at) => [`${26 + at}`, `${26 + at} too`]).flat();
    expect(await readable(test)).toEqual(expected);
    const Data = bytesOf('last');
    await test.engine.putRecord({ StreamName, PartitionKey: 'k', Data });
    expect((await readable(test)).at(-1)).toBe('last');
  });
});
