/** How components see the columns. */
import { useLayoutEffect, useState } from 'preact/hooks';
import { usePanel } from '../hooks.ts';
import type { ColumnsModel } from './columnsState.ts';

/** The part of it that `select` takes; draws again only when that part is another one. */
export function useColumns<T>(select: (model: ColumnsModel) => T): T {
  const { store } = usePanel().columns;
  const [value, setValue] = useState(() => select(store.get()));
  useLayoutEffect(() => {
    const look = (): void => setValue(() => select(store.get()));
    look();
    const subscription = store.subscribe(look);
    return () => subscription.dispose();
  }, [store]);
  return value;
}
