// Many calls of every operation at once through one AWS client, each answer checked against a model.
import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  type KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
  UpdateStreamWarmThroughputCommand,
} from '@aws-sdk/client-kinesis';
import { hashKeyMax } from '../../../src/kinesis/hashKey.ts';
import { type SeededRandom, seededRandom } from '../../support/seededRandom.ts';
import { bytesOf, type ReadRecord, StreamModel } from './mixModel.ts';
import { changeSettings, type SettingsParts, spreadRecords } from './sdkMixSettings.ts';

export interface MixReport {
  /** Calls answered, by operation. */
  readonly counts: Readonly<Record<string, number>>;
  readonly callCount: number;
  readonly recordCount: number;
  readonly sentBytes: number;
  /** What was not as the model says; empty for a good run. */
  readonly complaints: readonly string[];
}

export interface MixOptions {
  readonly callsMin: number;
  readonly inFlight: number;
  readonly seed: number;
}

/** Runs the mix on two shared streams, and on one of its own for each of four lanes that reshard. */
export async function runMix(client: KinesisClient, options: MixOptions): Promise<MixReport> {
  const mix = new Mix(client, options);
  return mix.run();
}

const KIB = 1024;
const sharedStreams = [
  ['mix-wide', 4],
  ['mix-narrow', 1],
] as const;
const reshardingLanes = 4;

class Mix {
  private readonly client: KinesisClient;
  private readonly options: MixOptions;
  private readonly models: StreamModel[] = [];
  private readonly counts: Record<string, number> = {};
  private readonly complaints: string[] = [];
  private callCount = 0;
  private sentBytes = 0;
  private nextId = 0;

  constructor(client: KinesisClient, options: MixOptions) {
    this.client = client;
    this.options = options;
  }

  async run(): Promise<MixReport> {
    for (const [name, shards] of sharedStreams) await this.makeShared(name, shards);
    const lanes = Array.from({ length: this.options.inFlight }, (_, lane) => this.lane(lane));
    await Promise.all(lanes);
    let recordCount = 0;
    for (const model of this.models) {
      this.complaints.push(...model.everything(await this.readAll(model)));
      recordCount += model.recordCount;
    }
    const { counts, callCount, sentBytes, complaints } = this;
    return { counts, callCount, recordCount, sentBytes, complaints };
  }

  private async lane(lane: number): Promise<void> {
    const random = seededRandom(this.options.seed * 1000 + lane);
    while (this.callCount < this.options.callsMin) {
      if (lane < reshardingLanes) await this.reshardOnce(`own-${lane}`, random);
      else await random.pick(this.calls)(random);
    }
  }

  /** Counts a call; its rejection is a complaint of the whole run. */
  private async call<T>(operation: string, answer: Promise<T>): Promise<T> {
    this.callCount++;
    this.counts[operation] = (this.counts[operation] ?? 0) + 1;
    return answer;
  }

  private check(isRight: boolean, complaint: string): void {
    if (!isRight) this.complaints.push(complaint);
  }

  private readonly calls: ((random: SeededRandom) => Promise<void>)[] = [
    ...Array.from({ length: 8 }, () => (random: SeededRandom) => this.putRecord(random)),
    ...Array.from({ length: 3 }, () => (random: SeededRandom) => this.putRecords(random)),
    ...Array.from({ length: 3 }, () => (random: SeededRandom) => this.getRecords(random)),
    (random) => this.listShards(random),
    (random) => this.describe(random),
    (random) => this.summary(random),
    () => this.listStreams(),
    () => this.describeLimits(),
    () => this.missingStream(),
    () => this.badInput(),
  ];

  /** Mostly small; one in two hundred up to 1 MiB with its key. */
  private sizeOf(random: SeededRandom): number {
    if (random.chance(0.005)) return random.integer(100 * KIB, 1024 * KIB - 64);
    return random.chance(0.1) ? random.integer(1, 10 * KIB) : random.integer(1, 200);
  }

