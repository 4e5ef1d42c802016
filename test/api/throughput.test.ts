// A shard's throughput as a client sees it with `limits: aws`: in process, and over HTTP through the AWS SDK.
// `documented` or `measured` says how sure the answer is.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import { nodeClock } from '../../src/cli/nodeClock.ts';
import { nodeRandom } from '../../src/cli/nodeRandom.ts';
import { Engine } from '../../src/engine/engine.ts';
import { nodeCrc32, nodeFiles } from '../../src/engine/log/nodeFiles.ts';
import type { KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import { startServer } from '../../src/server/server.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';
import { sdkApi } from './sdkApi.ts';
import { expectError } from './targets.ts';

interface Limited {
  readonly api: KinesisApi;
  readonly engine: Engine;
  /** The engine's: nothing refills by itself. */
  readonly clock: TestClock;
  close(): Promise<void>;
}

async function inProcess(folder: string): Promise<Limited> {
  const clock = new TestClock();
  const ports = { clock, random: seededRandom(1), logger: nullLogger, crc32: nodeCrc32 };
  const engine = await Engine.open({ ...ports, files: nodeFiles(folder) }, { limits: 'aws' });
  return { api: engine, engine, clock, close: () => engine.close() };
}

async function overHttp(folder: string): Promise<Limited> {
  const { engine, clock } = await inProcess(folder);
  const shared = { clock: nodeClock, random: nodeRandom, logger: nullLogger };
  const server = await startServer({ ...shared, api: engine, nonce: 'a-nonce', port: 0 });
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const { region } = engine.settings;
  const sdk = sdkApi({ endpoint: server.endpoint, region, credentials });
  const close = async () => {
    sdk.close();
    await server.close();
    await engine.close();
  };
  return { api: sdk.api, engine, clock, close };
}

describe.each([
  { name: 'in process', open: inProcess },
  { name: 'over HTTP', open: overHttp },
])('limits: aws, $name', ({ name, open }) => {
  let limited: Limited;
  let folder: string;
  let streams = 0;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'throughput-'));
    limited = await open(folder);
  });
  afterAll(async () => {
    await limited.close();
    await rm(folder, { recursive: true });
  });

  const newStream = async (ShardCount = 1): Promise<string> => {
    const StreamName = `stream-${streams++}`;
    await limited.clock.advance(1000);
    await limited.api.createStream({ StreamName, ShardCount });
    // The folder is a real one, whose writes take real time.
    const isActive = async () => {
      const input = { StreamName };
      const summary = await limited.engine.describeStreamSummary(input, { own: true });
      return summary.StreamDescriptionSummary.StreamStatus === 'ACTIVE';
    };
    while (!(await isActive())) await limited.clock.advance(10);
    return StreamName;
  };
  const shardText = (StreamName: string) =>
    `Rate exceeded for shard shardId-000000000000 in stream ${StreamName} under account 000000000000.`;

  it('measured: of five large records the first is stored and the others fail with the text of AWS', async () => {
    const StreamName = await newStream();
    const Records = Array.from({ length: 5 }, () => {
      return { PartitionKey: 'k', Data: new Uint8Array(900_000) };
    });
    const answer = await limited.api.putRecords({ StreamName, Records });
    expect(answer.FailedRecordCount).toBe(4);
    expect(answer.Records[0]).toMatchObject({ ShardId: 'shardId-000000000000' });
    for (const entry of answer.Records.slice(1)) {
      expect(entry).toEqual({
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage: shardText(StreamName),
      });
    }
  });

  it('documented: 3,000 records into one shard within ten seconds are throttled, and stored once retried', async () => {
    const StreamName = await newStream();
    let waiting = Array.from({ length: 3000 }, (_, index) => {
      return { PartitionKey: 'k', Data: new TextEncoder().encode(`${index}`) };
    });
    let throttled = 0;
    for (let call = 0; waiting.length > 0; call++) {
      expect(call).toBeLessThan(20);
      const Records = waiting.slice(0, 500);
      const answer = await limited.api.putRecords({ StreamName, Records });
      const failed = Records.filter((_, at) => answer.Records[at]!.ErrorCode !== undefined);
      throttled += failed.length;
      waiting = [...failed, ...waiting.slice(500)];
      if (failed.length > 0) await limited.clock.advance(1000);
    }
    expect(throttled).toBeGreaterThan(0);
    const { streams: counted } = limited.engine.counters({ stream: StreamName, seconds: 10 });
    expect(counted[0]!.shards[0]!.total).toMatchObject({
      recordsIn: 3000,
      putsThrottled: throttled,
    });
  });

  it('documented: of ten GetRecords in a row five are answered', async () => {
    const StreamName = await newStream();
    const from = { StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' as const };
    const { ShardIterator } = await limited.api.getShardIterator(from);
    for (let call = 0; call < 5; call++) {
      await limited.api.getRecords({ ShardIterator: ShardIterator! });
    }
    for (let call = 0; call < 5; call++) {
      await expectError(limited.api.getRecords({ ShardIterator: ShardIterator! }), {
        name: 'ProvisionedThroughputExceededException',
        message: `Rate exceeded for Shard - 000000000000/${StreamName}/shardId-000000000000`,
      });
    }
  });

  it('documented: of six GetShardIterator in a second five are answered', async () => {
    const StreamName = await newStream();
    const from = { StreamName, ShardId: '0', ShardIteratorType: 'LATEST' as const };
    for (let call = 0; call < 5; call++) await limited.api.getShardIterator(from);
    await expectError(limited.api.getShardIterator(from), {
      name: 'ProvisionedThroughputExceededException',
      message: shardText(StreamName),
    });
  });

  it('documented: of two DescribeLimits in a second one is answered', async () => {
    await limited.clock.advance(1000);
    await limited.api.describeLimits({});
    await expectError(limited.api.describeLimits({}), {
      name: 'LimitExceededException',
      message: 'Rate exceeded for account 000000000000.',
    });
  });

  it('counts callers by their access key', async () => {
    const StreamName = await newStream();
    const Data = new Uint8Array(99);
    await limited.api.putRecord({ StreamName, PartitionKey: 'k', Data });
    const { streams: counted } = limited.engine.counters({ stream: StreamName });
    const caller = name === 'over HTTP' ? 'AKIDEXAMPLE' : '';
    expect(counted[0]!.shards[0]!.topCallers).toEqual([{ caller, bytesIn: 100, bytesOut: 0 }]);
  });
});
