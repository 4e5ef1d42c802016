/** How long a tab waits between two ticks: longer where a tick is large, and where more rows go by than can be read. */

/** With more shards than this a tick is large. */
const manyShards = 200;
const manyShardsMs = 500;
const usualMs = 100;
/** Rows that come faster are seen to go by, and are not read: fewer ticks cost less and show as much. */
const fast = [
  { rowsPerSecond: 4000, intervalMs: 320 },
  { rowsPerSecond: 2000, intervalMs: 200 },
] as const;

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
    if (shardCount > manyShards) return manyShardsMs;
    const { rowsPerSecond } = this;
    return fast.find((pace) => rowsPerSecond > pace.rowsPerSecond)?.intervalMs ?? usualMs;
  }
}
