// What comes of frames that a client sends: a call behind them is answered, or they end the stream or the connection.
import { expect } from 'vitest';
import { errorCodes } from '../../../src/server/http2/frames.ts';
import { frame, opening, setting } from '../../support/http2Frames.ts';
import { call, Http2Client } from './rawHttp2.ts';
import { testServer } from './testServer.ts';

export type Code = keyof typeof errorCodes;

/** The answer of a call behind it, or what ends the connection or the stream. */
export type Outcome = 'taken' | { readonly connection: Code } | { readonly stream: Code };

/** `first`: what is sent before, if not the usual opening. */
export async function expectOutcome(
  sent: Buffer,
  { outcome, first }: { outcome: Outcome; first?: Buffer },
) {
  const { server } = await testServer();
  const client = new Http2Client(server.port, first ?? opening());
  client.send(sent);
  if (outcome === 'taken') {
    client.send(call(7));
    await client.until(() => client.isEnded(7));
    expect([client.codes(3), client.codes(7)]).toEqual([[], []]);
  } else if ('connection' in outcome) {
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes[outcome.connection]]);
  } else {
    await client.until(() => client.codes(3).length > 0);
    client.send(frame({ type: 4, payload: setting(4, 65_535) }), call(7));
    await client.until(() => client.isEnded(7));
    expect(client.codes(3)).toEqual([errorCodes[outcome.stream]]);
    expect(client.isClosed).toBe(false);
  }
}
