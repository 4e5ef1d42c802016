/** GetRecords: a page from an iterator; at a shard's end its children in place of a next iterator. */
import { dryRunPassed } from '../../kinesis/errors.ts';
import { getRecordsBytesMax, getRecordsCountMax } from '../../kinesis/limits.ts';
import type { GetRecordsOutput } from '../../kinesis/operations/getRecords.ts';
import { packedOutput } from '../../kinesis/packedOutput.ts';
import type { EngineParts, Handler } from '../engineParts.ts';
import type { ReadAnswer } from '../limits/shardMeter.ts';
import { located, readShardPage, type ShardPage } from '../shardPage.ts';
import type { IteratorContent } from '../tokens.ts';

export const getRecords: Handler<'GetRecords'> = async (engine, { input, scope }) => {
  const iterator = engine.tokens.readIterator(input.ShardIterator);
  const { stream } = located(engine, iterator);
  if (input.DryRun === true) throw dryRunPassed();
  const metered = engine.throughput.read({ stream, shard: iterator.shard }, scope);
  const countMax = input.Limit ?? getRecordsCountMax;
  const bytesMax = getRecordsBytesMax;
  const page = await readShardPage(engine, { ...iterator, countMax, bytesMax });
  metered?.answered(pageSize(page, engine.ports.clock.now()));
  const { records } = page;
  const rest = restOf(engine, { iterator, page });
  return packedOutput(records, rest);
};

/**
 * What the page counts for. One that is cut because the next record may not fit costs as much as 10 MiB.
 * @source guessed: that.
 */
function pageSize(read: ShardPage, nowMs: number): ReadAnswer {
  const { stream, request, page, records, millisBehind } = read;
  const bytes = records.dataBytes + records.keyBytes;
  const isCut =
    millisBehind !== 0 &&
    page.count < request.countMax &&
    bytes > getRecordsBytesMax - stream.recordBytesMax;
  const lastMs = page.lastTimeMs;
  return {
    records: page.count,
    bytes,
    chargedBytes: isCut ? getRecordsBytesMax : bytes,
    iteratorAgeMs: lastMs === undefined ? undefined : Math.max(0, nowMs - lastMs),
  };
}

/** All but the records. */
function restOf(
  engine: EngineParts,
  { iterator, page }: { iterator: IteratorContent; page: ShardPage },
): Omit<GetRecordsOutput, 'Records'> {
  const { millisBehind: MillisBehindLatest, children } = page;
  if (children.length > 0) return { MillisBehindLatest, ChildShards: [...children] };
  const fromKey = page.page.nextKey;
  return {
    NextShardIterator: engine.tokens.iterator({ ...iterator, fromKey }),
    MillisBehindLatest,
  };
}
