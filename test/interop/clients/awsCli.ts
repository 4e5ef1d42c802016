// The AWS CLI, a process for each call: puts, looks at the stream, reshards and reads shard by shard.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runToEnd } from '../support/processes.ts';
import { awsCli } from '../support/setup.ts';
import type { Got } from '../support/verdict.ts';
import { planOf, recordsOf, type Step, type WorkRecord } from '../support/workload.ts';
import { awsEnvironment, type Client, type Stage } from './client.ts';
import { type ChildShard, walkShards } from './shardWalk.ts';

const callMs = 60_000;

/** What `aws kinesis` printed, as JSON; nothing for a call that prints nothing. */
type Call = <Output>(...args: readonly string[]) => Promise<Output>;

const callOf =
  ({ endpoint, folder }: Stage): Call =>
  async (...args) => {
    const argv = [awsCli, 'kinesis', ...args, '--endpoint-url', endpoint, '--output', 'json'];
    const env = { ...awsEnvironment, AWS_MAX_ATTEMPTS: '1', PYTHONUTF8: '1' };
    const text = await runToEnd({ argv, env, cwd: folder }, callMs);
    return text === '' ? undefined : JSON.parse(text);
  };

interface Page {
  readonly Records: readonly {
    readonly PartitionKey: string;
    readonly Data: string;
    readonly SequenceNumber: string;
  }[];
  readonly NextShardIterator?: string;
  readonly ChildShards?: readonly ChildShard[];
}

class CliRun {
  readonly #call: Call;
  readonly #stage: Stage;
  readonly #stream: readonly string[];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#call = callOf(stage);
    this.#stream = ['--stream-name', stage.name];
  }

  async create(shardCount: number): Promise<void> {
    await this.#call('create-stream', ...this.#stream, '--shard-count', String(shardCount));
    await this.#isActive();
  }

  /** Its waiter asks at once and then every ten seconds, so it is mostly answered at once. */
  async #isActive(): Promise<void> {
    await this.#call('wait', 'stream-exists', ...this.#stream);
    const told = await this.#call<{ StreamDescription: { StreamStatus: string } }>(
      'describe-stream',
      ...this.#stream,
    );
    const { StreamStatus } = told.StreamDescription;
    if (StreamStatus !== 'ACTIVE') throw new Error(`describe-stream says ${StreamStatus}`);
  }

  async step(step: Step): Promise<void> {
    if (step.kind === 'put') return this.#put(step.record);
    if (step.kind === 'batch') return this.#batch(step.records);
    await this.#call(...reshardingArgs(step), ...this.#stream);
    await this.#isActive();
  }

  /** Data comes from a file, for an argument cannot hold any byte. */
  async #put({ key, explicitHashKey, data }: WorkRecord): Promise<void> {
    const file = path.join(this.#stage.folder, 'data.bin');
    writeFileSync(file, data);
    const hash = explicitHashKey === undefined ? [] : ['--explicit-hash-key', explicitHashKey];
    const record = ['--partition-key', key, '--data', `fileb://${file}`, ...hash];
    await this.#call('put-record', ...this.#stream, ...record);
  }

  async #batch(records: readonly WorkRecord[]): Promise<void> {
    const entries = records.map(({ key, explicitHashKey, data }) => ({
      PartitionKey: key,
      ExplicitHashKey: explicitHashKey,
      Data: data.toString('utf8'),
    }));
    const file = path.join(this.#stage.folder, 'records.json');
    writeFileSync(file, JSON.stringify(entries));
    const answer = await this.#call<{ FailedRecordCount: number }>(
      'put-records',
      ...this.#stream,
      '--records',
      `file://${file}`,
    );
    if (answer.FailedRecordCount > 0) throw new Error(`${answer.FailedRecordCount} records failed`);
  }

  async readAll(): Promise<Got[]> {
    const { Shards } = await this.#call<{
      Shards: readonly { ShardId: string; ParentShardId?: string }[];
    }>('list-shards', ...this.#stream);
    const roots = Shards.filter((shard) => !shard.ParentShardId).map((shard) => shard.ShardId);
    return walkShards(roots, async (shard, { onRecord, signal }) => {
      const place = ['--shard-id', shard, '--shard-iterator-type', 'TRIM_HORIZON'];
      const first = await this.#call<{ ShardIterator: string }>(
        'get-shard-iterator',
        ...this.#stream,
        ...place,
      );
      let next: string | undefined = first.ShardIterator;
      let children: readonly ChildShard[] = [];
      while (next !== undefined && !signal.aborted) {
        const page: Page = await this.#call<Page>('get-records', '--shard-iterator', next);
        for (const record of page.Records) onRecord(gotOf(shard, record));
        children = page.ChildShards ?? [];
        next = page.NextShardIterator;
      }
      return signal.aborted ? [] : children;
    });
  }

  async version(): Promise<string> {
    const text = await runToEnd({ argv: [awsCli, '--version'], env: awsEnvironment }, callMs);
    return /aws-cli\/(\S+)/.exec(text)?.[1] ?? text.trim();
  }
}

const gotOf = (shard: string, record: Page['Records'][number]): Got => ({
  shard,
  sequenceNumber: record.SequenceNumber,
  key: record.PartitionKey,
  data: Buffer.from(record.Data, 'base64'),
});

function reshardingArgs(step: Exclude<Step, { kind: 'put' } | { kind: 'batch' }>): string[] {
  if (step.kind === 'split') {
    return ['split-shard', '--shard-to-split', step.shard, '--new-starting-hash-key', step.at];
  }
  if (step.kind === 'merge') {
    const shards = ['--shard-to-merge', step.shard, '--adjacent-shard-to-merge', step.adjacent];
    return ['merge-shards', ...shards];
  }
  const target = ['--target-shard-count', String(step.count)];
  return ['update-shard-count', ...target, '--scaling-type', 'UNIFORM_SCALING'];
}

/** Few records, for each call starts a Python; a batch's are text, for version 1 takes no other there. */
async function run(stage: Stage) {
  const size = { singles: 4, batches: 1, batchRecords: 10 };
  const plan = planOf({ stream: stage.name, isBinary: false, ...size });
  const cli = new CliRun(stage);
  await cli.create(plan.shardCount);
  for (const step of plan.steps) await cli.step(withBytes(step));
  const put = recordsOf({ ...plan, steps: plan.steps.map(withBytes) });
  return { version: await cli.version(), put, got: await cli.readAll() };
}

/** What is put alone gets bytes that are no UTF-8. */
function withBytes(step: Step): Step {
  if (step.kind !== 'put' || step.record.key.startsWith('end-')) return step;
  const data = Buffer.concat([step.record.data, Buffer.from([0, 0xff, 0xfe, 0x80, 0x0a])]);
  return { kind: 'put', record: { ...step.record, data } };
}

export const awsCliClient: Client = {
  name: 'AWS CLI',
  needs: 'python',
  did: 'JSON over HTTP/1.1, put-record, put-records, describe-stream, get-records',
  run,
};
