/** Around JSON that is shown as text: each of its values has a menu, by the pointer or by the menu key. */
import type { ComponentChildren } from 'preact';
import { Part } from '../controls/Part.tsx';
import { isMenuKey } from '../grid/cellMenu.ts';
import { jsonValues } from './shownValues.ts';
import { useValueMenu } from './ValueMenu.tsx';
import './finding.css';

export interface JsonValuesProps {
  /** What its first `pre` shows, from the beginning. */
  readonly text: string;
  readonly children: ComponentChildren;
}

/** How many characters stand before `target` in the text that it is a part of. */
function offsetOf(target: Element): number | undefined {
  const whole = target.closest('pre');
  if (!whole || whole === target) return undefined;
  const before = document.createRange();
  before.setStart(whole, 0);
  before.setEndBefore(target);
  return before.toString().length;
}

export function JsonValues({ text, children }: JsonValuesProps) {
  const { show, menu } = useValueMenu();
  const ask = (event: MouseEvent): void => {
    const offset = offsetOf(event.target as Element);
    const values = offset === undefined ? [] : jsonValues(text, { offset });
    if (values.length === 0) return;
    event.preventDefault();
    show({
      anchor: event.currentTarget as HTMLElement,
      at: { x: event.clientX, y: event.clientY },
      values,
    });
  };
  const press = (event: KeyboardEvent): void => {
    if (!isMenuKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
    show({ anchor: event.currentTarget as HTMLElement, values: jsonValues(text, {}) });
  };
  return (
    <>
      <Part
        role="group"
        class="json-values"
        aria-label="Decoded data; the menu key lists its values"
        tabIndex={0}
        onContextMenu={ask}
        onKeyDown={press}
      >
        {children}
      </Part>
      {menu}
    </>
  );
}
