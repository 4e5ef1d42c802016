/** Reads a whole stream over HTTP and compares it with what its clients were told; complains in sentences. */
import { call } from './call.ts';
import { readRecord } from './content.ts';
import type { Acknowledged } from './messages.ts';

export const STREAM = 'orders';
const RETENTION_MS = 24 * 3_600_000;

interface Shard {
  readonly ShardId: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
}

export interface OpenShard {
  readonly id: string;
  readonly start: bigint;
  readonly end: bigint;
}

interface Found {
  readonly shard: string;
  readonly number: string;
  /** Undefined for a record that is not as it was written. */
  readonly content: ReturnType<typeof readRecord>;
}

export async function shardsOf(endpoint: string): Promise<Shard[]> {
  const input = { StreamName: STREAM };
  return (await call<{ Shards: Shard[] }>('ListShards', input, { endpoint })).Shards;
}

/** By hash key. */
export async function openShardsOf(endpoint: string): Promise<OpenShard[]> {
  return (await shardsOf(endpoint))
    .filter(({ SequenceNumberRange: range }) => range.EndingSequenceNumber === undefined)
    .map(({ ShardId: id, HashKeyRange: range }) => {
      return { id, start: BigInt(range.StartingHashKey), end: BigInt(range.EndingHashKey) };
    })
    .sort((a, b) => (a.start < b.start ? -1 : 1));
}

export async function statusOf(endpoint: string): Promise<string> {
  const input = { StreamName: STREAM };
  const answer = await call<{ StreamDescriptionSummary: { StreamStatus: string } }>(
    'DescribeStreamSummary',
    input,
    { endpoint },
  );
  return answer.StreamDescriptionSummary.StreamStatus;
}

/** Every record that can be read, shard after shard by rising id: children after their parents. */
async function contentOf(endpoint: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const { ShardId } of await shardsOf(endpoint)) {
    for (const record of await recordsOf(endpoint, ShardId)) {
      found.push({ shard: ShardId, number: record.SequenceNumber, content: readRecord(record) });
    }
  }
  return found;
}

interface Page {
  readonly Records: { SequenceNumber: string; PartitionKey: string; Data: string }[];
  readonly NextShardIterator?: string;
  readonly MillisBehindLatest: number;
}

async function recordsOf(endpoint: string, ShardId: string): Promise<Page['Records']> {
  const wanted = { StreamName: STREAM, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  const first = await call<{ ShardIterator: string }>('GetShardIterator', wanted, { endpoint });
  const records: Page['Records'] = [];
  for (let next: string | undefined = first.ShardIterator; next !== undefined; ) {
    const page: Page = await call<Page>('GetRecords', { ShardIterator: next }, { endpoint });
    records.push(...page.Records);
    if (page.Records.length === 0 && page.MillisBehindLatest === 0) break;
    next = page.NextShardIterator;
  }
  return records;
}

/** Whether a record's second lies before what a stream keeps; jumps of the clock leave an hour between. */
export function isExpired(number: string, nowMs: number): boolean {
  const seconds = Number(BigInt.asUintN(36, BigInt(number) >> 36n));
  return seconds * 1000 < nowMs - RETENTION_MS;
}

/** What is wrong with the stream at `endpoint`, given every acknowledgement so far. */
export async function complaintsAbout(
  endpoint: string,
  told: { acknowledged: ReadonlyMap<string, Acknowledged>; nowMs: number },
): Promise<{ complaints: string[]; recordCount: number }> {
  const found = await contentOf(endpoint);
  const complaints = [
    ...lost(found, told.acknowledged),
    ...changed(found, told),
    ...outOfOrder(found),
    ...(await uncovered(endpoint)),
  ];
  return { complaints, recordCount: found.length };
}

function lost(found: readonly Found[], acknowledged: ReadonlyMap<string, Acknowledged>): string[] {
  const there = new Map(found.map((record) => [record.content?.id, record]));
  return [...acknowledged.values()]
    .filter(({ id, shard, number }) => {
      const record = there.get(id);
      return record?.number !== number || record.shard !== shard;
    })
    .map(({ id, shard, number }) => `${id} was acknowledged in ${shard} as ${number} and is lost`);
}

/** Broken, double or expired records. */
function changed(found: readonly Found[], { nowMs }: { nowMs: number }): string[] {
  const seen = new Set<string>();
  return found.flatMap(({ number, content }) => {
    if (!content) return [`${number} is not as it was written`];
    if (isExpired(number, nowMs)) return [`${content.id} has expired and is shown`];
    const isDouble = seen.has(content.id);
    seen.add(content.id);
    return isDouble ? [`${content.id} is there twice`] : [];
  });
}

function outOfOrder(found: readonly Found[]): string[] {
  const lastNumber = new Map<string, bigint>();
  const lastTurn = new Map<string, number>();
  return found.flatMap(({ shard, number, content }) => {
    const { key = '', turn = 0, id = '' } = content ?? {};
    const fell = BigInt(number) <= (lastNumber.get(shard) ?? 0n);
    const isLate = turn < (lastTurn.get(key) ?? -1);
    lastNumber.set(shard, BigInt(number));
    lastTurn.set(key, turn);
    if (fell) return [`${number} does not follow the number before it`];
    return isLate ? [`${id} comes after a later record of its key`] : [];
  });
}

async function uncovered(endpoint: string): Promise<string[]> {
  const shards = await openShardsOf(endpoint);
  const width = shards.reduce((sum, { start, end }) => sum + end - start + 1n, 0n);
  return width === 2n ** 128n ? [] : ['the open shards do not cover all hash keys'];
}
