/** Keeps the focus in its part of the panel when what had it goes: it would fall to the page, where no key does anything. */
import type { Disposable } from '../src/base/disposable.ts';
import { focusRegion, type RegionName, regionNameOf } from './regions.ts';

interface Focused {
  readonly element: Element;
  /** Undefined in a notice, which is in none. */
  readonly region: RegionName | undefined;
}

const canHaveFocus = (element: Element): boolean =>
  element.isConnected && !element.matches(':disabled, [disabled]') && element.checkVisibility();

/** Works until it is disposed. While the window is not focused it waits. */
export function keepFocus(): Disposable {
  let last: Focused | undefined;
  const look = (): void => {
    const { activeElement, body } = document;
    if (!last || activeElement !== body || !document.hasFocus()) return;
    // Who pressed beside everything took the focus away.
    if (canHaveFocus(last.element)) return;
    if (!last.region || !focusRegion(last.region)) focusRegion('grid');
  };
  const note = ({ target }: FocusEvent): void => {
    if (target instanceof Element) last = { element: target, region: regionNameOf(target) };
  };
  // What is disabled or hidden loses it only when the page is drawn next.
  const lookLater = (): void => void requestAnimationFrame(look);
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('focusin', note);
  document.addEventListener('focusout', lookLater);
  addEventListener('focus', look);
  return {
    dispose() {
      observer.disconnect();
      document.removeEventListener('focusin', note);
      document.removeEventListener('focusout', lookLater);
      removeEventListener('focus', look);
    },
  };
}
