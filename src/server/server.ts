/** One port for HTTP/1.1 and HTTP/2, plain or in TLS, before any KinesisApi. Knows the interface, never the engine. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import { type Admin, AdminRoutes, adminPath } from './adminRoutes.ts';
import { AnswerBudget } from './answerBudget.ts';
import { AnswerIdSource } from './answerIds.ts';
import { type AuthSettings, Callers } from './auth/callers.ts';
import { Permissions, type ResourcePolicies } from './auth/permissions.ts';
import type { TokenStreams } from './auth/resources.ts';
import { BodyTooLarge, ClientGone, type WithBody } from './body.ts';
import { BodyBudget } from './bodyBudget.ts';
import { BufferPool } from './bufferPool.ts';
import { Cors } from './cors.ts';
import { answerJson, type Exchange } from './exchange.ts';
import { refusalOf } from './guard.ts';
import { healthAnswer } from './health.ts';
import { keepAliveMs } from './http1/connections.ts';
import { DirectExchange, type ExchangePort } from './http1/directExchange.ts';
import { HttpDate } from './http1/httpDate.ts';
import type { RequestHead } from './http1/requestHead.ts';
import { Http2Exchange, type StreamPort } from './http2/http2Exchange.ts';
import { answerKinesis, type KinesisRoute } from './kinesisRoute.ts';
import { NodeExchange } from './nodeExchange.ts';
import { Port } from './port.ts';
import type { TlsIdentity } from './tlsConnections.ts';

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
  /** Open at a time; more are ended at once. Default: 4,096. */
  readonly connectionsMax?: number | undefined;
  /** Names besides the loopback's own that a Host header may have. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Web pages that may call Kinesis, by their origin, or `*` for all; default: none. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Default: any credentials will do. */
  readonly auth?: AuthSettings | undefined;
  /** Default: no resource has a policy. */
  readonly resourcePolicies?: ResourcePolicies | undefined;
  /** Needed for policies that are about streams: without it iterators belong to none. */
  readonly tokenStreams?: TokenStreams | undefined;
  /** What TLS is spoken with, asked for when a client speaks it; without it there is no TLS. */
  readonly tlsIdentity?: (() => Promise<TlsIdentity>) | undefined;
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

/** Resolves once the port takes connections; rejects with the system's error (EADDRINUSE, …). */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const server = new Server(parts);
  await server.listen();
  return server;
}

class Server implements RunningServer {
  private readonly parts: ServerParts;
  private readonly ids: AnswerIdSource;
  private readonly date: HttpDate;
  private readonly bodies = new BodyBudget(bodiesBytesMax);
  private readonly answers: AnswerBudget;
  private readonly buffers = new BufferPool();
  private readonly kinesis: KinesisRoute;
  private readonly allowedHosts: ReadonlySet<string>;
  private readonly cors: Cors;
  private readonly admin: AdminRoutes | undefined;
  private readonly connections: Port;
  private underWay = 0;
  private lastBusyMs: number;
  private isClosing = false;

  constructor(parts: ServerParts) {
    this.parts = parts;
    const { api, nonce, logger, clock, auth } = parts;
    this.ids = new AnswerIdSource(parts.random);
    this.date = new HttpDate(clock);
    this.allowedHosts = new Set(parts.allowedHosts?.map((name) => name.toLowerCase()));
    this.cors = new Cors(parts.corsOrigins ?? []);
    this.lastBusyMs = clock.monotonic();
    this.answers = new AnswerBudget(clock);
    const callers = new Callers({ auth, nonce, clock });
    const { resourcePolicies: policies, tokenStreams: tokens } = parts;
    const permissions = new Permissions({ policies, tokens, clock, logger });
    const shared = { callers, permissions, withBody: this.withBody, answers: this.answers };
    this.kinesis = { api, logger, ...shared };
    this.admin = this.makeAdmin();
    this.connections = this.makePort();
  }

  get port(): number {
    return this.connections.number;
  }

  get endpoint(): string {
    return this.connections.endpoint;
  }

  get windowCount(): number {
    return this.admin?.connections.count ?? 0;
  }

  get idleSinceMs(): number | undefined {
    return this.underWay > 0 ? undefined : this.lastBusyMs;
  }

  listen(): Promise<void> {
    return this.connections.listen();
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.admin?.connections.dispose();
    const closed = this.connections.close();
    this.closeIdle();
    await closed;
    this.answers.dispose();
  }

