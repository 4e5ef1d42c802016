/** One port for HTTP/1.1 and HTTP/2 before any KinesisApi. Knows the interface, never the engine. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import { type Admin, AdminRoutes, adminPath } from './adminRoutes.ts';
import { AnswerIdSource } from './answerIds.ts';
import { BodyTooLarge, ClientGone, readBody, type WithBody } from './body.ts';
import { BodyBudget } from './bodyBudget.ts';
import { BufferPool } from './bufferPool.ts';
import { Exchange } from './exchange.ts';
import { refusalOf } from './guard.ts';
import { Http2Sessions } from './http2Sessions.ts';
import { answerKinesis, type KinesisRoute } from './kinesisRoute.ts';
import { sniff } from './sniffer.ts';

export interface ServerParts {
  readonly api: KinesisApi;
  /** Without it there are no admin routes. */
  readonly admin?: Admin | undefined;
  /** Marks calls as the extension's own and opens the admin routes. */
  readonly nonce: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Default: 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
  /** Names besides the loopback's own that a Host header may have. */
  readonly allowedHosts?: readonly string[] | undefined;
}

export interface RunningServer {
  /** `http://127.0.0.1:4567` */
  readonly endpoint: string;
  readonly port: number;
  /** Open admin connections. */
  readonly windowCount: number;
  /**
   * When the last call ended or the last window left, on the clock's monotonic time; undefined while
   * a call is being answered or a window is connected.
   */
  readonly idleSinceMs: number | undefined;
  /** Takes no more requests, answers those under way (for 3 s at most) and closes every connection. */
  close(): Promise<void>;
}

/** Largest body of a request. */
export const bodyBytesMax = 16 * 1024 ** 2;
/** Bytes of all bodies held at once. */
const bodiesBytesMax = 64 * 1024 ** 2;
/** The SDKs' agents keep sockets shorter than this; 5 s would race them. */
const keepAliveMs = 65_000;
const requestMs = 120_000;
const headersBytesMax = 32 * 1024;
const closeGraceMs = 3_000;

/** Resolves once the port takes connections; rejects with the system's error (EADDRINUSE, …). */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const server = new Server(parts);
  await server.listen();
  return server;
}

class Server implements RunningServer {
  private readonly parts: ServerParts;
  private readonly ids: AnswerIdSource;
  private readonly bodies = new BodyBudget(bodiesBytesMax);
  private readonly buffers = new BufferPool();
  private readonly kinesis: KinesisRoute;
  private readonly allowedHosts: ReadonlySet<string>;
  private readonly admin: AdminRoutes | undefined;
  private readonly http1: http.Server;
  private readonly http2: Http2Sessions;
  private readonly sockets = new Set<Socket>();
  private underWay = 0;
  private lastBusyMs: number;
  private isClosing = false;

  constructor(parts: ServerParts) {
    this.parts = parts;
    this.ids = new AnswerIdSource(parts.random);
    this.allowedHosts = new Set(parts.allowedHosts?.map((name) => name.toLowerCase()));
    this.lastBusyMs = parts.clock.monotonic();
    const { api, nonce, logger } = parts;
    this.kinesis = { api, nonce, logger, withBody: this.withBody };
    this.admin = this.makeAdmin();
    this.http1 = this.makeHttp1();
    this.http2 = new Http2Sessions({ logger: parts.logger, onRequest: this.onRequest });
  }

  get port(): number {
    return (this.http1.address() as AddressInfo).port;
  }

