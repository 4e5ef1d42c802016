/** Shard ids: `shardId-` and twelve decimal digits. */

const indexMax = 2_147_483_647;

/** 5 -> `shardId-000000000005`. A negative index (seen in foreign sequence numbers) prints as AWS does. */
export function formatShardId(index: number): string {
  const digits =
    index < 0 ? `-${String(-index).padStart(11, '0')}` : String(index).padStart(12, '0');
  return `shardId-${digits}`;
}

/**
 * The index a caller means, or undefined. As lax as AWS: what follows the first `-` (or all of it) must
 * be decimal digits up to 2147483647, so `0`, `-0`, `abc-0` and `shardId-0` are one shard.
 * @source measured
 */
export function parseShardId(text: string): number | undefined {
  const dash = text.indexOf('-');
  const digits = text.slice(dash + 1);
  if (!/^\d+$/.test(digits)) return undefined;
  const index = Number(digits);
  return index <= indexMax ? index : undefined;
}

/** `shardId-000000000005` -> `5`, for people; text of another form stays as it is. */
export function shortShardId(shardId: string): string {
  const match = /^shardId-0*(\d+)$/.exec(shardId);
  return match?.[1] ?? shardId;
}
