/** UpdateStreamMode: UPDATING at once, durable before the answer; the shards stay as they are. */
import { streamNotActive } from '../../kinesis/errors.ts';
import { modeSwitchesPerDayMax } from '../../kinesis/limits.ts';
import { modeSwitchedTooOften } from '../../kinesis/modeErrors.ts';
import { type Call, type EngineParts, findStream, type Handler } from '../engineParts.ts';
import { checkOnDemandStreams, checkShardQuota } from '../quotas.ts';
import { type CatalogChange, openShards, type StreamEntry } from '../streamEntry.ts';
import { checkWarm, warmChange } from '../warmThroughput.ts';

const dayMs = 86_400_000;

/** @source guessed: the mode a stream has already is accepted, counts as no switch and changes nothing. */
export const updateStreamMode: Handler<'UpdateStreamMode'> = async (engine, call) => {
  let started: string | undefined;
  await engine.catalog.update(() => {
    const stream = check(engine, call);
    const change = changeOf(engine, { stream, input: call.input });
    if (!change) return [];
    started = stream.id;
    return [change];
  });
  if (started !== undefined) engine.transitions.start(started);
  return {};
};

/** @source guessed: their order. */
function check(engine: EngineParts, call: Call<'UpdateStreamMode'>): StreamEntry {
  const { input, scope } = call;
  const stream = findStream(engine, call);
  const mode = input.StreamModeDetails.StreamMode;
  checkWarm({ ...stream, mode }, input.WarmThroughputMiBps);
  engine.streams.checkWhole(stream.id);
  if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
  if (mode !== stream.mode) {
    const asked = { operation: 'UpdateStreamMode', scope } as const;
    engine.callLimits.underQuota(asked, () => checkQuotas(engine, { stream, mode }));
  }
  return stream;
}

function checkQuotas(
  engine: EngineParts,
  { stream, mode }: { stream: StreamEntry; mode: StreamEntry['mode'] },
): void {
  if (recentSwitches(engine, stream).length >= modeSwitchesPerDayMax) {
    throw modeSwitchedTooOften(modeSwitchesPerDayMax, stream);
  }
  const { account, region } = stream;
  const additional = openShards(stream).length;
  if (mode === 'PROVISIONED') checkShardQuota(engine, { account, region, additional });
  else checkOnDemandStreams(engine, stream);
}

function recentSwitches({ ages }: EngineParts, { switchedMs = [] }: StreamEntry): number[] {
  const since = ages.since(dayMs);
  return switchedMs.filter((timeMs) => timeMs > since).slice(-modeSwitchesPerDayMax);
}

function changeOf(
  engine: EngineParts,
  { stream, input }: { stream: StreamEntry; input: Call<'UpdateStreamMode'>['input'] },
): CatalogChange | undefined {
  const { WarmThroughputMiBps: warmMiBps, StreamModeDetails } = input;
  const mode = StreamModeDetails.StreamMode;
  if (mode === stream.mode) {
    return warmMiBps === undefined ? undefined : warmChange(stream, warmMiBps);
  }
  const switchedMs = [...recentSwitches(engine, stream), engine.ports.clock.now()];
  return {
    type: 'change',
    id: stream.id,
    set: { status: 'UPDATING', switchedMs, ...(warmMiBps !== undefined && { warmMiBps }) },
    pending: { kind: 'mode', mode },
  };
}
