/** Shards that answered that they are not there, and their readers: the next listing decides what becomes of them. */
import type { ShardEntry } from './shardTable.ts';

export class MissingShards {
  private readonly entries = new Set<ShardEntry>();
  private readonly waiting = new Set<() => void>();

  /** Resolves once the shards were listed, or `signal` aborted. */
  add(entry: ShardEntry | undefined, signal: AbortSignal): Promise<void> {
    if (entry) this.entries.add(entry);
    return new Promise((resolve) => {
      const goOn = (): void => {
        this.waiting.delete(goOn);
        signal.removeEventListener('abort', goOn);
        resolve();
      };
      this.waiting.add(goOn);
      signal.addEventListener('abort', goOn, { once: true });
    });
  }

  /** Those of them that a listing does not tell; all are forgotten. */
  takeUnlisted(listed: ReadonlySet<string>): ShardEntry[] {
    const gone = [...this.entries].filter((entry) => !listed.has(entry.id));
    this.entries.clear();
    return gone;
  }

  /** A listing is over: readers that are left try again. */
  decided(): void {
    for (const goOn of this.waiting) goOn();
  }
}
