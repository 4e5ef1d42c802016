/** The account's quotas on streams and shards: what counts and what is over. `CallLimits` says whether it matters. */
import { shardQuotaExceeded, tooManyTransitions } from '../kinesis/errors.ts';
import { onDemandStreamsMax, shardsPerStreamMax, transitionsMax } from '../kinesis/limits.ts';
import { tooManyOnDemandStreams } from '../kinesis/modeErrors.ts';
import type { EngineParts, Scope } from './engineParts.ts';
import { isIncoming, openShards, type StreamEntry } from './streamEntry.ts';
import type { Place } from './streamNames.ts';

/** Whether an operation's own rules on amounts hold: unless limits are off or the call is our own. */
export function quotasHold({ settings }: EngineParts, { own }: Scope): boolean {
  return settings.limits !== 'off' && !own;
}

/**
 * Throws LimitExceeded when five streams are in CREATING or DELETING, which those of an import are not by any
 * call of a client. @source measured: second hand.
 */
export function checkTransitions(engine: EngineParts, place: Place): void {
  const busy = engine.catalog
    .streamsIn(place)
    .filter(({ status }) => status === 'CREATING' || status === 'DELETING')
    .filter((stream) => !isIncoming(stream));
  if (busy.length < transitionsMax) return;
  throw tooManyTransitions({ account: place.account, limit: transitionsMax });
}

/** Open shards, and those that streams in CREATING or UPDATING will have. */
function shardsOf({ mode, shards, pending, ...stream }: StreamEntry): number {
  const willBe = pending?.kind === 'mode' ? pending.mode : mode;
  if (willBe !== 'PROVISIONED') return 0;
  if (pending?.kind === 'create') return pending.shardCount;
  const open = openShards({ mode, shards, ...stream }).length;
  if (pending?.kind === 'scale') return Math.max(open, pending.target);
  return pending?.kind === 'split' ? open + 1 : open;
}

/** Shards of provisioned streams that count against the quota. */
export const provisionedShards = (engine: EngineParts, place: Place): number =>
  engine.catalog.streamsIn(place).reduce((sum, stream) => sum + shardsOf(stream), 0);

/** Streams in on-demand mode, and those that are about to be. */
export const onDemandStreams = (engine: EngineParts, place: Place): number =>
  engine.catalog
    .streamsIn(place)
    .filter(({ mode, pending }) => (pending?.kind === 'mode' ? pending.mode : mode) === 'ON_DEMAND')
    .length;

/** Throws LimitExceeded when the account has 50 on-demand streams in the region. */
export function checkOnDemandStreams(engine: EngineParts, { account, region }: Place): void {
  if (onDemandStreams(engine, { account, region }) < onDemandStreamsMax) return;
  throw tooManyOnDemandStreams({ account, region, limit: onDemandStreamsMax });
}

/** Throws LimitExceeded when `additional` more open shards break the quota. @source measured */
export function checkShardQuota(
  engine: EngineParts,
  { additional, ...place }: Place & { additional: number },
): void {
  const current = provisionedShards(engine, place);
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
