/** Cells of the grid: the arrows go from one to the next, and each has the menu of its value. */
import type { JSX } from 'preact';
import { useValueMenu } from '../finding/ValueMenu.tsx';
import { usePanel } from '../hooks.ts';
import { columnOf, nextColumn, positionOf } from './cellFocus.ts';
import { isMenuKey, menuValues, placeAt } from './cellMenu.ts';

export interface CellMenu {
  readonly menu: JSX.Element | undefined;
  /** The pointer asks for the menu of what is under it. */
  ask(event: MouseEvent): void;
  /** True when the key was one for cells. */
  press(event: KeyboardEvent): boolean;
}

const steps: Readonly<Record<string, -1 | 1>> = { ArrowLeft: -1, ArrowRight: 1 };

export function useCellMenu(): CellMenu {
  const panel = usePanel();
  const { show, menu } = useValueMenu();
  const focusedRow = (): HTMLElement | null =>
    document.activeElement?.closest<HTMLElement>('[data-position]') ?? null;

  const ask = (event: MouseEvent): void => {
    const position = positionOf(event.target);
    const row = (event.target as Element).closest<HTMLElement>('[data-position]');
    if (position === undefined || !row) return;
    panel.selection.select(position);
    const shown = panel.rows.get(position);
    const values = menuValues(shown, placeAt(event.target, shown));
    if (values.length === 0) return;
    event.preventDefault();
    show({ anchor: row, at: { x: event.clientX, y: event.clientY }, values });
  };

  const askByKey = (): boolean => {
    const anchor = focusedRow() && (document.activeElement as HTMLElement);
    const position = positionOf(anchor);
    if (!anchor || position === undefined) return false;
    const column = columnOf(anchor);
    const values = menuValues(
      panel.rows.get(position),
      column === undefined ? undefined : { column },
    );
    show({ anchor, values });
    return true;
  };

  const press = (event: KeyboardEvent): boolean => {
    if (event.altKey || event.metaKey || event.ctrlKey) return false;
    if (isMenuKey(event)) return askByKey();
    const step = steps[event.key];
    const row = focusedRow();
    if (step === undefined || !row || event.shiftKey) return false;
    const { activeColumn: column } = panel.store.get();
    panel.store.update({ activeColumn: nextColumn(row, { column, step }) });
    return true;
  };
  return { menu, ask, press };
}
