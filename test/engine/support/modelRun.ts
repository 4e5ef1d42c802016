/** Carries out the steps of a property test on an engine and on the model, and compares whatever is read. */
import { expect } from 'vitest';
import { isKinesisError } from '../../../src/kinesis/errors.ts';
import type { KinesisRecord, Shard } from '../../../src/kinesis/shapes.ts';
import { RETENTION_MS, type Start, StreamModel } from './streamModel.ts';
import { bytesOf, type TestEngine, textOf } from './testEngine.ts';

export type Step =
  | {
      readonly do: 'put';
      readonly key: number;
      readonly count: number;
      readonly size: 'small' | 'large';
    }
  | { readonly do: 'split' | 'merge'; readonly pick: number; readonly at: number }
  | { readonly do: 'scale'; readonly target: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'expire'; readonly hours: number; readonly sweeps: boolean }
  | { readonly do: 'restart'; readonly kill: boolean }
  | {
      readonly do: 'read';
      readonly pick: number;
      readonly start: Start['type'];
      /** Which record or time, as a share of those there are. */
      readonly at: number;
      readonly limit: number;
      /** Whether the iterator is kept, to be read again later. */
      readonly keep: boolean;
    }
  | { readonly do: 'readKept'; readonly pick: number; readonly limit: number };

const StreamName = 'orders';
/** Exempt from limits, as the extension's own calls. */
const own = { own: true };
const iteratorLifeMs = 300_000;
const keptMax = 8;

/** Where a record went; empty for one that was refused. */
interface Place {
  readonly ShardId?: string | undefined;
  readonly SequenceNumber?: string | undefined;
}

interface Kept {
  readonly iterator: string;
  readonly shard: string;
  readonly position: number;
  readonly madeMs: number;
}

export class ModelRun {
  private readonly test: TestEngine;
  private readonly limits: 'aws' | 'warn' | 'off';
  private readonly model = new StreamModel();
  private readonly kept: Kept[] = [];
  private readonly shardIds = new Set<string>();
  private lastData = 0;

  constructor(test: TestEngine, limits: 'aws' | 'warn' | 'off') {
    this.test = test;
    this.limits = limits;
  }

  async step(step: Step): Promise<void> {
    switch (step.do) {
      case 'put':
        return this.put(step);
      case 'pass':
        return this.test.clock.advance(step.ms);
      case 'expire':
        return this.expire(step);
      case 'restart':
        return step.kill ? this.test.reopenAfterKill() : this.test.reopen();
      case 'read':
        return this.read(step);
      case 'readKept':
        return this.readKept(step);
      default:
        return this.reshard(step);
    }
  }

  /** Everything that has not expired is there, once, in order, in its shard; the stream is whole. */
  async check(): Promise<void> {
    await this.test.clock.advance(2000);
    const { StreamDescriptionSummary: summary } = await this.test.engine.describeStreamSummary(
      { StreamName },
      own,
    );
    expect(summary.StreamStatus).toBe('ACTIVE');
    const inOrder: KinesisRecord[] = [];
    for (const shard of await this.shards()) {
      inOrder.push(...(await this.readFrom(shard, { start: { type: 'TRIM_HORIZON' }, limit: 50 })));
    }
    const keys = new Map<string, string[]>();
    for (const { key, data, timeMs } of this.model.acknowledged) {
      if (timeMs < this.nowMs - RETENTION_MS) continue;
      keys.set(key, [...(keys.get(key) ?? []), data]);
    }
    for (const [key, datas] of keys) {
      const read = inOrder.filter((record) => record.PartitionKey === key);
      expect(read.map(({ Data }) => textOf(Data))).toEqual(datas);
    }
  }

  private get nowMs(): number {
    return this.test.clock.now();
  }

