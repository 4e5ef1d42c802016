/** How components see the panel's state. */
import { createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { assert } from '../src/base/assert.ts';
import type { Panel } from './state/panel.ts';
import type { PanelModel } from './state/panelModel.ts';

export const PanelContext = createContext<Panel | undefined>(undefined);

/** The panel this component belongs to. */
export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  assert(panel, 'a component outside of the panel');
  return panel;
}

/** The part of the state that `select` takes; draws again only when that part is another one. */
export function useModel<T>(select: (model: PanelModel) => T): T {
  const { store } = usePanel();
  const [value, setValue] = useState(() => select(store.get()));
  useLayoutEffect(() => {
    const look = (): void => setValue(() => select(store.get()));
    look();
    const subscription = store.subscribe(look);
    return () => subscription.dispose();
  }, [store]);
  return value;
}

/** The present moment in epoch milliseconds, anew each second while `isRunning`. */
export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
