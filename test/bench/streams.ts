// Streams for the bench: created, filled, drained and deleted by light calls.
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from './client.ts';
import type { Answer } from './connection.ts';
import { putRecordRequests, putRecordsRequests, requestOf } from './requests.ts';

interface Described {
  readonly StreamDescription?: { readonly StreamStatus: string };
}

export interface StreamShape {
  readonly name: string;
  readonly shards: number;
}

/** Creates a stream and waits until it is active. */
export async function createStream(client: Client, { name, shards }: StreamShape): Promise<void> {
  await client.call('CreateStream', { StreamName: name, ShardCount: shards });
  for (;;) {
    const input = { StreamName: name };
    const { StreamDescription } = await client.call<Described>('DescribeStream', input);
    // a limit server describes nothing
    if (!StreamDescription || StreamDescription.StreamStatus === 'ACTIVE') return;
    await pause(5);
  }
}

/** An empty stream of this name, whatever was there. */
export async function recreateStream(client: Client, shape: StreamShape): Promise<void> {
  await client.call('DeleteStream', { StreamName: shape.name });
  const describe = requestOf('DescribeStream', { StreamName: shape.name });
  while ((await client.tryTo(describe)).status === 200) await pause(5);
  await createStream(client, shape);
}

const allStored = /"FailedRecordCount": ?0\b/;

/** Throws unless every record of a put was stored. */
export function checkPut({ body }: Answer): void {
  const text = body.toString('latin1');
  const isStored = text.includes('"Records"') ? allStored.test(text) : /"Seq/.test(text);
  if (!isStored) throw new Error(`a put was not stored: ${text.slice(0, 300)}`);
}

export interface Fill {
  readonly stream: string;
  readonly records: number;
  readonly bytes: number;
}

const batchRecords = 500;

/** Puts records of random data under random keys; `records` is a multiple of 500. */
export async function fill(client: Client, { stream, records, bytes }: Fill): Promise<void> {
  const requests = putRecordsRequests(stream, { records: batchRecords, bytes, count: 32 });
  await client.drive(records / batchRecords, { requests, check: checkPut });
}

/** The same with a call for each record. */
export async function fillSingly(client: Client, { stream, records, bytes }: Fill): Promise<void> {
  const requests = putRecordRequests(stream, { bytes, count: 512 });
  await client.drive(records, { requests, check: checkPut });
}

const iteratorName = Buffer.from('"NextShardIterator":');
const numberName = Buffer.from('"SequenceNumber":');

/** The records of a GetRecords answer, counted and not parsed. */
export function countRecords(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(numberName); at >= 0; at = body.indexOf(numberName, at + 1)) count++;
  return count;
}

/** The next iterator of a GetRecords answer; undefined at the end of a closed shard. */
export function nextIterator(body: Buffer): string | undefined {
  const at = body.indexOf(iteratorName);
  const text = at < 0 ? '' : body.toString('latin1', at, at + 2000);
  return /^"NextShardIterator": ?"([^"]*)"/.exec(text)?.[1];
}

/** True when nothing lay behind the page when it was answered. */
export function isAtTip(body: Buffer): boolean {
  const at = body.indexOf('"MillisBehindLatest":');
  return at >= 0 && /^"MillisBehindLatest": ?0\b/.test(body.toString('latin1', at, at + 30));
}

export interface Drain {
  readonly stream: string;
  readonly shard: string;
  /** How many records to read; default: up to the tip, where a server tells of it. */
  readonly records?: number;
}

export interface Drained {
  readonly count: number;
  /** Of each GetRecords call. */
  readonly latenciesMs: readonly number[];
}

/** Pages that bring nothing before a shard counts as drained. */
const emptyPagesMax = 100;

/** Reads a shard from the trim horizon in pages of 10,000. Throws when `records` are not there. */
export async function drain(client: Client, { stream, shard, records }: Drain): Promise<Drained> {
  const input = { StreamName: stream, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' };
  const first = await client.call<{ ShardIterator: string }>('GetShardIterator', input);
  let iterator: string | undefined = first.ShardIterator;
  const latenciesMs: number[] = [];
  let count = 0;
  for (let empty = 0; empty < emptyPagesMax && iterator !== undefined; ) {
    const request = requestOf('GetRecords', { ShardIterator: iterator, Limit: 10_000 });
    const began = performance.now();
    const { body } = await client.send(request);
    latenciesMs.push(performance.now() - began);
    const found = countRecords(body);
    count += found;
    empty = found === 0 ? empty + 1 : 0;
    if (records === undefined ? isAtTip(body) : count >= records) break;
    iterator = nextIterator(body);
  }
  if (records !== undefined && count !== records) {
    throw new Error(`${shard} of ${stream} gave ${count} records, not ${records}`);
  }
  return { count, latenciesMs };
}

/** The ids of a stream's shards, in order. */
export async function shardsOf(client: Client, stream: string): Promise<string[]> {
  const { Shards } = await client.call<{ Shards: { ShardId: string }[] }>('ListShards', {
    StreamName: stream,
  });
  return Shards.map(({ ShardId }) => ShardId);
}
