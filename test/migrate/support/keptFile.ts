/** Files as kinesis-local 0.6.2 writes them, made by rule; a test shows that its own have the same members. */
import { formatSequenceNumber } from '../../../src/kinesis/sequenceNumber.ts';
import { formatShardId } from '../../../src/kinesis/shardId.ts';

const hashKeyEnd = String(2n ** 128n - 1n);

export interface MadeRecord {
  readonly ApproximateArrivalTimestamp: number | string;
  readonly Data: string;
  readonly EncryptionType: string;
  readonly PartitionKey: string;
  readonly SequenceNumber: string;
}

export interface MadeShard {
  readonly index: number;
  readonly createdMs: number;
  readonly closedMs?: number;
  readonly range?: readonly [start: string, end: string];
  readonly parents?: readonly number[];
  readonly records?: readonly MadeRecord[];
}

/** The `index`-th record of a shard, as it numbers them. */
export function madeRecord(
  shard: Pick<MadeShard, 'index' | 'createdMs'>,
  {
    index,
    timeMs,
    data = `${shard.index}/${index}`,
    key = 'k',
  }: {
    index: number;
    timeMs: number;
    data?: string | Uint8Array;
    key?: string;
  },
): MadeRecord {
  return {
    ApproximateArrivalTimestamp: timeMs / 1000,
    Data: Buffer.from(data).toString('base64'),
    EncryptionType: 'NONE',
    PartitionKey: key,
    SequenceNumber: formatSequenceNumber({
      shardCreatedSeconds: Math.floor(shard.createdMs / 1000),
      shardIndex: shard.index,
      index: BigInt(index),
      seconds: Math.floor(timeMs / 1000),
    }),
  };
}

/** The name that a shard's records have. */
export function shardName({ index, createdMs, closedMs, range, parents = [] }: MadeShard): string {
  const shardCreatedSeconds = Math.floor(createdMs / 1000);
  const first = { shardCreatedSeconds, shardIndex: index, index: 0n, seconds: shardCreatedSeconds };
  const [parent, adjacent] = parents.map(formatShardId);
  return JSON.stringify({
    AdjacentParentShardId: adjacent ?? null,
    ClosedTimestamp: closedMs === undefined ? null : new Date(closedMs).toISOString(),
    CreatedAtTimestamp: new Date(createdMs).toISOString(),
    HashKeyRange: { EndingHashKey: range?.[1] ?? hashKeyEnd, StartingHashKey: range?.[0] ?? '0' },
    ParentShardId: parent ?? null,
    SequenceNumberRange: {
      EndingSequenceNumber: closedMs === undefined ? null : '9223372036854775807',
      StartingSequenceNumber: formatSequenceNumber(first),
    },
    ShardId: formatShardId(index),
    ShardIndex: index,
  });
}

export const madeArn = (name: string): string =>
  `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

/** A stream's members. `more` replaces some. */
export function madeStream(
  name: string,
  {
    shards,
    createdMs,
    ...more
  }: { shards: readonly MadeShard[]; createdMs: number } & Readonly<Record<string, unknown>>,
): object {
  return {
    consumers: {},
    encryptionType: 'NONE',
    enhancedMonitoring: [{ ShardLevelMetrics: [] }],
    keyId: null,
    retentionPeriod: { length: 24, unit: 'HOURS' },
    shards: Object.fromEntries(shards.map((shard) => [shardName(shard), shard.records ?? []])),
    streamArn: madeArn(name),
    streamCreationTimestamp: new Date(createdMs).toISOString(),
    streamModeDetails: { StreamMode: 'PROVISIONED' },
    streamName: name,
    streamStatus: 'ACTIVE',
    tags: {},
    shardCountUpdates: [],
    maxRecordSizeInKiB: null,
    warmThroughputMiBps: null,
    ...more,
  };
}

/** Of streams by their names. */
export function madeFile(streams: Readonly<Record<string, object>>): object {
  const entries = Object.entries(streams).map(([name, stream]) => [madeArn(name), stream]);
  return {
    streams: Object.fromEntries(entries),
    resourcePolicies: {},
    accountSettings: { minimumThroughputBillingCommitment: null },
  };
}