  private makePort(): Port {
    const { clock, logger, host = '127.0.0.1', port, connectionsMax, tlsIdentity } = this.parts;
    return new Port({
      ...{ clock, logger, host, port, connectionsMax, tlsIdentity },
      http1: {
        exchangeOf: (head, connection) => this.directExchange(head, connection),
        begin: (exchange) => this.begin(exchange),
      },
      http2: {
        exchangeOf: (headers, stream) => this.http2Exchange(headers, stream),
        begin: (exchange) => this.beginAny(exchange),
      },
      onRequest: this.onRequest,
    });
  }

  private makeAdmin(): AdminRoutes | undefined {
    const { admin, nonce, clock, logger } = this.parts;
    if (!admin) return undefined;
    const port = () => this.port;
    return new AdminRoutes({ admin, nonce, clock, logger, port, withBody: this.withBody });
  }

  private readonly onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const { buffers, onClosed } = this;
    const exchange = new NodeExchange(
      { request, response },
      { ids: this.ids.take(), buffers, onClosed },
    );
    this.beginAny(exchange);
  };

  private beginAny(exchange: Exchange): void {
    if (this.admin && exchange.path.startsWith(adminPath)) this.beginAdmin(this.admin, exchange);
    else this.begin(exchange);
  }

  private http2Exchange(headers: ReadonlyMap<string, string>, port: StreamPort): Http2Exchange {
    const { buffers, onClosed, ids, date } = this;
    return new Http2Exchange(headers, {
      ...{ port, buffers, onClosed },
      ids: ids.take(),
      date: date.now(),
    });
  }

  private directExchange(head: RequestHead, port: ExchangePort): DirectExchange {
    const { buffers, onClosed, ids, date } = this;
    const keepAliveSeconds = keepAliveMs / 1000;
    const parts = { port, buffers, onClosed, keepAliveSeconds };
    return new DirectExchange(head, { ...parts, ids: ids.take(), date: date.now() });
  }

  private readonly onClosed = (): void => {
    this.underWay--;
    this.lastBusyMs = this.parts.clock.monotonic();
    if (this.isClosing) this.closeIdle();
  };

  private begin(exchange: Exchange): void {
    this.underWay++;
    const page = this.pageOf(exchange);
    if (page !== undefined) exchange.addHeaders(this.cors.headersFor(page));
    if (this.isRefused(exchange, page)) return;
    const isPreflight = page !== undefined && exchange.method === 'OPTIONS';
    const known = isPreflight ? this.cors.preflight(exchange) : healthAnswer(exchange);
    if (known) exchange.answer(known);
    else answerKinesis(this.kinesis, exchange).catch((thrown) => this.refuseBody(exchange, thrown));
  }

  private beginAdmin(admin: AdminRoutes, exchange: Exchange): void {
    this.underWay++;
    if (this.isRefused(exchange)) return;
    admin.answer(exchange).catch((thrown) => this.refuseBody(exchange, thrown));
  }

  /** The origin of a page that may call. */
  private pageOf(exchange: Exchange): string | undefined {
    const origin = exchange.header('origin');
    return origin !== undefined && this.cors.allows(origin) ? origin : undefined;
  }

  /** `page`: an origin that is let in. */
  private isRefused(exchange: Exchange, page?: string): boolean {
    const origin = page === undefined ? exchange.header('origin') : undefined;
    const named = { origin, host: exchange.header('host') };
    const refusal = refusalOf(named, this.allowedHosts);
    if (refusal === undefined) return false;
    answerJson(exchange, 403, { __type: 'AccessDeniedException', message: refusal });
    return true;
  }

  /** The bytes count until their call has ended, also when the client went away. */
  private readonly withBody: WithBody = async (exchange, use) => {
    const lease = this.bodies.lease();
    const loan = this.buffers.loan();
    try {
      const reading = exchange.readBody({ bytesMax: bodyBytesMax, lease, loan });
      return await use(reading instanceof Promise ? await reading : reading, loan);
    } finally {
      loan.end();
      lease.release();
    }
  };

  private refuseBody(exchange: Exchange, thrown: unknown): void {
    if (thrown instanceof ClientGone) return;
    if (thrown instanceof BodyTooLarge) {
      const { message } = thrown;
      answerJson(exchange, 413, { __type: 'RequestEntityTooLargeException', message });
    } else {
      const detail = thrown instanceof Error ? thrown.stack : String(thrown);
      this.parts.logger.error(`a request failed: ${detail}`);
      answerJson(exchange, 500, { __type: 'InternalFailure' });
    }
  }

  private closeIdle(): void {
    if (this.underWay === 0) this.connections.closeIdle();
  }
}
