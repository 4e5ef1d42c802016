/** The time that the histogram shows, and what a drag or a key makes of the span on it. Pure. */
import type { TailHistogram } from '../../src/protocol/histogram.ts';
import type { TimeSpan } from '../../src/query/timeSpan.ts';

/** Of fewer bars the axis goes on behind the last one, so that a few records do not fill it. */
const placesMin = 48;

export interface Axis {
  readonly startMs: number;
  readonly barMs: number;
  /** Places for bars; those of the last ones may be empty. */
  readonly places: number;
  /** Bars that there are. */
  readonly bars: number;
}

/** Undefined when nothing is counted. */
export function axisOf(histogram: TailHistogram | undefined): Axis | undefined {
  if (!histogram || histogram.all.length === 0) return undefined;
  const { startMs, barMs, all, shards } = histogram;
  const bars = all.length / Math.max(1, shards.length);
  return { startMs, barMs, bars, places: Math.max(placesMin, bars) };
}

/** When the last bar ends. */
export const barsEndMs = ({ startMs, barMs, bars }: Axis): number => startMs + bars * barMs;

/** When the axis ends. */
export const axisEndMs = ({ startMs, barMs, places }: Axis): number => startMs + places * barMs;

/** The moment at a part of the width, 0 to 1. */
export function msAt(axis: Axis, part: number): number {
  const within = Math.min(1, Math.max(0, part));
  return axis.startMs + within * (axisEndMs(axis) - axis.startMs);
}

/** The part of the width at which a moment is, 0 to 1. */
export function partOf(axis: Axis, epochMs: number): number {
  const part = (epochMs - axis.startMs) / (axisEndMs(axis) - axis.startMs);
  return Math.min(1, Math.max(0, part));
}

/** The number of the bar at a moment, the first one 0; undefined where there is none. */
export function barAt(axis: Axis, epochMs: number): number | undefined {
  const bar = Math.floor((epochMs - axis.startMs) / axis.barMs);
  return bar >= 0 && bar < axis.bars ? bar : undefined;
}

/** Whole bars, from the one at one moment to the one at the other, whichever comes first. */
export function draggedSpan({ barMs }: Axis, [one, other]: readonly [number, number]): TimeSpan {
  const fromMs = Math.floor(Math.min(one, other) / barMs) * barMs;
  const toMs = Math.max(fromMs + barMs, Math.ceil(Math.max(one, other) / barMs) * barMs);
  return { fromMs, toMs };
}

/**
 * The bar of a moment, or the one a step from it, at the last or first bar no further; without a moment a step begins
 * at that end. Undefined: none.
 */
export function lookedBar(
  { startMs, barMs, bars }: Axis,
  { atMs, step = 0 }: { readonly atMs: number | undefined; readonly step?: -1 | 0 | 1 },
): number | undefined {
  if (bars === 0 || (atMs === undefined && step === 0)) return undefined;
  const outside = step > 0 ? -1 : bars;
  const from = atMs === undefined ? outside : Math.floor((atMs - startMs) / barMs);
  return Math.max(0, Math.min(bars - 1, from + step));
}

/** Bars that a page key goes. */
const pageBars = 8;

export interface EdgeKey {
  /** As a keyboard event names it. */
  readonly key: string;
  /** The end of the span is moved, else its beginning. */
  readonly isEnd: boolean;
}

/**
 * The span with one edge moved, bar by bar; without one the edges of all bars are moved. What lies beyond the bars goes;
 * of a span that lies beyond them the nearest bar is left. 'all': it is all of them again. Undefined: not a
 * key for that.
 */
export function movedSpan(
  axis: Axis,
  { span, key, isEnd }: EdgeKey & { span: TimeSpan | undefined },
): TimeSpan | 'all' | undefined {
  const whole = { fromMs: axis.startMs, toMs: barsEndMs(axis) };
  const { fromMs, toMs } = span ? onBars(span, axis) : whole;
  const edges = span ?? whole;
  const target = targetMs(axis, { key, edgeMs: isEnd ? edges.toMs : edges.fromMs });
  if (target === undefined) return undefined;
  const moved = isEnd
    ? { fromMs, toMs: Math.min(whole.toMs, Math.max(target, fromMs + axis.barMs)) }
    : { fromMs: Math.max(whole.fromMs, Math.min(target, toMs - axis.barMs)), toMs };
  return moved.fromMs <= whole.fromMs && moved.toMs >= whole.toMs ? 'all' : moved;
}

function onBars({ fromMs, toMs }: TimeSpan, axis: Axis): TimeSpan {
  const { startMs, barMs } = axis;
  const endMs = barsEndMs(axis);
  if (toMs <= startMs) return { fromMs: startMs, toMs: startMs + barMs };
  if (fromMs >= endMs) return { fromMs: endMs - barMs, toMs: endMs };
  return { fromMs: Math.max(startMs, fromMs), toMs: Math.min(endMs, toMs) };
}

function targetMs(axis: Axis, { key, edgeMs }: { key: string; edgeMs: number }) {
  const { barMs } = axis;
  const below = (Math.ceil(edgeMs / barMs) - 1) * barMs;
  const above = (Math.floor(edgeMs / barMs) + 1) * barMs;
  const more = (pageBars - 1) * barMs;
  const targets: Record<string, number> = {
    ArrowLeft: below,
    ArrowDown: below,
    ArrowRight: above,
    ArrowUp: above,
    PageDown: below - more,
    PageUp: above + more,
    Home: axis.startMs,
    End: barsEndMs(axis),
  };
  return targets[key];
}
