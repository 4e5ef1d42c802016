/** The HTTP/2 half of the port: its connections, their time limits, and their end. */
import type { Socket } from 'node:net';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { Http2Connection, type Http2Parts } from './http2/connection.ts';

/** Requests under way on all connections: twice what 20 consumers of 50 shards need in subscriptions, and puts. */
export const streamsInAllMax = 8_192;
/** How often connections are looked at. */
export const sweepMs = 5_000;
/** How long nothing may go on; our own answer may take any time. */
export const sessionIdleMs = 600_000;
/** The same in the midst of a frame, and of a connection that is to end. */
const begunMs = 65_000;
const endingMs = 5_000;

export interface Http2SessionsParts extends Pick<Http2Parts, 'exchangeOf' | 'begin' | 'clock'> {
  readonly logger: Logger;
  /** The last connection has gone. */
  onEmpty(): void;
}

/** When a connection was first seen to stand still. */
interface Watched {
  progress: number;
  sinceMs: number;
}

export class Http2Sessions {
  private readonly parts: Http2SessionsParts;
  private readonly connectionParts: Http2Parts;
  private readonly open = new Map<Http2Connection, Watched>();
  private sweeping: Disposable | undefined;
  private isClosing = false;

  constructor(parts: Http2SessionsParts) {
    this.parts = parts;
    const { clock, exchangeOf, begin, logger } = parts;
    this.connectionParts = {
      ...{ clock, exchangeOf, begin },
      streams: { count: 0, most: streamsInAllMax },
      complain: (sentence) => logger.debug(sentence),
      onClosed: (connection) => this.closed(connection),
    };
  }

  get count(): number {
    return this.open.size;
  }

  /** Speaks HTTP/2 on a paused socket of which nothing is read. */
  add(socket: Socket): void {
    if (socket.destroyed) return;
    const seen = (socket.read() as Buffer | null) ?? Buffer.alloc(0);
    const connection = new Http2Connection(socket, { seen, parts: this.connectionParts });
    this.open.set(connection, this.watch(connection));
    if (this.isClosing) connection.finish();
    this.sweeping ??= this.schedule();
  }

  /** Lets every connection end after the answers under way, and each new one at once. */
  close(): void {
    this.isClosing = true;
    this.sweeping?.dispose();
    for (const connection of [...this.open.keys()]) connection.finish();
  }

  destroy(): void {
    for (const connection of [...this.open.keys()]) connection.destroy();
  }

  private closed(connection: Http2Connection): void {
    if (this.open.delete(connection) && this.open.size === 0) this.parts.onEmpty();
  }

  private schedule(): Disposable {
    return this.parts.clock.schedule(sweepMs, () => {
      for (const [connection, watched] of this.open) this.look(connection, watched);
      this.sweeping = this.open.size > 0 && !this.isClosing ? this.schedule() : undefined;
    });
  }

  private look(connection: Http2Connection, watched: Watched): void {
    connection.forgive();
    const now = this.watch(connection);
    if (now.progress !== watched.progress) Object.assign(watched, now);
    else if (now.sinceMs - watched.sinceMs >= limitMs(connection)) cutOff(connection);
  }

  private watch({ progress }: Http2Connection): Watched {
    return { progress, sinceMs: this.parts.clock.monotonic() };
  }
}

function limitMs({ isEnding, isBegun, streamCount, isHeldUp }: Http2Connection): number {
  if (isEnding && streamCount === 0) return endingMs;
  if (isBegun) return begunMs;
  return streamCount === 0 || isHeldUp ? sessionIdleMs : Number.POSITIVE_INFINITY;
}

function cutOff(connection: Http2Connection): void {
  const isIdle = connection.streamCount === 0 && !connection.isBegun && !connection.isEnding;
  if (isIdle) connection.finish();
  else connection.destroy();
}
