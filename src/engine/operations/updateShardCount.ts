/** UpdateShardCount: UPDATING at once, durable before the answer; all new shards appear together. */
import { streamIsOnDemand, streamNotActive } from '../../kinesis/errors.ts';
import { shardsPerStreamMax, updateShardCountPerDayMax } from '../../kinesis/limits.ts';
import type { UpdateShardCountOutput } from '../../kinesis/operations/updateShardCount.ts';
import {
  type Scaling,
  scaledAboveDouble,
  scaledBelowHalf,
  scaledTooOften,
  shardsTooNarrow,
  tooManyShards,
} from '../../kinesis/reshardErrors.ts';
import { arnOf } from '../describe.ts';
import { type Call, type EngineParts, findStream, type Handler } from '../engineParts.ts';
import { checkShardQuota, quotasHold } from '../quotas.ts';
import { planScaling } from '../scalingPlan.ts';
import type { CatalogChange } from '../streamEntry.ts';
import { openShards, type StreamEntry } from '../streamEntry.ts';

const dayMs = 86_400_000;

/** Where AWS does not say what UpdateShardCount does. @source guessed */
const scalingGuesses = {
  /** As many shards as there are: accepted, the stream stays ACTIVE, and it is none of the ten of a day. */
  sameCountIsDone: true,
} as const;

const changesNothing = ({ open, target }: Scaling): boolean =>
  scalingGuesses.sameCountIsDone && target === open;

export const updateShardCount: Handler<'UpdateShardCount'> = async (engine, call) => {
  let output: UpdateShardCountOutput = {};
  let started: string | undefined;
  await engine.catalog.update(() => {
    const { stream, scaling } = check(engine, call);
    output = outputOf(stream, scaling);
    if (changesNothing(scaling)) return [];
    started = stream.id;
    return [changeOf(engine, { stream, scaling })];
  });
  if (started !== undefined) engine.transitions.start(started);
  return output;
};

/** The ratios and quotas come before the state. @source measured: second hand. */
function check(
  engine: EngineParts,
  call: Call<'UpdateShardCount'>,
): { stream: StreamEntry; scaling: Scaling } {
  const stream = findStream(engine, call);
  if (stream.mode === 'ON_DEMAND') throw streamIsOnDemand(stream);
  engine.streams.checkWhole(stream.id);
  const scaling = { open: openShards(stream).length, target: call.input.TargetShardCount };
  if (scaling.target > shardsPerStreamMax) throw tooManyShards(shardsPerStreamMax, scaling);
  if (quotasHold(engine, call.scope)) checkRatio(stream, scaling);
  engine.callLimits.underQuota({ operation: 'UpdateShardCount', scope: call.scope }, () =>
    checkQuotas(engine, { stream, scaling }),
  );
  if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
  const plan = { open: openShards(stream), target: scaling.target, nextIndex: 0 };
  if (!planScaling(plan, engine.settings.scalingPolicy)) throw shardsTooNarrow(scaling, stream);
  return { stream, scaling };
}

function checkRatio({ status }: StreamEntry, scaling: Scaling): void {
  const { open, target } = scaling;
  if (status === 'CREATING') return;
  if (target > 2 * open) throw scaledAboveDouble(scaling);
  if (target < open / 2) throw scaledBelowHalf(scaling);
}

function checkQuotas(
  engine: EngineParts,
  { stream, scaling }: { stream: StreamEntry; scaling: Scaling },
): void {
  const { open, target } = scaling;
  const { account, region } = stream;
  checkShardQuota(engine, { account, region, additional: target - open });
  const isOften = recentScalings(engine, stream).length >= updateShardCountPerDayMax;
  if (isOften && !changesNothing(scaling)) {
    throw scaledTooOften(updateShardCountPerDayMax, stream);
  }
}

function recentScalings({ ages }: EngineParts, { scaledMs }: StreamEntry): number[] {
  const since = ages.since(dayMs);
  return scaledMs.filter((timeMs) => timeMs > since).slice(-updateShardCountPerDayMax);
}

function changeOf(
  engine: EngineParts,
  { stream, scaling }: { stream: StreamEntry; scaling: Scaling },
): CatalogChange {
  const scaledMs = [...recentScalings(engine, stream), engine.ports.clock.now()];
  const policy = engine.settings.scalingPolicy;
  const pending = { kind: 'scale', target: scaling.target, policy } as const;
  const set = { status: 'UPDATING', scaledMs } as const;
  return { type: 'change', id: stream.id, set, pending };
}

const outputOf = (stream: StreamEntry, { open, target }: Scaling): UpdateShardCountOutput => ({
  StreamName: stream.name,
  StreamARN: arnOf(stream),
  CurrentShardCount: open,
  TargetShardCount: target,
});
