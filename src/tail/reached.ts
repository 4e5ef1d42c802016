/** Up to where the shards of a tail were read, so that another one can show the same and then stand there. */
import type * as Protocol from '../protocol/tail.ts';
import type { ShardTable } from './shardTable.ts';

/** The protocol's; the compiler keeps them equal. */
const readToEnd: typeof Protocol.readToEnd = 'END';
const reachedShardsMax: typeof Protocol.reachedShardsMax = 500;

/** Of each shard that anything was read of; undefined with too many shards. */
export function reachedOf(table: ShardTable): Protocol.TailReached | undefined {
  if (table.size > reachedShardsMax) return undefined;
  const reached: Record<string, string> = {};
  for (const { id, reading, reader } of table.all()) {
    const last = reading === 'drained' ? readToEnd : reader?.lastSequenceNumber;
    if (last !== undefined) reached[id] = last;
  }
  return reached;
}

/** The number of the last record of a shard; undefined where it was read to its end. */
export const lastOf = (reached: string | undefined): string | undefined =>
  reached === readToEnd ? undefined : reached;
