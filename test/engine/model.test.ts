// Random puts, reshardings, restarts and kills against a model: nothing is lost, nothing comes twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { bytesOf, TestEngine } from './support/testEngine.ts';

type Step =
  | { readonly do: 'put'; readonly key: number; readonly count: number }
  | { readonly do: 'split' | 'merge'; readonly pick: number; readonly at: number }
  | { readonly do: 'scale'; readonly target: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'restart'; readonly kill: boolean };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      key: fc.integer({ min: 0, max: 7 }),
      count: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('split' as const, 'merge' as const),
      pick: fc.nat(50),
      at: fc.integer({ min: 1, max: 99 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('scale' as const),
      target: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(60) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('restart' as const), kill: fc.boolean() }),
  },
);

interface Acknowledged {
  readonly key: string;
  readonly data: string;
  readonly shard: string;
  readonly number: string;
}

const StreamName = 'orders';

class Run {
  readonly test: TestEngine;
  readonly acknowledged: Acknowledged[] = [];
  private lastData = 0;

  constructor(test: TestEngine) {
    this.test = test;
  }

  async step(step: Step): Promise<void> {
    if (step.do === 'put') await this.put(step);
    else if (step.do === 'pass') await this.test.clock.advance(step.ms);
    else if (step.do === 'restart') await this.restart(step.kill);
    else await this.reshard(step);
  }

  private restart(kill: boolean): Promise<void> {
    return kill ? this.test.reopenAfterKill() : this.test.reopen();
  }

  /** Half of the records by PutRecords, half by PutRecord, all without waiting for each other. */
  private async put({ key, count }: Extract<Step, { do: 'put' }>): Promise<void> {
    const PartitionKey = `key ${key}`;
    const datas = Array.from({ length: count }, () => `${this.lastData++}`);
    const batch = datas.splice(0, Math.ceil(count / 2));
    const Records = batch.map((data) => ({ PartitionKey, Data: bytesOf(data) }));
    const many = this.test.engine.putRecords({ StreamName, Records });
    const single = datas.map((data) => this.test.put(StreamName, PartitionKey, data));
    const answers = [...(await many).Records, ...(await Promise.all(single))];
    [...batch, ...datas].forEach((data, index) => {
      const { ShardId: shard, SequenceNumber: number } = answers[index]!;
      this.acknowledged.push({ key: PartitionKey, data, shard: shard!, number: number! });
    });
  }

  /** What the stream's state forbids is refused; that is fine here. */
  private async reshard(step: Extract<Step, { do: 'split' | 'merge' | 'scale' }>): Promise<void> {
    const { engine } = this.test;
    const open = (await this.test.shards(StreamName)).filter(isOpen).sort(byRange);
    const allowed = (error: Error): void => {
      const names = [
        'ResourceInUseException',
        'InvalidArgumentException',
        'LimitExceededException',
      ];
      expect(names).toContain(error.name);
    };
    if (step.do === 'scale') {
      const ScalingType = 'UNIFORM_SCALING' as const;
      const input = { StreamName, TargetShardCount: step.target, ScalingType };
      await engine.updateShardCount(input).catch(allowed);
      return;
    }
    const shard = open[step.pick % open.length]!;
    const next = open[(step.pick + 1) % open.length]!;
    if (step.do === 'merge') {
      const pair = { ShardToMerge: shard.ShardId, AdjacentShardToMerge: next.ShardId };
      await engine.mergeShards({ StreamName, ...pair }).catch(allowed);
      return;
    }
    const start = BigInt(shard.HashKeyRange.StartingHashKey);
    const width = BigInt(shard.HashKeyRange.EndingHashKey) - start;
    const NewStartingHashKey = (start + (width * BigInt(step.at)) / 100n).toString();
    const split = { ShardToSplit: shard.ShardId, NewStartingHashKey };
    await engine.splitShard({ StreamName, ...split }).catch(allowed);
  }

  async check(): Promise<void> {
    await this.test.clock.advance(2000);
    const { StreamDescriptionSummary: summary } = await this.test.engine.describeStreamSummary({
      StreamName,
    });
    expect(summary.StreamStatus).toBe('ACTIVE');
    const contents = await this.test.readAll(StreamName);
    const shards = await this.test.shards(StreamName);
    expect([...contents.keys()].sort()).toEqual(shards.map(({ ShardId }) => ShardId));
    this.checkShards(contents);
    const inOrder = [...contents.values()].flatMap(({ records }) => records);
    for (const key of new Set(this.acknowledged.map((record) => record.key))) {
      const put = this.acknowledged.filter((record) => record.key === key);
      const read = inOrder.filter((record) => record.key === key);
      expect(read.map(({ data }) => data)).toEqual(put.map(({ data }) => data));
    }
    expect(inOrder).toHaveLength(this.acknowledged.length);
  }

  /** Each record is where its answer said, by its number, in rising order. */
  private checkShards(contents: Awaited<ReturnType<TestEngine['readAll']>>): void {
    for (const [ShardId, { records }] of contents) {
      const expected = this.acknowledged
        .filter(({ shard }) => shard === ShardId)
        .map(({ number, data }) => ({ number, data }));
      expect(records.map(({ number, data }) => ({ number, data }))).toEqual(expected);
      const numbers = records.map(({ number }) => BigInt(number));
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => (a < b ? -1 : 1)));
    }
  }
}

const isOpen = ({ SequenceNumberRange: range }: Shard): boolean =>
  range.EndingSequenceNumber === undefined;
const byRange = (a: Shard, b: Shard): number =>
  BigInt(a.HashKeyRange.StartingHashKey) < BigInt(b.HashKeyRange.StartingHashKey) ? -1 : 1;

describe('Engine', () => {
  it('gives back every record once, in its shard and order, whatever happens to the stream', async () => {
    const steps = fc.array(anyStep, { minLength: 5, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), steps, async (shards, all) => {
        const test = await TestEngine.open({ limits: 'off' });
        await test.stream(StreamName, shards);
        const run = new Run(test);
        for (const step of all) await run.step(step);
        await run.check();
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