  /** Half of the records by PutRecords, half by PutRecord, all without waiting for each other. */
  private async put({ key, count, size }: Extract<Step, { do: 'put' }>): Promise<void> {
    const PartitionKey = `key ${key}`;
    const records = Array.from({ length: count }, () => {
      const text = `${this.lastData++}`;
      return { PartitionKey, Data: bytesOf(size === 'large' ? text.padEnd(600_000) : text) };
    });
    const batch = records.slice(0, Math.ceil(count / 2));
    const single = records.slice(batch.length);
    const many = this.test.engine.putRecords({ StreamName, Records: batch });
    const ones = single.map((record) =>
      this.test.engine.putRecord({ StreamName, ...record }).catch((error: unknown) => {
        this.allowThrottling(error);
        return undefined;
      }),
    );
    const answers = [...(await many).Records, ...(await Promise.all(ones))];
    records.forEach(({ Data }, index) => {
      const answer = answers[index];
      if (answer && 'ErrorCode' in answer) expect(this.limits).toBe('aws');
      const { ShardId, SequenceNumber: number }: Place = answer ?? {};
      if (!ShardId || !number) return;
      this.model.add(ShardId, {
        key: PartitionKey,
        data: textOf(Data),
        number,
        timeMs: this.nowMs,
      });
    });
  }

  private allowThrottling(error: unknown): void {
    const isThrottled = isKinesisError(error, 'ProvisionedThroughputExceededException');
    if (!isThrottled || this.limits !== 'aws') throw error;
  }

  private async expire({ hours, sweeps }: Extract<Step, { do: 'expire' }>): Promise<void> {
    await this.test.clock.jump(hours * 3_600_000);
    if (sweeps) await this.test.engine.removeExpired();
  }

  private async shards(): Promise<Shard[]> {
    const shards = (await this.test.engine.listShards({ StreamName }, own)).Shards ?? [];
    this.checkShape(shards);
    return shards;
  }

  /** Open shards cover all hash keys once; ids are in order and new ones lie above all old ones. */
  private checkShape(shards: readonly Shard[]): void {
    const ranges = shards.filter(isOpen).sort(byRange);
    let next = 0n;
    for (const { HashKeyRange: range } of ranges) {
      expect(BigInt(range.StartingHashKey)).toBe(next);
      next = BigInt(range.EndingHashKey) + 1n;
    }
    expect(next).toBe(2n ** 128n);
    const ids = shards.map(({ ShardId }) => ShardId);
    expect(ids).toEqual([...ids].sort());
    const highest = [...this.shardIds].at(-1) ?? '';
    for (const id of ids.filter((known) => !this.shardIds.has(known))) {
      expect(id > highest).toBe(true);
      this.shardIds.add(id);
    }
  }

  private async read(step: Extract<Step, { do: 'read' }>): Promise<void> {
    const shards = await this.shards();
    const shard = shards[step.pick % shards.length]!;
    const start = this.startOf(shard, step);
    await this.readFrom(shard, { start, limit: step.limit });
    if (step.keep) await this.keep(shard, start);
  }

  /** A type that needs a record falls back to a time when there is none. */
  private startOf({ ShardId }: Shard, { start: type, at }: Extract<Step, { do: 'read' }>): Start {
    const records = this.model.recordsOf(ShardId);
    const { number } = records[Math.floor(at * records.length)] ?? {};
    switch (type) {
      case 'AT_SEQUENCE_NUMBER':
      case 'AFTER_SEQUENCE_NUMBER':
        if (number !== undefined) return { type, number };
        return { type: 'AT_TIMESTAMP', timeMs: this.nowMs };
      case 'AT_TIMESTAMP':
        return { type, timeMs: this.nowMs - Math.floor(at * 1.1 * RETENTION_MS) };
      default:
        return { type };
    }
  }

  private async iteratorAt(ShardId: string, start: Start): Promise<string> {
    const { ShardIterator } = await this.test.engine.getShardIterator(
      {
        StreamName,
        ShardId,
        ShardIteratorType: start.type,
        ...('number' in start && { StartingSequenceNumber: start.number }),
        ...('timeMs' in start && { Timestamp: new Date(start.timeMs) }),
      },
      own,
    );
    return ShardIterator!;
  }

  private async readFrom(
    { ShardId }: Shard,
    { start, limit }: { start: Start; limit: number },
  ): Promise<KinesisRecord[]> {
    const iterator = await this.iteratorAt(ShardId, start);
    const position = this.model.from(ShardId, start);
    return this.readOn({ iterator, shard: ShardId, position }, limit);
  }

