/** What the strip makes of the query in the box: only one shard, without it, or all of them again. Pure. */
import { shortShardId } from '../../src/kinesis/shardId.ts';
import { allShards, narrow, onlyShard } from '../../src/query/narrow.ts';

export interface ShardNarrowing {
  readonly label: string;
  /** The query. */
  readonly narrowed: string;
}

/** Those that change something. */
export function shardNarrowings(text: string, shardId: string): ShardNarrowing[] {
  const name = shortShardId(shardId);
  const hidden = narrow(text, { field: 'shard', value: shardId }, 'exclude');
  const all = [
    { label: `Show only shard ${name}`, narrowed: onlyShard(text, shardId) },
    { label: `Hide shard ${name}`, narrowed: hidden },
    { label: 'Show all shards', narrowed: allShards(text) },
  ];
  return all.filter(({ narrowed }) => narrowed !== text);
}

/** Only this shard; all shards when it was that already. */
export function pickedShard(text: string, shardId: string): string {
  const only = onlyShard(text, shardId);
  return only === text ? allShards(text) : only;
}
