/** DescribeLimits: the account's shards and on-demand streams, and how many it may have. @source documented */
import { type Infer, integer, operation, required, structure } from '../shape.ts';

export const describeLimits = operation('DescribeLimits', {
  input: structure({}),
  output: structure({
    ShardLimit: required(integer()),
    OpenShardCount: required(integer()),
    OnDemandStreamCount: required(integer()),
    OnDemandStreamCountLimit: required(integer()),
  }),
});

export type DescribeLimitsOutput = Infer<typeof describeLimits.output>;
