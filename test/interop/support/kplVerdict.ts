// Compares what was read with where the KPL says that it put each record, and which of them it sent again.
import { createHash } from 'node:crypto';
import type { Got } from './verdict.ts';
import type { WorkRecord } from './workload.ts';

/** A record that the KPL has put: where the last of its attempts ended. */
export interface Landed extends WorkRecord {
  readonly shard: string;
  readonly sequenceNumber: string;
  /** How often it was in an aggregate that came to another shard than foreseen, which the KPL puts once more. */
  readonly resent: number;
}

/** The hash keys of a shard, both included. */
export interface ShardRange {
  readonly shard: string;
  readonly first: bigint;
  readonly last: bigint;
}

export interface KplRun {
  readonly put: readonly WorkRecord[];
  readonly got: readonly Got[];
  /** Whether the reader keeps what came to the wrong shard in an aggregate, which the KCL drops. */
  readonly isAllKept: boolean;
  readonly landed: readonly Landed[];
  readonly ranges: readonly ShardRange[];
  readonly isAggregating: boolean;
}

export interface KplVerdict {
  /** Without the copies that the KPL itself sent again: what it promised to have put once. */
  readonly got: readonly Got[];
  /** What is wrong besides that, as sentences. */
  readonly complaints: readonly string[];
}

const identity = ({ key, data }: { key: string; data: Buffer }): string =>
  `${key}\0${data.toString('base64')}`;

const placeOf = ({ shard, sequenceNumber }: Got | Landed): string => `${shard} ${sequenceNumber}`;

export function judgeKpl(run: KplRun): KplVerdict {
  const landed = new Map(run.landed.map((record) => [identity(record), record]));
  const got = run.got.filter((record) => {
    const promised = landed.get(identity(record));
    return promised === undefined || placeOf(promised) === placeOf(record);
  });
  return {
    got,
    complaints: [
      ...counted('not read as often as sent', miscounted(run)),
      ...counted('in a shard of other hash keys', misplaced(run, got)),
      ...counted('with another explicit hash key', changed(run, got)),
      ...untested(run),
    ],
  };
}

function counted(what: string, found: readonly { key: string }[]): string[] {
  if (found.length === 0) return [];
  return [`${found.length} ${what}, as ${JSON.stringify(found[0]!.key.slice(0, 40))}`];
}

/** Each is there once, and once for each time that it was sent again. */
function miscounted({ got, landed, isAllKept }: KplRun): Landed[] {
  const counts = new Map<string, number>();
  for (const record of got) {
    const id = identity(record);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return landed.filter((record) => {
    const count = counts.get(identity(record)) ?? 0;
    const most = 1 + record.resent;
    return isAllKept ? count !== most : count > most; // complaints() tells of those not there
  });
}

/** That decides which shard a record comes to. */
function hashKeyOf({ key, explicitHashKey }: WorkRecord): bigint {
  if (explicitHashKey !== undefined) return BigInt(explicitHashKey);
  return BigInt(`0x${createHash('md5').update(key, 'utf8').digest('hex')}`);
}

function misplaced({ put, ranges }: KplRun, got: readonly Got[]): Got[] {
  const hashKeys = new Map(put.map((record) => [identity(record), hashKeyOf(record)]));
  const rangeOf = new Map(ranges.map((range) => [range.shard, range]));
  return got.filter((record) => {
    const hashKey = hashKeys.get(identity(record));
    const range = rangeOf.get(record.shard);
    if (hashKey === undefined) return false; // complaints() tells of it
    return range === undefined || hashKey < range.first || hashKey > range.last;
  });
}

/** An aggregate keeps them; a record of its own keeps none. */
function changed({ put }: KplRun, got: readonly Got[]): Got[] {
  const told = new Map(put.map((record) => [identity(record), record.explicitHashKey ?? '']));
  return got.filter((record) => {
    if (record.aggregatedHashKey === undefined) return false;
    return told.get(identity(record)) !== record.aggregatedHashKey;
  });
}

/** A run that never came to what it is for has shown nothing. */
function untested({ got, landed, isAggregating }: KplRun): string[] {
  const aggregated = got.filter((record) => record.aggregatedHashKey !== undefined).length;
  if (!isAggregating)
    return aggregated > 0 ? [`${aggregated} were aggregated, and none should be`] : [];
  return [
    ...(aggregated < got.length / 2 ? [`only ${aggregated} of ${got.length} were aggregated`] : []),
    ...(landed.every(({ resent }) => resent === 0)
      ? ['none was sent again, so its map of shards was never stale']
      : []),
  ];
}
