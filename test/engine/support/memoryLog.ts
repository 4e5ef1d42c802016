/** The log's contract in memory: every append resolves a turn later, and entries outlive a close. */
import type {
  LaneBounds,
  Log,
  LogEntry,
  LogPage,
  ReadRequest,
} from '../../../src/engine/log/log.ts';
import { LogError } from '../../../src/engine/log/logError.ts';
import type { LogOpener } from '../../../src/engine/openStreams.ts';

interface Kept extends LogEntry {
  readonly lane: number;
}

/** What is on the "disk" of one log. */
interface Content {
  entries: Kept[];
  lastKey: number;
  lastTimeMs: number;
}

export class MemoryLog implements Log {
  private readonly content: Content;
  private queued = 0;
  private tail: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(content: Content) {
    this.content = content;
  }

  get lastKey(): number {
    return this.content.lastKey;
  }
  get lastTimeMs(): number {
    return this.content.lastTimeMs;
  }
  get bytes(): number {
    return this.content.entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
  get pendingBytes(): number {
    return this.queued;
  }

  append(entry: Kept): Promise<void> {
    if (this.isClosed) return Promise.reject(new LogError('CLOSED', 'closed'));
    if (entry.key <= this.content.lastKey && this.content.entries.at(-1)?.lane === entry.lane) {
      throw new Error('keys must rise');
    }
    this.queued += entry.bytes.length;
    this.content.lastKey = Math.max(this.content.lastKey, entry.key);
    this.content.lastTimeMs = entry.timeMs;
    this.tail = this.tail.then(() => {
      this.queued -= entry.bytes.length;
      this.content.entries.push(entry);
    });
    return this.tail;
  }

  async read({ lane, fromKey, horizonMs, countMax, bytesMax }: ReadRequest): Promise<LogPage> {
    const entries: LogEntry[] = [];
    let bytes = 0;
    for (const entry of this.lane(lane)) {
      if (entry.key < fromKey || entry.timeMs < horizonMs) continue;
      bytes += entry.bytes.length;
      if (entries.length === countMax || (entries.length > 0 && bytes > bytesMax)) break;
      entries.push(entry);
    }
    return { entries, nextKey: (entries.at(-1)?.key ?? fromKey - 1) + 1 };
  }

  async keyAtTime(lane: number, timeMs: number): Promise<number | undefined> {
    return this.lane(lane).find((entry) => entry.timeMs >= timeMs)?.key;
  }

  bounds(lane: number): LaneBounds | undefined {
    const entries = this.lane(lane);
    const last = entries.at(-1);
    if (!last) return undefined;
    return { firstKey: entries[0]!.key, lastKey: last.key, lastTimeMs: last.timeMs };
  }

  async firstTimeMs(lane: number, horizonMs: number): Promise<number | undefined> {
    return this.lane(lane).find((entry) => entry.timeMs >= horizonMs)?.timeMs;
  }

  async trim(horizonMs: number): Promise<number> {
    return this.keep(({ timeMs }) => timeMs >= horizonMs);
  }

  async dropOldest(): Promise<number> {
    return this.keep((entry) => entry !== this.content.entries[0]);
  }

  async clear(): Promise<void> {
    await this.flush();
    this.keep(() => false);
  }

  flush(): Promise<void> {
    return this.tail;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.tail;
  }

  private lane(lane: number): Kept[] {
    return this.content.entries.filter((entry) => entry.lane === lane);
  }

  private keep(isKept: (entry: Kept) => boolean): number {
    const before = this.bytes;
    this.content.entries = this.content.entries.filter(isKept);
    return before - this.bytes;
  }
}

/** Opens logs of one "disk" by folder. */
export function memoryLogs(): LogOpener {
  const contents = new Map<string, Content>();
  return async (folder) => {
    const content = contents.get(folder) ?? { entries: [], lastKey: -1, lastTimeMs: 0 };
    contents.set(folder, content);
    return { log: new MemoryLog(content), notices: [] };
  };
}
