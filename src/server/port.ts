/**
 * The port: takes connections, tells by what their clients say first which protocol they speak, and ends them.
 * What is asked on them is not its business.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { badHeads } from './badHead.ts';
import { bodyMs } from './body.ts';
import { headBytesMax } from './http1/connection.ts';
import { Http1Connections, type Http1Parts, keepAliveMs } from './http1/connections.ts';
import { hasOwnBytes } from './http1/socketBytes.ts';
import { Http2Sessions, type Http2SessionsParts } from './http2Sessions.ts';
import { sniff } from './sniffer.ts';
import { TlsConnections, type TlsIdentity } from './tlsConnections.ts';

export interface PortParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Open at a time; more are ended at once. Default: 4,096. */
  readonly connectionsMax?: number | undefined;
  /** Without it there is no TLS. */
  readonly tlsIdentity?: (() => Promise<TlsIdentity>) | undefined;
  /** Who answers HTTP/1.1 and HTTP/2 that we read, and what Node reads. */
  readonly http1: Pick<Http1Parts, 'exchangeOf' | 'begin'>;
  readonly http2: Pick<Http2SessionsParts, 'exchangeOf' | 'begin'>;
  onRequest(request: IncomingMessage, response: ServerResponse): void;
}

const closeGraceMs = 3_000;
/** Four times what 20 consumers of 50 shards need, each with a connection of its own. */
const connectionsMax = 4_096;
/** Below this share of them there is room again. */
const roomAgainShare = 0.9;

export class Port {
  private readonly parts: PortParts;
  /** It owns the port; what it would do with a connection is done once the protocol is known. */
  private readonly node: http.Server;
  private readonly speakHttp1: (socket: Socket) => void;
  private readonly http1: Http1Connections;
  private readonly http2: Http2Sessions;
  private readonly tls: TlsConnections | undefined;
  /** Those of Node's, and of clients that have not said what they speak. */
  private readonly sockets = new Set<Socket>();
  private isFullTold = false;
  private onEmpty = (): void => undefined;

  constructor(parts: PortParts) {
    this.parts = parts;
    const { clock, logger } = parts;
    const onEmpty = (): void => this.onEmpty();
    this.http1 = new Http1Connections({
      ...{ clock, ...parts.http1, onEmpty },
      handOn: (socket) => {
        this.keep(socket);
        this.speakHttp1(socket);
      },
    });
    this.http2 = new Http2Sessions({ clock, logger, ...parts.http2, onEmpty });
    this.tls = this.makeTls();
    this.node = makeNode(parts);
    const speak = this.node.listeners('connection') as ((socket: Socket) => void)[];
    this.speakHttp1 = (socket) => {
      socket.setMaxListeners(0); // each exchange of a pipeline has one
      for (const listener of speak) listener.call(this.node, socket);
      socket.resume();
    };
    this.node.removeAllListeners('connection');
    this.node.on('clientError', badHeads(clock));
    this.node.on('connection', (socket: Socket) => this.connected(socket));
  }

  get number(): number {
    return (this.node.address() as AddressInfo).port;
  }

  get endpoint(): string {
    const { host } = this.parts;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.number}`;
  }

  /** Resolves once it takes connections; rejects with the system's error (EADDRINUSE, …). */
  listen(): Promise<void> {
    const { host, port, logger } = this.parts;
    return new Promise((resolve, reject) => {
      this.node.once('error', reject);
      this.node.listen(port, host, () => {
        this.node.off('error', reject);
        this.node.on('error', (error) => logger.error(`server: ${error.message}`));
        resolve();
      });
    });
  }

  /**
   * Takes no more connections and lets those there are end: who is being answered after that, for 3 s at most,
   * the others once `closeIdle` says so.
   */
  async close(): Promise<void> {
    const force = this.parts.clock.schedule(closeGraceMs, () => {
      for (const socket of this.sockets) socket.destroy();
      this.http1.destroy();
      this.http2.destroy();
    });
    const empty = new Promise<void>((resolve) => {
      this.onEmpty = () => this.count === 0 && resolve();
    });
    // Not http.Server's own: it cuts answers that are written and not read yet.
    const closed = new Promise<void>((resolve) => {
      NetServer.prototype.close.call(this.node, () => resolve());
    });
    this.http2.close();
    this.http1.close();
    this.onEmpty();
    await Promise.all([closed, empty]);
    force.dispose();
    this.node.close(); // ends its timer
  }

  /** Nothing is being answered: connections of Node's end, and those that have not said what they speak. */
  closeIdle(): void {
    for (const socket of this.sockets) if (!socket.destroyed) socket.destroySoon();
  }

  private connected(socket: Socket): void {
    if (this.isFull()) {
      socket.destroy();
      return;
    }
    this.keep(socket);
    sniff(socket, {
      http1: () => {
        if (!hasOwnBytes(socket)) return this.speakHttp1(socket);
        this.http1.add(socket, (socket.read() as Buffer | null) ?? Buffer.alloc(0));
      },
      http2: () => this.speakHttp2(socket),
      tls: () => this.speakTls(socket),
    });
  }

  private get count(): number {
    return this.sockets.size + this.http1.count + this.http2.count;
  }

  /** The log has it once, until there is room again. */
  private isFull(): boolean {
    const most = this.parts.connectionsMax ?? connectionsMax;
    const { count } = this;
    const isFull = count >= most;
    if (isFull && !this.isFullTold) {
      this.parts.logger.warn(
        `More than ${most} connections are open: new ones are ended at once. Let clients keep and share theirs.`,
      );
    }
    if (isFull || count < most * roomAgainShare) this.isFullTold = isFull;
    return isFull;
  }

  private speakHttp2(socket: Socket): void {
    this.sockets.delete(socket); // it is theirs to end
    this.http2.add(socket);
  }

  private speakTls(socket: Socket): void {
    if (this.tls) return void this.tls.add(socket);
    this.parts.logger.warn(tlsSentence(this.endpoint));
    socket.destroy();
  }

  private makeTls(): TlsConnections | undefined {
    const { tlsIdentity: identity, clock, logger } = this.parts;
    if (!identity) return undefined;
    return new TlsConnections({
      clock,
      logger,
      identity,
      onSecure: (socket, raw) => {
        if (raw) this.sockets.delete(raw); // ended for itself, TLS could not say that it ends
        if (socket.alpnProtocol === 'h2') return this.http2.add(socket);
        this.keep(socket);
        if (socket.alpnProtocol) this.speakHttp1(socket);
        else this.hearFirst(socket);
      },
    });
  }

  /** Without ALPN a client speaks what it likes: the asynchronous one of AWS's SDK for Java HTTP/2. */
  private hearFirst(socket: TLSSocket): void {
    sniff(socket, {
      http1: () => this.speakHttp1(socket),
      http2: () => this.speakHttp2(socket),
      tls: () => void socket.destroy(),
    });
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.onEmpty();
    });
  }
}

function makeNode({ onRequest }: PortParts): http.Server {
  return http.createServer(
    {
      keepAliveTimeout: keepAliveMs,
      headersTimeout: keepAliveMs,
      requestTimeout: bodyMs,
      maxHeaderSize: headBytesMax,
      noDelay: true,
    },
    onRequest,
  );
}

const tlsSentence = (endpoint: string): string =>
  `A client spoke TLS to ${endpoint}. There is no TLS here: use http:// in its endpoint.`;
