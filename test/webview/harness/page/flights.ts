/** Rows of a made-up stream of flights: every position has its row, always the same one. */
import { hashKeyOf } from '../../../../src/kinesis/hashKey.ts';
import { formatSequenceNumber } from '../../../../src/kinesis/sequenceNumber.ts';
import { parseShardId } from '../../../../src/kinesis/shardId.ts';
import {
  type FullRecord,
  previewCharactersMax,
  type RecordRow,
  type TailRow,
  type TailShard,
} from '../../../../src/protocol/tail.ts';

const origins = ['ATL', 'ORD', 'DFW', 'LAX', 'PHX', 'DEN', 'SFO', 'JFK'];
const destinations = ['JFK', 'LGA', 'BOS', 'EWR', 'SEA'];
const events = [
  { tone: 'info', text: 'Shard 1 was split: its last record is above, 5 and 6 go on from here.' },
  { tone: 'warning', text: 'Shard 5 refused 38 records in 0.4 s: 1,000 records/s reached.' },
  { tone: 'error', text: 'A gap: 12 records of shard 2 expired before they could be read.' },
] as const;

/** What the rows of a test depend on. */
export interface Flights {
  readonly shards: readonly TailShard[];
  /** Arrival of the row at position 0. */
  readonly beginMs: number;
  readonly stepMs: number;
  /** So many of the first rows come in three seconds, from a third of their time on. */
  readonly burstRows?: number;
  /** Values of single rows, instead of a flight. */
  readonly values: ReadonlyMap<number, string>;
}

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;

/** Events are rare and fall on positions that look like none. */
export const isEvent = (position: number): boolean => position % 97 === 41;

function valueAt(position: number): string {
  return JSON.stringify({
    origin: pick(origins, position * 7 + (position >> 3)),
    destination: pick(destinations, position * 3),
    date: '2001-02-11T14:05',
    delay: (position * 29) % 180,
    distance: 300 + ((position * 11) % 2400),
    carrier: 'UA',
  });
}

const shardsOfKeys = new Map<readonly TailShard[], Map<string, TailShard>>();

function shardOf(key: string, shards: readonly TailShard[]): TailShard {
  const known = shardsOfKeys.get(shards) ?? new Map<string, TailShard>();
  shardsOfKeys.set(shards, known);
  const shard = known.get(key) ?? shardCovering(key, shards);
  known.set(key, shard);
  return shard;
}

function shardCovering(key: string, shards: readonly TailShard[]): TailShard {
  const place = hashKeyOf(key);
  const covers = ({ isOpen, startingHashKey, endingHashKey }: TailShard): boolean =>
    isOpen && BigInt(startingHashKey) <= place && place <= BigInt(endingHashKey);
  return shards.find(covers) ?? (shards[0] as TailShard);
}

/** When the row at `position` arrived. */
export function arrivalAt(position: number, { beginMs, stepMs, burstRows = 0 }: Flights): number {
  const burstMs = 3000;
  const third = Math.floor(burstRows / 3);
  if (position < third || burstRows === 0) return beginMs + position * stepMs;
  if (position >= burstRows)
    return beginMs + third * stepMs + burstMs + (position - burstRows) * stepMs;
  const part = (position - third) / (burstRows - third);
  return Math.floor(beginMs + third * stepMs + part * burstMs);
}

const keyAt = (position: number): string => pick(origins, position * 7 + (position >> 3));

/** The shard of the row at `position`. */
export const shardIdAt = (position: number, { shards }: Flights): string =>
  shardOf(keyAt(position), shards).id;

/** The data of the record at `position`. */
export const dataAt = (position: number, { values }: Flights): string =>
  values.get(position) ?? valueAt(position);

function recordAt(position: number, flights: Flights): RecordRow {
  const value = dataAt(position, flights);
  const partitionKey = keyAt(position);
  const { id } = shardOf(partitionKey, flights.shards);
  return {
    kind: 'record',
    position,
    id: position,
    shardId: id,
    partitionKey,
    sequenceNumber: formatSequenceNumber({
      shardCreatedSeconds: 1_790_000_000,
      shardIndex: parseShardId(id) ?? 0,
      index: BigInt(position) + 1n,
      seconds: Math.floor(flights.beginMs / 1000),
    }),
    arrivedMs: arrivalAt(position, flights),
    size: value.length,
    preview: value.slice(0, previewCharactersMax),
    isCut: value.length > previewCharactersMax,
    format: value.startsWith('{') ? 'json' : 'text',
    matches: [],
    keyMatches: [],
  };
}

/** The row at `position` when nothing is filtered. */
export function rowAt(position: number, flights: Flights): TailRow {
  if (!isEvent(position)) return recordAt(position, flights);
  const atMs = arrivalAt(position, flights);
  return {
    kind: 'event',
    position,
    id: position,
    atMs,
    ...pick(events, Math.floor(position / 97)),
  };
}

/** All of a record; undefined for an event. */
export function fullRecord(position: number, flights: Flights): FullRecord | undefined {
  const row = rowAt(position, flights);
  if (row.kind === 'event') return undefined;
  const shard = flights.shards.find(({ id }) => id === row.shardId) as TailShard;
  const isJson = row.format === 'json';
  const data = dataAt(position, flights);
  return {
    row,
    startingHashKey: shard.startingHashKey,
    endingHashKey: shard.endingHashKey,
    hashKey: hashKeyOf(row.partitionKey).toString(),
    decoded: isJson ? JSON.stringify(JSON.parse(data), undefined, 2) : data,
    decodedIsCut: false,
    decodedMatches: [],
    steps: [
      { decoder: 'gzip', outcome: 'notThis', why: 'begins with 7b 22, not 1f 8b' },
      { decoder: isJson ? 'json' : 'text', outcome: 'read', why: 'all of it was read' },
    ],
    raw: new TextEncoder().encode(data),
  };
}
