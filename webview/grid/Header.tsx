/** The names of the columns, which lead to their menus and widths. */
import { useEffect } from 'preact/hooks';
import '../columns/columns.css';
import { HeaderCell } from '../columns/HeaderCell.tsx';
import { useColumns } from '../columns/useColumns.ts';
import { Part } from '../controls/Part.tsx';
import { usePanel } from '../hooks.ts';

/** Gives the focus that was promised once all is drawn. */
function useFocusOwed(): void {
  const { store } = usePanel().columns;
  const owed = useColumns(({ focusOwed }) => focusOwed);
  useEffect(() => {
    if (!owed) return;
    store.update({ focusOwed: undefined });
    const head = document.querySelector<HTMLElement>(`[data-head="${CSS.escape(owed.id)}"]`);
    const handle = head?.parentElement?.querySelector<HTMLElement>('.resize-handle');
    (owed.part === 'handle' ? handle : head)?.focus();
  }, [owed, store]);
}

export interface HeaderProps {
  /** The header was scrolled, by the browser to show what has the focus. */
  onScroll(head: HTMLElement): void;
}

export function Header({ onScroll }: HeaderProps) {
  const { shown } = useColumns((model) => model.columns);
  useFocusOwed();
  return (
    <Part role="rowgroup" class="head" onScroll={(event) => onScroll(event.currentTarget)}>
      <Part role="row" class="row-head" aria-rowindex={1}>
        {shown.map(({ id }, index) => (
          <HeaderCell key={id} id={id} index={index} />
        ))}
      </Part>
    </Part>
  );
}
