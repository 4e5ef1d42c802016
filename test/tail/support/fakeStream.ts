// A small model of one Kinesis stream: shards with lineage, pages, iterators that expire, and faults.
import { delay } from '../../../src/base/clock.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { invalidArgument, KinesisError } from '../../../src/kinesis/errors.ts';
import { apiFrom, type KinesisApi } from '../../../src/kinesis/kinesisApi.ts';
import type {
  GetRecordsInput,
  GetRecordsOutput,
} from '../../../src/kinesis/operations/getRecords.ts';
import type { GetShardIteratorInput } from '../../../src/kinesis/operations/getShardIterator.ts';
import type { SubscribeToShardInput } from '../../../src/kinesis/operations/subscribeToShard.ts';
import type { OperationName } from '../../../src/kinesis/operations.ts';
import type { KinesisRecord, Shard } from '../../../src/kinesis/shapes.ts';
import { formatShardId } from '../../../src/kinesis/shardId.ts';
import type { SeededRandom } from '../../support/seededRandom.ts';
import type { TestClock } from '../../support/testClock.ts';
import { FakeSubscription } from './fakeSubscription.ts';

export interface FakeShard {
  readonly id: string;
  readonly parents: string[];
  readonly records: KinesisRecord[];
  readonly children: FakeShard[];
  closed: boolean;
}

export interface FakeOptions {
  readonly clock: TestClock;
  readonly shards: number;
  /** Records in one page, whatever the caller asks for. */
  readonly pageMax?: number;
  readonly iteratorLifeMs?: number;
  readonly subscriptionLifeMs?: number;
  /** Added to the arrival times of records, which then fall at times within a shard. */
  readonly arrivalJitterMs?: () => number;
  /** Milliseconds until a call is answered. */
  readonly latencyMs?: () => number;
  /** The error of this call, if it is to fail. */
  readonly fault?: (operation: OperationName, input: unknown) => KinesisError | undefined;
  /** Pages without records, each less far behind, that a new iterator goes through first: as on AWS. */
  readonly walkPages?: number;
  /** Whether the page with a closed shard's last records still has a next iterator. */
  readonly extraHop?: () => boolean;
}

export const networkLost = (): KinesisError =>
  new KinesisError('NetworkError', 'The engine does not answer (ECONNREFUSED).', 503);

/** A fault of those that pass. */
export function passingFault(operation: OperationName, random: SeededRandom): KinesisError {
  if (operation === 'GetRecords' && random.chance(0.3)) {
    return new KinesisError('ExpiredIteratorException', 'Iterator expired.');
  }
  return random.pick([
    networkLost(),
    new KinesisError('ProvisionedThroughputExceededException', 'Rate exceeded.'),
    new KinesisError('InternalFailure', 'Internal failure.'),
  ]);
}

const utf8 = new TextEncoder();

export class FakeStream {
  /** Ids of shards that ListShards leaves out. */
  readonly unlisted = new Set<string>();
  readonly shards: FakeShard[] = [];
  readonly calls = new Map<OperationName, number>();
  inFlight = 0;
  inFlightMax = 0;
  isDeleted = false;
  /** Subscriptions that are open. */
  readonly subscriptions = new Set<FakeSubscription>();
  /** Subscriptions look again. */
  readonly changed = new Emitter<void>();
  private readonly options: FakeOptions;
  private nextSequence = 1000n;

  constructor(options: FakeOptions) {
    this.options = options;
    for (let index = 0; index < options.shards; index++) this.add([]);
  }

  readonly api: KinesisApi = apiFrom(async (operation, input, context) => {
    this.calls.set(operation, (this.calls.get(operation) ?? 0) + 1);
    this.inFlightMax = Math.max(this.inFlightMax, ++this.inFlight);
    try {
      const latencyMs = this.options.latencyMs?.() ?? 0;
      if (latencyMs > 0) await delay(this.options.clock, latencyMs, context?.signal);
      context?.signal?.throwIfAborted();
      const fault = this.options.fault?.(operation, input);
      if (fault) throw fault;
      return this.answer(operation, input) as never;
    } finally {
      this.inFlight--;
    }
  });

  get open(): FakeShard[] {
    return this.shards.filter((shard) => !shard.closed);
  }

  get recordCount(): number {
    return this.shards.reduce((count, shard) => count + shard.records.length, 0);
  }

  put(shard: FakeShard, data: string | Uint8Array, partitionKey = `key-${shard.id}`): void {
    this.changed.fire();
    shard.records.push({
      SequenceNumber: String(this.nextSequence++),
      ApproximateArrivalTimestamp: new Date(
        this.options.clock.now() + (this.options.arrivalJitterMs?.() ?? 0),
      ),
      Data: typeof data === 'string' ? utf8.encode(data) : data,
      PartitionKey: partitionKey,
    });
  }

  split(parent: FakeShard): void {
    parent.closed = true;
    this.changed.fire();
    parent.children.push(this.add([parent.id]), this.add([parent.id]));
  }

  merge(first: FakeShard, second: FakeShard): void {
    first.closed = true;
    second.closed = true;
    this.changed.fire();
    const child = this.add([first.id, second.id]);
    first.children.push(child);
    second.children.push(child);
  }

  private add(parents: string[]): FakeShard {
    const id = formatShardId(this.shards.length);
    const shard: FakeShard = { id, parents, records: [], children: [], closed: false };
    this.shards.push(shard);
    return shard;
  }

