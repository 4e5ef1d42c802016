/** The HTTP/2 half of the port. Loaded with its first connection: it costs a start 25 ms. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Logger } from '../base/logger.ts';

/** What a client may send on a stream, and on a connection, before it is read. */
const streamWindowBytes = 1024 ** 2;
const sessionWindowBytes = 16 * 1024 ** 2;
const sessionMemoryMiB = 64;
const streamsMax = 256;
const sessionIdleMs = 600_000;

export interface Http2Parts {
  readonly logger: Logger;
  onRequest(request: IncomingMessage, response: ServerResponse): void;
}

export class Http2Sessions {
  private readonly parts: Http2Parts;
  private readonly sessions = new Set<ServerHttp2Session>();
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
    for (const session of this.sessions) session.close();
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
    this.sessions.add(session);
    session.once('close', () => this.sessions.delete(session));
    session.on('error', (error) => this.parts.logger.debug(`HTTP/2: ${error.message}`));
    session.setLocalWindowSize(sessionWindowBytes);
    session.setTimeout(sessionIdleMs, () => session.close());
    if (this.isClosing) session.close();
  }
}
