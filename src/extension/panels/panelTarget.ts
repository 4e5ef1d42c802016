/** A panel in a command's argument: from one of its own buttons, or from a key that was pressed in it. Pure. */

export interface PanelTarget {
  readonly panel: 'editor' | 'bottom';
  /** Of a tab: without them the one that is active. */
  readonly connection?: string | undefined;
  readonly stream?: string | undefined;
}

/** Undefined when the argument names none, as from the palette. */
export function panelTargetOf(argument: unknown): PanelTarget | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { panel } = argument as Partial<PanelTarget>;
  return panel === 'editor' || panel === 'bottom' ? (argument as PanelTarget) : undefined;
}
