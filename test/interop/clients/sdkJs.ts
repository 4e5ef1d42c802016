// The SDK for JavaScript over both versions of HTTP, reading by polling and by SubscribeToShard.
import { KinesisClient } from '@aws-sdk/client-kinesis';
import manifest from '@aws-sdk/client-kinesis/package.json' with { type: 'json' };
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { within } from '../support/waiting.ts';
import { planOf, recordsOf } from '../support/workload.ts';
import { type Client, clientMs, credentials, region } from './client.ts';
import { type Reading, readAll, type Unpack } from './sdkReader.ts';
import { carryOut, createStream, type Puts, sdkPuts } from './sdkWriter.ts';

export type HttpVersion = 'HTTP/2' | 'HTTP/1.1';

/** Its default handler speaks HTTP/2. No retries, so that a call that fails is seen. */
export function newClient(endpoint: string, version: HttpVersion = 'HTTP/2'): KinesisClient {
  const handler = version === 'HTTP/1.1' ? { requestHandler: new NodeHttpHandler() } : {};
  return new KinesisClient({ endpoint, region, credentials, maxAttempts: 1, ...handler });
}

export interface SdkOptions {
  readonly version: HttpVersion;
  readonly how: Reading['how'];
  readonly unpack?: Unpack;
  /** Replaces how records are put. */
  puts?(client: KinesisClient, stream: string): Puts;
}

/** Writes and reads at the same time. */
export const runSdk =
  ({ version, how, unpack, puts = sdkPuts }: SdkOptions): Client['run'] =>
  async ({ endpoint, name }) => {
    const plan = planOf({ stream: name });
    const client = newClient(endpoint, version);
    try {
      await createStream(client, plan);
      const work = { client, stream: name, puts: puts(client, name) };
      const reading = readAll({ client, stream: name, how, ...(unpack ? { unpack } : {}) });
      const [got] = await within(Promise.all([reading, carryOut(plan.steps, work)]), {
        what: 'all records to be written and read',
        withinMs: clientMs,
      });
      return { version: manifest.version, put: recordsOf(plan), got };
    } finally {
      client.destroy();
    }
  };

const versions: readonly HttpVersion[] = ['HTTP/2', 'HTTP/1.1'];

export const sdkJsClients: readonly Client[] = versions.flatMap((version) =>
  (['polling', 'subscribing'] as const).map((how) => ({
    name: '@aws-sdk/client-kinesis',
    needs: 'nothing' as const,
    did: `JSON over ${version}, ${how}`,
    run: runSdk({ version, how }),
  })),
);
