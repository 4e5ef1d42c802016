/** The edge of a column in the header: dragged, or moved by the keyboard, it makes the column wider or narrower. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { widthMaxPx, widthMinPx } from '../../src/protocol/columns.ts';
import { usePanel } from '../hooks.ts';
import { columnOf } from './columnList.tsx';
import { onEscape } from './escape.ts';
import { bounded } from './layout.ts';
import { drawnWidth, fittingWidth, gridOf, isWidthShown, keepWidth, showWidth } from './measure.ts';

const stepPx = 8;
const smallStepPx = 1;

export interface ResizeHandleProps {
  readonly id: string;
  readonly index: number;
  readonly isTabStop: boolean;
}

/** The width that a key asks for; undefined of another key. */
function widthFor(event: KeyboardEvent, widthPx: number): number | undefined {
  const step = event.shiftKey ? smallStepPx : stepPx;
  if (event.key === 'ArrowLeft') return widthPx - step;
  if (event.key === 'ArrowRight') return widthPx + step;
  if (event.key === 'Home') return widthMinPx;
  return event.key === 'End' ? widthMaxPx : undefined;
}

/** Follows the pointer until it is let go; then the width is chosen. Taken from it, the column is as wide as before. */
function drag(
  event: PointerEvent,
  at: { id: string; index: number },
  choose: (px: number) => void,
) {
  const handle = event.currentTarget as HTMLElement;
  const grid = gridOf(handle);
  if (!grid || event.button !== 0) return;
  const { id, index } = at;
  const [fromPx, fromX] = [drawnWidth(grid, id), event.clientX];
  let widthPx = fromPx;
  const restore = keepWidth(grid, index);
  const listening = new AbortController();
  const { signal } = listening;
  const { pointerId } = event;
  handle.setPointerCapture(pointerId);
  const move = ({ clientX }: PointerEvent): void => {
    widthPx = bounded(fromPx + clientX - fromX);
    showWidth(grid, index, widthPx);
  };
  const end = (): void => {
    listening.abort();
    if (widthPx !== fromPx) choose(widthPx);
  };
  const takeBack = (): void => {
    listening.abort();
    // Once the column is gone another one stands in its place.
    if (isWidthShown(grid, index, widthPx)) restore();
    if (handle.hasPointerCapture(pointerId)) handle.releasePointerCapture(pointerId);
  };
  handle.addEventListener('pointermove', move, { signal });
  handle.addEventListener('pointerup', end, { signal });
  handle.addEventListener('lostpointercapture', takeBack, { signal });
  // The document is told where the edge is gone.
  const lose = (lost: PointerEvent): void => {
    if (lost.pointerId === pointerId) takeBack();
  };
  document.addEventListener('lostpointercapture', lose, { signal });
  onEscape(takeBack, signal);
}

export function ResizeHandle({ id, index, isTabStop }: ResizeHandleProps) {
  const { columns } = usePanel();
  const ref = useRef<HTMLHRElement>(null);
  const grid = (): HTMLElement | null => (ref.current ? gridOf(ref.current) : null);
  const say = (): void => {
    const owner = grid();
    if (owner) ref.current?.setAttribute('aria-valuenow', `${drawnWidth(owner, id)}`);
  };
  useLayoutEffect(say);
  const choose = (widthPx: number): void => columns.resize(id, widthPx);
  const fitToContent = (): void => {
    const owner = grid();
    if (owner) choose(fittingWidth(owner, { id, index }));
  };
  const press = (event: KeyboardEvent): void => {
    const owner = grid();
    if (!owner || event.altKey || event.ctrlKey || event.metaKey) return;
    const widthPx = widthFor(event, drawnWidth(owner, id));
    if (widthPx !== undefined) choose(widthPx);
    else if (event.key === 'Enter') fitToContent();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <hr
      ref={ref}
      class="resize-handle"
      aria-orientation="vertical"
      aria-label={`Width of ${columnOf(id).name}`}
      aria-valuemin={widthMinPx}
      aria-valuemax={widthMaxPx}
      aria-valuenow={0}
      tabIndex={isTabStop ? 0 : -1}
      title="Drag, or use the arrow keys; a double click or Enter fits the width to the content"
      onFocus={say}
      onKeyDown={press}
      onDblClick={fitToContent}
      onPointerDown={(event) => drag(event, { id, index }, choose)}
    />
  );
}
