/** What the keys do while the grid has the focus. */
import type { Panel } from '../state/panel.ts';
import type { Move } from '../state/selection.ts';

const moves: Readonly<Record<string, Move>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
  Home: 'first',
  End: 'last',
};

/** True when the key was one of the grid's. */
export function pressGridKey(panel: Panel, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const move = moves[event.key];
  if (move) panel.selection.move(move);
  else if (event.key === 'Enter') panel.selection.openDetails();
  else if (event.key === ' ') panel.togglePause();
  else if (event.key === 'g') void panel.ask('goTo', {});
  else return false;
  return true;
}
