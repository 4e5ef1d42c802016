// A tail of a real engine over HTTP, told by subscriptions, through a split, a merge, a restart and a kill: all that was
// acknowledged is shown, each record once, each shard in order.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ListStreamConsumersCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import type { TailTick } from '../../src/protocol/tail.ts';
import { TestWorker } from '../worker/support/testWorker.ts';
import {
  addressOf,
  clientOf,
  type EngineProcess,
  shardscope,
  temporaryFolder,
} from './support/engineProcess.ts';

const StreamName = 'flights';
const bytesMax = 64 * 1024 * 1024;
const bounds = { rowsMax: 100_000, bytesMax, windowBytesMax: bytesMax };

interface Stored {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** One folder and one port, whatever process serves them. */
class World {
  readonly worker = new TestWorker();
  readonly stored: Stored[] = [];
  engine!: EngineProcess;
  client!: KinesisClient;
  private readonly folder = temporaryFolder();
  private port = '0';
  tail = 0;

  async start(): Promise<void> {
    const { folder, port } = this;
    this.engine = shardscope(['serve', '--data', folder, '--port', port, '--limits', 'off']);
    const endpoint = await addressOf(this.engine);
    this.port = new URL(endpoint).port;
    this.client ??= clientOf(endpoint);
    const lock = JSON.parse(readFileSync(path.join(folder, 'lock'), 'utf8')) as { nonce: string };
    const { nonce } = lock;
    const spec = { kind: 'local', id: 'local', endpoint, nonce, region: 'us-east-1' } as const;
    await this.worker.channel.call('connect', spec);
  }

  async active(): Promise<void> {
    for (;;) {
      const asked = new DescribeStreamSummaryCommand({ StreamName });
      const { StreamDescriptionSummary } = await this.client.send(asked);
      if (StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
    }
  }

  /** One call after the other, and what each of them stored is shown before the next. */
  async put(calls: number): Promise<void> {
    for (let call = 0; call < calls; call++) {
      const Records = Array.from({ length: 20 }, () => {
        const n = this.stored.length;
        return { Data: Buffer.from(JSON.stringify({ n })), PartitionKey: `${n}-${Math.random()}` };
      });
      const answer = await this.client.send(new PutRecordsCommand({ StreamName, Records }));
      for (const { ShardId, SequenceNumber } of answer.Records ?? []) {
        this.stored.push({ shardId: ShardId!, sequenceNumber: SequenceNumber! });
      }
      await this.shown();
    }
  }

  shown(): Promise<TailTick> {
    return this.worker.tick(this.tail, ({ received }) => received >= this.stored.length);
  }
}

const byNumber = (a: Stored, b: Stored): number =>
  BigInt(a.sequenceNumber) < BigInt(b.sequenceNumber) ? -1 : 1;

test('shown is what was acknowledged, through a split, a merge, a restart and a kill', async () => {
  const world = new World();
  const { worker } = world;
  await world.start();
  await world.client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  await world.active();
  const start = { type: 'LATEST' } as const;
  const opened = { connection: 'local', stream: StreamName, start, ...bounds };
  world.tail = (await worker.channel.call('openTail', opened)).tail;
  const { tail } = world;
  await worker.tick(tail, ({ state }) => state === 'live');
  await world.put(10);

  const ShardToSplit = 'shardId-000000000000';
  const NewStartingHashKey = String(2n ** 126n);
  const names = { StreamName };
  await world.client.send(new SplitShardCommand({ ...names, ShardToSplit, NewStartingHashKey }));
  await world.active();
  await world.put(10);

  world.engine.child.kill('SIGTERM');
  expect(await world.engine.exit).toBe(0);
  await worker.tick(tail, ({ problem }) => problem !== undefined);
  await world.start();
  await world.put(10);

  const merged = {
    ShardToMerge: 'shardId-000000000003',
    AdjacentShardToMerge: 'shardId-000000000001',
  };
  await world.client.send(new MergeShardsCommand({ ...names, ...merged }));
  await world.active();
  await world.put(10);

  world.engine.child.kill('SIGKILL');
  await world.engine.exit;
  await world.start();
  await world.put(10);

  const rows = await worker.records(tail);
  const identity = ({ shardId, sequenceNumber }: Stored) => ({ shardId, sequenceNumber });
  expect(rows.map(identity).sort(byNumber)).toEqual(world.stored.toSorted(byNumber));
  for (const shardId of new Set(rows.map((row) => row.shardId))) {
    const ofShard = rows.filter((row) => row.shardId === shardId);
    expect(ofShard).toEqual(ofShard.toSorted(byNumber));
  }
  const said = await worker.events(tail);
  expect(said.filter((text) => /split|merged/.test(text))).toEqual([
    'Shard 0 was split: its last record is above, 2 and 3 go on from here.',
    'Shards 3 and 1 were merged: their last records are above, 4 goes on from here.',
  ]);
  expect(said.filter((text) => /gap/i.test(text))).toEqual([]);

  const asked = new DescribeStreamSummaryCommand({ StreamName });
  const { StreamARN, ConsumerCount } = (await world.client.send(asked)).StreamDescriptionSummary!;
  const listed = await world.client.send(new ListStreamConsumersCommand({ StreamARN }));
  expect([ConsumerCount, listed.Consumers]).toEqual([0, []]);
});
