// The engine and server that are fuzzed, from any copy of the sources; it knows which requests got through.
import type { KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import type { OperationName } from '../../src/kinesis/operations.ts';
import { MemoryFiles } from '../support/memoryFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';

export interface Target {
  readonly port: number;
  readonly operations: typeof import('../../src/kinesis/operations.ts').operations;
  /** What the engine gave out; renewed by `seed`. */
  readonly known: Map<string, string[]>;
  /** Marks (see `User-Agent`) of the requests that reached an operation. */
  readonly reached: Set<string>;
  /** Makes what is missing, and takes fresh names, iterators and numbers. */
  seed(): Promise<void>;
  close(): Promise<void>;
}

/** `sources`: a folder's URL. */
export async function openTarget(sources: URL): Promise<Target> {
  const load = <T>(file: string): Promise<T> => import(new URL(file, sources).href) as Promise<T>;
  const { Engine } = await load<typeof import('../../src/engine/engine.ts')>('engine/engine.ts');
  const { startServer } =
    await load<typeof import('../../src/server/server.ts')>('server/server.ts');
  const { operations } =
    await load<typeof import('../../src/kinesis/operations.ts')>('kinesis/operations.ts');
  const { nodeClock } = await load<typeof import('../../src/cli/nodeClock.ts')>('cli/nodeClock.ts');
  const { nodeCrc32 } =
    await load<typeof import('../../src/engine/log/nodeFiles.ts')>('engine/log/nodeFiles.ts');
  const { nullLogger } = await load<typeof import('../../src/base/logger.ts')>('base/logger.ts');
  const random = seededRandom(1);
  const shared = { clock: nodeClock, random, logger: nullLogger };
  const ports = { ...shared, files: new MemoryFiles(), crc32: nodeCrc32 };
  const engine = await Engine.open(ports, { stateDelays: 0, limits: 'off' });
  const reached = new Set<string>();
  const api = counting(engine, { names: Object.keys(operations) as OperationName[], reached });
  const server = await startServer({ ...shared, api, nonce: 'n'.repeat(32), port: 0 });
  const known = new Map<string, string[]>();
  const seed = (): Promise<void> => seedEngine(engine, known);
  await seed();
  const close = async (): Promise<void> => {
    await server.close();
    await engine.close();
  };
  return { port: server.port, operations, known, reached, seed, close };
}

function counting(
  api: KinesisApi,
  { names, reached }: { names: readonly OperationName[]; reached: Set<string> },
): KinesisApi {
  const methods = names.map((name) => {
    const method = (name[0]!.toLowerCase() + name.slice(1)) as keyof KinesisApi;
    const call = (input: never, context?: { userAgent?: string | undefined }) => {
      if (context?.userAgent !== undefined) reached.add(context.userAgent);
      return (api[method] as (...given: unknown[]) => unknown)(input, context);
    };
    return [method, call];
  });
  return Object.fromEntries(methods) as KinesisApi;
}

const streams = ['x0', 'x1', 'x2'];
const shard = 'shardId-000000000000';

/** Failures do not matter: the requests that are sent meanwhile delete and split. */
async function seedEngine(api: KinesisApi, known: Map<string, string[]>): Promise<void> {
  const found = new Map<string, string[]>();
  const add = (member: string, ...values: (string | undefined)[]): void => {
    const all = found.get(member) ?? [];
    for (const value of values) if (value !== undefined) all.push(value);
    found.set(member, all);
  };
  const tried = async <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);
  for (const StreamName of streams) {
    await tried(api.createStream({ StreamName, ShardCount: 2 }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
    add('StreamName', StreamName);
    add('StreamARN', StreamARN);
    add('ResourceARN', StreamARN);
    const put = { StreamName, PartitionKey: 'k', Data: new Uint8Array(20) };
    const number = (await tried(api.putRecord(put)))?.SequenceNumber;
    add('SequenceNumber', number);
    add('StartingSequenceNumber', number);
    add('SequenceNumberForOrdering', number);
    const from = { StreamName, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' as const };
    add('ShardIterator', (await tried(api.getShardIterator(from)))?.ShardIterator);
    const listed = await tried(api.listShards({ StreamName, MaxResults: 1 }));
    add('NextToken', listed?.NextToken);
    const consumer = await tried(api.registerStreamConsumer({ StreamARN, ConsumerName: 'c' }));
    add('ConsumerARN', consumer?.Consumer.ConsumerARN);
    add('ConsumerName', 'c');
  }
  for (const member of ['ShardId', 'ShardToSplit', 'ShardToMerge', 'ExclusiveStartShardId']) {
    add(member, shard, 'shardId-000000000001');
  }
  add('AdjacentShardToMerge', 'shardId-000000000001');
  for (const member of ['ExplicitHashKey', 'NewStartingHashKey'])
    add(member, '1', String(2n ** 126n));
  for (const [member, values] of found) {
    if (values.length > 0) known.set(member, values);
  }
}
