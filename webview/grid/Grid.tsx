/** The live rows: a grid of which only what is in sight is drawn, in elements that are used again. */
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { ColumnMenu } from '../columns/ColumnMenu.tsx';
import { gridStyle } from '../columns/gridStyle.ts';
import { useColumns } from '../columns/useColumns.ts';
import { Part } from '../controls/Part.tsx';
import { useModel, usePanel } from '../hooks.ts';
import type { Panel } from '../state/panel.ts';
import { contentHeight, drawn, drawnTop, type Viewport } from '../state/viewport.ts';
import './grid.css';
import { bringSideways, focusedPart, positionOf } from './cellFocus.ts';
import { pressGridKey } from './gridKeys.ts';
import { Header } from './Header.tsx';
import { NothingToShow } from './NothingToShow.tsx';
import { Overlay } from './Overlay.tsx';
import { watchPixelRatio } from './pixelRatio.ts';
import { Row } from './Row.tsx';
import { Scrolling } from './scrolling.ts';
import { useCellMenu } from './useCellMenu.ts';
import { useRowPress } from './useRowPress.ts';

/** What is drawn: the sight, and the active row wherever it is, so that it can keep the focus. */
function drawnPositions(viewport: Viewport, active: number | undefined): number[] {
  const { first, end } = drawn(viewport);
  const positions = Array.from({ length: end - first }, (_, index) => first + index);
  if (active === undefined || (active >= first && active < end)) return positions;
  if (active < viewport.range.first || active >= viewport.range.end) return positions;
  return active < first ? [active, ...positions] : [...positions, active];
}

function useScroller(panel: Panel, viewport: Viewport) {
  const scroller = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    panel.rows.resized(element.clientHeight);
    const observer = new ResizeObserver(() => panel.rows.resized(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [panel]);
  useLayoutEffect(() => watchPixelRatio((ratio) => panel.rows.scaled(ratio)), [panel]);
  const scrolling = useMemo(() => new Scrolling(panel.rows), [panel]);
  useLayoutEffect(() => {
    if (scroller.current) scrolling.drawn(viewport, scroller.current);
  }, [scrolling, viewport]);
  return { scroller, scrolling };
}

/** Where an element was scrolled to by `keepInStep`: it says so a frame later, when the other may be further on. */
const led = new WeakMap<Element, number>();

/** Header and rows are scrolled sideways together. */
function keepInStep(scrolled: HTMLElement, otherSelector: string): void {
  const isLed = led.get(scrolled) === scrolled.scrollLeft;
  led.delete(scrolled);
  const other = isLed ? undefined : scrolled.closest('.grid')?.querySelector(otherSelector);
  if (!other || other.scrollLeft === scrolled.scrollLeft) return;
  other.scrollLeft = scrolled.scrollLeft;
  led.set(other, other.scrollLeft);
  if (other.scrollLeft === scrolled.scrollLeft) return;
  // The other cannot go as far.
  scrolled.scrollLeft = other.scrollLeft;
  led.set(scrolled, scrolled.scrollLeft);
}

function focusRow(grid: HTMLElement | null, { position, column }: Focused): void {
  if (position === undefined) return;
  const row = grid?.querySelector<HTMLElement>(`[data-position="${position}"]`);
  const isInHead = document.activeElement?.closest('.head') !== null;
  const part = row && focusedPart(row, column);
  if (!part || part === document.activeElement || isInHead) return;
  part.focus({ preventScroll: true });
  if (part !== row) bringSideways(part);
}

/** The active row, and the column of its cell that has the focus. */
interface Focused {
  readonly position: number | undefined;
  readonly column: string | undefined;
}

/** The focus has gone on meanwhile, as to a menu; what it was on may only have been removed. */
function isElsewhere(grid: HTMLElement | null): boolean {
  const { activeElement, body } = document;
  return activeElement !== null && activeElement !== body && !grid?.contains(activeElement);
}

/** Once no row is active the grid itself has the focus: not nothing, nor what shows another row by now. */
function keepFocus(grid: HTMLElement | null, focused: Focused): void {
  const { activeElement, body } = document;
  const isLost = activeElement === body || positionOf(activeElement) !== undefined;
  if (focused.position !== undefined) focusRow(grid, focused);
  else if (isLost) grid?.focus({ preventScroll: true });
}

/**
 * Keeps the focus on the active row while it is the grid that has it. It never takes the focus from
 * the rest of the window: when it comes back to the panel, the row gets it then.
 */
function useRovingFocus(position: number | undefined) {
  const column = useModel((model) => model.activeColumn);
  const grid = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  const isOwed = useRef(false);
  hadFocus.current = grid.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (!hadFocus.current || isElsewhere(grid.current)) return;
    if (document.hasFocus()) keepFocus(grid.current, { position, column });
    else isOwed.current = true;
  });
  useLayoutEffect(() => {
    const pay = (): void => {
      if (isOwed.current) keepFocus(grid.current, { position, column });
      isOwed.current = false;
    };
    window.addEventListener('focus', pay);
    return () => window.removeEventListener('focus', pay);
  }, [position, column]);
  return grid;
}

