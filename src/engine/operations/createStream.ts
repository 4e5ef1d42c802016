/** CreateStream: a stream in CREATING, durable before the answer; its shards appear after the delay. */
import { randomHex } from '../../base/random.ts';
import { streamExists } from '../../kinesis/errors.ts';
import {
  KIB,
  onDemandShardsAtStart,
  recordBytesDefaultMax,
  retentionHoursDefault,
  shardsPerStreamMax,
} from '../../kinesis/limits.ts';
import type { CreateStreamInput } from '../../kinesis/operations/createStream.ts';
import { membersMissing } from '../../kinesis/validate.ts';
import { checkDistribution } from '../distribution.ts';
import type { EngineParts, Handler, Scope } from '../engineParts.ts';
import {
  checkOnDemandStreams,
  checkShardQuota,
  checkShardsPerStream,
  checkTransitions,
} from '../quotas.ts';
import type { StreamEntry } from '../streamEntry.ts';
import { streamTagRules, withTags } from '../tags.ts';
import { checkWarm } from '../warmThroughput.ts';

export const createStream: Handler<'CreateStream'> = async (engine, { input, scope }) => {
  const stream = newStream(engine, { input, scope });
  await engine.catalog.update(() => {
    check(engine, { stream, scope });
    return [{ type: 'stream', stream }];
  });
  engine.transitions.start(stream.id);
  return {};
};

/** On the catalog as it is when the stream is written: two calls for one name never both pass. */
function check(engine: EngineParts, { stream, scope }: { stream: StreamEntry; scope: Scope }) {
  const { account, region } = scope;
  if (engine.catalog.byName(stream)) throw streamExists(stream);
  const shards = stream.pending?.kind === 'create' ? stream.pending.shardCount : 0;
  checkShardsPerStream({ account, region, shards });
  engine.callLimits.underQuota({ operation: 'CreateStream', scope }, () => {
    checkTransitions(engine, scope);
    if (stream.mode === 'ON_DEMAND') checkOnDemandStreams(engine, scope);
    else checkShardQuota(engine, { account, region, additional: shards });
  });
}

/** A stream in CREATING that is not in the catalog yet. */
export function newStream(
  { ports }: EngineParts,
  { input, scope }: { input: CreateStreamInput; scope: Scope },
): StreamEntry {
  const mode = modeOf(input);
  const { WarmThroughputMiBps: warmMiBps, RecordDistributionStrategy: distribution } = input;
  const id = { account: scope.account, name: input.StreamName };
  checkWarm({ ...id, mode }, warmMiBps);
  checkDistribution({ ...id, mode }, distribution);
  return {
    id: randomHex(ports.random, 8),
    account: scope.account,
    region: scope.region,
    name: input.StreamName,
    createdMs: ports.clock.now(),
    status: 'CREATING',
    mode,
    retentionHours: retentionHoursDefault,
    recordBytesMax: (input.MaxRecordSizeInKiB ?? recordBytesDefaultMax / KIB) * KIB,
    tags: withTags({ id, tags: [] }, { added: input.Tags ?? {}, rules: streamTagRules }),
    nextShardIndex: 0,
    shards: [],
    pending: { kind: 'create', shardCount: shardCountOf(input, mode) },
    scaledMs: [],
    ...(warmMiBps !== undefined && { warmMiBps }),
    ...(distribution === 'AUTO' && { distribution }),
  };
}

/** Neither mode nor count means on-demand. @source measured */
function modeOf(input: CreateStreamInput): StreamEntry['mode'] {
  const asked = input.StreamModeDetails?.StreamMode;
  if (asked === 'ON_DEMAND' || asked === 'PROVISIONED') return asked;
  return input.ShardCount === undefined ? 'ON_DEMAND' : 'PROVISIONED';
}

/** An on-demand stream ignores the count. @source guessed: the error of a provisioned one without. */
function shardCountOf(input: CreateStreamInput, mode: StreamEntry['mode']): number {
  if (mode === 'ON_DEMAND') {
    const warm = Math.min(input.WarmThroughputMiBps ?? 0, shardsPerStreamMax);
    return Math.max(onDemandShardsAtStart, warm);
  }
  if (input.ShardCount !== undefined) return input.ShardCount;
  throw membersMissing(['shardCount']);
}
