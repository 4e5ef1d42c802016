/** What the pointer is at: the time of a bar, its records, and the share of each shard. */
import type { TailHistogram } from '../../src/protocol/histogram.ts';
import { type Axis, barAt, msAt } from './axis.ts';
import { barOf, countWords, shardWords } from './layers.ts';
import { momentWords, spanWords, type TimeLook } from './words.ts';

/** All of a bar in words, for who does not see it. */
export function barSentence(
  bar: number,
  { histogram, axis, look }: Pick<TipProps, 'histogram' | 'axis' | 'look'>,
): string {
  const fromMs = axis.startMs + bar * axis.barMs;
  const times = spanWords({ fromMs, toMs: fromMs + axis.barMs }, look);
  const counted = barOf(histogram, bar);
  const parts = shardWords(histogram, counted).map(({ words }) => words);
  return [`${times}: ${countWords(counted, histogram.matching !== undefined)}`, ...parts].join(
    '. ',
  );
}

export interface TipProps {
  readonly histogram: TailHistogram;
  readonly axis: Axis;
  /** Of the width, 0 to 1. */
  readonly part: number;
  readonly look: TimeLook;
}

export function Tip({ histogram, axis, part, look }: TipProps) {
  const epochMs = msAt(axis, part);
  const place = barAt(axis, epochMs);
  const side = part < 0.5 ? { left: `${part * 100}%` } : { right: `${(1 - part) * 100}%` };
  if (place === undefined) {
    return (
      <div class="tip" style={side}>
        {momentWords(Math.floor(epochMs), look)}
      </div>
    );
  }
  const bar = barOf(histogram, place);
  const fromMs = axis.startMs + place * axis.barMs;
  return (
    <div class="tip" style={side}>
      <div>{spanWords({ fromMs, toMs: fromMs + axis.barMs }, look)}</div>
      <div>{countWords(bar, histogram.matching !== undefined)}</div>
      {shardWords(histogram, bar).map(({ column, words }) => (
        <div key={column} class="tip-shard">
          <i class={`swatch swatch-${column}`} />
          {words}
        </div>
      ))}
    </div>
  );
}
