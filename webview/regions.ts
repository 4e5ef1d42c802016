/** Moves the focus between the parts of the panel. */

const order = ['toolbar', 'strip', 'histogram', 'grid', 'details', 'foot'] as const;
export type RegionName = (typeof order)[number];

const focusable =
  '[tabindex="0"], vscode-button:not([disabled]), vscode-text-field, button, vscode-panel-tab';

const regionOf = (name: RegionName): HTMLElement | null =>
  document.querySelector(`[data-region="${name}"]`);

/** The region that an element is in. */
export function regionNameOf(element: Element): RegionName | undefined {
  const region = element.closest<HTMLElement>('[data-region]')?.dataset.region;
  return order.find((name) => name === region);
}

/** Focuses what takes the keyboard in a region; false when the region is not there or has no room. */
export function focusRegion(name: RegionName): boolean {
  const region = regionOf(name);
  if (!region?.checkVisibility()) return false;
  const own = name === 'grid' ? '.row[tabindex="0"], .grid' : '[tabindex="0"]';
  const firstOf = (selector: string): HTMLElement | undefined =>
    [...region.querySelectorAll<HTMLElement>(selector)].find((each) => each.checkVisibility());
  const part = firstOf(own) ?? firstOf(focusable) ?? region;
  part.focus({ preventScroll: true });
  // Rows are scrolled by what is drawn; a low panel is scrolled as a whole.
  (name === 'grid' ? region : part).scrollIntoView({ block: 'nearest', inline: 'nearest' });
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
