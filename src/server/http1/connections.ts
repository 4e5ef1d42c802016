/** The connections whose HTTP/1.1 we read ourselves: their time limits, and their end. */
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { bodyMs } from '../body.ts';
import { WatchedConnections } from '../watchedConnections.ts';
import { type ConnectionParts, Http1Connection, type Phase } from './connection.ts';

/** What comes in one read at most, unless it is a body. */
const scratchBytes = 64 * 1024;
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

export interface Http1Parts extends Omit<ConnectionParts, 'scratch' | 'onClosed'> {
  readonly clock: Clock;
  /** The last connection has gone. */
  onEmpty(): void;
}

export class Http1Connections {
  private readonly parts: ConnectionParts;
  private readonly open: WatchedConnections<Http1Connection>;

  constructor(parts: Http1Parts) {
    const { clock, onEmpty } = parts;
    const limitMs = ({ phase }: Http1Connection): number => limitsMs[phase];
    this.open = new WatchedConnections({ clock, limitMs, cutOff, onEmpty });
    const onClosed = (connection: Http1Connection): void => this.open.closed(connection);
    this.parts = { ...parts, scratch: Buffer.allocUnsafeSlow(scratchBytes), onClosed };
  }

  get count(): number {
    return this.open.count;
  }

  /** Takes an accepted socket over; `seen`: what was read of it. */
  add(socket: Socket, seen: Buffer): void {
    this.open.add(new Http1Connection(socket, { seen, parts: this.parts }));
  }

  /** Takes no more requests; each connection ends after the answer that is under way. */
  close(): void {
    this.open.close();
  }

  destroy(): void {
    this.open.destroy();
  }
}

function cutOff(connection: Http1Connection): void {
  const { phase } = connection;
  if (phase === 'idle') connection.finish();
  else if (phase === 'head' || phase === 'body') connection.timeOut();
  else connection.destroy();
}