  private newRecord(model: StreamModel, random: SeededRandom) {
    const id = `id-${this.nextId++}`;
    const size = this.sizeOf(random);
    model.sent(id, size);
    this.sentBytes += size;
    return { PartitionKey: id, Data: bytesOf(id, size) };
  }

  private async putRecord(random: SeededRandom): Promise<void> {
    const model = random.pick(this.models);
    const record = this.newRecord(model, random);
    const answer = await this.call(
      'PutRecord',
      this.client.send(new PutRecordCommand({ StreamName: model.name, ...record })),
    );
    this.complaints.push(...model.put(record.PartitionKey, answer));
  }

  private async putRecords(random: SeededRandom): Promise<void> {
    const model = random.pick(this.models);
    const count = random.integer(1, 20);
    const records = Array.from({ length: count }, () => this.newRecord(model, random));
    const answer = await this.call(
      'PutRecords',
      this.client.send(new PutRecordsCommand({ StreamName: model.name, Records: records })),
    );
    this.check(answer.FailedRecordCount === 0, 'a record of PutRecords failed');
    this.check(answer.Records?.length === count, 'PutRecords answered another count');
    records.forEach(({ PartitionKey }, index) => {
      this.complaints.push(...model.put(PartitionKey, answer.Records?.[index] ?? {}));
    });
  }

  private async getRecords(random: SeededRandom): Promise<void> {
    const model = random.pick(this.models);
    const shard = random.pick(model.shards);
    const { ShardIterator } = await this.call(
      'GetShardIterator',
      this.client.send(
        new GetShardIteratorCommand({
          StreamName: model.name,
          ShardId: shard.id,
          ShardIteratorType: 'TRIM_HORIZON',
        }),
      ),
    );
    const Limit = random.integer(1, 30);
    const page = await this.call(
      'GetRecords',
      this.client.send(new GetRecordsCommand({ ShardIterator, Limit })),
    );
    this.check((page.Records?.length ?? 99) <= Limit, 'a page is longer than its limit');
    this.check(typeof page.NextShardIterator === 'string', 'an open shard has no next iterator');
    this.complaints.push(...model.page(shard.id, page.Records ?? []));
  }

  private async listShards(random: SeededRandom): Promise<void> {
    const model = random.pick(this.models);
    const { Shards } = await this.call(
      'ListShards',
      this.client.send(new ListShardsCommand({ StreamName: model.name })),
    );
    const ids = Shards?.map((shard) => shard.ShardId);
    this.check(String(ids) === String(model.shards.map((shard) => shard.id)), `shards: ${ids}`);
  }

  private async describe(random: SeededRandom): Promise<void> {
    const model = random.pick(this.models);
    const { StreamDescription } = await this.call(
      'DescribeStream',
      this.client.send(new DescribeStreamCommand({ StreamName: model.name })),
    );
    const count = StreamDescription?.Shards?.length;
    this.check(count === model.shards.length, `DescribeStream lists ${count} shards`);
    this.check(StreamDescription?.StreamCreationTimestamp instanceof Date, 'no creation time');
  }

  private async summary(random: SeededRandom): Promise<void> {
    const model = random.pick(this.models);
    const { StreamDescriptionSummary: summary } = await this.call(
      'DescribeStreamSummary',
      this.client.send(new DescribeStreamSummaryCommand({ StreamName: model.name })),
    );
    this.check(summary?.OpenShardCount === model.shards.length, 'a summary counts other shards');
    this.check(summary?.StreamStatus === 'ACTIVE', 'a shared stream is not ACTIVE');
  }

  private async listStreams(): Promise<void> {
    const { StreamNames } = await this.call(
      'ListStreams',
      this.client.send(new ListStreamsCommand({})),
    );
    for (const [name] of sharedStreams) {
      this.check(StreamNames?.includes(name) === true, `ListStreams lacks ${name}`);
    }
  }

