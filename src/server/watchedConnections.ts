/**
 * The open connections of one protocol: one that stands still for too long is cut off, and all end with the
 * server. What they wait for, and for how long they may, their protocol says.
 */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';

/** How often connections are looked at. */
export const sweepMs = 5_000;

export interface WatchedConnection {
  /** What it waits for, where its protocol tells that apart. */
  readonly phase?: string;
  /** While it stays the same in a phase, nothing goes on. */
  readonly progress: number;
  /** Ends it after the answers under way. */
  finish(): void;
  destroy(): void;
}

export interface WatchParts<C> {
  readonly clock: Clock;
  /** Before each look. */
  onLook?(connection: C): void;
  /** How long nothing may go on. */
  limitMs(connection: C): number;
  cutOff(connection: C): void;
  /** The last connection has gone. */
  onEmpty(): void;
}

/** When a connection was first seen to wait as it does. */
interface Seen {
  phase: string | undefined;
  progress: number;
  sinceMs: number;
}

export class WatchedConnections<C extends WatchedConnection> {
  private readonly parts: WatchParts<C>;
  private readonly open = new Map<C, Seen>();
  private sweeping: Disposable | undefined;
  private isClosing = false;

  constructor(parts: WatchParts<C>) {
    this.parts = parts;
  }

  get count(): number {
    return this.open.size;
  }

  add(connection: C): void {
    this.open.set(connection, this.see(connection));
    if (this.isClosing) connection.finish();
    this.sweeping ??= this.schedule();
  }

  /** For the connection: it has gone. */
  closed(connection: C): void {
    if (this.open.delete(connection) && this.open.size === 0) this.parts.onEmpty();
  }

  /** Each ends after the answers under way, and each new one at once. */
  close(): void {
    this.isClosing = true;
    this.sweeping?.dispose();
    for (const connection of [...this.open.keys()]) connection.finish();
  }

  destroy(): void {
    for (const connection of [...this.open.keys()]) connection.destroy();
  }

  private schedule(): Disposable {
    return this.parts.clock.schedule(sweepMs, () => {
      for (const [connection, seen] of this.open) this.look(connection, seen);
      this.sweeping = this.open.size > 0 && !this.isClosing ? this.schedule() : undefined;
    });
  }

  private look(connection: C, seen: Seen): void {
    const { onLook, limitMs, cutOff } = this.parts;
    onLook?.(connection);
    const now = this.see(connection);
    const isSame = now.phase === seen.phase && now.progress === seen.progress;
    if (!isSame) Object.assign(seen, now);
    else if (now.sinceMs - seen.sinceMs >= limitMs(connection)) cutOff(connection);
  }

  private see({ phase, progress }: C): Seen {
    return { phase, progress, sinceMs: this.parts.clock.monotonic() };
  }
}
