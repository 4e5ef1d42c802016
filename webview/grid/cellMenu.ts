/** Which cell a menu is asked for, by the pointer or by a key, and the values in it. */
import type { TailRow } from '../../src/protocol/tail.ts';
import { type CellPlace, type ShownValue, valuesOf } from '../finding/shownValues.ts';
import { columnOf } from './cellFocus.ts';
import { valuePieces } from './tokens.ts';

/** The keys that everywhere open the menu of what has the focus. */
export function isMenuKey({ key, shiftKey }: KeyboardEvent): boolean {
  return key === 'ContextMenu' || (key === 'F10' && shiftKey);
}

/** Of an event its sentence is all. */
export function menuValues(row: TailRow | undefined, place?: CellPlace): ShownValue[] {
  if (!row) return [];
  if (row.kind === 'record') return valuesOf(row, place);
  return [{ name: 'Event', shown: row.text, text: row.text }];
}

/** The place under the pointer: in the value the piece of text tells which part of it. */
export function placeAt(
  target: EventTarget | null,
  row: TailRow | undefined,
): CellPlace | undefined {
  const column = columnOf(target);
  if (column === undefined || row?.kind !== 'record') return undefined;
  const cell = (target as Element).closest('[data-column]');
  const index = [...(cell?.childNodes ?? [])].indexOf(target as ChildNode);
  const offset = column === 'value' && index >= 0 ? valuePieces(row)[index]?.start : undefined;
  return { column, offset };
}
