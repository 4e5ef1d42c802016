/** The name of a column: opens its menu, leads to its neighbours, and moves the column by keys or by dragging. */
import { useRef } from 'preact/hooks';
import { Part } from '../controls/Part.tsx';
import { formatCount } from '../format.ts';
import { isMenuKey } from '../grid/cellMenu.ts';
import { useModel, usePanel } from '../hooks.ts';
import { visibleLine } from '../visibleText.ts';
import { columnOf } from './columnList.tsx';
import type { ColumnsState } from './columnsState.ts';
import { onEscape } from './escape.ts';
import { isField } from './layout.ts';
import { gridOf, placeAt } from './measure.ts';
import { ResizeHandle } from './ResizeHandle.tsx';
import { useColumns } from './useColumns.ts';

/** A press is a click until the pointer has gone so far. */
const dragMinPx = 5;

export interface HeaderCellProps {
  readonly id: string;
  readonly index: number;
}

/** Those that a narrow panel leaves out are passed over. */
function neighbour(from: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const heads = [...document.querySelectorAll<HTMLElement>('[data-head]')].filter(
    (head) => head === from || head.offsetParent !== null,
  );
  return heads[heads.indexOf(from) + step];
}

/** True when the key was one of a header's. */
function pressHead(event: KeyboardEvent, { id, columns }: { id: string; columns: ColumnsState }) {
  if (event.ctrlKey || event.metaKey) return false;
  const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : undefined;
  if (step && event.altKey) {
    columns.moveBy(id, step);
    columns.focus(id); // a moved element loses it
  } else if (step) neighbour(event.currentTarget as HTMLElement, step)?.focus();
  else if (isMenuKey(event) || (event.key === 'ArrowDown' && event.altKey)) {
    columns.store.update({ menuOf: id });
  } else return false;
  return true;
}

/** Drags the column; answers whether it was dragged at all. */
function useDrag(id: string): { start(event: PointerEvent): void; wasDragged(): boolean } {
  const { columns } = usePanel();
  const dragged = useRef(false);
  const start = (event: PointerEvent): void => {
    const head = event.currentTarget as HTMLElement;
    const grid = gridOf(head);
    dragged.current = false;
    if (!grid || event.button !== 0) return;
    const fromX = event.clientX;
    let x = fromX;
    const listening = new AbortController();
    const { signal } = listening;
    const move = ({ clientX, pointerId }: PointerEvent): void => {
      x = clientX;
      if (Math.abs(x - fromX) < dragMinPx && !dragged.current) return;
      dragged.current = true;
      head.setPointerCapture(pointerId);
      showTarget(grid, { moving: id, place: placeAt(grid, x, id) });
    };
    const stop = (): void => {
      listening.abort();
      showTarget(grid, { moving: id, place: undefined });
    };
    const drop = (): void => {
      stop();
      if (dragged.current) columns.moveTo(id, placeAt(grid, x, id));
    };
    const takeBack = (): void => {
      stop();
      dragged.current = true; // to let it go now is no click
    };
    addEventListener('pointermove', move, { signal });
    addEventListener('pointerup', drop, { signal });
    addEventListener('pointercancel', stop, { signal });
    onEscape(takeBack, signal);
  };
  return { start, wasDragged: () => dragged.current };
}

/** Marks the place where the column would be put. */
function showTarget(
  grid: Element,
  { moving, place }: { moving: string; place: number | undefined },
): void {
  const heads = [...grid.querySelectorAll<HTMLElement>('.row-head [data-column]')];
  const others = heads.filter(({ dataset }) => dataset.column !== moving);
  for (const [index, head] of others.entries()) {
    head.classList.toggle('drop-before', place === index);
    head.classList.toggle('drop-behind', index === others.length - 1 && place === others.length);
  }
}

function Name({ id }: { id: string }) {
  const { name } = columnOf(id);
  const zone = useModel((model) => model.zone);
  const flagged = useModel(({ tick }) =>
    tick?.order?.path === id ? tick.order.flagged : undefined,
  );
  if (id === 'arrived') return `${name} (${zone === 'utc' ? 'UTC' : 'local'})`;
  return (
    <>
      {flagged !== undefined && (
        <span class="head-order">
          {flagged > 0 ? '▼' : '✓'} {formatCount(flagged)}
          <span class="hidden-word"> out of order, </span>{' '}
        </span>
      )}
      {name}
    </>
  );
}

function useTitle(id: string): string {
  const zone = useModel((model) => model.zone);
  const flagged = useModel(({ tick }) =>
    tick?.order?.path === id ? tick.order.flagged : undefined,
  );
  if (id === 'arrived') {
    const other = zone === 'utc' ? 'local time' : 'UTC';
    return `When the record arrived at the stream. Click to show ${other}.`;
  }
  const order = flagged === undefined ? '' : `: ${formatCount(flagged)} held out of order`;
  return isField(id) ? `The JSON field ${visibleLine(id)}${order}` : columnOf(id).name;
}

export function HeaderCell({ id, index }: HeaderCellProps) {
  const panel = usePanel();
  const { columns } = panel;
  const isTabStop = useColumns(({ headAt }) => headAt === id);
  const isMenuOpen = useColumns(({ menuOf }) => menuOf === id);
  const title = useTitle(id);
  const nameId = `head-${index}`; // without the edge, which is in the cell too
  const { start, wasDragged } = useDrag(id);
  const openMenu = (): void => columns.store.update({ menuOf: isMenuOpen ? undefined : id });
  const press = (event: KeyboardEvent): void => {
    if (!pressHead(event, { id, columns })) return;
    event.preventDefault();
    event.stopPropagation(); // Alt+Left is "Go Back" elsewhere
  };
  const click = (event: MouseEvent): void => {
    const isOfKey = event.detail === 0;
    if (wasDragged() && !isOfKey) return;
    if (id === 'arrived') panel.toggleTimeZone();
    else openMenu();
  };
  return (
    <Part
      role="columnheader"
      class={`cell head-cell ${columnOf(id).className}`}
      aria-colindex={index + 1}
      aria-labelledby={nameId}
      data-column={id}
    >
      <button
        type="button"
        id={nameId}
        class="head-button"
        data-head={id}
        title={title}
        aria-haspopup={id === 'arrived' ? undefined : 'menu'}
        aria-expanded={id === 'arrived' ? undefined : isMenuOpen}
        tabIndex={isTabStop ? 0 : -1}
        onClick={click}
        onFocus={() => columns.store.update({ headAt: id })}
        onKeyDown={press}
        onPointerDown={start}
        onContextMenu={(event) => {
          event.preventDefault();
          openMenu();
        }}
      >
        <Name id={id} />
      </button>
      <ResizeHandle id={id} index={index} isTabStop={isTabStop} />
    </Part>
  );
}
