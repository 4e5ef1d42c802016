/** The HTTP/2 half of the port. Loaded with its first connection: it costs a start 25 ms. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';

/** What a client may send on a stream, and on a connection, before it is read. */
const streamWindowBytes = 1024 ** 2;
const sessionWindowBytes = 16 * 1024 ** 2;
const sessionMemoryMiB = 64;
const streamsMax = 256;
/** A client that has sent nothing for so long is let go; one that reads events sends something in five minutes. */
export const sessionIdleMs = 600_000;
/** How often sessions are looked at. */
const sweepMs = 30_000;

/** What a session had read when it was last looked at, and since when it has read no more. */
interface Watched {
  bytesRead: number;
  sinceMs: number;
}

export interface Http2Parts {
  readonly clock: Clock;
  readonly logger: Logger;
  onRequest(request: IncomingMessage, response: ServerResponse): void;
}

export class Http2Sessions {
  private readonly parts: Http2Parts;
  private readonly sessions = new Map<ServerHttp2Session, Watched>();
  private sweeping: Disposable | undefined;
  private server: Promise<Http2Server> | undefined;
  private isClosing = false;

  constructor(parts: Http2Parts) {
    this.parts = parts;
  }

  /** Speaks HTTP/2 on a paused socket of which nothing is read. */
  async add(socket: Socket): Promise<void> {
    this.server ??= this.makeServer();
    const server = await this.server;
    if (socket.destroyed) return;
    socket.allowHalfOpen = false; // HTTP/1.1 sets it, and a client's end would go unseen by it
    server.emit('connection', socket);
    // The session takes what is buffered on the next tick. Still paused, the socket would never tell
    // that the client went away.
    setImmediate(() => socket.resume());
  }

  /** Lets every session end after the answers under way, and each new one at once. */
  close(): void {
    this.isClosing = true;
    this.sweeping?.dispose();
    for (const session of this.sessions.keys()) session.close();
  }

  private async makeServer(): Promise<Http2Server> {
    const http2 = await import('node:http2');
    const server = http2.createServer(
      {
        maxSessionMemory: sessionMemoryMiB,
        settings: { initialWindowSize: streamWindowBytes, maxConcurrentStreams: streamsMax },
      },
      // Its compatibility classes have every member that an Exchange touches.
      this.parts.onRequest as unknown as Parameters<typeof http2.createServer>[1],
    );
    server.on('session', (session) => this.keep(session));
    return server;
  }

  private keep(session: ServerHttp2Session): void {
    this.sessions.set(session, { bytesRead: 0, sinceMs: this.parts.clock.monotonic() });
    session.once('close', () => this.sessions.delete(session));
    session.on('error', (error) => this.parts.logger.debug(`HTTP/2: ${error.message}`));
    session.setLocalWindowSize(sessionWindowBytes);
    if (this.isClosing) session.close();
    else this.sweeping ??= this.schedule();
  }

  /** Not by a session's own time limit: Node leaves its timer behind, which keeps all of a closed session. */
  private schedule(): Disposable {
    return this.parts.clock.schedule(sweepMs, () => {
      for (const [session, watched] of this.sessions) this.look(session, watched);
      const goesOn = this.sessions.size > 0 && !this.isClosing;
      this.sweeping = goesOn ? this.schedule() : undefined;
    });
  }

  private look(session: ServerHttp2Session, watched: Watched): void {
    if (session.destroyed) return;
    const nowMs = this.parts.clock.monotonic();
    const { bytesRead } = session.socket;
    if (bytesRead !== watched.bytesRead) Object.assign(watched, { bytesRead, sinceMs: nowMs });
    else if (nowMs - watched.sinceMs >= sessionIdleMs) session.close();
  }
}
