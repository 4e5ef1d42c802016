/** How long a tab waits between two ticks: longer where a tick is large, and where more rows go by than can be read. */

export const tickMs = { usual: 100, fastRows: 200, manyShards: 500 } as const;

/** With more shards than this a tick is large. */
const manyShards = 200;
/** Rows that come faster are seen to go by, and are not read. */
const fastRowsPerSecond = 2000;

export class TickPace {
  private rows = 0;
  private lastMs = 0;
  private rowsPerSecond = 0;

  /** A tick was told at `nowMs`, when `rows` had come since the tail began. */
  told(rows: number, nowMs: number): void {
    const seconds = Math.max(1, nowMs - this.lastMs) / 1000;
    this.rowsPerSecond = (rows - this.rows) / seconds;
    this.rows = rows;
    this.lastMs = nowMs;
  }

  intervalMs(shardCount: number): number {
    if (shardCount > manyShards) return tickMs.manyShards;
    return this.rowsPerSecond > fastRowsPerSecond ? tickMs.fastRows : tickMs.usual;
  }
}
