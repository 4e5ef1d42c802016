/** Puts records to every shard of the stream, and keeps what was acknowledged. */
import { PutRecordsCommand, type Shard } from '@aws-sdk/client-kinesis';
import type { SeededRandom } from '../../support/seededRandom.ts';
import type { WatchedClient } from './connections.ts';
import type { Received } from './shardReader.ts';

const recordsPerCallMax = 500;
/** Records of a shard in one call. */
const togetherMax = 50;

export class Putter {
  count = 0;
  private readonly of: {
    readonly client: WatchedClient;
    readonly stream: string;
    readonly shards: readonly Shard[];
    readonly random: SeededRandom;
  };
  /** By shard, not yet taken. */
  private readonly acknowledged = new Map<string, Received[]>();

  constructor(of: Putter['of']) {
    this.of = of;
  }

  /** Puts so many records to each shard; waits for `between` after each call. */
  async put(perShard: number, between: () => Promise<void>): Promise<void> {
    for (const call of this.calls(perShard)) {
      await this.putOnce(call);
      await between();
    }
  }

  /** How many calls `put` makes at least. */
  callsFor(perShard: number): number {
    return Math.ceil((perShard * this.of.shards.length) / recordsPerCallMax);
  }

  /** What a shard has acknowledged since this was last asked, by rising sequence number. */
  take(shardId: string): Received[] {
    const acknowledged = this.acknowledged.get(shardId) ?? [];
    this.acknowledged.delete(shardId);
    return acknowledged.sort((a, b) => (a.number < b.number ? -1 : 1));
  }

  /** The shards of each call's records, one for each. */
  private calls(perShard: number): Shard[][] {
    const { random, shards } = this.of;
    const left = new Map(shards.map((shard) => [shard, perShard]));
    const calls: Shard[][] = [];
    let call: Shard[] = [];
    while (left.size > 0) {
      const shard = random.pick([...left.keys()]);
      const missing = left.get(shard)!;
      const room = recordsPerCallMax - call.length;
      const count = Math.min(missing, room, random.integer(1, togetherMax));
      for (let i = 0; i < count; i++) call.push(shard);
      if (missing === count) left.delete(shard);
      else left.set(shard, missing - count);
      if (call.length < recordsPerCallMax && left.size > 0) continue;
      calls.push(call);
      call = [];
    }
    return calls;
  }

  private async putOnce(shards: readonly Shard[]): Promise<void> {
    const { client, stream } = this.of;
    const Records = shards.map(({ HashKeyRange }) => {
      const id = `record-${this.count++}`;
      const ExplicitHashKey = HashKeyRange!.StartingHashKey!;
      return { PartitionKey: id, ExplicitHashKey, Data: Buffer.from(id) };
    });
    const put = new PutRecordsCommand({ StreamName: stream, Records });
    const answer = await client.sdk.send(put);
    if (answer.FailedRecordCount !== 0) throw new Error('a record of PutRecords failed');
    answer.Records!.forEach(({ ShardId, SequenceNumber }, index) => {
      this.keep(ShardId!, { number: SequenceNumber!, id: Records[index]!.PartitionKey });
    });
  }

  private keep(shardId: string, record: Received): void {
    const known = this.acknowledged.get(shardId);
    if (known) known.push(record);
    else this.acknowledged.set(shardId, [record]);
  }
}