  private answer(operation: OperationName, input: unknown): unknown {
    this.checkThere();
    if (operation === 'ListShards') return this.listShards(input as { NextToken?: string });
    if (operation === 'GetShardIterator') return this.iterator(input as GetShardIteratorInput);
    if (operation === 'GetRecords') return this.records(input as GetRecordsInput);
    if (operation === 'SubscribeToShard') return this.subscribe(input as SubscribeToShardInput);
    if (operation === 'DescribeStreamSummary') return described;
    throw new Error(`The model has no ${operation}.`);
  }

  /** Throws ResourceNotFound once it was deleted. */
  checkThere(): void {
    if (!this.isDeleted) return;
    throw new KinesisError('ResourceNotFoundException', 'Stream s under account 1 not found.');
  }

  private listShards({ NextToken }: { NextToken?: string }): unknown {
    const from = Number(NextToken ?? 0);
    const listed = this.shards.filter(({ id }) => !this.unlisted.has(id));
    const Shards = listed.slice(from, from + 3).map((shard) => this.listed(shard));
    return from + 3 < listed.length ? { Shards, NextToken: String(from + 3) } : { Shards };
  }

  private listed(shard: FakeShard): Shard {
    const [ParentShardId, AdjacentParentShardId] = shard.parents;
    return {
      ShardId: shard.id,
      ParentShardId,
      AdjacentParentShardId,
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: '1' },
      SequenceNumberRange: {
        StartingSequenceNumber: '1',
        EndingSequenceNumber: shard.closed ? '2' : undefined,
      },
    };
  }

  private iterator(input: GetShardIteratorInput): { ShardIterator: string } {
    const shard = this.shards.find(({ id }) => id === input.ShardId)!;
    const { walkPages = 0 } = this.options;
    return { ShardIterator: this.token(shard, placeOf(shard, input), walkPages) };
  }

  private subscribe({ ShardId, StartingPosition }: SubscribeToShardInput) {
    const shard = this.shards.find(({ id }) => id === ShardId)!;
    const { Type: ShardIteratorType, SequenceNumber, Timestamp } = StartingPosition;
    const asked = { ShardId, ShardIteratorType, Timestamp, StartingSequenceNumber: SequenceNumber };
    const place = placeOf(shard, asked);
    const EventStream = new FakeSubscription(this, { shard, place, options: this.options });
    this.subscriptions.add(EventStream);
    return { EventStream };
  }

  /** Those from `place` on, and whether there are more. */
  page(shard: FakeShard, place: number, countMax: number) {
    const end = Math.min(shard.records.length, place + countMax);
    const Records = shard.records.slice(place, end);
    const isAtEnd = end === shard.records.length;
    const newest = shard.records[end]?.ApproximateArrivalTimestamp;
    const nowMs = this.options.clock.now();
    const MillisBehindLatest = isAtEnd ? 0 : Math.max(1, nowMs - newest!.getTime());
    return { Records, MillisBehindLatest, end, isAtEnd };
  }

  private token(shard: FakeShard, place: number, walkPages = 0): string {
    return `${this.shards.indexOf(shard)}:${place}:${this.options.clock.now()}:${walkPages}`;
  }

  private records({ ShardIterator, Limit = 10_000 }: GetRecordsInput): GetRecordsOutput {
    const { clock, iteratorLifeMs = 300_000, pageMax = 10_000 } = this.options;
    const [index, place, madeMs, walkPages] = ShardIterator.split(':').map(Number) as Token;
    const shard = this.shards[index];
    if (!shard) throw invalidArgument('Invalid ShardIterator.');
    if (clock.now() - madeMs > iteratorLifeMs) {
      throw new KinesisError('ExpiredIteratorException', 'Iterator expired.');
    }
    if (walkPages > 0) {
      const NextShardIterator = this.token(shard, place, walkPages - 1);
      return { Records: [], MillisBehindLatest: walkPages * 3_600_000, NextShardIterator };
    }
    const found = this.page(shard, place, Math.min(pageMax, Limit));
    const { Records, MillisBehindLatest, end, isAtEnd } = found;
    const hop = Records.length > 0 && (this.options.extraHop?.() ?? false);
    if (!shard.closed || !isAtEnd || hop) {
      return { Records, MillisBehindLatest, NextShardIterator: this.token(shard, end) };
    }
    return { Records, MillisBehindLatest, ChildShards: shard.children.map(childOf) };
  }
}

/** Shard, place in it, when it was made, pages without records before the place. */
type Token = [number, number, number, number];

const described = {
  StreamDescriptionSummary: { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/flights' },
};

export const childOf = (child: FakeShard) => ({
  ShardId: child.id,
  ParentShards: child.parents,
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: '1' },
});

function placeOf(shard: FakeShard, input: GetShardIteratorInput): number {
  const { records } = shard;
  switch (input.ShardIteratorType) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return records.length;
    case 'AT_TIMESTAMP':
      return after(records, (one) => one.ApproximateArrivalTimestamp! >= input.Timestamp!);
    default:
      return placeBehind(records, input.StartingSequenceNumber!);
  }
}

const placeBehind = (records: readonly KinesisRecord[], number: string): number =>
  after(records, (one) => BigInt(one.SequenceNumber) > BigInt(number));

/** Where the first of them stands, behind all when there is none. */
function after(records: readonly KinesisRecord[], is: (record: KinesisRecord) => boolean): number {
  const found = records.findIndex(is);
  return found < 0 ? records.length : found;
}
