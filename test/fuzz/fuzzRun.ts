// Sends requests of all kinds to an engine behind its server, and complains of a crash, a hang or a 500.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type OperationName, operations } from '../../src/kinesis/operations.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { type Outcome, send } from './client.ts';
import { Http2Clients, http2FailureIn } from './http2Client.ts';
import {
  type Codec,
  type FuzzRequest,
  listStreams,
  openings,
  type Protocol,
  requestOf,
  type Transport,
} from './requests.ts';
import { Target } from './target.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Requests to send. */
  readonly count: number;
  /** Where the product's sources are: this checkout's, or a copy with a bug in it. */
  readonly sources?: string;
  readonly onProgress?: (totals: Totals) => void;
}

export interface Totals {
  requests: number;
  /** How many reached an operation. */
  reached: number;
  readonly byOperation: Map<string, number>;
  readonly byCodec: Map<Codec, number>;
  readonly byTransport: Map<Transport, number>;
  readonly byProtocol: Map<Protocol, number>;
  readonly complaints: string[];
}

/** So many are under way at a time. */
const width = 8;
/** An answer takes a thousandth of it; a hang takes for ever. */
const silenceMs = 20_000;
/** Of a request that may be none: nobody knows whether an answer comes. */
const brokenSilenceMs = 30;
/** Every so many requests a body is sent that is too large for any server. */
const oversizedEvery = 400;
const oversizedBytes = 17 * 1024 ** 2;
const seedEvery = 100;
const aliveEvery = 200;
/** Above what an engine in use needs, and below what an unchecked length asks for. */
const heldBytesMax = 512 * 1024 ** 2;
/** The same of the process; its allocator keeps what it once had. */
const residentBytesMax = 2 * 1024 ** 3;

/** Ends at the first complaint, or when all requests are sent. */
export async function fuzz(options: FuzzOptions): Promise<Totals> {
  const sources = options.sources ?? path.resolve(import.meta.dirname, '../../src');
  const run = new Run(options);
  const target = await Target.open(pathToFileURL(`${sources}/`), run);
  try {
    await run.go(target);
  } finally {
    await target.end();
  }
  return run.totals;
}

class Run {
  readonly totals: Totals = {
    ...{ requests: 0, reached: 0, complaints: [] },
    ...{ byOperation: new Map(), byCodec: new Map(), byTransport: new Map() },
    byProtocol: new Map(),
  };
  private readonly options: FuzzOptions;
  private readonly random: SeededRandom;
  private openings: readonly Buffer[] = [];
  private http2!: Http2Clients;
  private onObjection = (): void => undefined;
  /** Requests that may still reach their operation. */
  private readonly sent = new Map<string, FuzzRequest>();

  constructor(options: FuzzOptions) {
    this.options = options;
    this.random = seededRandom(options.seed);
  }

  onReached(mark: string): void {
    const { totals, sent } = this;
    const request = sent.get(mark);
    if (!request) return;
    sent.delete(mark);
    totals.reached += 1;
    const { operation, codec, transport, protocol } = request;
    count(totals.byOperation, operation);
    count(totals.byCodec, codec);
    count(totals.byTransport, transport);
    count(totals.byProtocol, protocol);
  }

  /** Whoever waits for a target that hangs is waited for no longer. */
  private object(complaint: string): void {
    // What follows is of the end of the target.
    if (this.totals.complaints.length > 0) return;
    this.totals.complaints.push(complaint);
    this.onObjection();
  }

  onFailed(reason: string): void {
    this.object(`the server ended: ${reason}`);
  }

  async go(target: Target): Promise<void> {
    const { totals, options } = this;
    this.openings = await openings();
    this.http2 = new Http2Clients(target.port);
    await target.seed();
    const work = async (): Promise<void> => {
      while (totals.requests < options.count && totals.complaints.length === 0) {
        const number = ++totals.requests;
        await this.one(number, target);
        if (number % 1000 === 0) options.onProgress?.(totals);
      }
    };
    const objection = new Promise<void>((resolve) => {
      this.onObjection = resolve;
    });
    await Promise.race([objection, Promise.all(Array.from({ length: width }, work))]);
    this.http2.close();
    if (totals.complaints.length > 0) return;
    await this.isAlive(target, 'after the last request');
    if (totals.complaints.length === 0) await target.close();
  }

