// Shards over a stream's life: at any time they cover the hash space once, and each knows where it came from.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalingPolicies } from '../../src/engine/scalingPlan.ts';
import type { ShardFilter } from '../../src/kinesis/operations/listShards.ts';
import { parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { rejection, TestEngine } from './support/testEngine.ts';

const StreamName = 'orders';
const hourMs = 3_600_000;

const anyStep = fc.record({
  action: fc.constantFrom('split', 'merge', 'scale', 'scale', 'pass', 'pass', 'retain', 'reopen'),
  pick: fc.nat(50),
  target: fc.integer({ min: 1, max: 9 }),
  passMs: fc.oneof(fc.nat(3000), fc.nat(20 * hourMs)),
  hours: fc.integer({ min: 24, max: 72 }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const startOf = ({ HashKeyRange: range }: Shard): bigint => BigInt(range.StartingHashKey);
const endOf = ({ HashKeyRange: range }: Shard): bigint => BigInt(range.EndingHashKey);
const isOpen = ({ SequenceNumberRange: range }: Shard): boolean =>
  range.EndingSequenceNumber === undefined;
const byRange = (a: Shard, b: Shard): number => (startOf(a) < startOf(b) ? -1 : 1);

async function listed(test: TestEngine, filter?: ShardFilter): Promise<Shard[]> {
  const { Shards } = await test.engine.listShards({ StreamName, ShardFilter: filter });
  return Shards!;
}

/** What a step asks for; the plain attempt may be refused, as by AWS. */
async function take(test: TestEngine, step: Step): Promise<void> {
  const { engine, clock } = test;
  const open = (await listed(test, { Type: 'AT_LATEST' })).sort(byRange);
  const shard = open[step.pick % open.length]!;
  const next = open[(step.pick % open.length) + 1];
  if (step.action === 'pass') await clock.advance(step.passMs);
  if (step.action === 'reopen') await test.reopen();
  if (step.action === 'split') {
    const NewStartingHashKey = String((startOf(shard) + endOf(shard)) / 2n);
    await engine.splitShard({ StreamName, ShardToSplit: shard.ShardId, NewStartingHashKey });
  }
  if (step.action === 'merge' && next) {
    const pair = { ShardToMerge: shard.ShardId, AdjacentShardToMerge: next.ShardId };
    await engine.mergeShards({ StreamName, ...pair });
  }
  if (step.action === 'scale') {
    const scaling = { TargetShardCount: step.target, ScalingType: 'UNIFORM_SCALING' as const };
    await engine.updateShardCount({ StreamName, ...scaling });
  }
  if (step.action === 'retain') await retain(test, step.hours);
  await test.settle();
}

async function retain({ engine }: TestEngine, RetentionPeriodHours: number): Promise<void> {
  const { StreamDescriptionSummary: summary } = await engine.describeStreamSummary({ StreamName });
  const input = { StreamName, RetentionPeriodHours };
  if (RetentionPeriodHours >= summary.RetentionPeriodHours) {
    await engine.increaseStreamRetentionPeriod(input);
  } else await engine.decreaseStreamRetentionPeriod(input);
}

/** The shards cover every hash key once. */
function checkCover(shards: Shard[]): void {
  let next = 0n;
  for (const shard of [...shards].sort(byRange)) {
    expect(startOf(shard)).toBe(next);
    next = endOf(shard) + 1n;
  }
  expect(next).toBe(2n ** 128n);
}

/** Every listed parent is closed, lies around its child, and ended one second before it. */
function checkLineage(all: readonly Shard[]): void {
  const known = new Map(all.map((shard) => [shard.ShardId, shard]));
  expect([...known.keys()]).toEqual([...known.keys()].sort());
  for (const shard of all) {
    const created = parseSequenceNumber(shard.SequenceNumberRange.StartingSequenceNumber)!;
    for (const id of [shard.ParentShardId, shard.AdjacentParentShardId]) {
      const parent = id === undefined ? undefined : known.get(id);
      if (!parent) continue;
      expect(parent.ShardId < shard.ShardId).toBe(true);
      const ended = parseSequenceNumber(parent.SequenceNumberRange.EndingSequenceNumber!)!;
      expect(created.shardCreatedSeconds).toBe(ended.seconds + 1);
      const isWithin = startOf(parent) <= startOf(shard) && endOf(shard) <= endOf(parent);
      const isAround = startOf(shard) <= startOf(parent) && endOf(parent) <= endOf(shard);
      expect(shard.AdjacentParentShardId === undefined ? isWithin : isAround).toBe(true);
    }
  }
}

describe('the shards of a stream', () => {
  it.each(scalingPolicies)(
    'cover the hash space at any time, with a whole lineage, by %s',
    async (policy) => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
          const test = await TestEngine.open({ scalingPolicy: policy, limits: 'off' });
          await test.stream(StreamName, 2);
          const born = test.clock.now();
          const seen = new Map<string, string>();
          for (const step of steps) {
            await take(test, step);
            const all = await listed(test);
            checkLineage(all);
            checkCover(all.filter(isOpen));
            checkCover(await listed(test, { Type: 'AT_LATEST' }));
            checkCover(await listed(test, { Type: 'AT_TRIM_HORIZON' }));
            const lifeMs = test.clock.now() + 20_000 - born;
            for (let part = -1; part <= 12; part++) {
              const Timestamp = new Date(born + Math.floor((lifeMs * part) / 12));
              checkCover(await listed(test, { Type: 'AT_TIMESTAMP', Timestamp }));
            }
            for (const shard of all) {
              const { StartingSequenceNumber: number } = shard.SequenceNumberRange;
              expect(seen.get(shard.ShardId) ?? number).toBe(number);
              seen.set(shard.ShardId, number);
            }
          }
        }),
        { numRuns: 40 },
      );
    },
  );
});

describe('a stream of 1,001 shards', () => {
  it('is listed a thousand shards at a time and described a hundred at a time, whatever is asked', async () => {
    const test = await TestEngine.open({ limits: 'off' });
    await test.stream(StreamName, 1001);
    const { engine } = test;
    for (const MaxResults of [undefined, 10_000]) {
      const first = await engine.listShards({ StreamName, MaxResults });
      expect(first.Shards).toHaveLength(1000);
      const { Shards, NextToken } = await engine.listShards({ NextToken: first.NextToken });
      expect(Shards!.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000001000']);
      expect(NextToken).toBeUndefined();
    }
    for (const Limit of [undefined, 10_000]) {
      const { StreamDescription: description } = await engine.describeStream({ StreamName, Limit });
      expect(description.Shards).toHaveLength(100);
      expect(description.HasMoreShards).toBe(true);
    }
  });

  it('whose token is older than five minutes has to be listed anew', async () => {
    const test = await TestEngine.open();
    await test.stream(StreamName, 2);
    const { NextToken } = await test.engine.listShards({ StreamName, MaxResults: 1 });
    await test.clock.advance(300_000);
    expect((await test.engine.listShards({ NextToken })).Shards).toHaveLength(1);
    await test.clock.advance(1);
    const error = await rejection(test.engine.listShards({ NextToken }));
    expect(error.name).toBe('ExpiredNextTokenException');
  });
});
