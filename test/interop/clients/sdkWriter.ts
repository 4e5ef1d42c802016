// Carries out a plan with the SDK for JavaScript: creates the stream, puts, reshards, and waits until each is done.
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { waitUntil } from '../support/waiting.ts';
import type { Plan, Step, WorkRecord } from '../support/workload.ts';

/** How records go out; a client of another kind replaces it. */
export interface Puts {
  put(record: WorkRecord): Promise<void>;
  batch(records: readonly WorkRecord[]): Promise<void>;
}

export const entryOf = ({ key, explicitHashKey, data }: WorkRecord) => ({
  PartitionKey: key,
  Data: data,
  ...(explicitHashKey === undefined ? {} : { ExplicitHashKey: explicitHashKey }),
});

export function sdkPuts(client: KinesisClient, stream: string): Puts {
  return {
    async put(record) {
      await client.send(new PutRecordCommand({ StreamName: stream, ...entryOf(record) }));
    },
    async batch(records) {
      const Records = records.map(entryOf);
      const answer = await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
      if (answer.FailedRecordCount) throw new Error(`${answer.FailedRecordCount} records failed`);
    },
  };
}

export async function createStream(client: KinesisClient, plan: Plan): Promise<void> {
  const { stream, shardCount } = plan;
  await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: shardCount }));
  await becomesActive(client, stream);
}

async function becomesActive(client: KinesisClient, stream: string): Promise<void> {
  const isActive = async (): Promise<boolean> => {
    const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
    return answer.StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
  };
  await waitUntil(isActive, { what: `${stream} to become ACTIVE`, withinMs: 30_000 });
}

/** The stream of a plan as its steps are carried out. */
export interface Work {
  readonly client: KinesisClient;
  readonly stream: string;
  readonly puts: Puts;
}

export async function carryOut(steps: readonly Step[], work: Work): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'put') await work.puts.put(step.record);
    else if (step.kind === 'batch') await work.puts.batch(step.records);
    else await reshard(step, work);
  }
}

type Resharding = Exclude<Step, { kind: 'put' } | { kind: 'batch' }>;

async function reshard(step: Resharding, { client, stream }: Work): Promise<void> {
  const StreamName = stream;
  if (step.kind === 'split') {
    const NewStartingHashKey = step.at;
    const input = { StreamName, ShardToSplit: step.shard, NewStartingHashKey };
    await client.send(new SplitShardCommand(input));
  } else if (step.kind === 'merge') {
    const input = { StreamName, ShardToMerge: step.shard, AdjacentShardToMerge: step.adjacent };
    await client.send(new MergeShardsCommand(input));
  } else {
    const input = { StreamName, TargetShardCount: step.count, ScalingType: 'UNIFORM_SCALING' };
    await client.send(new UpdateShardCountCommand({ ...input, ScalingType: 'UNIFORM_SCALING' }));
  }
  await becomesActive(client, stream);
}
