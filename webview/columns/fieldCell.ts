/** The cell of a field of a row. */
import type { CellValue, FieldCell } from '../../src/protocol/columns.ts';
import type { ShownRecord } from '../state/rowCache.ts';

export interface FoundCell {
  /** Undefined while the row was fetched without it. */
  readonly cell: FieldCell | undefined;
  readonly value: CellValue;
}

/** By the column's path, as it is written there. */
export function fieldCellOf({ paths, cells, cellValues }: ShownRecord, path: string): FoundCell {
  const at = paths?.indexOf(path) ?? -1;
  return { cell: cells?.[at], value: cellValues?.[at] ?? null };
}
