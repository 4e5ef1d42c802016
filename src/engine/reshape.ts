/** Turns a plan of splits and merges into the catalog's change that carries it out. Pure. */
import { assert } from '../base/assert.ts';
import type { Round } from './reshardPlan.ts';
import type { CatalogChange, ShardEntry, StreamEntry } from './streamEntry.ts';

type Reshape = Pick<Extract<CatalogChange, { type: 'change' }>, 'close' | 'add' | 'set'>;

/**
 * Closes the parents and adds the children of `rounds`. Each round closes its parents one second after
 * the round before, and children are created exactly one second after their parents' closing. That
 * second may lie ahead of `nowSeconds`; AWS would wait for it, we do not. @source measured for the one second.
 */
export function reshape(
  stream: StreamEntry,
  plan: { rounds: readonly Round[]; nowSeconds: number; startKey: number },
): Reshape {
  const shards = new Map<number, ShardEntry>(stream.shards.map((shard) => [shard.index, shard]));
  let { nextShardIndex } = stream;
  let seconds = plan.nowSeconds;
  for (const round of plan.rounds) {
    const parents = round.flatMap((replacement) => replacement.parents);
    seconds = closingSecond(shards, { parents, atLeast: seconds });
    for (const replacement of round) {
      for (const index of replacement.parents) {
        shards.set(index, { ...shards.get(index)!, closedSeconds: seconds });
      }
      for (const { index, range } of replacement.children) {
        shards.set(index, {
          index,
          range,
          parents: replacement.parents,
          createdSeconds: seconds + 1,
          startKey: plan.startKey,
        });
        nextShardIndex = Math.max(nextShardIndex, index + 1);
      }
    }
  }
  return difference(stream, { shards, nextShardIndex });
}

/** No shard closes before it was created. */
function closingSecond(
  shards: ReadonlyMap<number, ShardEntry>,
  { parents, atLeast }: { parents: readonly number[]; atLeast: number },
): number {
  let seconds = atLeast;
  for (const index of parents) {
    const parent = shards.get(index);
    assert(parent, 'a plan names shards that exist');
    seconds = Math.max(seconds, parent.createdSeconds);
  }
  return seconds;
}

function difference(
  stream: StreamEntry,
  { shards, nextShardIndex }: { shards: Map<number, ShardEntry>; nextShardIndex: number },
): Reshape {
  const close = stream.shards.flatMap(({ index, closedSeconds }) => {
    const seconds = shards.get(index)?.closedSeconds;
    return closedSeconds === undefined && seconds !== undefined ? [{ index, seconds }] : [];
  });
  const known = new Set(stream.shards.map(({ index }) => index));
  const add = [...shards.values()].filter(({ index }) => !known.has(index));
  return { close, add, set: { nextShardIndex } };
}
