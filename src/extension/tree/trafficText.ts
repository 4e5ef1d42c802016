/** The last minute's counters in words, for tooltips and descriptions. Pure text; knows no editor. */
import type { CallerUse, ShardCount, ShardCounters } from '../../admin/counters.ts';
import { durationText } from '../../base/durations.ts';
import { counted } from './labels.ts';

/** Named in a tooltip at most. */
const callersMax = 3;

/** What stands in the row of a stream or shard that AWS would have throttled, or the engine did. */
export const overLimitsText = "over AWS's limits";

type Counted = Pick<ShardCounters, 'total' | 'topCallers'>;

/** Whether in these shards anything was over what one shard takes or gives on AWS. */
export function isOverLimits(shards: readonly Counted[]): boolean {
  return shards.some(({ total }) => {
    const { putsThrottled, putsOverLimit, readsThrottled, readsOverLimit } = total;
    return putsThrottled + putsOverLimit + readsThrottled + readsOverLimit > 0;
  });
}

/** The lines of a tooltip; of all shards together when there are several. */
export function trafficLines(shards: readonly Counted[]): string[] {
  if (shards.length === 0) return ['Last minute: nothing came in, nothing was read'];
  const total = totalOf(shards.map((shard) => shard.total));
  const { recordsIn, bytesIn, recordsOut, bytesOut, reads, iteratorAgeMs } = total;
  const read = reads > 0 ? ` by ${counted(reads, 'read')}` : '';
  const lines = [
    `Last minute in: ${counted(recordsIn, 'record')}, ${bytesText(bytesIn)}`,
    `Last minute out: ${counted(recordsOut, 'record')}, ${bytesText(bytesOut)}${read}`,
    ...overLines(total),
  ];
  if (iteratorAgeMs !== undefined) lines.push(`Iterator age: ${durationText(iteratorAgeMs)}`);
  const callers = callersText(shards.flatMap(({ topCallers }) => topCallers));
  return callers === undefined ? lines : [...lines, callers];
}

function overLines(total: ShardCount): string[] {
  const { putsThrottled, readsThrottled, putsOverLimit, readsOverLimit } = total;
  const lines: string[] = [];
  if (putsThrottled + readsThrottled > 0) {
    lines.push(`Throttled: ${whatText(putsThrottled, readsThrottled)}`);
  }
  if (putsOverLimit + readsOverLimit > 0) {
    lines.push(`AWS would have throttled: ${whatText(putsOverLimit, readsOverLimit)}`);
  }
  return lines;
}

/** `38 records`, `2 reads`, `38 records, 2 reads` */
function whatText(records: number, reads: number): string {
  const parts = [records > 0 && counted(records, 'record'), reads > 0 && counted(reads, 'read')];
  return parts.filter(Boolean).join(', ');
}

function totalOf(counts: readonly ShardCount[]): ShardCount {
  const sum = (key: Exclude<keyof ShardCount, 'iteratorAgeMs'>): number =>
    counts.reduce((total, count) => total + count[key], 0);
  const ages = counts.flatMap(({ iteratorAgeMs }) => iteratorAgeMs ?? []);
  return {
    recordsIn: sum('recordsIn'),
    bytesIn: sum('bytesIn'),
    recordsOut: sum('recordsOut'),
    bytesOut: sum('bytesOut'),
    reads: sum('reads'),
    putsThrottled: sum('putsThrottled'),
    putsOverLimit: sum('putsOverLimit'),
    readsThrottled: sum('readsThrottled'),
    readsOverLimit: sum('readsOverLimit'),
    ...(ages.length > 0 && { iteratorAgeMs: ages.reduce((a, b) => Math.max(a, b)) }),
  };
}

/** Those that moved most bytes, of the last minutes; undefined when nobody did. */
function callersText(uses: readonly CallerUse[]): string | undefined {
  const byCaller = new Map<string, { bytesIn: number; bytesOut: number }>();
  for (const { caller, bytesIn, bytesOut } of uses) {
    const before = byCaller.get(caller) ?? { bytesIn: 0, bytesOut: 0 };
    byCaller.set(caller, {
      bytesIn: before.bytesIn + bytesIn,
      bytesOut: before.bytesOut + bytesOut,
    });
  }
  const top = [...byCaller]
    .sort(([, a], [, b]) => b.bytesIn + b.bytesOut - a.bytesIn - a.bytesOut)
    .slice(0, callersMax)
    .map(([caller, use]) => callerText(caller, use));
  return top.length === 0 ? undefined : `Top callers: ${top.join('; ')}`;
}

function callerText(caller: string, use: { bytesIn: number; bytesOut: number }): string {
  const parts = [
    use.bytesIn > 0 && `${bytesText(use.bytesIn)} in`,
    use.bytesOut > 0 && `${bytesText(use.bytesOut)} out`,
  ];
  return `${caller || 'unsigned'} (${parts.filter(Boolean).join(', ')})`;
}

/** `512 B`, `1.5 KiB`, `20 MiB` */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  const digits = power > 0 && value < 10 ? 1 : 0;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: digits })} ${units[power]}`;
}
