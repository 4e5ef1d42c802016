/** Rows under the pointer: the list holds still while one is pressed, and that one is chosen when it is let go. */
import { useEffect, useMemo } from 'preact/hooks';
import { usePanel } from '../hooks.ts';
import type { Panel } from '../state/panel.ts';
import { positionOf } from './cellFocus.ts';

const leftButton = 0;
const rightButton = 2;

const isModified = ({ ctrlKey, metaKey, altKey, shiftKey }: MouseEvent): boolean =>
  ctrlKey || metaKey || altKey || shiftKey;

/** Text of the rows is selected: rows that come would take it away. */
function hasSelectedText(rows: Element): boolean {
  const selection = document.getSelection();
  return selection?.type === 'Range' && rows.contains(selection.anchorNode);
}

export class RowPointer {
  private readonly panel: Panel;
  private listening = new AbortController();
  /** The last press has chosen a row. */
  private hasChosen = false;

  constructor(panel: Panel) {
    this.panel = panel;
  }

  press(event: PointerEvent): void {
    if (!event.isPrimary || (event.button !== leftButton && event.button !== rightButton)) return;
    this.stop();
    this.hasChosen = false;
    const position = positionOf(event.target);
    if (position === undefined || isModified(event)) return;
    this.panel.rowPress.begin(position, event);
    this.listen(event.currentTarget as Element, event);
  }

  /** One without a pointer is a screen reader's. In the bottom panel the second of two opens the details. */
  click(event: MouseEvent): void {
    if (event.detail === 0) this.choose(positionOf(event.target));
    else if (event.detail > 1 && this.hasChosen && this.isBottom) {
      this.panel.selection.openDetails();
    }
  }

  /** Chooses nothing. */
  stop(): void {
    this.listening.abort();
    this.panel.rowPress.cancel();
  }

  private listen(rows: Element, pressed: PointerEvent): void {
    const { rowPress } = this.panel;
    this.listening = new AbortController();
    const { signal } = this.listening;
    const on = (
      name: 'pointermove' | 'pointerup' | 'pointercancel',
      act: (event: PointerEvent) => void,
    ): void => {
      const listener = (event: PointerEvent): void => {
        if (event.pointerId === pressed.pointerId) act(event);
      };
      addEventListener(name, listener, { capture: true, signal });
    };
    on('pointercancel', () => this.stop());
    on('pointermove', (event) => {
      // It was let go where nobody tells of it.
      if (event.buttons === 0) this.stop();
      else rowPress.move(event);
    });
    on('pointerup', (event) => {
      rowPress.move(event);
      if (pressed.button === rightButton) this.awaitMenu();
      else this.release(rows);
    });
    // The row that a menu is asked for is chosen with it.
    const asked = ({ target }: MouseEvent): void => {
      if (positionOf(target) !== undefined) rowPress.end();
      this.stop();
    };
    addEventListener('contextmenu', asked, { signal });
  }

  private release(rows: Element): void {
    const { rowPress } = this.panel;
    this.listening.abort();
    if (rowPress.isDragged && hasSelectedText(rows)) rowPress.end();
    this.choose(rowPress.release());
  }

  /** Where it opens when the button is let go, that is told right after. */
  private awaitMenu(): void {
    const { listening } = this;
    setTimeout(() => {
      if (!listening.signal.aborted) this.stop();
    });
  }

  private choose(position: number | undefined): void {
    this.hasChosen = position !== undefined;
    if (position === undefined) return;
    this.panel.selection.select(position);
    this.panel.store.update({ activeColumn: undefined });
    if (!this.isBottom) this.panel.selection.openDetails();
  }

  private get isBottom(): boolean {
    return this.panel.store.get().subject?.where === 'bottom';
  }
}

export function useRowPress(): RowPointer {
  const panel = usePanel();
  const pointer = useMemo(() => new RowPointer(panel), [panel]);
  useEffect(() => () => pointer.stop(), [pointer]);
  return pointer;
}
