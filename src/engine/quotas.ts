/** The account's quotas on streams and shards. They hold unless limits are off or the call is our own. */
import { shardQuotaExceeded, tooManyTransitions } from '../kinesis/errors.ts';
import { shardsPerStreamMax, transitionsMax } from '../kinesis/limits.ts';
import type { EngineParts, Scope } from './engineParts.ts';
import { openShards, type StreamEntry } from './streamEntry.ts';

/** Account and region a quota is counted in. */
interface Place {
  readonly account: string;
  readonly region: string;
}

export function quotasHold({ settings }: EngineParts, { own }: Scope): boolean {
  return settings.limits !== 'off' && !own;
}

function streamsIn({ catalog }: EngineParts, place: Place): StreamEntry[] {
  return catalog
    .streams()
    .filter(({ account, region }) => account === place.account && region === place.region);
}

/** Throws LimitExceeded when five streams are in CREATING or DELETING. @source measured: second hand. */
export function checkTransitions(engine: EngineParts, place: Place): void {
  const busy = streamsIn(engine, place).filter(
    ({ status }) => status === 'CREATING' || status === 'DELETING',
  );
  if (busy.length < transitionsMax) return;
  throw tooManyTransitions({ account: place.account, limit: transitionsMax });
}

/** Open shards, and those that streams in CREATING or UPDATING will have. */
function shardsOf({ mode, shards, pending, ...stream }: StreamEntry): number {
  if (mode !== 'PROVISIONED') return 0;
  if (pending?.kind === 'create') return pending.shardCount;
  const open = openShards({ mode, shards, ...stream }).length;
  if (pending?.kind === 'scale') return Math.max(open, pending.target);
  return pending?.kind === 'split' ? open + 1 : open;
}

/** Throws LimitExceeded when `additional` more open shards break the quota. @source measured */
export function checkShardQuota(
  engine: EngineParts,
  { additional, ...place }: Place & { additional: number },
): void {
  const current = streamsIn(engine, place).reduce((sum, stream) => sum + shardsOf(stream), 0);
  const limit = engine.settings.shardQuota;
  if (additional <= 0 || current + additional <= limit) return;
  throw shardQuotaExceeded({ ...place, current, limit, additional });
}

/** Throws LimitExceeded above 10,000 shards in a stream: this holds always. @source documented */
export function checkShardsPerStream({ shards, ...place }: Place & { shards: number }): void {
  if (shards <= shardsPerStreamMax) return;
  const limit = shardsPerStreamMax;
  throw shardQuotaExceeded({ ...place, current: 0, limit, additional: shards });
}
