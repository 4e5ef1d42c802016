// The load: a few connections, each with one request in flight, that send what was made beforehand.
import { type Answer, Connection } from './connection.ts';
import { requestOf } from './requests.ts';

/** What a round came to, as the client saw it. */
export interface Driven {
  readonly wallMs: number;
  /** Of each call, in the order of the calls. */
  readonly latenciesMs: Float64Array;
}

/** Node's servers close a connection that was idle for 5 s; well before that we make new ones. */
const idleMsMax = 2000;

export class Client {
  private readonly port: number;
  private connections: Connection[];
  private lastUsedMs = performance.now();

  private constructor(port: number, connections: Connection[]) {
    this.port = port;
    this.connections = connections;
  }

  static async open(port: number, connections = 1): Promise<Client> {
    return new Client(port, await openAll(port, connections));
  }

  /** Makes new connections for those that a server may be about to close. */
  async refresh(): Promise<void> {
    const now = performance.now();
    if (now - this.lastUsedMs > idleMsMax) {
      this.close();
      this.connections = await openAll(this.port, this.connections.length);
    }
    this.lastUsedMs = now;
  }

  /** One call on the first connection; the answer as parsed JSON, `{}` for none. Rejects unless it is a 200. */
  async call<T = Record<string, unknown>>(operation: string, input: object): Promise<T> {
    const answer = await this.send(requestOf(operation, input));
    return JSON.parse(answer.body.toString('utf8') || '{}') as T;
  }

  /** One request on the first connection, whatever the answer's status. */
  async tryTo(request: Buffer): Promise<Answer> {
    await this.refresh();
    return this.connections[0]!.request(request);
  }

  /** One request on the first connection. Rejects unless it is answered with a 200. */
  async send(request: Buffer): Promise<Answer> {
    return expectOk(await this.tryTo(request));
  }

  /** Sends `calls` requests in turn over all connections, refreshed by now; `check` throws at a wrong answer. */
  async drive(
    calls: number,
    { requests, check }: { requests: readonly Buffer[]; check(answer: Answer): void },
  ): Promise<Driven> {
    const latenciesMs = new Float64Array(calls);
    let next = 0;
    const work = async (connection: Connection): Promise<void> => {
      while (next < calls) {
        const index = next++;
        const began = performance.now();
        const answer = await connection.request(requests[index % requests.length]!);
        latenciesMs[index] = performance.now() - began;
        check(expectOk(answer));
      }
    };
    const began = performance.now();
    await Promise.all(this.connections.map(work));
    this.lastUsedMs = performance.now();
    return { wallMs: this.lastUsedMs - began, latenciesMs };
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }
}

const openAll = (port: number, count: number): Promise<Connection[]> =>
  Promise.all(Array.from({ length: count }, () => Connection.open(port)));

function expectOk(answer: Answer): Answer {
  if (answer.status === 200) return answer;
  throw new Error(`status ${answer.status}: ${answer.body.toString('utf8', 0, 500)}`);
}
