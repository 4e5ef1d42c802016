/** What the test, the engine it kills and the clients say to each other. */
import type { Durability } from '../../../src/admin/adminApi.ts';

/** Work of the engine in the middle of which it is killed. */
export const works = ['split', 'merge', 'roll', 'drop'] as const;
export type Work = (typeof works)[number];

/** How an engine is started; one JSON argument. */
export interface TargetOptions {
  readonly folder: string;
  readonly durability: Durability;
  /** The engine's clock is this far ahead of the machine's. */
  readonly offsetMs: number;
  /** Where the engine notes, just before, that it is killed inside a work. */
  readonly aimFile: string;
}

/** To the engine. */
export type Order =
  /** Ends itself with SIGKILL at the `call`th call of the system (0 for the first) of the next such work. */
  | { readonly aim: Work; readonly call: number }
  /** Moves the clock and removes what has expired. */
  | { readonly offsetMs: number };

/** From the engine: first where it is, then that an order is taken. */
export type Report = { readonly endpoint: string } | { readonly taken: true };

/** To the clients: where the engine is now; `life` counts its starts. */
export interface Endpoint {
  readonly endpoint: string;
  readonly life: number;
}

/** From the clients: how many records were acknowledged so far. */
export interface Progress {
  readonly acknowledged: number;
}

/** One line of the clients' file. */
export interface Acknowledged {
  readonly id: string;
  readonly shard: string;
  readonly number: string;
}
