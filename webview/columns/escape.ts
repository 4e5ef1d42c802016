/** Escape takes back what is dragged just now, and does nothing else. */

/** Calls `cancel` when Escape is pressed before `signal` aborts; nobody else gets that key. */
export function onEscape(cancel: () => void, signal: AbortSignal): void {
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    cancel();
  };
  addEventListener('keydown', press, { capture: true, signal });
}
