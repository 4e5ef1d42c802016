/** Gathers the entries of one answer up to its limits. */
import type { LogEntry, LogPage, ReadRequest } from './log.ts';

export class PageBuilder {
  readonly entries: LogEntry[] = [];
  /** Set by the first entry that must wait for the next page, or by the last that fits. */
  isFull = false;
  private readonly request: ReadRequest;
  private bytes = 0;

  constructor(request: ReadRequest) {
    this.request = request;
  }

  /** Entry bytes that may still be taken. */
  get bytesLeft(): number {
    return this.request.bytesMax - this.bytes;
  }

  get countLeft(): number {
    return this.request.countMax - this.entries.length;
  }

  /** False for entries before the page begins. */
  wants(key: number, timeMs: number): boolean {
    return key >= this.request.fromKey && timeMs >= this.request.horizonMs;
  }

  /** Whether `length` more bytes fit; sets `isFull` when not. The first entry always fits. */
  hasRoom(length: number): boolean {
    if (this.entries.length > 0 && length > this.bytesLeft) this.isFull = true;
    return !this.isFull;
  }

  add(entry: LogEntry): void {
    this.entries.push(entry);
    this.bytes += entry.bytes.length;
    if (this.entries.length >= this.request.countMax) this.isFull = true;
  }

  /** `readableKey`: the highest key of the lane that can be read now; -1 for none. */
  finish(readableKey: number): LogPage {
    const last = this.entries[this.entries.length - 1];
    const nextKey = last ? last.key + 1 : Math.max(this.request.fromKey, readableKey + 1);
    return { entries: this.entries, nextKey };
  }
}
