/** The bars, and the span over them that the pointer or the keyboard sets. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { TailHistogram } from '../../src/protocol/histogram.ts';
import type { TimeSpan } from '../../src/query/timeSpan.ts';
import { Part } from '../controls/Part.tsx';
import { usePanel } from '../hooks.ts';
import { thenFocusGrid } from '../regions.ts';
import { type Axis, barAt, movedSpan, msAt, partOf } from './axis.ts';
import { drawingHeight, layersOf, placeWidth } from './layers.ts';
import { barSentence, Tip } from './Tip.tsx';
import { type BarLook, useBarLook } from './useBarLook.ts';
import { type Brush, useBrush } from './useBrush.ts';
import { useStill } from './useStill.ts';
import { spanWords, type TimeLook } from './words.ts';

/** Drawn anew only for another histogram. */
function useDrawing(histogram: TailHistogram | undefined, axis: Axis | undefined) {
  const drawings = useRef(0);
  return useMemo(() => {
    if (!histogram || !axis) return null;
    drawings.current += 1;
    return (
      <svg
        class="bars"
        viewBox={`0 0 ${axis.places * placeWidth} ${drawingHeight}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        data-drawings={drawings.current}
      >
        {layersOf(histogram).map(({ name, path }) => (
          <path key={name} class={`bar-${name}`} d={path} />
        ))}
      </svg>
    );
  }, [histogram, axis]);
}

const percent = (part: number): string => `${part * 100}%`;

/** What is outside of the span is faint. */
function Veils({ axis, span }: { axis: Axis; span: TimeSpan }) {
  const [from, to] = [partOf(axis, span.fromMs), partOf(axis, span.toMs)];
  return (
    <>
      <i class="veil" style={{ left: 0, width: percent(from) }} />
      <i class="veil" style={{ left: percent(to), right: 0 }} />
      <i class="brush" style={{ left: percent(from), width: percent(to - from) }} />
    </>
  );
}

function useKeys(axis: Axis | undefined, { brush, barLook }: { brush: Brush; barLook: BarLook }) {
  const panel = usePanel();
  return (event: KeyboardEvent): void => {
    if (!axis || event.ctrlKey || event.altKey || event.metaKey) return;
    const { key, shiftKey: isEnd } = event;
    const { span } = brush;
    if (key === 'Escape') {
      if (!brush.cancel() && !barLook.forget()) {
        if (!span) return;
        panel.timeline.widen();
      }
    } else if (key === 'Enter') {
      const { bar } = barLook;
      const fromMs = bar === undefined ? span?.fromMs : axis.startMs + bar * axis.barMs;
      thenFocusGrid(() => void panel.timeline.goTo(fromMs ?? axis.startMs))();
    } else if (!barLook.press(key)) {
      const moved = movedSpan(axis, { span, key, isEnd });
      if (!moved) return;
      if (moved === 'all') panel.timeline.widen('soon');
      else panel.timeline.narrow(moved, 'soon');
      barLook.forget();
    }
    event.preventDefault();
    event.stopPropagation();
  };
}

const middleMs = ({ startMs, barMs }: Axis, bar: number): number => startMs + (bar + 0.5) * barMs;

function sliderValues(
  axis: Axis | undefined,
  {
    span,
    look,
    looked,
  }: { span: TimeSpan | undefined; look: TimeLook; looked?: string | undefined },
) {
  if (!axis) return { 'aria-disabled': true, 'aria-valuetext': 'nothing is held yet' };
  const bar = span ? Math.round((span.fromMs - axis.startMs) / axis.barMs) : 0;
  return {
    'aria-valuemin': 0,
    'aria-valuemax': axis.bars,
    'aria-valuenow': Math.min(axis.bars, Math.max(0, bar)),
    'aria-valuetext': looked ?? (span ? spanWords(span, look) : 'all of the time'),
  };
}

export interface BarsProps {
  readonly histogram: TailHistogram | undefined;
  readonly axis: Axis | undefined;
  readonly look: TimeLook;
  /** The element that says how to use it. */
  readonly describedBy: string;
}

export function Bars({ histogram, axis, look, describedBy }: BarsProps) {
  const panel = usePanel();
  const brush = useBrush(axis);
  const barLook = useBarLook(axis);
  const slider = useRef<HTMLDivElement>(null);
  const keys = useKeys(axis, { brush, barLook });
  const drawing = useDrawing(histogram, axis);
  const [pointed, setPointed] = useState<number | undefined>();
  const point = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setPointed((event.clientX - left) / Math.max(1, width));
    brush.move(event);
  };
  const leap = (event: MouseEvent): void => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const epochMs = axis && msAt(axis, (event.clientX - left) / Math.max(1, width));
    if (!axis || epochMs === undefined) return;
    const bar = barAt(axis, epochMs);
    if (brush.span) panel.timeline.widen();
    else if (bar !== undefined) {
      thenFocusGrid(() => void panel.timeline.goTo(axis.startMs + bar * axis.barMs))();
    }
  };
  const shown = histogram && axis ? { histogram, axis, look } : undefined;
  const { bar } = barLook;
  const isLooked = shown !== undefined && bar !== undefined;
  const looked = isLooked ? barSentence(bar, shown) : undefined;
  const { span } = brush;
  const values = useStill(sliderValues(axis, { span, look, looked }), {
    isHeld: slider.current !== null && slider.current === document.activeElement,
    about: [axis === undefined, span?.fromMs, span?.toMs, barLook.atMs].join(),
  });
  const part = pointed ?? (isLooked ? partOf(shown.axis, middleMs(shown.axis, bar)) : undefined);
  return (
    <Part
      elementRef={slider}
      role="slider"
      class="timeline"
      tabIndex={0}
      aria-label="Span of time that the list shows"
      aria-describedby={describedBy}
      {...values}
      onKeyDown={keys}
      onPointerDown={brush.press}
      onPointerMove={point}
      onPointerUp={brush.release}
      onPointerCancel={() => brush.cancel()}
      onPointerLeave={() => setPointed(undefined)}
      onDblClick={leap}
      onBlur={() => barLook.forget()}
    >
      {drawing}
      {axis && brush.span && <Veils axis={axis} span={brush.span} />}
      {shown && part !== undefined && <Tip {...shown} part={part} />}
    </Part>
  );
}
