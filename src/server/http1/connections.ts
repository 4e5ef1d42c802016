/** The connections whose HTTP/1.1 we read ourselves: their time limits, and their end. */
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { bodyMs } from '../body.ts';
import { type ConnectionParts, Http1Connection, type Phase } from './connection.ts';

/** What comes in one read at most, unless it is a body. */
const scratchBytes = 64 * 1024;
/** How often connections are looked at. */
export const sweepMs = 5_000;
/** The SDKs' agents keep sockets shorter than this; 5 s would race them. */
export const keepAliveMs = 65_000;

/** How long nothing may go on in a phase; our own answer may take any time. */
const limitsMs: Readonly<Record<Phase, number>> = {
  idle: keepAliveMs,
  head: 65_000,
  body: bodyMs,
  answer: Number.POSITIVE_INFINITY,
  sending: 65_000,
  ending: 5_000,
};

/** When a connection was first seen to wait as it does. */
interface Watched {
  phase: Phase;
  progress: number;
  sinceMs: number;
}

export interface Http1Parts extends Omit<ConnectionParts, 'scratch' | 'onClosed'> {
  readonly clock: Clock;
  /** The last connection has gone. */
  onEmpty(): void;
}

export class Http1Connections {
  private readonly parts: Http1Parts;
  private readonly connectionParts: ConnectionParts;
  private readonly open = new Map<Http1Connection, Watched>();
  private sweeping: Disposable | undefined;
  private isClosing = false;

  constructor(parts: Http1Parts) {
    this.parts = parts;
    const onClosed = (connection: Http1Connection): void => this.closed(connection);
    const scratch = Buffer.allocUnsafeSlow(scratchBytes);
    this.connectionParts = { ...parts, scratch, onClosed };
  }

  get count(): number {
    return this.open.size;
  }

  /** Takes an accepted socket over; `seen`: what was read of it. */
  add(socket: Socket, seen: Buffer): void {
    const connection = new Http1Connection(socket, { seen, parts: this.connectionParts });
    this.open.set(connection, this.watch(connection));
    if (this.isClosing) connection.finish();
    this.sweeping ??= this.schedule();
  }

  /** Takes no more requests; each connection ends after the answer that is under way. */
  close(): void {
    this.isClosing = true;
    this.sweeping?.dispose();
    for (const connection of [...this.open.keys()]) connection.finish();
  }

  destroy(): void {
    for (const connection of [...this.open.keys()]) connection.destroy();
  }

  private closed(connection: Http1Connection): void {
    if (this.open.delete(connection) && this.open.size === 0) this.parts.onEmpty();
  }

  private schedule(): Disposable {
    return this.parts.clock.schedule(sweepMs, () => {
      for (const [connection, watched] of this.open) this.look(connection, watched);
      this.sweeping = this.open.size > 0 && !this.isClosing ? this.schedule() : undefined;
    });
  }

  private look(connection: Http1Connection, watched: Watched): void {
    const now = this.watch(connection);
    const isSame = now.phase === watched.phase && now.progress === watched.progress;
    if (!isSame) Object.assign(watched, now);
    else if (now.sinceMs - watched.sinceMs >= limitsMs[now.phase]) cutOff(connection, now.phase);
  }

  private watch({ phase, progress }: Http1Connection): Watched {
    return { phase, progress, sinceMs: this.parts.clock.monotonic() };
  }
}

function cutOff(connection: Http1Connection, phase: Phase): void {
  if (phase === 'idle') connection.finish();
  else if (phase === 'head' || phase === 'body') connection.timeOut();
  else connection.destroy();
}
