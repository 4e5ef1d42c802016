/** The bars of the histogram as few paths: one for each colour, and their heights in numbers and words. Pure. */
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { TailHistogram } from '../../src/protocol/histogram.ts';
import { formatCount, formatShare, plural } from '../format.ts';

/** Of the drawing: each place for a bar is so wide, and the highest bar so high. */
export const placeWidth = 10;
export const drawingHeight = 100;
/** Between two bars. */
const gap = 1.5;
/** A bar of one record among thousands is still seen. */
const barHeightMin = 5;

export interface Layer {
  /** `behind`: all records where only some match; else the colour of a shard by its place, or the only one. */
  readonly name: 'behind' | `shard-${number}`;
  readonly path: string;
}

const sum = (counts: readonly number[]): number => counts.reduce((total, one) => total + one, 0);

/** What one bar counts. */
export interface Bar {
  readonly all: number;
  /** As `all` when nothing is filtered. */
  readonly matching: number;
  /** By shard; one entry when they are not told apart. */
  readonly shards: readonly { readonly all: number; readonly matching: number }[];
}

export function barOf({ shards, all, matching = all }: TailHistogram, index: number): Bar {
  const columns = Math.max(1, shards.length);
  const at = index * columns;
  const parts = all.slice(at, at + columns).map((count, column) => ({
    all: count,
    matching: matching[at + column] ?? 0,
  }));
  return {
    all: sum(parts.map((part) => part.all)),
    matching: sum(parts.map((part) => part.matching)),
    shards: parts,
  };
}

export function barsOf(histogram: TailHistogram): Bar[] {
  const count = histogram.all.length / Math.max(1, histogram.shards.length);
  return Array.from({ length: count }, (_, index) => barOf(histogram, index));
}

/** Records of the highest bar. */
export function highestOf(bars: readonly Bar[]): number {
  return Math.max(0, ...bars.map(({ all }) => all));
}

/** Heights are linear from nothing to the highest bar. Only what is above nothing is drawn. */
export function layersOf(histogram: TailHistogram): Layer[] {
  const bars = barsOf(histogram);
  const highest = highestOf(bars);
  const heightOf = (count: number): number =>
    count === 0 ? 0 : Math.max(barHeightMin, (count / highest) * drawingHeight);
  const columns = Math.max(1, histogram.shards.length);
  const paths: string[] = Array.from({ length: columns }, () => '');
  let behind = '';
  for (const [place, bar] of bars.entries()) {
    if (histogram.matching) behind += box(place, { from: 0, to: heightOf(bar.all) });
    const height = heightOf(bar.matching);
    let below = 0;
    for (const [column, { matching }] of bar.shards.entries()) {
      const to = below + (matching / Math.max(1, bar.matching)) * height;
      paths[column] += box(place, { from: below, to });
      below = to;
    }
  }
  const layers: Layer[] = paths.map((path, column) => ({ name: `shard-${column}`, path }));
  const all: Layer[] = [{ name: 'behind', path: behind }, ...layers];
  return all.filter(({ path }) => path !== '');
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

function box(place: number, { from, to }: { from: number; to: number }): string {
  if (to <= from) return '';
  const height = short(to - from);
  const top = short(drawingHeight - to);
  return `M${place * placeWidth} ${top}h${placeWidth - gap}v${height}h-${placeWidth - gap}z`;
}

/** `120 records, 12 match` */
export function countWords({ all, matching }: Omit<Bar, 'shards'>, isFiltered: boolean): string {
  return isFiltered
    ? `${plural(all, 'record')}, ${formatCount(matching)} ${matching === 1 ? 'matches' : 'match'}`
    : plural(all, 'record');
}

export interface ShardWords {
  /** Its place among the colours. */
  readonly column: number;
  /** `Shard 5: 60 (50 %), 5 match` */
  readonly words: string;
}

/** Of a bar, those of its shards that are told apart and have records. */
export function shardWords({ shards, matching }: TailHistogram, bar: Bar): ShardWords[] {
  if (shards.length === 0) return [];
  return bar.shards.flatMap((part, column) => {
    if (part.all === 0) return [];
    const share = `${formatCount(part.all)} (${formatShare(part.all / bar.all)})`;
    const match = `${formatCount(part.matching)} ${part.matching === 1 ? 'matches' : 'match'}`;
    const name = `Shard ${shortShardId(shards[column]!)}`;
    return [{ column, words: `${name}: ${share}${matching ? `, ${match}` : ''}` }];
  });
}

/** All bars as one. */
export function wholeOf(histogram: TailHistogram): Bar {
  const bars = barsOf(histogram);
  const columns = Math.max(1, histogram.shards.length);
  const shards = Array.from({ length: columns }, (_, column) => ({
    all: sum(bars.map((bar) => bar.shards[column]?.all ?? 0)),
    matching: sum(bars.map((bar) => bar.shards[column]?.matching ?? 0)),
  }));
  const [all, matching] = [bars.map((bar) => bar.all), bars.map((bar) => bar.matching)];
  return { all: sum(all), matching: sum(matching), shards };
}
