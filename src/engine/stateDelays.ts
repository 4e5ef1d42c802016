/** How long streams stay in CREATING, UPDATING and DELETING. Chooses a time; sets no timer. */
import type { Random } from '../base/random.ts';
import type { Pending } from './streamEntry.ts';

/** `short`: 30 ms. `realistic`: as long as AWS takes, at random. A number: so many milliseconds. */
export type StateDelays = 'short' | 'realistic' | number;

const shortMs = 30;

/** What a stream or a consumer is about to do. */
export type DelayedKind = Pending['kind'] | 'register' | 'deregister';

interface Seconds {
  readonly min: number;
  readonly max: number;
}

/** @source measured: create, split, merge and delete, second hand; guessed: the others. */
const realistic: { readonly [K in DelayedKind]: Seconds } = {
  create: { min: 10, max: 40 },
  split: { min: 25, max: 35 },
  merge: { min: 25, max: 35 },
  scale: { min: 60, max: 300 },
  retention: { min: 2, max: 10 },
  encryption: { min: 5, max: 60 },
  monitoring: { min: 2, max: 10 },
  recordSize: { min: 2, max: 10 },
  spread: { min: 30, max: 120 },
  mode: { min: 10, max: 60 },
  warm: { min: 30, max: 300 },
  delete: { min: 10, max: 30 },
  register: { min: 2, max: 10 },
  deregister: { min: 2, max: 10 },
};

/** Milliseconds, 0 or more. */
export function stateDelayMs(
  kind: DelayedKind,
  { delays, random }: { delays: StateDelays; random: Random },
): number {
  if (delays === 'short') return shortMs;
  if (delays !== 'realistic') return delays;
  const { min, max } = realistic[kind];
  const fraction = new DataView(random.bytes(4).slice().buffer).getUint32(0) / 2 ** 32;
  return Math.round(1000 * (min + fraction * (max - min)));
}
