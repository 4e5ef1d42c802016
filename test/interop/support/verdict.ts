// Compares what a client read with what it put: nothing lost, nothing twice, each key's order kept.
import type { WorkRecord } from './workload.ts';

/** A record as a client read it, in the order of reading. */
export interface Got {
  readonly shard: string;
  readonly sequenceNumber: string;
  readonly key: string;
  readonly data: Buffer;
  /** Where it was in an aggregate: the explicit hash key that it had there, empty for none. */
  readonly aggregatedHashKey?: string;
}

const identity = (record: { key: string; data: Buffer }): string =>
  `${record.key}\0${record.data.toString('base64')}`;

/** What is wrong, as sentences; none when all is well. */
export function complaints(put: readonly WorkRecord[], got: readonly Got[]): string[] {
  const wanted = put.map(identity);
  const seen = got.map(identity);
  return [
    ...counted('lost', without(wanted, seen)),
    ...counted('twice', repeated(seen)),
    ...counted('never put', without(seen, wanted)),
    ...counted('out of order', disordered(put, got)),
    ...counted('with a number below the one before it', falling(got)),
  ];
}

function counted(what: string, found: readonly string[]): string[] {
  if (found.length === 0) return [];
  const [key = '', data = ''] = found[0]!.split('\0');
  return [`${found.length} ${what}, as ${JSON.stringify(key.slice(0, 40))} ${data.slice(0, 40)}`];
}

function without(all: readonly string[], those: readonly string[]): string[] {
  const set = new Set(those);
  return all.filter((one) => !set.has(one));
}

function repeated(all: readonly string[]): string[] {
  const seen = new Set<string>();
  return all.filter((one) => seen.has(one) || !seen.add(one));
}

/** Records that were read after one of their key that was put later. */
function disordered(put: readonly WorkRecord[], got: readonly Got[]): string[] {
  const ordinals = new Map(put.map((record, index) => [identity(record), index]));
  const latest = new Map<string, number>();
  return got
    .filter((record) => {
      const ordinal = ordinals.get(identity(record)) ?? -1;
      const before = latest.get(record.key) ?? -1;
      latest.set(record.key, Math.max(ordinal, before));
      return ordinal < before;
    })
    .map(identity);
}

/** Within a shard numbers rise, but for the records of one aggregate, which share theirs. */
function falling(got: readonly Got[]): string[] {
  const latest = new Map<string, bigint>();
  return got
    .filter((record) => {
      const number = BigInt(record.sequenceNumber);
      const isFalling = number < (latest.get(record.shard) ?? 0n);
      latest.set(record.shard, number);
      return isFalling;
    })
    .map(identity);
}
