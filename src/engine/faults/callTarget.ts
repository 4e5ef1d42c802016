/** Which stream and shards a call goes to, found before it is carried out. It checks and changes nothing. */
import { parseResourceArn } from '../../kinesis/arn.ts';
import type { StreamId } from '../../kinesis/errors.ts';
import { bytesToHashKey, hashKeyBytes, hashKeyMax } from '../../kinesis/hashKey.ts';
import { md5 } from '../../kinesis/md5.ts';
import type { InputOf, OperationName } from '../../kinesis/operations.ts';
import { formatShardId, parseShardId } from '../../kinesis/shardId.ts';
import { type EngineParts, namedStream, type Scope, type StreamNaming } from '../engineParts.ts';
import { HashRoutes } from '../hashRoutes.ts';
import type { StreamEntry } from '../streamEntry.ts';

export interface CallTarget {
  /** Undefined for calls that name none. */
  readonly stream: StreamId | undefined;
  /** Of a call to shards; for PutRecords one for each record, in their order. */
  readonly shardIds: readonly string[];
}

/** A call that has passed the constraints of its shape. */
export type TargetedCall = {
  [N in OperationName]: {
    readonly operation: N;
    readonly input: InputOf<N>;
    readonly scope: Scope;
  };
}[OperationName];

const namesNothing: ReadonlySet<OperationName> = new Set([
  'DescribeAccountSettings',
  'DescribeLimits',
  'ListStreams',
  'UpdateAccountSettings',
]);

/** Undefined for a call that cannot succeed: its stream or iterator is not there, or it names none. */
export function callTargetOf(engine: EngineParts, call: TargetedCall): CallTarget | undefined {
  if (namesNothing.has(call.operation)) return { stream: undefined, shardIds: [] };
  if (call.operation === 'CreateStream') {
    const { account } = call.scope;
    return { stream: { account, name: call.input.StreamName }, shardIds: [] };
  }
  if (call.operation === 'ListShards' && call.input.NextToken !== undefined) {
    return tokenTarget(engine, call.input.NextToken);
  }
  if (call.operation === 'GetRecords') return iteratorTarget(engine, call.input.ShardIterator);
  const stream = entryOf(engine, call);
  return stream && { stream, shardIds: shardIdsOf(stream, call) };
}

/** The stream that an iterator reads, by name; undefined when it is not one of ours or expired. */
export function iteratorTarget(engine: EngineParts, iterator: string): CallTarget | undefined {
  return attempt(() => {
    const { account, name, shard } = engine.tokens.readIterator(iterator);
    return { stream: { account, name }, shardIds: [formatShardId(shard)] };
  });
}

/** The stream that a page of ListShards goes on in; undefined for a token that is none of ours or expired. */
function tokenTarget(engine: EngineParts, token: string): CallTarget | undefined {
  return attempt(() => {
    const { account, name } = engine.tokens.readShards(token);
    return { stream: { account, name }, shardIds: [] };
  });
}

function entryOf(engine: EngineParts, call: TargetedCall): StreamEntry | undefined {
  const input = call.input as Naming;
  const arn = input.ResourceARN ?? input.ConsumerARN;
  if (arn === undefined) {
    return attempt(() => engine.catalog.byName(namedStream({ input, scope: call.scope })));
  }
  const parts = parseResourceArn(arn);
  return parts && parts.kind !== 'channel' ? engine.catalog.byName(parts) : undefined;
}

interface Naming extends StreamNaming {
  readonly ResourceARN?: string;
  readonly ConsumerARN?: string;
}

function shardIdsOf(stream: StreamEntry, call: TargetedCall): string[] {
  switch (call.operation) {
    case 'PutRecord':
      return routed(stream, [call.input]);
    case 'PutRecords':
      return routed(stream, call.input.Records);
    case 'GetShardIterator':
    case 'SubscribeToShard':
      return [call.input.ShardId].map(fullId);
    case 'SplitShard':
      return [call.input.ShardToSplit].map(fullId);
    case 'MergeShards':
      return [call.input.ShardToMerge, call.input.AdjacentShardToMerge].map(fullId);
    default:
      return [];
  }
}

type Routed = Pick<InputOf<'PutRecord'>, 'PartitionKey' | 'ExplicitHashKey'>;

const utf8 = new TextEncoder();

function routed(stream: StreamEntry, records: readonly Routed[]): string[] {
  // In CREATING there are none; with AUTO nobody knows before the put.
  if (stream.shards.length === 0 || stream.distribution === 'AUTO') return [];
  const routes = new HashRoutes(stream);
  return records.map(({ PartitionKey = '', ExplicitHashKey }) => {
    const explicit = ExplicitHashKey === undefined ? undefined : BigInt(ExplicitHashKey);
    const key = explicit ?? bytesToHashKey(md5(utf8.encode(PartitionKey)));
    return formatShardId(routes.find(hashKeyBytes(key > hashKeyMax ? hashKeyMax : key)).index);
  });
}

/** As lax in what a caller may write as the operations are. */
function fullId(text: string): string {
  const index = parseShardId(text);
  return index === undefined ? text : formatShardId(index);
}

/** What the call itself will be refused for is not ours to tell. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
