/** The histogram of made-up rows, counted plainly. */
import {
  histogramBarsMax,
  histogramShardsMax,
  type TailHistogram,
} from '../../../../src/protocol/histogram.ts';

export interface Counted {
  readonly arrivedMs: number;
  readonly shardId: string;
  readonly isMatch: boolean;
}

export function histogramOf(records: readonly Counted[], isFiltered: boolean): TailHistogram {
  const times = records.map(({ arrivedMs }) => arrivedMs);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  let barMs = 100;
  const barsAt = (ms: number): number => Math.floor(last / ms) - Math.floor(first / ms) + 1;
  while (records.length > 0 && barsAt(barMs) > histogramBarsMax) barMs *= 2;
  const ids = [...new Set(records.map(({ shardId }) => shardId))].sort();
  const shards = ids.length > histogramShardsMax ? [] : ids;
  const bars = records.length > 0 ? barsAt(barMs) : 0;
  const columns = Math.max(1, shards.length);
  const startMs = records.length > 0 ? Math.floor(first / barMs) * barMs : 0;
  const all = new Array<number>(bars * columns).fill(0);
  const matching = [...all];
  for (const { arrivedMs, shardId, isMatch } of records) {
    const bar = Math.floor((arrivedMs - startMs) / barMs);
    const cell = bar * columns + Math.max(0, shards.indexOf(shardId));
    all[cell]! += 1;
    if (isMatch) matching[cell]! += 1;
  }
  return { startMs, barMs, shards, all, ...(isFiltered && { matching }) };
}