  private async describeLimits(): Promise<void> {
    const limits = await this.call(
      'DescribeLimits',
      this.client.send(new DescribeLimitsCommand({})),
    );
    const shared = sharedStreams.reduce((sum, [, shards]) => sum + shards, 0);
    this.check((limits.OpenShardCount ?? 0) >= shared, `${limits.OpenShardCount} open shards`);
  }

  private async missingStream(): Promise<void> {
    const put = new PutRecordCommand({
      StreamName: 'nowhere',
      PartitionKey: 'k',
      Data: Buffer.from('x'),
    });
    await this.refused(this.call('PutRecord', this.client.send(put)), {
      name: 'ResourceNotFoundException',
      message: 'Stream nowhere under account 000000000000 not found.',
    });
  }

  private async badInput(): Promise<void> {
    const Data = Buffer.from('x');
    const put = new PutRecordCommand({
      StreamName: 'mix-wide',
      PartitionKey: 'k'.repeat(257),
      Data,
    });
    await this.refused(this.call('PutRecord', this.client.send(put)), {
      name: 'ValidationException',
      message:
        `1 validation error detected: Value '${'k'.repeat(257)}' at 'partitionKey' failed to ` +
        'satisfy constraint: Member must have length less than or equal to 256',
    });
  }

  private async refused(
    answer: Promise<unknown>,
    wanted: { name: string; message: string },
  ): Promise<void> {
    const error = await answer.then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    const isRight = error?.name === wanted.name && error.message === wanted.message;
    this.check(isRight, `${wanted.name} expected, got ${error?.name}: ${error?.message}`);
  }

  /** A stream's life: made, split, merged, scaled, deleted; its shape is looked at after each step. */
  private async reshardOnce(StreamName: string, random: SeededRandom): Promise<void> {
    const send = this.client;
    await this.call(
      'CreateStream',
      send.send(new CreateStreamCommand({ StreamName, ShardCount: 2 })),
    );
    await this.expectShards(StreamName, 2);
    const [first, second] = await this.openShards(StreamName);
    const NewStartingHashKey = String(hashKeyMax / 4n);
    const split = { StreamName, ShardToSplit: first, NewStartingHashKey };
    await this.call('SplitShard', send.send(new SplitShardCommand(split)));
    await this.expectShards(StreamName, 3);
    const [, right] = await this.openShards(StreamName);
    const merge = { StreamName, ShardToMerge: right, AdjacentShardToMerge: second };
    await this.call('MergeShards', send.send(new MergeShardsCommand(merge)));
    await this.expectShards(StreamName, 2);
    const target = random.pick([1, 4]);
    const scale = {
      StreamName,
      TargetShardCount: target,
      ScalingType: 'UNIFORM_SCALING',
    } as const;
    const scaled = await this.call(
      'UpdateShardCount',
      send.send(new UpdateShardCountCommand(scale)),
    );
    this.check(scaled.CurrentShardCount === 2, `CurrentShardCount ${scaled.CurrentShardCount}`);
    this.check(scaled.TargetShardCount === target, `TargetShardCount ${scaled.TargetShardCount}`);
    await this.expectShards(StreamName, target);
    await this.changeRetention(StreamName, target);
    await changeSettings(this.settings(), StreamName);
    await this.changeMode(StreamName, target);
    await this.call('DeleteStream', send.send(new DeleteStreamCommand({ StreamName })));
    await this.gone(StreamName);
  }

  private settings(): SettingsParts {
    return {
      client: this.client,
      call: (operation, answer) => this.call(operation, answer),
      check: (isRight, complaint) => this.check(isRight, complaint),
      active: (StreamName) => this.active(StreamName).then(() => undefined),
    };
  }

  /** A year and back to a day. */
  private async changeRetention(StreamName: string, count: number): Promise<void> {
    const year = { StreamName, RetentionPeriodHours: 8760 };
    const increase = new IncreaseStreamRetentionPeriodCommand(year);
    await this.call('IncreaseStreamRetentionPeriod', this.client.send(increase));
    await this.expectShards(StreamName, count);
    const decrease = new DecreaseStreamRetentionPeriodCommand({
      ...year,
      RetentionPeriodHours: 24,
    });
    await this.call('DecreaseStreamRetentionPeriod', this.client.send(decrease));
    await this.expectShards(StreamName, count);
  }

