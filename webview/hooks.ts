/** How components see the panel's state. */
import { createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { assert } from '../src/base/assert.ts';
import type { Panel } from './state/panel.ts';
import type { PanelModel } from './state/panelModel.ts';
import type { Store } from './state/store.ts';

export const PanelContext = createContext<Panel | undefined>(undefined);

/** The panel this component belongs to. */
export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  assert(panel, 'a component outside of the panel');
  return panel;
}

/** The part of a store's value that `select` takes; draws again only when that part is another one. */
export function useStore<M extends object, T>(store: Store<M>, select: (value: M) => T): T {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const value = select(store.get());
  // What is selected may depend on what the component is drawn with.
  const drawn = useRef({ select, value });
  drawn.current = { select, value };
  useLayoutEffect(() => {
    const look = (): void => {
      const { current } = drawn;
      if (!Object.is(current.select(store.get()), current.value)) draw(undefined);
    };
    look();
    const subscription = store.subscribe(look);
    return () => subscription.dispose();
  }, [store]);
  return value;
}

/** The part of the panel's state that `select` takes. */
export function useModel<T>(select: (model: PanelModel) => T): T {
  return useStore(usePanel().store, select);
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
