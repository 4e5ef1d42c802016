/** The HTTP/2 half of the port: its connections, their time limits, and their end. */
import type { Socket } from 'node:net';
import type { Logger } from '../base/logger.ts';
import { Http2Connection, type Http2Parts } from './http2/connection.ts';
import { WatchedConnections } from './watchedConnections.ts';

/** Requests under way on all connections: twice what 20 consumers of 50 shards need in subscriptions, and puts. */
export const streamsInAllMax = 8_192;
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

export class Http2Sessions {
  private readonly parts: Http2Parts;
  private readonly open: WatchedConnections<Http2Connection>;

  constructor({ clock, exchangeOf, begin, logger, onEmpty }: Http2SessionsParts) {
    const onLook = (connection: Http2Connection): void => connection.forgive();
    this.open = new WatchedConnections({ clock, onLook, limitMs, cutOff, onEmpty });
    this.parts = {
      ...{ clock, exchangeOf, begin },
      streams: { count: 0, most: streamsInAllMax },
      complain: (sentence) => logger.debug(sentence),
      onClosed: (connection) => this.open.closed(connection),
    };
  }

  get count(): number {
    return this.open.count;
  }

  /** Speaks HTTP/2 on a paused socket of which nothing is read. */
  add(socket: Socket): void {
    if (socket.destroyed) return;
    const seen = (socket.read() as Buffer | null) ?? Buffer.alloc(0);
    this.open.add(new Http2Connection(socket, { seen, parts: this.parts }));
  }

  /** Lets every connection end after the answers under way, and each new one at once. */
  close(): void {
    this.open.close();
  }

  destroy(): void {
    this.open.destroy();
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
