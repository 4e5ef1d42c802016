// What a workload is: servers, and for each a round of work to be measured.
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from './client.ts';
import type { Runner } from './compare.ts';
import type { Contender } from './contenders.ts';
import type { BenchServer } from './server.ts';

export interface Workload {
  readonly id: string;
  readonly title: string;
  /** What CPU and rate are counted by. */
  readonly unit: 'record' | 'call';
  /** Names of the servers that take part. */
  readonly servers: readonly string[];
  /** The server that ratios are taken against in the table. */
  readonly base: string;
  /** Makes what it needs on a started server and warms it up. More than one runner: variants. */
  prepare(server: BenchServer, contender: Contender): Promise<Runner[]>;
}

/** Creates a stream and waits until it is active. */
export async function createStream(
  server: BenchServer,
  { name, shards }: { name: string; shards: number },
): Promise<void> {
  const client = await Client.open(server.port);
  await client.call('CreateStream', { StreamName: name, ShardCount: shards });
  await untilActive(client, name);
  client.close();
}

interface Described {
  readonly StreamDescription?: { readonly StreamStatus: string };
}

async function untilActive(client: Client, StreamName: string): Promise<void> {
  for (;;) {
    const { StreamDescription } = await client.call<Described>('DescribeStream', { StreamName });
    // a limit server describes nothing
    if (!StreamDescription || StreamDescription.StreamStatus === 'ACTIVE') return;
    await pause(10);
  }
}
