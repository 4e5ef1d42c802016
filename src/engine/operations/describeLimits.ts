/** DescribeLimits: the caller's shards and on-demand streams in its region, and how many it may have. */
import { onDemandStreamsMax } from '../../kinesis/limits.ts';
import type { Handler } from '../engineParts.ts';
import { onDemandStreams, provisionedShards } from '../quotas.ts';

export const describeLimits: Handler<'DescribeLimits'> = async (engine, { scope }) => ({
  ShardLimit: engine.settings.shardQuota,
  OpenShardCount: provisionedShards(engine, scope),
  OnDemandStreamCount: onDemandStreams(engine, scope),
  OnDemandStreamCountLimit: onDemandStreamsMax,
});
