/** Merges an open shard with a neighbour: one whose hash keys begin where the other's end. */

import { shortShardId } from '../../kinesis/shardId.ts';
import type { Command } from '../app.ts';
import { failure, UserError } from '../messages.ts';
import { askShard, type ChosenShard } from '../prompts/askTarget.ts';
import { choose } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { percentRange } from '../tree/labels.ts';
import { type Neighbour, neighboursOf } from './reshardPlan.ts';
import { waitUntilActive } from './waitUntilActive.ts';

const title = 'Merge Shards';

export const mergeShards: Command = {
  id: 'shardscope.mergeShards',
  async run(app, argument) {
    const chosen = await askShard(app, targetOf(app, argument), { title, writes: true });
    const { kinesis, stream, shard } = chosen;
    const neighbour = await askNeighbour(chosen);
    const names = `${shortShardId(shard.ShardId)} and ${shortShardId(neighbour.shard.ShardId)}`;
    try {
      await kinesis.mergeShards({
        StreamName: stream,
        ShardToMerge: shard.ShardId,
        AdjacentShardToMerge: neighbour.shard.ShardId,
      });
    } catch (thrown) {
      throw failure(`Shards ${names} of ${stream} were not merged`, thrown);
    }
    await waitUntilActive(app, chosen, `Merging shards ${names} of ${stream}`);
    app.messages.brief(`Shards ${names} of ${stream} are one: ${percentRange(neighbour.merged)}`);
  },
};

async function askNeighbour({ shard, shards, stream }: ChosenShard): Promise<Neighbour> {
  const neighbours = neighboursOf(shard, shards);
  if (neighbours.length === 0) {
    throw new UserError(
      `Shard ${shortShardId(shard.ShardId)} is the only open shard of ${stream}: there is none to merge it with.`,
    );
  }
  const choices = neighbours.map((neighbour) => ({
    label: `Shard ${shortShardId(neighbour.shard.ShardId)}`,
    description: `together ${percentRange(neighbour.merged)}`,
    value: neighbour,
  }));
  const prompt = `Choose the neighbour to merge shard ${shortShardId(shard.ShardId)} with`;
  return choose({ title, prompt }, choices);
}
