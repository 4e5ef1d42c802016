// An on-demand stream of a real engine, filled by an AWS client that steps the engine's clock.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, onTestFinished, test } from 'vitest';
import { addressOf, shardscope, temporaryFolder } from './support/engineProcess.ts';

const StreamName = 'orders';
const recordBytes = 100_000;

interface Running {
  readonly client: KinesisClient;
  step(ms: number): Promise<void>;
}

/** Limits as on AWS, and a clock that stands still. */
async function started(): Promise<Running> {
  const folder = temporaryFolder();
  const engine = shardscope(['serve', '--data', folder, '--port', '0', '--limits', 'aws']);
  const endpoint = await addressOf(engine);
  const { nonce } = JSON.parse(readFileSync(path.join(folder, 'lock'), 'utf8')) as {
    nonce: string;
  };
  const control = async (route: string, body: object = {}): Promise<void> => {
    const answer = await fetch(`${endpoint}/_shardscope/${route}`, {
      method: 'POST',
      headers: { 'x-shardscope-nonce': nonce, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([route, answer.status]).toEqual([route, 200]);
  };
  const client = new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
  onTestFinished(() => client.destroy());
  await control('stop-clock');
  return { client, step: (ms) => control('step-clock', { ms }) };
}

test('3.8 MB of uniform keys a second make four shards eight by ordinary splits', async () => {
  const running = await started();
  const { client, step } = running;
  await client.send(
    new CreateStreamCommand({ StreamName, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
  );
  await step(1000);
  let records = 0;
  const openCount = async (): Promise<number> => {
    const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    return answer.StreamDescriptionSummary!.OpenShardCount!;
  };
  let steps = 0;
  for (; (await openCount()) < 8; steps++) {
    expect(steps).toBeLessThan(900);
    const Records = Array.from({ length: 38 }, () => {
      return { PartitionKey: `key ${records++ % 400}`, Data: new Uint8Array(recordBytes) };
    });
    await client.send(new PutRecordsCommand({ StreamName, Records }));
    await step(1000);
  }
  const { Shards } = await client.send(new ListShardsCommand({ StreamName }));
  const parents = Shards!.map(({ ParentShardId }) => ParentShardId).filter(Boolean);
  const firstFour = Shards!.slice(0, 4).map(({ ShardId }) => ShardId);
  expect([...new Set(parents)].sort()).toEqual(firstFour);
  expect(parents).toHaveLength(8);
});
