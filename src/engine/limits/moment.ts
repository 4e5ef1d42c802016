/** When and from whom a call came, and what limits mean for it: one object for all records of a call. */
import type { LimitsMode } from '../../admin/adminApi.ts';

export interface Moment {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  /** Whole seconds of them. */
  readonly second: number;
  /** The access key of a request; empty when nobody said. */
  readonly caller: string;
  readonly limits: LimitsMode;
}

export const secondOf = (nowMs: number): number => Math.floor(nowMs / 1000);
