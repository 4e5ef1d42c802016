/** A small button beside a shown value, for its menu. */
import type { ShownValue } from './shownValues.ts';
import { useValueMenu } from './ValueMenu.tsx';
import './finding.css';

export function ValueButton({ value }: { value: ShownValue }) {
  const { show, close, menu } = useValueMenu();
  return (
    <>
      <button
        type="button"
        class="value-button"
        aria-haspopup="menu"
        aria-expanded={menu !== undefined}
        aria-label={`${value.name}: filter or exclude`}
        title="Filter by this value, exclude it or copy it"
        onClick={(event) => {
          if (menu) close();
          else show({ anchor: event.currentTarget, values: [value] });
        }}
      >
        ⋯
      </button>
      {menu}
    </>
  );
}
