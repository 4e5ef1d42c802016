/** How components see the columns. */
import { usePanel, useStore } from '../hooks.ts';
import type { ColumnsModel } from './columnsState.ts';

/** The part of it that `select` takes; draws again only when that part is another one. */
export function useColumns<T>(select: (model: ColumnsModel) => T): T {
  return useStore(usePanel().columns.store, select);
}