  private async one(number: number, target: Target): Promise<void> {
    if (number % oversizedEvery === 0) await this.tooLarge(target);
    if (number % seedEvery === 0) await this.isAlive(target, `before request ${number}`);
    if (number % seedEvery === 0 && this.totals.complaints.length === 0) await target.seed();
    const { random, openings } = this;
    const parts = { operations, known: target.known, random, openings };
    const request = requestOf({ ...parts, mark: `fuzz-${number}` });
    this.sent.set(request.mark, request);
    const outcome = await this.outcomeOf(request, target);
    if (outcome.type === 'answered' && outcome.status >= 500 && !isOfAws(outcome.body)) {
      this.complain(request, `answered ${outcome.status} ${outcome.body.toString('utf8', 0, 300)}`);
    } else if (!request.isBroken && outcome.type !== 'answered') {
      const how = outcome.type === 'closed' ? await this.howClosed(outcome, target) : outcome.type;
      this.complain(request, `(${request.transport}) was not answered: ${how}`);
    }
    if (number % aliveEvery === 0) await this.isWell(target, number);
    if (process.memoryUsage.rss() > residentBytesMax) this.complain(request, 'took over two GiB');
    // A request that was not even read is not waited for any longer.
    this.sent.delete(`fuzz-${number - seedEvery}`);
  }

  private async howClosed(
    { error = 'no error', clientPort }: Outcome & { type: 'closed' },
    target: Target,
  ): Promise<string> {
    const story = clientPort === undefined ? 'unknown' : await target.storyOf(clientPort);
    return `closed, ${error}, server's side of ${clientPort}: ${story}`;
  }

  private outcomeOf(request: FuzzRequest, { port }: Target): Promise<Outcome> {
    const { bytes, transport, call, isBroken } = request;
    const shared = { transport, silenceMs: isBroken ? brokenSilenceMs : silenceMs };
    if (call) return this.http2.send({ ...call, ...shared });
    if (request.protocol === 'HTTP/1.1') return send(port, { bytes, ...shared });
    return send(port, { bytes, ...shared, protocol: 'h2', read: http2FailureIn });
  }

  private async isWell(target: Target, number: number): Promise<void> {
    await this.isAlive(target, `after request ${number}`);
    if (this.totals.complaints.length > 0) return;
    const heldBytes = await target.heldBytes();
    if (heldBytes > heldBytesMax) {
      this.object(`after request ${number} the server holds ${heldBytes} bytes`);
    }
  }

  private async tooLarge({ port }: Target): Promise<void> {
    const outcome = await send(port, { bytes: listStreams(oversizedBytes), silenceMs });
    const status = outcome.type === 'answered' ? outcome.status : outcome.type;
    if (status !== 413) this.object(`a body of 17 MiB was answered with ${status}`);
  }

  private async isAlive({ port }: Target, when: string): Promise<void> {
    const outcome = await send(port, { bytes: listStreams(), silenceMs });
    if (outcome.type === 'answered' && outcome.status === 200) return;
    const how = outcome.type === 'answered' ? `answered ${outcome.status}` : outcome.type;
    this.object(`${when} ListStreams is not answered: ${how}`);
  }

  private complain({ operation, codec, protocol, bytes }: FuzzRequest, what: string): void {
    const text = JSON.stringify(bytes.toString('latin1'));
    const shown = bytes.length > 2000 ? `${bytes.length} bytes` : text;
    const { seed } = this.options;
    this.object(
      `seed ${seed}, request ${this.totals.requests}: ${operation} in ${codec} over ${protocol} ${what}: ${shown}`,
    );
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Kinesis itself answers a few wrong requests with a bare InternalFailure; so do we. */
const isOfAws = (body: Buffer): boolean =>
  ['{"__type":"InternalFailure"}', '<InternalFailure/>\n'].includes(body.toString()) ||
  body.equals(bareInternalFailure);

/** The same in CBOR. */
const bareInternalFailure = Buffer.concat([
  Buffer.from([0xa1, 0x66]),
  Buffer.from('__type'),
  Buffer.from([0x6f]),
  Buffer.from('InternalFailure'),
]);

/** Operations that no request of a run reached. */
export const unreached = (totals: Totals): OperationName[] =>
  (Object.keys(operations) as OperationName[]).filter((name) => !totals.byOperation.has(name));
