/** A stream of elsewhere as a catalog entry: checks everything that is said of it. It stores nothing. */
import type { ImportedConsumer, ImportedStream } from '../admin/streamImport.ts';
import { randomHex } from '../base/random.ts';
import { formatConsumerArn, partitionOf } from '../kinesis/arn.ts';
import { kmsKeyNotFound } from '../kinesis/encryptionErrors.ts';
import { invalidArgument, isKinesisError } from '../kinesis/errors.ts';
import { isKmsKeyId } from '../kinesis/kmsKeyId.ts';
import { consumersPerStreamMax, KIB, recordBytesDefaultMax } from '../kinesis/limits.ts';
import { metricsName } from '../kinesis/shapes.ts';
import { arnOf } from './describe.ts';
import { type Encryption, newSecret } from './encryption.ts';
import type { EngineParts } from './engineParts.ts';
import { withShards } from './importShards.ts';
import type { ShardMetric } from './monitoring.ts';
import { checkPolicy } from './resourcePolicy.ts';
import { horizonMs } from './shardView.ts';
import type { ConsumerEntry, StreamEntry } from './streamEntry.ts';
import { resourceTagRules, withTags } from './tags.ts';
import { checkWarm } from './warmThroughput.ts';

/** How far a record may be ahead of the engine's clock: clocks of two machines differ. */
const aheadMsMax = 300_000;

/** The stream as it will be when its import is finished. Throws InvalidArgument that names it. */
export function importedStream(engine: EngineParts, spec: ImportedStream): StreamEntry {
  try {
    return entryOf(engine, spec);
  } catch (thrown) {
    if (!isKinesisError(thrown)) throw thrown;
    throw invalidArgument(`Stream ${spec.stream} cannot be imported: ${thrown.message}`);
  }
}

function entryOf({ ports }: EngineParts, spec: ImportedStream): StreamEntry {
  const { account, region, stream: name, createdMs, keyId, policy } = spec;
  const id = { account, name };
  const { maxRecordSizeInKiB: recordKib = recordBytesDefaultMax / KIB } = spec;
  if (createdMs > ports.clock.now() + aheadMsMax) throw ahead('The stream was created', createdMs);
  const stream: StreamEntry = withShards(
    {
      id: randomHex(ports.random, 8),
      account,
      region,
      name,
      createdMs,
      status: 'CREATING',
      mode: 'PROVISIONED',
      retentionHours: 0,
      recordBytesMax: recordKib * KIB,
      tags: withTags({ id, tags: [] }, { added: spec.tags ?? {}, rules: resourceTagRules }),
      nextShardIndex: 0,
      shards: [],
      scaledMs: [],
      metrics: metricsIn(spec.shardLevelMetrics ?? []),
      encryption: encryptionWith(ports, keyId),
    },
    spec,
  );
  checkWarm(stream, spec.warmThroughputMiBps);
  if (policy !== undefined) checkPolicy(policy, arnOf(stream));
  const consumers = consumersIn(spec.consumers ?? [], stream);
  return { ...stream, consumers, policy, warmMiBps: spec.warmThroughputMiBps };
}

/** There is always a secret: records from before encryption was stopped need it. */
function encryptionWith(ports: EngineParts['ports'], keyId = ''): Encryption | undefined {
  if (keyId !== '' && !isKmsKeyId(keyId)) throw kmsKeyNotFound(keyId);
  if (!ports.cipher) return undefined;
  return { keyId, secret: newSecret(ports.random), startedMs: [], stoppedMs: [] };
}

function metricsIn(names: readonly string[]): ShardMetric[] {
  const known: readonly string[] = metricsName.values!.filter((name) => name !== 'ALL');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalidArgument(`"${unknown}" is no metric of a shard.`);
  return known.filter((name) => names.includes(name)) as ShardMetric[];
}

function consumersIn(consumers: readonly ImportedConsumer[], stream: StreamEntry): ConsumerEntry[] {
  const names = new Set(consumers.map(({ name }) => name));
  if (names.size < consumers.length) throw invalidArgument('Two of its consumers have one name.');
  if (consumers.length > consumersPerStreamMax) {
    throw invalidArgument(`It has more than ${consumersPerStreamMax} consumers.`);
  }
  return consumers
    .map((consumer) => consumerIn(consumer, stream))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function consumerIn(consumer: ImportedConsumer, stream: StreamEntry): ConsumerEntry {
  const { name, createdSeconds, tags: added = {}, policy } = consumer;
  const { account, region } = stream;
  const streamArn = { partition: partitionOf(region), region, account, name: stream.name };
  const arn = formatConsumerArn({ stream: streamArn, consumer: name, createdSeconds });
  if (policy !== undefined) checkPolicy(policy, arn);
  const tags = withTags({ id: stream, tags: [] }, { added, rules: resourceTagRules });
  return { name, createdSeconds, status: 'ACTIVE', tags, policy };
}

/**
 * Throws InvalidArgument for records ahead of the clock, which would hold up the stream's time, and for
 * ones that have expired, which nobody could read, unless they are to be left out.
 */
export function checkTimes(
  { ports, ages }: EngineParts,
  {
    spec,
    stream,
    skipExpired,
  }: { spec: ImportedStream; stream: StreamEntry; skipExpired: boolean },
): void {
  const { oldestMs = Number.POSITIVE_INFINITY, newestMs = 0 } = spec;
  const newestSecond = stream.shards.reduce(
    (newest, shard) => Math.max(newest, shard.createdSeconds, shard.closedSeconds ?? 0),
    0,
  );
  const latestMs = Math.max(newestMs, newestSecond * 1000);
  const about = `Stream ${spec.stream} cannot be imported: `;
  if (latestMs > ports.clock.now() + aheadMsMax) {
    throw ahead(`${about}a record of it arrived, or a shard was created or closed,`, latestMs);
  }
  if (skipExpired || oldestMs >= horizonMs(stream, ages)) return;
  throw invalidArgument(
    `${about}its oldest record arrived at ${textOf(oldestMs)}, which is past its retention of ` +
      `${stream.retentionHours} hours, so it could not be read. With retentionHours=NUMBER, up to 8760, ` +
      'it is kept; with expired=skip such records are left out.',
  );
}

/** Throws InvalidArgument: it would hold up its stream's time. */
export function checkArrival(
  { ports }: EngineParts,
  { stream, timeMs }: { stream: StreamEntry; timeMs: number },
) {
  if (timeMs <= ports.clock.now() + aheadMsMax) return;
  throw ahead(`A record of stream ${stream.name} arrived`, timeMs);
}

const textOf = (ms: number): string => new Date(Math.min(ms, 8.64e15)).toISOString();

const ahead = (what: string, ms: number) =>
  invalidArgument(
    `${what} at ${textOf(ms)}, which is ahead of the engine's clock. See "shardscope clock".`,
  );
