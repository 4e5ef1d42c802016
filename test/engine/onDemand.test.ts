// On-demand streams: what a client that fills them and steps the clock sees, and what survives a restart.
import { describe, expect, it } from 'vitest';
import type { EngineSettings } from '../../src/engine/ports.ts';
import { TestEngine } from './support/testEngine.ts';

const StreamName = 'orders';
const recordBytes = 100_000;

class Client {
  readonly test: TestEngine;
  /** Data of acknowledged records, by partition key. */
  readonly acknowledged = new Map<string, string[]>();
  throttled = 0;
  private count = 0;

  constructor(test: TestEngine) {
    this.test = test;
  }

  static async open(settings: Partial<EngineSettings> = {}): Promise<Client> {
    const test = await TestEngine.open({ limits: 'aws', ...settings });
    await test.engine.createStream({ StreamName });
    await test.settle();
    return new Client(test);
  }

  /** `mb` million bytes in records of 100 kB, retried while the next second lasts for them. */
  async put(mb: number, keyOf: (record: number) => string): Promise<void> {
    const Records = Array.from({ length: mb * 10 }, () => {
      const record = this.count++;
      const Data = new Uint8Array(recordBytes);
      Data.set(new TextEncoder().encode(`${record};`));
      return { PartitionKey: keyOf(record), Data };
    });
    const answer = await this.test.engine.putRecords({ StreamName, Records });
    answer.Records.forEach(({ ErrorCode }, at) => {
      const { PartitionKey, Data } = Records[at]!;
      if (ErrorCode === undefined) this.acknowledge(PartitionKey, Data);
      else {
        expect(ErrorCode).toBe('ProvisionedThroughputExceededException');
        this.throttled += 1;
      }
    });
  }

  private acknowledge(key: string, data: Uint8Array): void {
    const known = this.acknowledged.get(key) ?? [];
    this.acknowledged.set(key, known);
    known.push(numberOf(data));
  }

  async open(): Promise<number> {
    const { StreamDescriptionSummary: summary } = await this.test.engine.describeStreamSummary({
      StreamName,
    });
    return summary.OpenShardCount;
  }
}

const numberOf = (data: Uint8Array): string =>
  new TextDecoder().decode(data.subarray(0, data.indexOf(59)));

/**
 * One reader per shard, parents before children: reads what is there, a page a shard and second, as the
 * extension's own reading does.
 */
class Reader {
  readonly read = new Map<string, string[]>();
  private readonly test: TestEngine;
  private readonly next = new Map<string, string>();
  private readonly done = new Set<string>();

  constructor(test: TestEngine) {
    this.test = test;
  }

  async start(): Promise<void> {
    for (const { ShardId } of await this.test.shards(StreamName)) await this.begin(ShardId);
  }

  private async begin(ShardId: string): Promise<void> {
    const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    const { ShardIterator } = await this.test.engine.getShardIterator(from);
    this.next.set(ShardId, ShardIterator!);
  }

  async poll(): Promise<void> {
    for (const [shard, ShardIterator] of [...this.next]) {
      const page = await this.test.engine.getRecords({ ShardIterator }, { own: true });
      for (const { PartitionKey, Data } of page.Records) {
        const known = this.read.get(PartitionKey) ?? [];
        this.read.set(PartitionKey, known);
        known.push(numberOf(Data));
      }
      if (page.NextShardIterator !== undefined) this.next.set(shard, page.NextShardIterator);
      else await this.follow(shard, page.ChildShards!);
    }
  }

  private async follow(shard: string, children: { ShardId: string; ParentShards: string[] }[]) {
    this.next.delete(shard);
    this.done.add(shard);
    for (const { ShardId, ParentShards } of children) {
      if (ParentShards.every((parent) => this.done.has(parent))) await this.begin(ShardId);
    }
  }
}

describe('OnDemand', () => {
  it('doubles four shards within 900 seconds of 3.8 MB/s of uniform keys; a reader loses nothing', async () => {
    const client = await Client.open();
    const reader = new Reader(client.test);
    await reader.start();
    let steps = 0;
    while ((await client.open()) < 8) {
      expect(steps).toBeLessThan(900);
      await client.put(3.8, (record) => `key ${record % 400}`);
      await client.test.clock.advance(1000);
      await reader.poll();
      steps += 1;
    }
    expect(await client.open()).toBe(8);
    const shards = await client.test.shards(StreamName);
    expect(shards).toHaveLength(12);
    expect(
      shards
        .slice(4)
        .map(({ ParentShardId }) => ParentShardId)
        .sort(),
    ).toEqual(shards.slice(0, 4).flatMap(({ ShardId }) => [ShardId, ShardId]));
    for (let more = 0; more < 70; more++) {
      await client.put(3.8, (record) => `key ${record % 400}`);
      await client.test.clock.advance(1000);
      await reader.poll();
    }
    await reader.poll();
    expect(await client.open()).toBe(8);
    expect(reader.read).toEqual(client.acknowledged);
  });

  it('leaves one hot key throttled: the stream does not grow for it', async () => {
    const client = await Client.open();
    for (let step = 0; step < 900; step += 10) {
      await client.put(3.8, () => 'hot');
      await client.test.clock.advance(1000);
    }
    expect(await client.open()).toBe(4);
    expect(client.acknowledged.get('hot')!.length).toBeLessThanOrEqual(90 * 11);
    expect(client.throttled).toBeGreaterThan(90 * 26);
  });
});
