// The load in HTTP/2: many requests in flight on one shared connection, or a connection for each call.
import type { Driven } from './client.ts';
import type { Answer } from './connection.ts';
import { Http2Connection } from './http2Connection.ts';
import type { Http2Request } from './http2Requests.ts';

export interface Http2Load {
  readonly requests: readonly Http2Request[];
  readonly inFlight: number;
  /** Throws at a wrong answer. */
  check(answer: Answer): void;
}

type Call = (request: Http2Request) => Promise<Answer>;

/** On one connection, which servers keep for longer than a run pauses. */
export const driveShared = (
  connection: Http2Connection,
  calls: number,
  load: Http2Load,
): Promise<Driven> => drive(calls, load, (request) => connection.request(request));

/** As the SDK for JavaScript does: a connection is opened for each call, and closed behind its answer. */
export const drivePerCall = (port: number, calls: number, load: Http2Load): Promise<Driven> =>
  drive(calls, load, async (request) => {
    const connection = await Http2Connection.open(port);
    try {
      return await connection.request(request);
    } finally {
      connection.close();
    }
  });

async function drive(calls: number, load: Http2Load, call: Call): Promise<Driven> {
  const { requests, inFlight, check } = load;
  const latenciesMs = new Float64Array(calls);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < calls) {
      const index = next++;
      const began = performance.now();
      const answer = await call(requests[index % requests.length]!);
      latenciesMs[index] = performance.now() - began;
      if (answer.status !== 200) throw new Error(`not a 200: ${answer.body}`);
      check(answer);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, work));
  return { wallMs: performance.now() - began, latenciesMs };
}
