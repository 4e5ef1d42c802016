/** The span that the filter narrows the list to, and how it is dragged. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { timeSpanOf } from '../../src/query/narrowTime.ts';
import type { TimeSpan } from '../../src/query/timeSpan.ts';
import { useModel, usePanel } from '../hooks.ts';
import { type Axis, draggedSpan, msAt, partOf } from './axis.ts';

/** A pointer that moves less has only pressed. */
const dragMinPx = 3;
/** So near an edge of the span it is that edge which is dragged. */
const edgePx = 5;

interface Drag {
  readonly anchorMs: number;
  readonly pressedX: number;
  isMoved: boolean;
}

export interface Brush {
  /** As it is dragged just now, else as the filter has it. */
  readonly span: TimeSpan | undefined;
  press(event: PointerEvent): void;
  move(event: PointerEvent): void;
  /** Narrows the list to what was dragged over. */
  release(event: PointerEvent): void;
  /** Forgets what was dragged; true when there was something. */
  cancel(): boolean;
}

/** By the filter in the box; its times without a zone are those of the clock that is shown. */
export function useSpan(): TimeSpan | undefined {
  const panel = usePanel();
  const filter = useModel((model) => model.filter);
  const zone = useModel((model) => model.zone);
  return useMemo(
    () => timeSpanOf(filter, { nowMs: panel.nowMs, timeZone: panel.timeZone }),
    [panel, filter, zone],
  );
}

export function useBrush(axis: Axis | undefined): Brush {
  const panel = usePanel();
  const set = useSpan();
  const drag = useRef<Drag | undefined>(undefined);
  const [draft, setDraft] = useState<TimeSpan | undefined>();
  const momentOf = (event: PointerEvent, on: Axis): number => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return msAt(on, (event.clientX - left) / Math.max(1, width));
  };
  /** Where the drag begins: at the other edge when it is an edge that is taken hold of. */
  const anchorOf = (event: PointerEvent, on: Axis): number => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const isNear = (epochMs: number): boolean =>
      Math.abs(partOf(on, epochMs) * width - (event.clientX - left)) <= edgePx;
    if (set && isNear(set.fromMs)) return set.toMs - 1;
    if (set && isNear(set.toMs)) return set.fromMs;
    return momentOf(event, on);
  };
  const cancel = (): boolean => {
    const wasDragging = drag.current?.isMoved ?? false;
    drag.current = undefined;
    setDraft(undefined);
    return wasDragging;
  };
  return {
    span: draft ?? set,
    press(event) {
      if (!axis || event.button !== 0) return;
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      drag.current = { anchorMs: anchorOf(event, axis), pressedX: event.clientX, isMoved: false };
    },
    move(event) {
      const { current } = drag;
      if (!axis || !current) return;
      current.isMoved ||= Math.abs(event.clientX - current.pressedX) >= dragMinPx;
      if (current.isMoved) setDraft(draggedSpan(axis, [current.anchorMs, momentOf(event, axis)]));
    },
    release() {
      const span = draft;
      if (cancel() && span) panel.timeline.narrow(span, 'now');
    },
    cancel,
  };
}