  /** Reads to the tip or the end, page by page, and compares with the model. */
  private async readOn(
    { iterator, shard, position }: Pick<Kept, 'iterator' | 'shard' | 'position'>,
    limit: number,
  ): Promise<KinesisRecord[]> {
    const wanted = this.model.readable(shard, { position, nowMs: this.nowMs });
    const records: KinesisRecord[] = [];
    let isBehind = true;
    for (let next: string | undefined = iterator; next !== undefined && isBehind; ) {
      const page = await this.test.engine.getRecords({ ShardIterator: next, Limit: limit }, own);
      expect(page.Records.length).toBeLessThanOrEqual(limit);
      records.push(...page.Records);
      isBehind = (page.MillisBehindLatest ?? 0) > 0;
      expect(isBehind).toBe(records.length < wanted.length);
      await this.checkEnd(shard, page);
      next = page.NextShardIterator;
    }
    expect(records.map(summaryOf)).toEqual(
      wanted.map(({ number, data }) => `${number} ${data.trim()}`),
    );
    return records;
  }

  /** No next iterator and children come together, and only at the end of a closed shard. */
  private async checkEnd(
    shard: string,
    page: Awaited<ReturnType<TestEngine['engine']['getRecords']>>,
  ): Promise<void> {
    const hasEnded = page.NextShardIterator === undefined;
    expect(page.ChildShards !== undefined).toBe(hasEnded);
    if (!hasEnded && (page.MillisBehindLatest ?? 0) > 0) return;
    const listed = (await this.shards()).find(({ ShardId }) => ShardId === shard);
    if (listed) expect(hasEnded).toBe(!isOpen(listed));
    if (!hasEnded) return;
    expect(page.ChildShards!.length).toBeGreaterThan(0);
    for (const child of page.ChildShards!) expect(child.ParentShards).toContain(shard);
  }

  private async keep({ ShardId: shard }: Shard, start: Start): Promise<void> {
    if (this.kept.length >= keptMax) this.kept.shift();
    const iterator = await this.iteratorAt(shard, start);
    const position = this.model.from(shard, start);
    this.kept.push({ iterator, shard, position, madeMs: this.nowMs });
  }

  /** An iterator reads the same place again, until it is five minutes old. */
  private async readKept({ pick, limit }: Extract<Step, { do: 'readKept' }>): Promise<void> {
    const kept = this.kept[pick % Math.max(1, this.kept.length)];
    if (!kept) return;
    if (this.nowMs - kept.madeMs <= iteratorLifeMs) {
      await this.readOn(kept, limit);
      return;
    }
    const reading = this.test.engine.getRecords({ ShardIterator: kept.iterator }, own);
    await expect(reading).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
  }

  /** What the stream's state or a limit forbids is refused; that is fine here. */
  private async reshard(step: Extract<Step, { do: 'split' | 'merge' | 'scale' }>): Promise<void> {
    const open = (await this.shards()).filter(isOpen).sort(byRange);
    await this.asked(step, open).catch((error: unknown) => {
      const isFine = allowed.some((name) => isKinesisError(error, name));
      if (!isFine) throw error;
    });
  }

  private asked(
    step: Extract<Step, { do: 'split' | 'merge' | 'scale' }>,
    open: readonly Shard[],
  ): Promise<unknown> {
    const { engine } = this.test;
    if (step.do === 'scale') {
      const ScalingType = 'UNIFORM_SCALING' as const;
      return engine.updateShardCount({ StreamName, TargetShardCount: step.target, ScalingType });
    }
    const shard = open[step.pick % open.length]!;
    const next = open[(step.pick + 1) % open.length]!;
    if (step.do === 'merge') {
      const pair = { ShardToMerge: shard.ShardId, AdjacentShardToMerge: next.ShardId };
      return engine.mergeShards({ StreamName, ...pair });
    }
    const start = BigInt(shard.HashKeyRange.StartingHashKey);
    const width = BigInt(shard.HashKeyRange.EndingHashKey) - start;
    const NewStartingHashKey = (start + (width * BigInt(step.at)) / 100n).toString();
    return engine.splitShard({ StreamName, ShardToSplit: shard.ShardId, NewStartingHashKey });
  }
}

const allowed = [
  'ResourceInUseException',
  'InvalidArgumentException',
  'LimitExceededException',
] as const;

const summaryOf = ({ SequenceNumber, Data }: KinesisRecord): string =>
  `${SequenceNumber} ${textOf(Data).trim()}`;

const isOpen = ({ SequenceNumberRange: range }: Shard): boolean =>
  range.EndingSequenceNumber === undefined;

const byRange = (a: Shard, b: Shard): number =>
  BigInt(a.HashKeyRange.StartingHashKey) < BigInt(b.HashKeyRange.StartingHashKey) ? -1 : 1;
