/** The name of a button whose words change with each tick: while it has the focus, each change would be spoken. */
import { useLayoutEffect, useRef } from 'preact/hooks';

/** So often it is said anew all the same. */
const saidEveryMs = 10_000;

export interface CalmName {
  readonly button: { current: HTMLButtonElement | null };
  onFocus(): void;
  onBlur(): void;
}

/** Keeps name and description of the focused button as they were, for a while; without the focus they are its content and its title. */
export function useCalmName(): CalmName {
  const button = useRef<HTMLButtonElement>(null);
  const saidMs = useRef(0);
  const say = (): void => {
    const { current } = button;
    current?.setAttribute('aria-label', current.innerText.replace(/\s+/g, ' ').trim());
    current?.setAttribute('aria-description', current.title);
    saidMs.current = performance.now();
  };
  const unsay = (): void => {
    button.current?.removeAttribute('aria-label');
    button.current?.removeAttribute('aria-description');
  };
  useLayoutEffect(() => {
    const hasFocus = button.current === document.activeElement;
    if (hasFocus && performance.now() - saidMs.current >= saidEveryMs) say();
  });
  return { button, onFocus: say, onBlur: unsay };
}
