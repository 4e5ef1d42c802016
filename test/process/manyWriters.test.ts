// Sixty-four clients put to the same shards while these are split and merged under them.
import { Agent } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { call } from './kills/call.ts';
import { recordOf, type WrittenRecord } from './kills/content.ts';
import type { Acknowledged } from './kills/messages.ts';
import { complaintsAbout, openShardsOf, STREAM, statusOf } from './kills/streamCheck.ts';
import { addressOf, shardscope, temporaryFolder } from './support/engineProcess.ts';

const CLIENTS = 64;
/** Each client goes on until so many reshards are done. */
const RESHARDS = 16;

interface Place {
  readonly ShardId: string;
  readonly SequenceNumber: string;
}

class Writers {
  readonly acknowledged = new Map<string, Acknowledged>();
  isStopping = false;
  private readonly endpoint: string;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

  constructor(endpoint: string) {
    this.endpoint = endpoint;
    onTestFinished(() => this.agent.destroy());
  }

  /** One call in flight at a time, so that a key's records have an order; every answer must be good. */
  async run(client: number): Promise<void> {
    for (let turn = 0; !this.isStopping; ) {
      const count = client % 4 === 3 ? 6 : 1;
      const records = Array.from({ length: count }, () => recordOf(client, turn++));
      const places = await this.put(records);
      records.forEach(({ id }, index) => {
        const { ShardId: shard, SequenceNumber: number } = places[index]!;
        this.acknowledged.set(id, { id, shard, number });
      });
    }
  }

  private async put(records: readonly WrittenRecord[]): Promise<readonly Place[]> {
    const { endpoint, agent } = this;
    const StreamName = STREAM;
    if (records.length === 1) {
      const input = { StreamName, ...records[0]!.input };
      return [await call<Place>('PutRecord', input, { endpoint, agent })];
    }
    const Records = records.map(({ input }) => input);
    const many = await call<{ Records: Place[] }>(
      'PutRecords',
      { StreamName, Records },
      { endpoint, agent },
    );
    return many.Records;
  }
}

async function active(endpoint: string): Promise<void> {
  while ((await statusOf(endpoint)) !== 'ACTIVE');
}

/** Splits or merges, keeping one to eight open shards, and waits until it is done. */
async function reshard(endpoint: string, random: SeededRandom): Promise<void> {
  const shards = await openShardsOf(endpoint);
  const isSplit = shards.length === 1 || (shards.length < 8 && random.chance(0.5));
  const at = random.integer(0, shards.length - (isSplit ? 1 : 2));
  const { id, start, end } = shards[at]!;
  if (isSplit) {
    const NewStartingHashKey = ((start + end) / 2n).toString();
    const input = { StreamName: STREAM, ShardToSplit: id, NewStartingHashKey };
    await call('SplitShard', input, { endpoint });
  } else {
    const AdjacentShardToMerge = shards[at + 1]!.id;
    const input = { StreamName: STREAM, ShardToMerge: id, AdjacentShardToMerge };
    await call('MergeShards', input, { endpoint });
  }
  await active(endpoint);
}

test(`${CLIENTS} clients lose nothing, double nothing and keep each key's order through ${RESHARDS} reshards`, async () => {
  const argv = ['serve', '--data', temporaryFolder(), '--port', '0', '--limits', 'off'];
  const engine = shardscope([...argv, '--init', `${STREAM}:2`]);
  const endpoint = await addressOf(engine);
  await active(endpoint);
  const writers = new Writers(endpoint);
  const running = Array.from({ length: CLIENTS }, (_, client) => writers.run(client));
  const random = seededRandom(64);
  for (let count = 0; count < RESHARDS; count++) {
    const before = writers.acknowledged.size;
    await reshard(endpoint, random);
    while (writers.acknowledged.size < before + CLIENTS) await active(endpoint);
  }
  writers.isStopping = true;
  await Promise.all(running);
  const { acknowledged } = writers;
  const told = { acknowledged, nowMs: Date.now() };
  const { complaints, recordCount } = await complaintsAbout(endpoint, told);
  expect(complaints).toEqual([]);
  expect(recordCount).toBe(acknowledged.size);
  expect(recordCount).toBeGreaterThanOrEqual(CLIENTS * RESHARDS);
  const shards = new Set([...acknowledged.values()].map(({ shard }) => shard));
  expect(shards.size).toBeGreaterThan(RESHARDS);
});
