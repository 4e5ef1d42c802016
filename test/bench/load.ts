// A light client: keep-alive sockets, fixed requests, as many in flight as there are sockets.
import { Agent, request } from 'node:http';

export interface Call {
  readonly operation: string;
  readonly body: string;
}

/** Sends calls over at most `connections` sockets. */
export class Load {
  private readonly agent: Agent;
  private readonly endpoint: URL;

  constructor(endpoint: string, connections: number) {
    this.endpoint = new URL(endpoint);
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The body of a 200; rejects with the body of anything else. */
  call({ operation, body }: Call): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Kinesis_20131202.${operation}`,
        'content-length': Buffer.byteLength(body),
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
      };
      const { hostname, port } = this.endpoint;
      const sent = request({ agent: this.agent, hostname, port, method: 'POST', headers });
      sent.once('error', reject);
      sent.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${operation}: ${response.statusCode} ${text}`));
        });
      });
      sent.end(body);
    });
  }

  /** Makes `count` calls with `workers` in flight; the i-th is `callOf(i)`. */
  async run(count: number, workers: number, callOf: (index: number) => Call): Promise<void> {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < count) await this.call(callOf(next++));
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  close(): void {
    this.agent.destroy();
  }
}
