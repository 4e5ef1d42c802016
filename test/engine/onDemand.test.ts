// On-demand streams: what a client that fills them and steps the clock sees, and what survives a restart.
import { describe, expect, it } from 'vitest';
import type { EngineSettings } from '../../src/engine/ports.ts';
import { TestEngine } from './support/testEngine.ts';

const StreamName = 'orders';
const recordBytes = 100_000;
const DAY_MS = 86_400_000;

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

  /** `mb` million bytes in records of 100 kB; what is refused is not tried again. */
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
    return (await this.summary()).OpenShardCount;
  }

  async status(): Promise<string> {
    return (await this.summary()).StreamStatus;
  }

  private async summary() {
    const answer = await this.test.engine.describeStreamSummary({ StreamName }, { own: true });
    return answer.StreamDescriptionSummary;
  }
}

async function switchTo(test: TestEngine, StreamMode: 'PROVISIONED' | 'ON_DEMAND'): Promise<void> {
  const { account, region } = test.engine.settings;
  const StreamARN = `arn:aws:kinesis:${region}:${account}:stream/${StreamName}`;
  await test.engine.updateStreamMode({ StreamARN, StreamModeDetails: { StreamMode } });
  await test.settle();
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
        const known = this.read.get(PartitionKey!) ?? [];
        this.read.set(PartitionKey!, known);
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
    const step = async (): Promise<void> => {
      await client.put(3.8, (record) => `key ${record % 400}`);
      await client.test.clock.advance(1000);
      await reader.poll();
      steps += 1;
    };
    while ((await client.open()) < 8) {
      expect(steps).toBeLessThan(900);
      await step();
    }
    const shards = await client.test.shards(StreamName);
    expect(shards).toHaveLength(12);
    const parents = shards.slice(4).map(({ ParentShardId }) => ParentShardId);
    expect(parents.sort()).toEqual(shards.slice(0, 4).flatMap(({ ShardId }) => [ShardId, ShardId]));
    for (let more = 0; more < 10; more++) await step();
    await reader.poll();
    expect(await client.open()).toBe(8);
    expect(reader.read).toEqual(client.acknowledged);
  });

  it('leaves one hot key throttled: the stream does not grow for it', async () => {
    const client = await Client.open();
    for (let step = 0; step < 130; step++) {
      await client.put(1.5, () => 'hot');
      await client.test.clock.advance(1000);
    }
    expect(await client.open()).toBe(4);
    expect(client.acknowledged.get('hot')!.length).toBeLessThanOrEqual(130 * 10.5);
    expect(client.throttled).toBeGreaterThanOrEqual(130 * 4.5);
  });

  it('splits what it was about to split after a restart and after a kill', async () => {
    for (const kill of [false, true]) {
      const client = await narrow({ stateDelays: 10_000 });
      while ((await client.status()) === 'ACTIVE') {
        await client.put(0.9, (record) => `key ${record}`);
        await client.test.clock.advance(1000);
      }
      expect([await client.status(), await client.open()]).toEqual(['UPDATING', 1]);
      await (kill ? client.test.reopenAfterKill() : client.test.reopen());
      await client.test.clock.advance(10_000);
      expect([await client.status(), await client.open()]).toEqual(['ACTIVE', 2]);
    }
  });

  it('keeps what it had when it was switched for 30 days, over restarts, and merges then', async () => {
    const test = await TestEngine.open({ limits: 'aws' });
    await test.stream(StreamName, 16);
    await switchTo(test, 'ON_DEMAND');
    const client = new Client(test);
    const quiet = async (days: number): Promise<number> => {
      await test.clock.advance(days * DAY_MS);
      for (let minute = 0; minute < 3; minute++) {
        await client.put(0.1, () => 'quiet');
        await test.clock.advance(60_000);
      }
      await test.reopen();
      return client.open();
    };
    expect(await quiet(0)).toBe(16);
    expect(await quiet(29)).toBe(16);
    expect(await quiet(1)).toBe(4);
    expect(await client.status()).toBe('ACTIVE');
  });

  it('does not merge a stream down to what its region lets others grow to', async () => {
    const test = await TestEngine.open({ limits: 'off', region: 'eu-north-1' });
    await test.stream(StreamName, 401);
    await switchTo(test, 'ON_DEMAND');
    const client = new Client(test);
    for (let minute = 0; minute < 3; minute++) {
      await client.put(0.1, () => 'quiet');
      await test.clock.advance(60_000);
    }
    expect(await client.open()).toBe(401);
  });

  it('leaves a provisioned stream alone', async () => {
    const client = await narrow();
    await switchTo(client.test, 'PROVISIONED');
    for (let step = 0; step < 130; step++) {
      await client.put(0.9, (record) => `key ${record}`);
      await client.test.clock.advance(1000);
    }
    expect(await client.open()).toBe(1);
  });

  it('does not grow for what is admitted though AWS would have refused it', async () => {
    const client = await Client.open({ limits: 'warn' });
    for (let step = 0; step < 61; step++) {
      await client.put(2.5, () => 'hot');
      await client.test.clock.advance(1000);
    }
    expect(client.throttled).toBe(0);
    expect(await client.open()).toBe(4);
  });

  it('writes the catalog a few times a day, never for records', async () => {
    const client = await Client.open();
    let changes = 0;
    client.test.engine.onDidChange(() => {
      changes += 1;
    });
    for (let step = 0; step < 1200; step += 4) {
      await client.put(0.1, (record) => `key ${record}`);
      await client.test.clock.advance(4000);
    }
    expect(changes).toBe(1);
  });
});

/** An on-demand stream of one shard: it was provisioned. */
async function narrow(settings: Partial<EngineSettings> = {}): Promise<Client> {
  const test = await TestEngine.open({ limits: 'aws', ...settings });
  await test.stream(StreamName, 1);
  await switchTo(test, 'ON_DEMAND');
  return new Client(test);
}
