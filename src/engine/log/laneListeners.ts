/** Who waits for new entries of a lane. */
import type { Disposable } from '../../base/disposable.ts';
import { LANE, type RunTable, TABLE_FIELDS } from './runTable.ts';

export class LaneListeners {
  private readonly lanes = new Map<number, Set<() => void>>();

  /** Calls `listener` after each batch that brought the lane readable entries. It must not throw. */
  add(lane: number, listener: () => void): Disposable {
    const listeners = this.lanes.get(lane) ?? new Set();
    this.lanes.set(lane, listeners);
    listeners.add(listener);
    return {
      dispose: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.lanes.get(lane) === listeners) this.lanes.delete(lane);
      },
    };
  }

  /** `runs` are readable. */
  tell({ fields, count }: RunTable): void {
    if (this.lanes.size === 0) return;
    for (let run = 0; run < count; run++) {
      const lane = fields[run * TABLE_FIELDS + LANE]!;
      for (const listener of this.lanes.get(lane) ?? []) listener();
    }
  }
}
