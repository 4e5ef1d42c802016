/** The cell of the active row that has the focus; without one the row itself has it. */

/** As `Row` names its cells. */
const cellSelector = '[role="gridcell"]';

const shownCells = (row: HTMLElement): HTMLElement[] =>
  [...row.querySelectorAll<HTMLElement>(cellSelector)].filter(
    (cell) => cell.getClientRects().length > 0,
  );

/** The position of the row that is, or is around, `target`. */
export const positionOf = (target: EventTarget | null): number | undefined => {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-position]') : null;
  return row ? Number(row.dataset.position) : undefined;
};

/** The column of the cell, as `data-column` names it. */
export const columnOf = (target: EventTarget | null): string | undefined =>
  target instanceof Element ? target.closest<HTMLElement>(cellSelector)?.dataset.column : undefined;

/** What of a row is to have the focus: its cell in that column when it has one, else all of it. */
export function focusedPart(row: HTMLElement, column: string | undefined): HTMLElement {
  const cell = shownCells(row).find(({ dataset }) => column && dataset.column === column);
  if (cell) cell.tabIndex = -1;
  return cell ?? row;
}

/** The column to the left or right; from the first one on to the left it is the row again. */
export function nextColumn(
  row: HTMLElement,
  { column, step }: { column: string | undefined; step: -1 | 1 },
): string | undefined {
  const columns = shownCells(row).map(({ dataset }) => dataset.column);
  const at = column === undefined ? -1 : columns.indexOf(column);
  const next = Math.min(Math.max(at + step, -1), columns.length - 1);
  return columns[next];
}

/** Beside a cell that is brought into sight. */
const sparePx = 12;

/** Scrolls sideways, as little as needed, for the cell to be in sight; of one that is too wide its beginning is. */
export function bringSideways(cell: HTMLElement): void {
  const scroller = cell.closest<HTMLElement>('.scroller');
  if (!scroller) return;
  const sight = scroller.getBoundingClientRect();
  const { left, right } = cell.getBoundingClientRect();
  const over = right + sparePx - (sight.left + scroller.clientWidth);
  const under = left - sparePx - sight.left;
  if (over > 0 || under < 0) scroller.scrollLeft += under < 0 ? under : Math.min(over, under);
}
