/** The bar that the keyboard looks at: `,` and `.` go from one to the next, and change nothing else. */
import { useState } from 'preact/hooks';
import { type Axis, lookedBar } from './axis.ts';

export interface BarLook {
  readonly bar: number | undefined;
  /** In it, epoch milliseconds; another one once another bar is looked at. */
  readonly atMs: number | undefined;
  /** True when the key was one of these. */
  press(key: string): boolean;
  /** True when a bar was looked at. */
  forget(): boolean;
}

const steps: Readonly<Record<string, 1 | -1>> = { ',': -1, '.': 1 };

export function useBarLook(axis: Axis | undefined): BarLook {
  // A moment, not a number: bars come, go and get longer.
  const [atMs, setAtMs] = useState<number | undefined>();
  const bar = axis && lookedBar(axis, { atMs });
  return {
    bar,
    atMs,
    press(key) {
      const step = steps[key];
      if (!axis || !step) return false;
      const next = lookedBar(axis, { atMs, step });
      if (next !== undefined) setAtMs(axis.startMs + next * axis.barMs);
      return true;
    },
    forget() {
      setAtMs(undefined);
      return bar !== undefined;
    },
  };
}
