/** The AWS SDK's clients over three kinds of connection, with what lies under each answer, to be cut. */
import { Agent, type IncomingMessage } from 'node:http';
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * `http2`: a connection for each subscription, as the SDK's default; `shared`: one for all of a client;
 * `http1`: the SDK's other handler.
 */
export type ConnectionKind = 'http2' | 'shared' | 'http1';

/** How a socket is cut. */
export const socketCuts = ['destroy', 'reset', 'halfClose'] as const;
export type SocketCut = (typeof socketCuts)[number];

/** What carries one answer. */
export interface Carrier {
  readonly socket: Socket;
  /** With HTTP/2. */
  readonly stream: ClientHttp2Stream | undefined;
}

type Handle2 = NodeHttp2Handler['handle'];
type Handle1 = NodeHttpHandler['handle'];

export class WatchedClient {
  readonly kind: ConnectionKind;
  readonly sdk: KinesisClient;
  /** Sockets that were cut. */
  cutCount = 0;
  /** Connections that ended with an error of the protocol, in sentences. */
  readonly complaints: string[] = [];
  private readonly carriers = new WeakMap<object, Carrier>();
  /** By local port. */
  private readonly open = new Map<number, Socket>();
  private readonly cut = new Set<Socket>();
  private readonly everCut = new WeakSet<Socket>();
  private readonly sessions = new WeakSet<ClientHttp2Session>();

  constructor(endpoint: string, kind: ConnectionKind) {
    this.kind = kind;
    this.sdk = new KinesisClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
      requestHandler: kind === 'http1' ? this.http1() : this.http2(new URL(endpoint)),
    });
  }

  /** Of the call that was given this signal and is answered; undefined: it was cut at once. */
  carrierOf(signal: AbortSignal): Carrier | undefined {
    return this.carriers.get(signal);
  }

  wasCut(socket: Socket): boolean {
    return this.everCut.has(socket);
  }

  /** A socket was cut and does not know it yet. */
  get isBeingCut(): boolean {
    return this.cut.size > 0;
  }

  cutSocket(socket: Socket, how: SocketCut): void {
    if (socket.destroyed) return;
    this.cutCount += 1;
    this.cut.add(socket);
    this.everCut.add(socket);
    socket.once('close', () => this.cut.delete(socket));
    if (how === 'destroy') socket.destroy();
    else if (how === 'reset') socket.resetAndDestroy();
    else socket.end();
  }

  private http1(): NodeHttpHandler {
    const handler = new NodeHttpHandler({
      httpAgent: new Agent({ keepAlive: true, maxSockets: 1000 }),
    });
    const handle: Handle1 = handler.handle.bind(handler);
    handler.handle = async (request, options) => {
      const answer = await handle(request, options);
      const { socket } = answer.response.body as IncomingMessage;
      this.keep(options?.abortSignal, { socket, stream: undefined });
      return answer;
    };
    return handler;
  }

  private http2({ hostname, port }: URL): NodeHttp2Handler {
    const handler = new NodeHttp2Handler({
      disableConcurrentStreams: this.kind !== 'shared',
      // A session lets nobody near its socket.
      nodeHttp2ConnectOptions: { createConnection: () => this.connect(Number(port), hostname) },
    });
    const handle: Handle2 = handler.handle.bind(handler);
    handler.handle = async (request, options) => {
      const answer = await handle(request, options);
      const stream = answer.response.body as ClientHttp2Stream;
      const session = stream.session as ClientHttp2Session | undefined;
      const socket = session && this.open.get(session.socket.localPort!);
      // Cut before it was seen: whoever reads it will find out.
      if (!session || !socket) return answer;
      this.watch(session, socket);
      this.keep(options?.abortSignal, { socket, stream });
      return answer;
    };
    return handler;
  }

  private connect(port: number, host: string): Socket {
    const socket = connect(port, host);
    // Whoever uses the socket is told as well.
    socket.setNoDelay().on('error', () => undefined);
    let localPort = 0;
    socket.once('connect', () => {
      localPort = socket.localPort!;
      this.open.set(localPort, socket);
    });
    socket.once('close', () => {
      // The system may have given the port to the next one already.
      if (this.open.get(localPort) === socket) this.open.delete(localPort);
    });
    return socket;
  }

  private keep(signal: object | undefined, carrier: Carrier): void {
    if (signal) this.carriers.set(signal, carrier);
  }

  private watch(session: ClientHttp2Session, socket: Socket): void {
    if (this.sessions.has(session)) return;
    this.sessions.add(session);
    const complain = (sentence: string): void => {
      if (!this.everCut.has(socket)) this.complaints.push(`${this.kind}: ${sentence}`);
    };
    session.on('goaway', (code) => {
      if (code !== constants.NGHTTP2_NO_ERROR) complain(`GOAWAY with code ${code}`);
    });
    session.on('frameError', (type, code) => complain(`frame ${type} failed with code ${code}`));
    session.on('error', (error) => complain(`session: ${error.message}`));
  }
}
