// The load: a few connections, each with one request in flight, that send what was made beforehand.
import { type Answer, Connection } from './connection.ts';
import { requestOf } from './requests.ts';

/** What a round came to, as the client saw it. */
export interface Driven {
  readonly wallMs: number;
  /** Of each call, in the order of the calls. */
  readonly latenciesMs: Float64Array;
}

export class Client {
  private readonly connections: Connection[];

  private constructor(connections: Connection[]) {
    this.connections = connections;
  }

  static async open(port: number, connections = 1): Promise<Client> {
    const opening = Array.from({ length: connections }, () => Connection.open(port));
    return new Client(await Promise.all(opening));
  }

  /** One call on the first connection; the answer as parsed JSON, `{}` for none. Rejects unless it is a 200. */
  async call<T = Record<string, unknown>>(operation: string, input: object): Promise<T> {
    const answer = await this.send(requestOf(operation, input));
    return JSON.parse(answer.body.toString('utf8') || '{}') as T;
  }

  /** One request on the first connection. Rejects unless it is answered with a 200. */
  async send(request: Buffer): Promise<Answer> {
    return expectOk(await this.connections[0]!.request(request));
  }

  /** Sends `calls` requests in turn over all connections; `check` throws at a wrong answer. */
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
    return { wallMs: performance.now() - began, latenciesMs };
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }
}

function expectOk(answer: Answer): Answer {
  if (answer.status === 200) return answer;
  throw new Error(`status ${answer.status}: ${answer.body.toString('utf8', 0, 500)}`);
}
