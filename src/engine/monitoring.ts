/** What both operations on enhanced monitoring do. It keeps which metrics were asked for; it measures nothing. */
import { type MetricsName, metricsName } from '../kinesis/shapes.ts';
import { arnOf, metricsOf } from './describe.ts';
import type { Call, EngineParts } from './engineParts.ts';
import { changeSetting } from './settingChange.ts';

export type ShardMetric = Exclude<MetricsName, 'ALL'>;
type MonitoringCall = Call<'EnableEnhancedMonitoring' | 'DisableEnhancedMonitoring'>;

const allMetrics = metricsName.values!.filter((name) => name !== 'ALL');

/** As they are listed, whatever the order they were asked in. @source guessed: the order. */
const inOrder = (names: ReadonlySet<ShardMetric>): ShardMetric[] =>
  allMetrics.filter((name) => names.has(name));

const named = (names: readonly MetricsName[]): ReadonlySet<ShardMetric> =>
  new Set(names.flatMap((name) => (name === 'ALL' ? allMetrics : [name])));

/** `combine`: the metrics of a stream after those that were named. */
export async function changeMonitoring(
  engine: EngineParts,
  call: MonitoringCall,
  combine: (has: ReadonlySet<ShardMetric>, named: ReadonlySet<ShardMetric>) => Set<ShardMetric>,
) {
  let desired: ShardMetric[] = [];
  const stream = await changeSetting(engine, call, (before) => {
    const has = new Set(metricsOf(before));
    desired = inOrder(combine(has, named(call.input.ShardLevelMetrics)));
    const pending = { kind: 'monitoring', metrics: desired } as const;
    return { pending, isUnchanged: desired.length === has.size };
  });
  return {
    StreamName: stream.name,
    CurrentShardLevelMetrics: metricsOf(stream),
    DesiredShardLevelMetrics: desired,
    StreamARN: arnOf(stream),
  };
}
