// Connections of HTTP/2 of the fuzzer: each takes several calls, at once and one after the other.
import type { Socket } from 'node:net';
import {
  eachFrame,
  frame,
  opening,
  type ReceivedFrame,
  setting,
  word,
} from '../support/http2Frames.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { connected, type Outcome, whenSilent } from './client.ts';
import { BlockWriter, framesOf, type Http2Call } from './http2Frames.ts';
import type { Transport } from './requests.ts';

const windowMax = 2 ** 31 - 1;
/** Calls of one connection. */
const callsMax = 40;
/** What of a frame that ends something is kept. */
const codeOf = (payload: Buffer, at: number): number => payload.readUInt32BE(at);

interface Waiting {
  status: number;
  readonly chunks: Buffer[];
  done(outcome: Outcome): void;
}

export interface Http2Sending extends Http2Call {
  /** Of how the call is cut into frames. */
  readonly seed: number;
  readonly transport: Transport;
  readonly silenceMs: number;
  /** It takes the call back once it is sent. */
  readonly isTakenBack: boolean;
}

export class Http2Clients {
  private readonly port: number;
  private readonly links = new Map<Transport, Link>();

  constructor(port: number) {
    this.port = port;
  }

  /** A call on a connection that others are on. */
  send(sending: Http2Sending): Promise<Outcome> {
    const { transport, seed } = sending;
    let link = this.links.get(transport);
    if (!link?.isFree) {
      link?.retire();
      link = new Link(connected(this.port, { transport, protocol: 'h2' }), seededRandom(seed));
      this.links.set(transport, link);
    }
    return link.send(sending);
  }

  close(): void {
    for (const link of this.links.values()) link.retire();
  }
}

class Link {
  private readonly socket: Socket;
  private readonly random: SeededRandom;
  private readonly blocks: BlockWriter;
  private readonly waiting = new Map<number, Waiting>();
  private rest: Buffer = Buffer.alloc(0);
  private calls = 0;
  private isOver = false;
  private clientPort: number | undefined;
  /** Of each stream, at its beginning. */
  private readonly window: number;
  /** Why it ends, as far as it is told. */
  private said = 'no GOAWAY';

  constructor(socket: Socket, random: SeededRandom) {
    this.socket = socket;
    this.random = random;
    this.blocks = new BlockWriter(random);
    socket.on('error', ({ message }) => {
      this.said += `, ${message}`;
    });
    socket.on('connect', () => {
      this.clientPort = socket.localPort;
    });
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('close', () => this.closed());
    this.window = random.pick([0, 1, 1000, 65_535, windowMax]);
    this.write(opening(Buffer.concat([setting(4, this.window), setting(2, 0)])));
  }

  get isFree(): boolean {
    return !this.isOver && this.calls < callsMax;
  }

  send(sending: Http2Sending): Promise<Outcome> {
    const stream = this.calls++ * 2 + 1;
    const random = seededRandom(sending.seed);
    const [head, ...data] = framesOf(sending, { stream, blocks: this.blocks, random });
    this.write(head!);
    return new Promise((resolve) => {
      const silent = (): void => this.giveUp(stream, { type: 'silent' });
      const timer = whenSilent(sending.silenceMs, silent);
      const done = (outcome: Outcome): void => {
        clearTimeout(timer);
        this.waiting.delete(stream);
        if (!this.isFree && this.waiting.size === 0) this.socket.end();
        resolve(outcome);
      };
      this.waiting.set(stream, { status: 0, chunks: [], done });
      this.goOn(stream, { data, sending });
    });
  }

  /** No further call; it ends with the last one. */
  retire(): void {
    this.calls = callsMax;
    if (this.waiting.size === 0) this.socket.end();
  }

  /** What is left of a call, all of it now or each part in a turn of its own. */
  private goOn(stream: number, of: { data: Buffer[]; sending: Http2Sending }): void {
    const { data, sending } = of;
    if (!this.waiting.has(stream)) return; // answered, or the connection is over
    if (data.length > 0 && this.random.chance(0.5)) {
      this.write(data.shift()!);
      return void setImmediate(() => this.goOn(stream, of));
    }
    for (const part of data) this.write(part);
    if (!sending.isTakenBack) return;
    this.giveUp(stream, { type: 'silent' });
  }

  private giveUp(stream: number, outcome: Outcome): void {
    this.write(frame({ type: 3, stream, payload: word(8) }));
    this.waiting.get(stream)?.done(outcome);
  }

  /** Now and then in two parts, which the server may read apart. */
  private write(bytes: Buffer): void {
    if (this.isOver) return;
    const at = this.random.chance(0.3) ? this.random.integer(1, bytes.length) : bytes.length;
    this.socket.write(bytes.subarray(0, at));
    if (at < bytes.length) this.socket.write(bytes.subarray(at));
  }

  private take(chunk: Buffer): void {
    this.rest = eachFrame(Buffer.concat([this.rest, chunk]), (one) => this.frame(one));
  }

  private frame({ type, flags, stream, payload }: ReceivedFrame): void {
    if (type === 4 && (flags & 1) === 0) this.write(frame({ type: 4, flags: 1 }));
    if (type === 7) {
      this.calls = callsMax;
      this.said = `GOAWAY with code ${codeOf(payload, 4)}`;
    }
    const waiting = this.waiting.get(stream);
    if (type === 3) {
      waiting?.done({ type: 'closed', error: `RST_STREAM with code ${codeOf(payload, 0)}` });
    }
    if (type === 0 && payload.length > 0) this.widen(0, payload.length);
    if (type > 1 || !waiting) return;
    const isEnd = (flags & 1) !== 0;
    if (type === 1) waiting.status = statusOf(payload);
    else waiting.chunks.push(payload);
    const isEvents = type === 1 && payload.includes('eventstream');
    const outcome = { status: waiting.status, body: Buffer.concat(waiting.chunks) };
    if (isEnd) waiting.done({ type: 'answered', ...outcome });
    else if (isEvents) this.giveUp(stream, { type: 'answered', ...outcome });
    else if (this.window < windowMax) this.widen(stream, this.random.pick([1, 100, 100_000]));
    // It is as wide as can be: more than what came is too much.
    else if (type === 0 && payload.length > 0) this.widen(stream, payload.length);
  }

  private widen(stream: number, bytes: number): void {
    this.write(frame({ type: 8, stream, payload: word(bytes) }));
  }

  private closed(): void {
    this.isOver = true;
    const { said: error, clientPort } = this;
    for (const { done } of [...this.waiting.values()]) done({ type: 'closed', error, clientPort });
  }
}

/** Of a header block that begins with its status: by number, or as a text. */
function statusOf(block: Buffer): number {
  const known = [200, 204, 206, 304, 400, 404, 500][block[0]! - 0x88];
  return known ?? Number(block.toString('latin1', 2, 5));
}

/** The first answer in `chunks` that is a failure of the server's; others are not waited for. */
export function http2FailureIn(chunks: readonly Buffer[]): Outcome | undefined {
  const frames: ReceivedFrame[] = [];
  eachFrame(Buffer.concat(chunks), (one) => void frames.push(one));
  for (const { type, stream, payload } of frames) {
    const isFailure = type === 1 && statusOf(payload) >= 500;
    const end = frames.find((one) => one.stream === stream && one.type < 2 && one.flags & 1);
    if (!isFailure || !end) continue;
    const parts = frames.filter((one) => one.stream === stream && one.type === 0);
    const body = Buffer.concat(parts.map((one) => one.payload));
    return { type: 'answered', status: statusOf(payload), body };
  }
  return undefined;
}