  /** To on-demand, where warm throughput brings one more shard. */
  private async changeMode(StreamName: string, count: number): Promise<void> {
    const mode = new UpdateStreamModeCommand({
      StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    });
    await this.call('UpdateStreamMode', this.client.send(mode));
    await this.expectShards(StreamName, count);
    await spreadRecords(this.settings(), StreamName);
    const WarmThroughputMiBps = count + 1;
    const warm = new UpdateStreamWarmThroughputCommand({ StreamName, WarmThroughputMiBps });
    const answer = await this.call('UpdateStreamWarmThroughput', this.client.send(warm));
    const target = answer.WarmThroughput?.TargetMiBps;
    this.check(target === count + 1, `a warm throughput of ${target} MiB/s`);
    await this.expectShards(StreamName, count + 1);
  }

  /** Waits until the stream is ACTIVE, then counts its open shards. */
  private async expectShards(StreamName: string, count: number): Promise<void> {
    const found = await this.active(StreamName);
    this.check(found === count, `${StreamName}: ${found} open shards, not ${count}`);
  }

  /** Resolves to its number of open shards when it is ACTIVE. */
  private async active(StreamName: string): Promise<number | undefined> {
    for (;;) {
      const { StreamDescriptionSummary: summary } = await this.call(
        'DescribeStreamSummary',
        this.client.send(new DescribeStreamSummaryCommand({ StreamName })),
      );
      if (summary?.StreamStatus === 'ACTIVE') return summary.OpenShardCount;
    }
  }

  private async gone(StreamName: string): Promise<void> {
    for (;;) {
      const summary = new DescribeStreamSummaryCommand({ StreamName });
      try {
        await this.call('DescribeStreamSummary', this.client.send(summary));
      } catch (thrown) {
        const { name } = thrown as Error;
        return this.check(name === 'ResourceNotFoundException', `${StreamName}: ${name}`);
      }
    }
  }

  /** Ids of the open shards in the order of their hash keys. */
  private async openShards(StreamName: string): Promise<string[]> {
    const { Shards } = await this.call(
      'ListShards',
      this.client.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } })),
    );
    const start = (index: number): bigint => BigInt(Shards![index]!.HashKeyRange!.StartingHashKey!);
    const order = (Shards ?? [])
      .map((_, index) => index)
      .sort((a, b) => (start(a) < start(b) ? -1 : 1));
    return order.map((index) => Shards![index]!.ShardId!);
  }

  private async makeShared(StreamName: string, ShardCount: number): Promise<void> {
    const create = new CreateStreamCommand({ StreamName, ShardCount });
    await this.call('CreateStream', this.client.send(create));
    await this.expectShards(StreamName, ShardCount);
    const { Shards } = await this.client.send(new ListShardsCommand({ StreamName }));
    const shards = (Shards ?? []).map(({ ShardId, HashKeyRange }) => ({
      id: ShardId!,
      start: BigInt(HashKeyRange!.StartingHashKey!),
      end: BigInt(HashKeyRange!.EndingHashKey!),
    }));
    this.models.push(new StreamModel(StreamName, shards));
  }

  private async readAll(model: StreamModel): Promise<Map<string, ReadRecord[]>> {
    const read = new Map<string, ReadRecord[]>();
    for (const { id } of model.shards) read.set(id, await this.readShard(model.name, id));
    return read;
  }

  private async readShard(StreamName: string, ShardId: string): Promise<ReadRecord[]> {
    const position = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await this.client.send(new GetShardIteratorCommand(position));
    const records: ReadRecord[] = [];
    for (let next = ShardIterator; ; ) {
      const page = await this.client.send(new GetRecordsCommand({ ShardIterator: next }));
      records.push(...(page.Records ?? []));
      if (page.MillisBehindLatest === 0) return records;
      next = page.NextShardIterator;
    }
  }
}
