/** The long connections that windows hold: each is told of changes, and counts as a window. */
import type { AdminEvent, EngineStatus } from '../admin/adminApi.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import type { AnswerStream, Exchange } from './exchange.ts';

/** How often `alive` is said. */
export const aliveMs = 5_000;
/** Changes within this time are told as one. */
export const coalesceMs = 50;
/** A window that does not read this much is given up. */
const unreadBytesMax = 1024 * 1024;

export interface AdminConnectionParts {
  readonly clock: Clock;
  readonly onDidChange: Event<'streams' | 'status'>;
  status(): Promise<EngineStatus>;
}

interface Window {
  readonly exchange: Exchange;
  readonly answer: AnswerStream;
  unreadBytes: number;
}

export class AdminConnections implements Disposable {
  private readonly parts: AdminConnectionParts;
  private readonly open = new Set<Window>();
  private readonly pending = new Set<'streams' | 'status'>();
  private readonly listening: Disposable;
  private telling: Disposable | undefined;
  private beat: Disposable | undefined;

  constructor(parts: AdminConnectionParts) {
    this.parts = parts;
    this.listening = parts.onDidChange((change) => this.changed(change));
  }

  get count(): number {
    return this.open.size;
  }

  /** The engine's status with the number of windows in it. */
  async status(): Promise<EngineStatus> {
    return { ...(await this.parts.status()), windowCount: this.count };
  }

  /** Keeps the exchange open; says the status at once. */
  async add(exchange: Exchange): Promise<void> {
    const headers = ['Content-Type', 'application/x-ndjson', 'Cache-Control', 'no-store'];
    const answer = exchange.stream({ status: 200, headers });
    if (!answer) return;
    const window = { exchange, answer, unreadBytes: 0 };
    this.open.add(window);
    exchange.whenClosed(() => {
      this.open.delete(window);
      this.changed('status');
    });
    void this.write(window, { type: 'status', status: await this.status() });
    this.changed('status');
    this.beat ??= this.scheduleBeat();
  }

  /** Ends them all. */
  dispose(): void {
    this.listening.dispose();
    this.telling?.dispose();
    this.beat?.dispose();
    for (const { answer } of [...this.open]) answer.end();
  }

  private scheduleBeat(): Disposable {
    return this.parts.clock.schedule(aliveMs, () => {
      this.tell({ type: 'alive' });
      this.beat = this.open.size > 0 ? this.scheduleBeat() : undefined;
    });
  }

  private changed(change: 'streams' | 'status'): void {
    if (this.open.size === 0) return;
    this.pending.add(change);
    this.telling ??= this.parts.clock.schedule(coalesceMs, () => void this.tellPending());
  }

  private async tellPending(): Promise<void> {
    this.telling = undefined;
    const changes = new Set(this.pending);
    this.pending.clear();
    if (changes.has('streams')) this.tell({ type: 'streams' });
    this.tell({ type: 'status', status: await this.status() });
  }

  private tell(event: AdminEvent): void {
    for (const window of this.open) void this.write(window, event);
  }

  private async write(window: Window, event: AdminEvent): Promise<void> {
    const { exchange, answer } = window;
    if (exchange.isClosed) return;
    if (window.unreadBytes > unreadBytesMax) return exchange.cut();
    const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
    window.unreadBytes += bytes.length;
    await answer.write(bytes);
    window.unreadBytes -= bytes.length;
  }
}
