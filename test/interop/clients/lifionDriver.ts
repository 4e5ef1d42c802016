// The process of lifion-kinesis: writes by the SDK, reads by it, prints what it read.
// Usage: lifionDriver.ts ENDPOINT STREAM polling|fan-out DYNAMODB
import dns from 'node:dns';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { interopDir } from '../../../tools/paths.mjs';
import { outputText } from '../support/planFile.ts';
import { awsHost } from '../support/servers.ts';
import type { Got } from '../support/verdict.ts';
import { waitUntil } from '../support/waiting.ts';
import { planOf, recordsOf } from '../support/workload.ts';
import { credentials, region } from './client.ts';
import { lifionPlan } from './lifion.ts';
import { newClient } from './sdkJs.ts';
import { carryOut, createStream, sdkPuts } from './sdkWriter.ts';

const load = createRequire(path.join(interopDir, 'package.json'));
const [endpoint = '', stream = '', how = '', dynamoDb = ''] = process.argv.slice(2);

interface Chunk {
  readonly shardId: string;
  readonly records: readonly {
    readonly data: string | Buffer;
    readonly partitionKey: string;
    readonly sequenceNumber: string;
  }[];
}

interface Consumer extends Readable {
  startConsumer(): Promise<void>;
}

function newConsumer(): Consumer {
  const Kinesis = load('lifion-kinesis') as new (options: Record<string, unknown>) => Consumer;
  return new Kinesis({
    streamName: stream,
    consumerGroup: 'interop',
    createStreamIfNeeded: false,
    endpoint,
    region,
    ...credentials,
    dynamoDb: { endpoint: dynamoDb, region, ...credentials, tableName: stream },
    initialPositionInStream: 'TRIM_HORIZON',
    leaseAcquisitionInterval: 300,
    // What goes wrong is on standard error when the run fails.
    logger: { warn: console.error, error: console.error, debug: () => {} },
    maxEnhancedConsumers: 1,
    noRecordsPollDelay: 250,
    pollDelay: 0,
    shouldParseJson: false,
    useEnhancedFanOut: how === 'fan-out',
  });
}

/**
 * Its signer makes AWS's name of the host of every subscription, whatever the endpoint, and the
 * request goes there. Here that name leads to the engine, which is told to take it.
 */
function leadToEngine(): void {
  const lookup = dns.lookup as (...parameters: unknown[]) => void;
  const local = (name: unknown, ...rest: unknown[]): void =>
    lookup(name === awsHost ? '127.0.0.1' : name, ...rest);
  dns.lookup = Object.assign(local, dns.lookup);
}

/** Collects what it reads; an error of it ends the process. */
function collect(consumer: Consumer): Got[] {
  const got: Got[] = [];
  consumer.on('data', ({ shardId, records }: Chunk) => {
    for (const { partitionKey: key, sequenceNumber, data } of records) {
      got.push({ shard: shardId, sequenceNumber, key, data: Buffer.from(data) });
    }
  });
  return got;
}

/**
 * It knows one parent of a merged shard only, and may read that shard before it has drained the
 * other: hence what was put before the merge is awaited. The other reshardings it meets as it may.
 */
async function follow(): Promise<Got[]> {
  const plan = planOf({ ...lifionPlan, stream });
  const client = newClient(endpoint);
  await createStream(client, plan);
  const consumer = newConsumer();
  const got = collect(consumer);
  await consumer.startConsumer();
  const work = { client, stream, puts: sdkPuts(client, stream) };
  let putCount = 0;
  const caughtUp = (): Promise<void> =>
    waitUntil(() => got.length >= putCount, {
      what: `${putCount} records to be read`,
      // Its parser fails where a frame does not fill what came at once; it waits and subscribes anew.
      withinMs: 120_000,
    });
  for (const step of plan.steps) {
    if (step.kind === 'merge') await caughtUp();
    await carryOut([step], work);
    putCount += recordsOf({ ...plan, steps: [step] }).length;
  }
  await caughtUp();
  return got;
}

leadToEngine();
const got = await follow();
const { version } = load('lifion-kinesis/package.json') as { version: string };
process.stdout.write(outputText({ version, got }), () => process.exit(0));
