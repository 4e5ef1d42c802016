/** HTTP/1.1 as the SDK's clients use it, with an end to every silence. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Sockets of one connection; a tail has at most 16 calls in flight. */
const socketsMax = 32;
/** An idle socket goes well before the server's end of it does, so that no call meets a reset. */
const socketIdleMs = 20_000;
const connectTimeoutMs = 5_000;
/** From the call to the head of its answer, a turn of a socket included. */
const requestTimeoutMs = 60_000;

const agentOptions = { keepAlive: true, maxSockets: socketsMax, timeout: socketIdleMs };

export class Transport extends NodeHttpHandler {
  private readonly agents: readonly HttpAgent[];

  /**
   * A call ends with a TimeoutError when nothing came or went on its socket for `silenceMs`, before its answer or
   * amid it; the SDK begins to count up to 3 s late.
   */
  constructor(silenceMs: number) {
    const httpAgent = new HttpAgent(agentOptions);
    const httpsAgent = new HttpsAgent(agentOptions);
    super({
      httpAgent,
      httpsAgent,
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketAcquisitionWarningTimeout: requestTimeoutMs,
      socketTimeout: silenceMs,
    });
    this.agents = [httpAgent, httpsAgent];
  }

  override destroy(): void {
    for (const agent of this.agents) agent.destroy();
  }

  /** Of a network that was lost they are dead, too, and the next call would wait on one of them. */
  closeIdle(): void {
    for (const { freeSockets } of this.agents) {
      for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
    }
  }
}
