// Reads a stream with the SDK for JavaScript, by polling or by SubscribeToShard, following its reshardings.
import { setTimeout as pause } from 'node:timers/promises';
import {
  type _Record,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  RegisterStreamConsumerCommand,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import type { Got } from '../support/verdict.ts';
import { waitUntil } from '../support/waiting.ts';
import { type ChildShard, type ReadShard, walkShards } from './shardWalk.ts';

/** An open shard with nothing new is asked again after so long, as consumers of AWS do. */
const idleMs = 50;

/** Records as they are on the wire to what was put; one may hold several. */
export type Unpack = (record: _Record) => readonly { key: string; data: Buffer }[];

export const unpackPlain: Unpack = (record) => [
  { key: record.PartitionKey!, data: Buffer.from(record.Data!) },
];

export interface Reading {
  readonly client: KinesisClient;
  readonly stream: string;
  readonly how: 'polling' | 'subscribing';
  readonly unpack?: Unpack;
}

/** Resolves when everything was read. */
export async function readAll(reading: Reading): Promise<Got[]> {
  const { client, stream, how } = reading;
  const list = new ListShardsCommand({
    StreamName: stream,
    ShardFilter: { Type: 'AT_TRIM_HORIZON' },
  });
  const shards = (await client.send(list)).Shards ?? [];
  const roots = shards.filter((shard) => !shard.ParentShardId).map((shard) => shard.ShardId!);
  const read = how === 'polling' ? poll(reading) : subscribe(reading, await register(reading));
  return walkShards(roots, read);
}

function gotOf(shard: string, record: _Record, unpack: Unpack): Got[] {
  const place = { shard, sequenceNumber: record.SequenceNumber! };
  return unpack(record).map((one) => ({ ...place, ...one }));
}

function poll({ client, stream, unpack = unpackPlain }: Reading): ReadShard {
  return async (shard, { onRecord, signal }) => {
    const position = { ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' as const };
    const first = await client.send(
      new GetShardIteratorCommand({ StreamName: stream, ...position }),
    );
    let iterator = first.ShardIterator;
    let children: readonly ChildShard[] = [];
    while (iterator !== undefined && !signal.aborted) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 37 }));
      for (const record of page.Records ?? []) gotOf(shard, record, unpack).forEach(onRecord);
      children = page.ChildShards ?? [];
      iterator = page.NextShardIterator;
      if (page.Records?.length === 0) await pause(idleMs);
    }
    return signal.aborted ? [] : children;
  };
}

async function register({ client, stream }: Reading): Promise<string> {
  const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
  const StreamARN = summary.StreamDescriptionSummary!.StreamARN!;
  const consumer = { StreamARN, ConsumerName: 'interop' };
  const { Consumer } = await client.send(new RegisterStreamConsumerCommand(consumer));
  const isActive = async (): Promise<boolean> => {
    const answer = await client.send(new DescribeStreamConsumerCommand(consumer));
    return answer.ConsumerDescription?.ConsumerStatus === 'ACTIVE';
  };
  await waitUntil(isActive, { what: 'the consumer to become ACTIVE', withinMs: 30_000 });
  return Consumer!.ConsumerARN!;
}

function subscribe({ client, unpack = unpackPlain }: Reading, consumer: string): ReadShard {
  return async (shard, { onRecord, signal }) => {
    let position: StartingPosition = { Type: 'TRIM_HORIZON' };
    while (!signal.aborted) {
      const input = { ConsumerARN: consumer, ShardId: shard, StartingPosition: position };
      const options = { abortSignal: signal };
      try {
        const { EventStream } = await client.send(new SubscribeToShardCommand(input), options);
        for await (const { SubscribeToShardEvent: event } of EventStream ?? []) {
          if (!event || signal.aborted) continue;
          for (const record of event.Records ?? []) gotOf(shard, record, unpack).forEach(onRecord);
          if (isEnd(event)) return event.ChildShards ?? [];
          position = {
            Type: 'AFTER_SEQUENCE_NUMBER',
            SequenceNumber: event.ContinuationSequenceNumber,
          };
          if (signal.aborted) return [];
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
    return [];
  };
}

/** AWS says that a shard has ended by leaving the number out. */
const isEnd = (event: SubscribeToShardEvent): boolean =>
  event.ContinuationSequenceNumber === undefined || event.ContinuationSequenceNumber === '';
