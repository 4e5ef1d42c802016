/** Whole numbers of any length, as decimal texts. */

/** Below 0, 0 or above, as `first` is to `second`; both without leading zeros. */
export function compareDecimals(first: string, second: string): number {
  if (first.length !== second.length) return first.length - second.length;
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
