// DescribeLimits: what the account has and may have.
import { expect, it } from 'vitest';
import { onEveryTarget } from './targets.ts';

onEveryTarget('DescribeLimits', (target) => {
  it('describeLimits() counts open shards of provisioned streams and streams on demand', async () => {
    const before = await target().api.describeLimits({});
    expect(before.ShardLimit).toBeGreaterThan(0);
    expect(before.OnDemandStreamCountLimit).toBeGreaterThan(0);
    await target().stream({ ShardCount: 3 });
    await target().stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    expect(await target().api.describeLimits({})).toEqual({
      ...before,
      OpenShardCount: before.OpenShardCount + 3,
      OnDemandStreamCount: before.OnDemandStreamCount + 1,
    });
  });

  it('describeLimits() counts a split stream by its open shards', async () => {
    const StreamName = await target().stream({ ShardCount: 1 });
    const before = await target().api.describeLimits({});
    const split = { StreamName, ShardToSplit: '0', NewStartingHashKey: (2n ** 127n).toString() };
    await target().api.splitShard(split);
    await target().active(StreamName);
    const after = await target().api.describeLimits({});
    expect(after.OpenShardCount).toBe(before.OpenShardCount + 1);
  });
});
