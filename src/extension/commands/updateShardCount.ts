/** Scales a stream to another number of shards of equal size. */

import { updateShardCountPerDayMax } from '../../kinesis/limits.ts';
import type { Command } from '../app.ts';
import { failure } from '../messages.ts';
import { askStream, type ChosenStream, openShards } from '../prompts/askTarget.ts';
import { askText, hint } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { counted } from '../tree/labels.ts';
import { scaleBounds, scaleProblem, scaleText } from './reshardPlan.ts';
import { waitUntilActive } from './waitUntilActive.ts';

const title = 'Scale to N Shards';

export const updateShardCount: Command = {
  id: 'shardscope.updateShardCount',
  async run(app, argument) {
    const chosen = await askStream(app, targetOf(app, argument), { title, writes: true });
    const { length: count } = await openShards(app, chosen);
    const target = await askTarget(chosen, count);
    const { kinesis, stream } = chosen;
    try {
      await kinesis.updateShardCount({
        StreamName: stream,
        TargetShardCount: target,
        ScalingType: 'UNIFORM_SCALING',
      });
    } catch (thrown) {
      throw failure(`${stream} was not scaled`, thrown);
    }
    await waitUntilActive(app, chosen, `Scaling ${stream} to ${counted(target, 'shard')}`);
    app.messages.brief(`${stream} has ${counted(target, 'shard')} now.`);
  },
};

async function askTarget({ stream, info }: ChosenStream, count: number): Promise<number> {
  const { min, max } = scaleBounds(count);
  const perDay = info.kind === 'aws' ? `, ${updateShardCountPerDayMax} times in 24 hours` : '';
  const text = await askText({
    title,
    prompt: `Shards of ${stream}: ${count} now, ${min} to ${max} in one step${perDay}`,
    value: String(max),
    check: (typed) => scaleProblem(count, typed) ?? hint(scaleText(count, Number(typed))),
  });
  return Number(text);
}