  get endpoint(): string {
    const host = this.parts.host ?? '127.0.0.1';
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  get windowCount(): number {
    return this.admin?.connections.count ?? 0;
  }

  get idleSinceMs(): number | undefined {
    return this.underWay > 0 ? undefined : this.lastBusyMs;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.http1.once('error', reject);
      this.http1.listen(this.parts.port, this.parts.host ?? '127.0.0.1', () => {
        this.http1.off('error', reject);
        this.http1.on('error', (error) => this.parts.logger.error(`server: ${error.message}`));
        resolve();
      });
    });
  }

  close(): Promise<void> {
    this.isClosing = true;
    this.admin?.connections.dispose();
    this.http2.close();
    return new Promise((resolve) => {
      const force = this.parts.clock.schedule(closeGraceMs, () => {
        for (const socket of this.sockets) socket.destroy();
      });
      this.http1.close(() => {
        force.dispose();
        resolve();
      });
      this.closeIdle();
    });
  }

  private makeAdmin(): AdminRoutes | undefined {
    const { admin, nonce, clock, logger } = this.parts;
    if (!admin) return undefined;
    const port = () => this.port;
    return new AdminRoutes({ admin, nonce, clock, logger, port, withBody: this.withBody });
  }

  /** It owns the port; what it would do with a connection is done once the protocol is known. */
  private makeHttp1(): http.Server {
    const server = http.createServer(
      {
        keepAliveTimeout: keepAliveMs,
        headersTimeout: keepAliveMs,
        requestTimeout: requestMs,
        maxHeaderSize: headersBytesMax,
        noDelay: true,
      },
      this.onRequest,
    );
    const speak = server.listeners('connection') as ((socket: Socket) => void)[];
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      sniff(socket, {
        http1: () => {
          for (const listener of speak) listener.call(server, socket);
          socket.resume();
        },
        http2: () => void this.http2.add(socket),
        tls: () => this.parts.logger.warn(tlsSentence(this.endpoint)),
      });
    });
    return server;
  }

  private readonly onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    this.underWay++;
    const exchange = new Exchange(
      { request, response },
      { ids: this.ids.take(), buffers: this.buffers, onClosed: this.onClosed },
    );
    this.route(exchange).catch((thrown: unknown) => this.refuseBody(exchange, thrown));
  };

  private readonly onClosed = (): void => {
    this.underWay--;
    this.lastBusyMs = this.parts.clock.monotonic();
    if (this.isClosing) this.closeIdle();
  };

  private route(exchange: Exchange): Promise<void> {
    const refusal = refusalOf(exchange.headers, this.allowedHosts);
    if (refusal !== undefined) {
      exchange.answerJson(403, { __type: 'AccessDeniedException', message: refusal });
      return Promise.resolve();
    }
    if (this.admin && exchange.path.startsWith(adminPath)) return this.admin.answer(exchange);
    return answerKinesis(this.kinesis, exchange);
  }

  /** The bytes count until their call has ended, also when the client went away. */
  private readonly withBody: WithBody = async (exchange, use) => {
    const lease = this.bodies.lease();
    const loan = this.buffers.loan();
    try {
      const body = await readBody(exchange.request, { bytesMax: bodyBytesMax, lease, loan });
      return await use(body, loan);
    } finally {
      loan.end();
      lease.release();
    }
  };

  private refuseBody(exchange: Exchange, thrown: unknown): void {
    if (thrown instanceof ClientGone) {
      exchange.response.destroy();
    } else if (thrown instanceof BodyTooLarge) {
      const { message } = thrown;
      exchange.answerJson(413, { __type: 'RequestEntityTooLargeException', message });
    } else {
      const detail = thrown instanceof Error ? thrown.stack : String(thrown);
      this.parts.logger.error(`a request failed: ${detail}`);
      exchange.answerJson(500, { __type: 'InternalFailure' });
    }
  }

  /** Connections without a request end; those that have not said which protocol they speak, too. */
  private closeIdle(): void {
    this.http1.closeIdleConnections();
    if (this.underWay > 0) return;
    for (const socket of this.sockets) if (!socket.destroyed) socket.destroySoon();
  }
}

const tlsSentence = (endpoint: string): string =>
  `A client spoke TLS to ${endpoint}. There is no TLS here yet: use http:// in its endpoint.`;
