// The Kinesis Producer Library over TLS, with and without aggregation, while its map of shards goes stale.
import { judgeKpl, type Landed, type ShardRange } from '../support/kplVerdict.ts';
import { kplFolder } from '../support/setup.ts';
import { awsEnvironment, type Client } from './client.ts';
import { type DriverStage, type Judge, runDriver } from './driver.ts';
import { java, javaMs } from './java.ts';

/** Lines of KplPuts and of Writer, as words. */
type Lines = readonly (readonly string[])[];

function landedOf(lines: Lines): Landed[] {
  return lines
    .filter(([word]) => word === 'landed')
    .map(([, shard = '', sequenceNumber = '', key = '', data = '', resent = '']) => ({
      shard,
      sequenceNumber,
      key: Buffer.from(key, 'base64').toString('utf8'),
      data: Buffer.from(data, 'base64'),
      resent: Number(resent),
    }));
}

function rangesOf(lines: Lines): ShardRange[] {
  return lines
    .filter(([word]) => word === 'shard')
    .map(([, shard = '', first = '', last = '']) => ({
      shard,
      first: BigInt(first),
      last: BigInt(last),
    }));
}

interface Way {
  readonly did: string;
  readonly isAggregating: boolean;
  readonly isAllKept: boolean;
  argv(stage: DriverStage, tls: readonly string[]): Promise<readonly string[]>;
}

const ways: readonly Way[] = [
  {
    did: 'aggregates by PutRecords, JSON over TLS, polling, taken apart by code of the KCL',
    isAggregating: true,
    isAllKept: true,
    argv: async ({ endpoint, planFile }, tls) => [
      'KplDriver',
      endpoint,
      planFile,
      'aggregated',
      ...tls,
    ],
  },
  {
    did: 'no aggregates, PutRecords, JSON over TLS, polling',
    isAggregating: false,
    isAllKept: true,
    argv: async ({ endpoint, planFile }, tls) => [
      'KplDriver',
      endpoint,
      planFile,
      'single',
      ...tls,
    ],
  },
  {
    did: 'aggregates by PutRecords, JSON over TLS, read by the KCL, fan-out, leases in moto',
    isAggregating: true,
    isAllKept: false,
    argv: async ({ endpoint, planFile, dynamoDb }, tls) => [
      'KclDriver',
      endpoint,
      planFile,
      'fanOut',
      await dynamoDb(),
      ...tls,
    ],
  },
];

const judge =
  ({ isAggregating, isAllKept }: Way): Judge =>
  (outcome, output) => {
    const lines = output.split('\n').map((line) => line.split(' '));
    const run = { ...outcome, isAggregating, isAllKept };
    return {
      ...outcome,
      ...judgeKpl({ ...run, landed: landedOf(lines), ranges: rangesOf(lines) }),
    };
  };

/**
 * Many keys, so that many records are on their way at a time: one of a key waits for the one
 * before it. A batch comes right after each resharding, so that an aggregate meets the new shards.
 */
const plan = { singles: 0, batches: 2, batchRecords: 200, keyVariants: 25 };

export const kplClients: readonly Client[] = ways.map((way) => ({
  name: 'Kinesis Producer Library',
  needs: 'java',
  did: way.did,
  run: runDriver({
    plan,
    judge: judge(way),
    command: async (stage) => {
      const { endpoint, certificate } = stage.tls;
      const argv = await way.argv(stage, [endpoint, certificate, kplFolder]);
      return { argv: [...java, ...argv], env: awsEnvironment, withinMs: javaMs };
    },
  }),
}));
