/** What the catalog knows of a stream and its shards: plain, immutable data. Never holds records. */
import type { HashRange } from '../kinesis/hashKey.ts';
import type { RecordDistributionStrategy, StreamStatus } from '../kinesis/shapes.ts';
import type { Commitment } from './commitment.ts';
import type { Encryption } from './encryption.ts';
import type { ShardMetric } from './monitoring.ts';
import type { PeakDay } from './onDemandPlan.ts';
import type { ScalingPolicy } from './scalingPlan.ts';

export interface ShardEntry {
  /** The number in the shard's id, and its lane in the log. */
  readonly index: number;
  readonly range: HashRange;
  /** One index for a split's child, two for a merge's, none at a stream's start. */
  readonly parents: readonly number[];
  /** Epoch seconds; part of every sequence number of the shard. */
  readonly createdSeconds: number;
  /** No record of the shard has a smaller key. */
  readonly startKey: number;
  /** Epoch second of closing; absent while open. Children are created one second later. */
  readonly closedSeconds?: number | undefined;
}

/** What a stream that is not ACTIVE will do when its delay is over. */
export type Pending =
  | { readonly kind: 'create'; readonly shardCount: number }
  | { readonly kind: 'split'; readonly shard: number; readonly at: bigint }
  | { readonly kind: 'merge'; readonly shards: readonly number[] }
  | { readonly kind: 'scale'; readonly target: number; readonly policy: ScalingPolicy }
  /** The new retention holds already. */
  | { readonly kind: 'retention' }
  | { readonly kind: 'monitoring'; readonly metrics: readonly ShardMetric[] }
  /** Empty: no key. */
  | { readonly kind: 'encryption'; readonly keyId: string }
  | { readonly kind: 'recordSize'; readonly bytesMax: number }
  /** On-demand: each of these is split at its middle. */
  | { readonly kind: 'spread'; readonly shards: readonly number[] }
  | { readonly kind: 'mode'; readonly mode: StreamEntry['mode'] }
  /** As many shards as `warmMiBps` says. */
  | { readonly kind: 'warm' }
  | { readonly kind: 'delete' };

/** A consumer with a read throughput of its own. */
export interface ConsumerEntry {
  readonly name: string;
  /** Epoch seconds; part of the ARN. */
  readonly createdSeconds: number;
  readonly status: 'CREATING' | 'ACTIVE' | 'DELETING';
  readonly tags: readonly (readonly [string, string])[];
  /** JSON as it was given; absent or empty without one. */
  readonly policy?: string | undefined;
}

export interface StreamEntry {
  /** Random hexadecimal: the folder under streams/, another one for every incarnation of a name. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly createdMs: number;
  readonly status: StreamStatus;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly retentionHours: number;
  /** Records that arrived earlier expired before the retention became longer: they stay so. */
  readonly expiredBeforeMs?: number | undefined;
  /** Data and partition key of one record. */
  readonly recordBytesMax: number;
  readonly tags: readonly (readonly [string, string])[];
  /** Never falls: ids of shards are not used twice. */
  readonly nextShardIndex: number;
  /** By rising index; without those that expired long ago. */
  readonly shards: readonly ShardEntry[];
  readonly pending?: Pending | undefined;
  /** When UpdateShardCount was accepted in the last 24 hours. */
  readonly scaledMs: readonly number[];
  /** When UpdateStreamMode switched the mode in the last 24 hours. */
  readonly switchedMs?: readonly number[] | undefined;
  /** On-demand: what the stream shall take at once, MiB a second; absent or 0 when nothing was asked. */
  readonly warmMiBps?: number | undefined;
  /** By name; absent before the first one. */
  readonly consumers?: readonly ConsumerEntry[] | undefined;
  /** On-demand: the peaks of the last 30 days; absent or empty before the first look. */
  readonly peaks?: readonly PeakDay[] | undefined;
  /** On-demand: AUTO spreads records whatever their keys; absent: by their keys. */
  readonly distribution?: RecordDistributionStrategy | undefined;
  /** Absent until the first key. */
  readonly encryption?: Encryption | undefined;
  /** JSON as it was given; absent or empty without one. */
  readonly policy?: string | undefined;
  /** Of enhanced monitoring; absent or empty without. */
  readonly metrics?: readonly ShardMetric[] | undefined;
}

type Settable =
  | 'consumers'
  | 'distribution'
  | 'encryption'
  | 'expiredBeforeMs'
  | 'metrics'
  | 'mode'
  | 'nextShardIndex'
  | 'peaks'
  | 'policy'
  | 'recordBytesMax'
  | 'retentionHours'
  | 'scaledMs'
  | 'status'
  | 'switchedMs'
  | 'tags'
  | 'warmMiBps';

/** One line of the catalog. */
export type CatalogChange =
  | { readonly type: 'stream'; readonly stream: StreamEntry }
  | {
      readonly type: 'change';
      readonly id: string;
      readonly set?: Partial<Pick<StreamEntry, Settable>>;
      /** `null` ends what was pending. */
      readonly pending?: Pending | null;
      readonly close?: readonly { readonly index: number; readonly seconds: number }[];
      readonly add?: readonly ShardEntry[];
      readonly drop?: readonly number[];
    }
  | { readonly type: 'removed'; readonly id: string }
  | {
      readonly type: 'account';
      readonly account: string;
      readonly region: string;
      readonly commitment: Commitment;
    };

export const isOpen = (shard: ShardEntry): boolean => shard.closedSeconds === undefined;

/** An import is not finished: its streams are deleted unless it will be. */
export const isIncoming = ({ status, pending }: StreamEntry): boolean =>
  status === 'CREATING' && pending?.kind === 'delete';

export const openShards = (stream: StreamEntry): ShardEntry[] => stream.shards.filter(isOpen);

/** The shard of that index, unless it never was or expired long ago. */
export function shardAt(stream: StreamEntry, index: number): ShardEntry | undefined {
  let low = 0;
  let high = stream.shards.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const shard = stream.shards[middle]!;
    if (shard.index === index) return shard;
    if (shard.index < index) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** The stream after a change of it. */
export function changed(
  stream: StreamEntry,
  change: Extract<CatalogChange, { type: 'change' }>,
): StreamEntry {
  const { set = {}, close = [], add = [], drop = [] } = change;
  const pending = change.pending === undefined ? stream.pending : (change.pending ?? undefined);
  if (close.length + add.length + drop.length === 0) return { ...stream, ...set, pending };
  const closed = new Map(close.map(({ index, seconds }) => [index, seconds]));
  const dropped = new Set(drop);
  const kept = stream.shards
    .filter(({ index }) => !dropped.has(index))
    .map((shard) =>
      closed.has(shard.index) ? { ...shard, closedSeconds: closed.get(shard.index) } : shard,
    );
  const shards = [...kept, ...add].sort((a, b) => a.index - b.index);
  return { ...stream, ...set, pending, shards };
}
