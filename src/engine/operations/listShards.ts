/** ListShards: a page of a stream's shards, filtered. A token carries the filter on. */
import { streamNotActive, streamNotFound } from '../../kinesis/errors.ts';
import { listShardsMax } from '../../kinesis/limits.ts';
import type { ListShardsInput } from '../../kinesis/operations/listShards.ts';
import { noTokenOrName, tokenAndOther } from '../../kinesis/readErrors.ts';
import { formatShardId } from '../../kinesis/shardId.ts';
import { createdAt } from '../describe.ts';
import { type Call, type EngineParts, findStream, type Handler } from '../engineParts.ts';
import { type CheckedFilter, checkFilter, filterShards } from '../shardFilter.ts';
import { shardOf } from '../shardView.ts';
import type { StreamEntry } from '../streamEntry.ts';

interface Page {
  readonly stream: StreamEntry;
  readonly filter: CheckedFilter;
}

export const listShards: Handler<'ListShards'> = async (engine, call) => {
  const { stream, filter } = pageOf(engine, call);
  if (stream.status === 'CREATING' || stream.status === 'DELETING') {
    throw streamNotActive(stream, stream.status);
  }
  const limit = Math.min(call.input.MaxResults ?? listShardsMax, listShardsMax);
  const shards = filterShards(stream, { filter, ages: engine.ages });
  const page = shards.slice(0, limit);
  const Shards = page.map(shardOf);
  if (shards.length <= limit) return { Shards };
  const after = formatShardId(page.at(-1)!.index);
  return { Shards, NextToken: nextToken(engine, { stream, filter: { ...filter, after } }) };
};

function pageOf(engine: EngineParts, call: Call<'ListShards'>): Page {
  const { NextToken: token } = call.input;
  if (token !== undefined) return pageOfToken(engine, { input: call.input, token });
  if (call.input.StreamName === undefined && call.input.StreamARN === undefined) {
    throw noTokenOrName();
  }
  const filter = checkFilter(call.input.ShardFilter);
  const stream = findStream(engine, call);
  checkIncarnation(stream, call.input.StreamCreationTimestamp);
  const exclusive = call.input.ExclusiveStartShardId ?? '';
  const after = [exclusive, filter.after].sort()[1]!;
  return { stream, filter: { ...filter, after } };
}

/** Another creation second means another stream of that name. @source guessed */
function checkIncarnation(stream: StreamEntry, asked: Date | undefined): void {
  if (!asked) return;
  const seconds = Math.floor(asked.getTime() / 1000);
  if (seconds * 1000 !== createdAt(stream).getTime()) throw streamNotFound(stream);
}

function pageOfToken(
  engine: EngineParts,
  { input, token }: { input: ListShardsInput; token: string },
): Page {
  if (input.StreamName !== undefined) throw tokenAndOther('StreamName');
  if (input.StreamARN !== undefined) throw tokenAndOther('StreamARN');
  if (input.ExclusiveStartShardId !== undefined) throw tokenAndOther('ExclusiveStartShardId');
  if (input.StreamCreationTimestamp !== undefined) throw tokenAndOther('StreamCreationTimestamp');
  const { streamId, account, name, after, filter, filterMs } = engine.tokens.readShards(token);
  const stream = engine.catalog.byId(streamId);
  if (!stream) throw streamNotFound({ account, name });
  const type = filter as CheckedFilter['type'];
  return { stream, filter: { type, timeMs: filterMs, after } };
}

function nextToken({ tokens }: EngineParts, { stream, filter }: Page): string {
  return tokens.shards({
    streamId: stream.id,
    account: stream.account,
    name: stream.name,
    after: filter.after,
    filter: filter.type,
    filterMs: filter.timeMs,
  });
}
