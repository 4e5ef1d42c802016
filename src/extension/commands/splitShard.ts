/** Splits an open shard: in even halves, or at a hash key. */

import type { Shard } from '../../kinesis/shapes.ts';
import { shortShardId } from '../../kinesis/shardId.ts';
import type { App, Command } from '../app.ts';
import { failure, UserError } from '../messages.ts';
import { askShard, type ChosenShard } from '../prompts/askTarget.ts';
import { askText, choose, hint } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { hashRangeOf } from '../tree/labels.ts';
import { evenKey, parseHashKey, splitProblem, splitText } from './reshardPlan.ts';
import { waitUntilActive } from './waitUntilActive.ts';

const title = 'Split Shard';

export const splitShard: Command = {
  id: 'shardscope.splitShard',
  async run(app, argument) {
    const chosen = await askShard(app, targetOf(app, argument), { title, writes: true });
    const key = await askKey(chosen.shard);
    await split(app, chosen, key);
    const ranges = splitText(hashRangeOf(chosen.shard), key);
    const { stream, shard } = chosen;
    app.messages.brief(`Shard ${shortShardId(shard.ShardId)} of ${stream} is split: ${ranges}`);
  },
};

async function askKey(shard: Shard): Promise<bigint> {
  const even = evenKey(shard);
  const name = `shard ${shortShardId(shard.ShardId)}`;
  if (even === undefined) {
    throw new UserError(`S${name.slice(1)} holds one hash key only and cannot be split.`);
  }
  const range = hashRangeOf(shard);
  const isEven = await choose({ title, prompt: `Where to split ${name}` }, [
    { label: 'Even halves', description: splitText(range, even), value: true },
    { label: 'At a hash key…', description: 'to isolate a hot key, say', value: false },
  ]);
  if (isEven) return even;
  const text = await askText({
    title,
    prompt: `The first hash key of the second child of ${name}`,
    value: String(even),
    check: (typed) =>
      splitProblem(shard, typed) ?? hint(`Children: ${splitText(range, parseHashKey(typed)!)}`),
  });
  return parseHashKey(text)!;
}

async function split(app: App, chosen: ChosenShard, key: bigint): Promise<void> {
  const { kinesis, stream, shard } = chosen;
  const name = `Shard ${shortShardId(shard.ShardId)} of ${stream}`;
  try {
    await kinesis.splitShard({
      StreamName: stream,
      ShardToSplit: shard.ShardId,
      NewStartingHashKey: String(key),
    });
  } catch (thrown) {
    throw failure(`${name} was not split`, thrown);
  }
  await waitUntilActive(app, chosen, `Splitting ${name}`);
}
