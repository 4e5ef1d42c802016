/** A small surface beside the element that opened it. It closes on Escape and on a click elsewhere. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Part } from './Part.tsx';
import './popup.css';

/** Pixels from the window's top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PopupProps {
  /** What it stands beside, and what gets the focus back. */
  readonly anchor: HTMLElement;
  /** Where the pointer was, to stand there instead. */
  readonly at?: Point | undefined;
  readonly label: string;
  /** `menu` when all of it are menu items. */
  readonly role: 'menu' | 'dialog';
  /** The Tab key stays among what is in it, of which the first field has the focus at first. */
  readonly isForm?: boolean;
  readonly children: ComponentChildren;
  onClose(): void;
}

const gapPx = 2;
const itemSelector = '[role^="menuitem"]:not(:disabled)';
const fieldSelector = 'input:enabled';

function place(popup: HTMLElement, { anchor, at: point }: Pick<PopupProps, 'anchor' | 'at'>): void {
  const at = point ? new DOMRect(point.x, point.y, 0, 0) : anchor.getBoundingClientRect();
  const { width, height } = popup.getBoundingClientRect();
  const isBelow = at.bottom + gapPx + height <= innerHeight || at.top < height;
  const top = isBelow ? at.bottom + gapPx : at.top - gapPx - height;
  popup.style.left = `${Math.max(0, Math.min(at.left, innerWidth - width - gapPx))}px`;
  popup.style.top = `${Math.max(0, Math.min(top, innerHeight - height))}px`;
}

function moveFocus(popup: HTMLElement, key: string): void {
  const items = [...popup.querySelectorAll<HTMLElement>(itemSelector)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[key];
  if (next !== undefined) items.at(next % items.length)?.focus();
}

const isModifier = ({ key }: KeyboardEvent): boolean => /^(Control|Alt|AltGraph|Meta)$/.test(key);

/** Combinations and function keys are VS Code's, and it hears only of what comes to the window. */
const isForWorkbench = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean =>
  ctrlKey || altKey || metaKey || /^F\d+$/.test(key);

export function Popup(props: PopupProps) {
  const { anchor, at, label, role, isForm = false, children, onClose } = props;
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const popup = ref.current;
    if (!popup) return undefined;
    popup.showPopover();
    const first = popup.querySelector<HTMLElement>(isForm ? fieldSelector : itemSelector);
    (first ?? popup).focus();
    // What it shows may come later, and make it larger.
    const observer = new ResizeObserver(() => place(popup, { anchor, at }));
    observer.observe(popup);
    place(popup, { anchor, at });
    return () => {
      observer.disconnect();
      if (popup.contains(document.activeElement)) anchor.focus();
    };
  }, [anchor]);
  useCloseOutside({ popup: ref, anchor, onClose });
  const keys = (event: KeyboardEvent): void => {
    if (!event.defaultPrevented && isForWorkbench(event)) {
      if (isModifier(event)) return;
      // The focus leaves a form with it too.
      if (role === 'menu' || event.key === 'F6') onClose();
      return;
    }
    event.stopPropagation(); // a letter is not for what lies below
    const isClosing = event.key === 'Escape' || (event.key === 'Tab' && !isForm);
    if (isClosing) onClose();
    // Without items the keys scroll what is long.
    const isMoving = role === 'menu' && /^(Arrow|Home|End)/.test(event.key);
    if (isMoving && ref.current) moveFocus(ref.current, event.key);
    if (isClosing || isMoving) event.preventDefault();
  };
  return (
    <Part
      elementRef={ref}
      popover="manual"
      class="popup"
      role={role}
      aria-label={label}
      tabIndex={-1}
      onKeyDown={keys}
      onContextMenu={(event) => event.preventDefault()}
    >
      {children}
    </Part>
  );
}

interface Outside {
  readonly popup: { readonly current: HTMLElement | null };
  /** A button closes it by itself. */
  readonly anchor: HTMLElement;
  onClose(): void;
}

function useCloseOutside({ popup, anchor, onClose }: Outside): void {
  useEffect(() => {
    const press = (event: Event): void => {
      const inside = [popup.current, anchor.ariaHasPopup === null ? null : anchor];
      if (!event.composedPath().some((target) => inside.includes(target as HTMLElement))) onClose();
    };
    addEventListener('pointerdown', press, true);
    addEventListener('blur', onClose);
    addEventListener('resize', onClose);
    return () => {
      removeEventListener('pointerdown', press, true);
      removeEventListener('blur', onClose);
      removeEventListener('resize', onClose);
    };
  }, [anchor, onClose]);
}
