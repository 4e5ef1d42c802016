/** Words with more to them: a tooltip for the pointer, the same text on a press for the keyboard, and for screen readers. */
import type { ComponentChildren } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import './fact.css';
import { Popup } from './Popup.tsx';

export interface FactProps {
  /** What there is to say, in a sentence or more. */
  readonly words: string;
  /** Of the surface that shows them. */
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A figure that has the focus is said anew so often: else each tick would be spoken. */
const saidEveryMs = 10_000;

/** Keeps the name of the focused button as it was, for a while; without the focus its content is its name. */
function useCalmName() {
  const button = useRef<HTMLButtonElement>(null);
  const saidMs = useRef(0);
  const say = (): void => {
    button.current?.setAttribute('aria-label', button.current.textContent ?? '');
    saidMs.current = performance.now();
  };
  useLayoutEffect(() => {
    const hasFocus = button.current === document.activeElement;
    if (hasFocus && performance.now() - saidMs.current >= saidEveryMs) say();
  });
  useLayoutEffect(() => {
    const { current } = button;
    // One that goes away leaves the focus to its neighbours, not to the whole page.
    return () => {
      if (current !== document.activeElement) return;
      const region = current?.closest('[data-region]');
      queueMicrotask(() => region?.querySelector<HTMLElement>('.fact')?.focus());
    };
  }, []);
  return { button, say, unsay: () => button.current?.removeAttribute('aria-label') };
}

/** Its title is its description too. */
export function Fact({ words, label, class: name = '', children }: FactProps) {
  const { button, say, unsay } = useCalmName();
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`fact ${name}`}
        title={words}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        onFocus={say}
        onBlur={unsay}
      >
        {children}
      </button>
      {isOpen && button.current && (
        <Popup anchor={button.current} label={label} role="dialog" onClose={close}>
          <div class="fact-words">{words}</div>
        </Popup>
      )}
    </>
  );
}
