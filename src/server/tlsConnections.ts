/**
 * The TLS half of the port: the handshakes. What is spoken within is chosen by ALPN, where a client knows it,
 * and is the business of whoever takes the connection over.
 */
import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { codeOf, messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';

/** What a server proves itself with, in PEM. */
export interface TlsIdentity {
  readonly key: string;
  /** The server's certificate, then those that it is signed by. */
  readonly chain: string;
}

export interface TlsParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asked for with the first connection, and again after it rejected. */
  identity(): Promise<TlsIdentity>;
  /**
   * The handshake is done, and nothing of what the client says is read yet. `raw`, which came to `add`, is
   * below it and closes with it.
   */
  onSecure(socket: TLSSocket, raw: Socket | undefined): void;
}

/** A handshake takes longer than this only with a client that says nothing. */
export const handshakeMs = 30_000;
/** Kinds of failures that are logged, each once. */
const toldMax = 32;

interface Handshake {
  readonly raw: Socket;
  /** Cuts it off. */
  readonly limit: Disposable;
}

export class TlsConnections {
  private readonly parts: TlsParts;
  private server: Promise<Server> | undefined;
  /** By the client's address, the one thing that both sockets of a connection tell. */
  private readonly handshakes = new Map<string, Handshake>();
  private readonly told = new Set<string>();

  constructor(parts: TlsParts) {
    this.parts = parts;
  }

  /** Speaks TLS on a paused socket of which nothing is read. Never rejects. */
  async add(raw: Socket): Promise<void> {
    try {
      this.server ??= this.makeServer();
      const server = await this.server;
      if (!raw.destroyed) this.shakeHands(raw, server);
    } catch (thrown) {
      this.server = undefined;
      const why = `There is no TLS, for there is no certificate: ${messageOf(thrown)}`;
      if (this.isNews(why)) this.parts.logger.error(why);
      raw.destroy();
    }
  }

  /** It has no port: connections are given to it. */
  private async makeServer(): Promise<Server> {
    const { createServer } = await import('node:tls');
    const { key, chain } = await this.parts.identity();
    const server = createServer({ key, cert: chain, ALPNProtocols: ['h2', 'http/1.1'] });
    server.on('secureConnection', (socket) => this.secured(socket));
    server.on('tlsClientError', (error) => this.tell(error, refusalOf));
    return server;
  }

  private shakeHands(raw: Socket, server: Server): void {
    const from = addressOf(raw);
    const limit = this.parts.clock.schedule(handshakeMs, () => raw.destroy());
    this.handshakes.set(from, { raw, limit });
    raw.once('close', () => {
      limit.dispose();
      if (this.handshakes.get(from)?.raw === raw) this.handshakes.delete(from);
    });
    raw.allowHalfOpen = false; // HTTP/1.1 sets it, and who leaves within the handshake would go unseen
    server.emit('connection', raw);
  }

  private secured(socket: TLSSocket): void {
    const handshake = this.handshakes.get(addressOf(socket));
    handshake?.limit.dispose();
    socket.on('error', (error) => {
      this.tell(error, breakOf);
      socket.destroy(); // Node only tells
    });
    this.parts.onSecure(socket, handshake?.raw);
  }

  private tell(error: Error, sentenceOf: (code: string) => string): void {
    const { logger } = this.parts;
    const code = codeOf(error) ?? '';
    const sentence = sentenceOf(code);
    if (code.startsWith('ERR_SSL_') && this.isNews(sentence)) logger.warn(sentence);
    else logger.debug(`TLS: ${error.message}`);
  }

  /** The log has each kind once, for clients try again and again. */
  private isNews(sentence: string): boolean {
    if (this.told.size >= toldMax || this.told.has(sentence)) return false;
    this.told.add(sentence);
    return true;
  }
}

/** Clients that do not trust a certificate say so by an alert: unknown CA, bad or unknown certificate. */
const refusalOf = (code: string): string =>
  /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE)/.test(code)
    ? `A client does not trust the certificate (${code}): let it trust the one that ` +
      '"shardscope certificate" prints.'
    : `A client's TLS handshake failed (${code}): let it speak TLS 1.2 or 1.3, and h2 or http/1.1 if it ` +
      'offers protocols (ALPN).';

const breakOf = (code: string): string =>
  `A connection in TLS ended, for what its client sent could not be read (${code}). Look for what changes ` +
  'bytes between the client and this port.';

const addressOf = ({ remoteAddress, remotePort }: Socket): string =>
  `${remoteAddress} ${remotePort}`;
