/** Moves the focus between the parts of the panel. */

const order = ['toolbar', 'strip', 'histogram', 'grid', 'details', 'foot'] as const;
export type RegionName = (typeof order)[number];

const focusable =
  '[tabindex="0"], vscode-button:not([disabled]), vscode-text-field, button, vscode-panel-tab';

const regionOf = (name: RegionName): HTMLElement | null =>
  document.querySelector(`[data-region="${name}"]`);

/** Focuses what takes the keyboard in a region; false when the region is not there. */
export function focusRegion(name: RegionName): boolean {
  const region = regionOf(name);
  if (!region) return false;
  const own = name === 'grid' ? '.row[tabindex="0"], .grid' : '[tabindex="0"]';
  const target =
    region.querySelector<HTMLElement>(own) ?? region.querySelector<HTMLElement>(focusable);
  (target ?? region).focus({ preventScroll: true });
  return true;
}

/** For a button that goes with what it did: the focus would be lost with it. */
export function thenFocusGrid(act: () => void): () => void {
  return () => {
    act();
    focusRegion('grid');
  };
}

/** Goes one region on; false at either end, where the workbench may take over. */
export function focusNextRegion(step: 1 | -1): boolean {
  const at = order.findIndex((name) => regionOf(name)?.contains(document.activeElement));
  const from = at < 0 && step < 0 ? order.length : at;
  for (let index = from + step; index >= 0 && index < order.length; index += step) {
    const name = order[index];
    if (name && focusRegion(name)) return true;
  }
  return false;
}

/** True while keys are text for a field. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('vscode-text-field, input, textarea') !== null;
}

/** True where keys are about one record: in the grid and in the details. */
export function isAtRecord(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || isTyping(target)) return false;
  return target.closest('[data-region="grid"], [data-region="details"]') !== null;
}
