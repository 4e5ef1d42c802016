/** Widths as they are drawn, in pixels: where columns stand, and how wide their content is. */

import { widthProperty } from './gridStyle.ts';
import { bounded } from './layout.ts';

/** Beside the content, so that it does not touch the next column. */
const sparePx = 4;

export const gridOf = (element: Element): HTMLElement | null => element.closest('.grid');

const headOf = (grid: Element, id: string): HTMLElement | null =>
  grid.querySelector(`.row-head [data-column="${CSS.escape(id)}"]`);

export function drawnWidth(grid: Element, id: string): number {
  return Math.round(headOf(grid, id)?.getBoundingClientRect().width ?? 0);
}

/** Shows a width before it is chosen, as while it is dragged. */
export function showWidth(grid: HTMLElement, index: number, widthPx: number): void {
  grid.style.setProperty(widthProperty(index), `${bounded(widthPx)}px`);
}

/** True unless another width was set since `showWidth`. */
export const isWidthShown = (grid: HTMLElement, index: number, widthPx: number): boolean =>
  grid.style.getPropertyValue(widthProperty(index)) === `${bounded(widthPx)}px`;

/** Remembers what a column's width is set to; the answer sets it to that again. */
export function keepWidth(grid: HTMLElement, index: number): () => void {
  const property = widthProperty(index);
  const before = grid.style.getPropertyValue(property);
  return () => {
    if (before) grid.style.setProperty(property, before);
    else grid.style.removeProperty(property);
  };
}

/** The width that all of a column's content in sight needs. */
export function fittingWidth(
  grid: HTMLElement,
  { id, index }: { id: string; index: number },
): number {
  const restore = keepWidth(grid, index);
  grid.style.setProperty(widthProperty(index), '1px');
  const name = CSS.escape(id);
  const cells = grid.querySelectorAll(`[data-head="${name}"], .row [data-column="${name}"]`);
  const widths = [...cells].map(({ scrollWidth }) => scrollWidth);
  restore();
  return bounded(Math.max(...widths) + sparePx);
}

/** Where a column that is let go at `x` would stand among the others: its place once it was taken out. */
export function placeAt(grid: Element, x: number, moving: string): number {
  const heads = [...grid.querySelectorAll<HTMLElement>('.row-head [data-column]')];
  const others = heads.filter(({ dataset }) => dataset.column !== moving);
  const isBefore = (head: HTMLElement): boolean => {
    const { left, width } = head.getBoundingClientRect();
    return width > 0 ? left + width / 2 < x : false;
  };
  const last = others.findLastIndex(isBefore);
  return last + 1;
}
