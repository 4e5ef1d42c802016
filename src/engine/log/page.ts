/** Gathers the entries of one answer up to its limits, as parts of runs; objects are made of them when asked for. */
import { assert } from '../../base/assert.ts';
import { type RunPart, type TakenPart, visitEntries } from './decodeRun.ts';
import type { LogEntry, LogPage, ReadRequest } from './log.ts';
import type { PageBuffers } from './pageBuffers.ts';

export class PageBuilder {
  /** Set when the next entry must wait for the next page, or by the last that fits. */
  isFull = false;
  count = 0;
  /** Of the last entry. */
  lastKey: number | undefined;
  lastTimeMs: number | undefined;
  private readonly request: ReadRequest;
  private readonly buffers: PageBuffers;
  private readonly parts: RunPart[] = [];
  private readonly memory: Uint8Array[] = [];
  private bytes = 0;

  constructor(request: ReadRequest, buffers: PageBuffers) {
    this.request = request;
    this.buffers = buffers;
  }

  /** Entry bytes that may still be taken. */
  get bytesLeft(): number {
    return this.request.bytesMax - this.bytes;
  }

  get countLeft(): number {
    return this.request.countMax - this.count;
  }

  /** False for entries before the page begins. */
  wants(key: number, timeMs: number): boolean {
    return key >= this.request.fromKey && timeMs >= this.request.horizonMs;
  }

  /** Exactly `length` bytes, of undefined content, that are the page's until it is released. */
  takeMemory(length: number): Uint8Array {
    const buffer = this.buffers.take(length);
    this.memory.push(buffer);
    return buffer.subarray(0, length);
  }

  /** Of a part no entry may be below what the page has. */
  add(part: TakenPart): void {
    if (part.isCut) this.isFull = true;
    if (part.count === 0) return;
    this.parts.push(part);
    this.count += part.count;
    this.bytes += part.entryBytes;
    this.lastKey = part.lastKey;
    this.lastTimeMs = part.lastTimeMs;
    if (this.count >= this.request.countMax) this.isFull = true;
  }

  /** `readableKey`: the highest key of the lane that can be read now; -1 for none. */
  finish(readableKey: number): LogPage {
    const { parts, memory, buffers, count, lastKey, lastTimeMs } = this;
    const nextKey = (lastKey ?? Math.max(this.request.fromKey - 1, readableKey)) + 1;
    return new RunPage({ parts, memory, buffers, count, lastTimeMs, nextKey });
  }
}

interface Content extends Pick<LogPage, 'parts' | 'count' | 'lastTimeMs' | 'nextKey'> {
  readonly memory: readonly Uint8Array[];
  readonly buffers: PageBuffers;
}

class RunPage implements LogPage {
  readonly count: number;
  readonly lastTimeMs: number | undefined;
  readonly nextKey: number;
  private readonly content: Content;
  private made: LogEntry[] | undefined;
  private isReleased = false;

  constructor(content: Content) {
    this.count = content.count;
    this.lastTimeMs = content.lastTimeMs;
    this.nextKey = content.nextKey;
    this.content = content;
  }

  get parts(): readonly RunPart[] {
    assert(!this.isReleased, 'nobody looks at a page that was released');
    return this.content.parts;
  }

  get entries(): LogEntry[] {
    this.made ??= this.parts.flatMap(entriesOf);
    return this.made;
  }

  release(): void {
    if (this.made || this.isReleased) return;
    this.isReleased = true;
    const { memory, buffers } = this.content;
    for (const buffer of memory) buffers.give(buffer);
  }
}

function entriesOf(part: RunPart): LogEntry[] {
  const entries: LogEntry[] = [];
  visitEntries(part, ({ key, timeMs, start, end }) => {
    entries.push({ key, timeMs, bytes: part.bytes.subarray(start, end) });
  });
  return entries;
}