function Rows({ viewport, active }: { viewport: Viewport; active: number | undefined }) {
  const panel = usePanel();
  useModel((model) => model.rowsVersion);
  const before = useModel((model) => model.before);
  const zone = useModel((model) => model.zone);
  const hasOtherDays = useModel((model) => model.hasOtherDays);
  const columns = useColumns((model) => model.columns);
  const look = useMemo(() => ({ zone, hasOtherDays, columns }), [zone, hasOtherDays, columns]);
  const positions = drawnPositions(viewport, active);
  const slotOf = panel.rows.slots.assign(positions);
  return (
    <>
      {positions.map((position, index) => (
        <Row
          key={slotOf[index] ?? 0}
          position={position}
          index={position - viewport.range.first + 2}
          top={drawnTop(viewport, position)}
          row={before ? before.rows.get(position) : panel.rows.get(position)}
          isBefore={before !== undefined}
          isActive={position === active}
          look={look}
        />
      ))}
    </>
  );
}

export function Grid() {
  const panel = usePanel();
  const viewport = useModel(({ before, viewport: now }) => before?.viewport ?? now);
  const active = useModel((model) => (model.before ?? model).active);
  const stream = useModel((model) => model.subject?.stream ?? '');
  const isDated = useModel((model) => model.hasOtherDays);
  const columns = useColumns((model) => model.columns);
  const { scroller, scrolling } = useScroller(panel, viewport);
  const grid = useRovingFocus(active);
  const cellMenu = useCellMenu();
  const pointer = useRowPress();
  // It measures itself when it is drawn, and rows come all the time.
  const header = useMemo(() => <Header onScroll={(head) => keepInStep(head, '.scroller')} />, []);
  const keys = (event: KeyboardEvent): void => {
    if (event.target instanceof Element && event.target.closest('.head')) return;
    if (!cellMenu.press(event) && !pressGridKey(panel, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section class="grid-region" data-region="grid" aria-label="Records">
      <Part
        elementRef={grid}
        role="grid"
        class="grid"
        style={gridStyle(columns, { isDated })}
        aria-label={`Records of ${stream}, oldest first`}
        aria-rowcount={viewport.range.end - viewport.range.first + 1}
        aria-colcount={columns.shown.length}
        tabIndex={active === undefined ? 0 : -1}
        onKeyDown={keys}
      >
        {header}
        <Part
          elementRef={scroller}
          role="rowgroup"
          class="scroller"
          tabIndex={-1}
          onScroll={(event) => {
            scrolling.told(event.currentTarget);
            keepInStep(event.currentTarget, '.head');
          }}
          onScrollEnd={() => panel.rows.settled()}
          onPointerDown={(event) => pointer.press(event)}
          onClick={(event) => pointer.click(event)}
          onContextMenu={cellMenu.ask}
        >
          <Part role="presentation" class="rows" style={{ height: `${contentHeight(viewport)}px` }}>
            <Rows viewport={viewport} active={active} />
          </Part>
        </Part>
      </Part>
      {cellMenu.menu}
      <ColumnMenu />
      <NothingToShow />
      <Overlay />
    </section>
  );
}
