/** Merges an open shard with a neighbour: one whose hash keys begin where the other's end. */

import type { Shard } from '../../kinesis/shapes.ts';
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
    const named = adjacentOf(argument);
    const neighbour = await (named ? confirm(chosen, named) : askNeighbour(chosen));
    const names = namesOf(shard, neighbour);
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

/** The neighbour that the menu of a shard names. */
function adjacentOf(argument: unknown): string | undefined {
  const { adjacentShardId } = (argument ?? {}) as { adjacentShardId?: unknown };
  return typeof adjacentShardId === 'string' ? adjacentShardId : undefined;
}

const namesOf = (shard: Shard, neighbour: Neighbour): string =>
  `${shortShardId(shard.ShardId)} and ${shortShardId(neighbour.shard.ShardId)}`;

/** One choice: the shards may be others than those that the menu was made from. */
async function confirm({ shard, shards, stream }: ChosenShard, named: string): Promise<Neighbour> {
  const neighbour = neighboursOf(shard, shards).find((each) => each.shard.ShardId === named);
  if (!neighbour) {
    throw new UserError(
      `Shards ${shortShardId(shard.ShardId)} and ${shortShardId(named)} of ${stream} cannot be merged: they are not open neighbours any more.`,
    );
  }
  const choice = {
    label: `Merge shards ${namesOf(shard, neighbour)}`,
    description: `together ${percentRange(neighbour.merged)}`,
    value: neighbour,
  };
  return choose({ title, prompt: `Merges two shards of ${stream}; Escape leaves them` }, [choice]);
}

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
