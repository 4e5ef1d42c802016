/**
 * What the conformance suite runs against. Every case runs on each target: the engine in this process,
 * the engine over HTTP through the AWS SDK, in JSON and in CBOR, and real Kinesis when `KINESIS_TARGET=aws` asks for it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { isKinesisError, KinesisError } from '../../src/kinesis/errors.ts';
import type { KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import type { CreateStreamInput } from '../../src/kinesis/operations/createStream.ts';
import type { KinesisRecord, Shard } from '../../src/kinesis/shapes.ts';
import { openAws } from './aws.ts';
import { openInProcess } from './inProcess.ts';
import { openInCbor, openOverHttp } from './overHttp.ts';

/** One running Kinesis. */
export interface Backend {
  readonly api: KinesisApi;
  /** Twelve digits, as error sentences name it. */
  readonly account: string;
  readonly region: string;
  /** Where it answers, for requests below any SDK; absent in process. */
  readonly endpoint?: string;
  /** Lets some time pass, for a state to change. */
  pass(): Promise<void>;
  close(): Promise<void>;
}

export interface TargetKind {
  readonly name: string;
  /** `folder`: empty, removed afterwards. */
  readonly open: (folder: string) => Promise<Backend>;
  /** For one case; states change slowly on AWS. */
  readonly timeoutMs?: number;
}

/** Each file of the suite runs on every one of these. */
const targets: TargetKind[] =
  process.env.KINESIS_TARGET === 'aws'
    ? [{ name: 'AWS', open: openAws, timeoutMs: 900_000 }]
    : [
        { name: 'the engine in process', open: openInProcess },
        { name: 'the engine over HTTP', open: openOverHttp },
        { name: 'the engine over HTTP in CBOR', open: openInCbor },
      ];

/** What a case may use. */
export class Target {
  readonly backend: Backend;
  private readonly created = new Set<string>();
  private readonly prefix: string;

  constructor(backend: Backend, prefix: string) {
    this.backend = backend;
    this.prefix = prefix;
  }

  get api(): KinesisApi {
    return this.backend.api;
  }

  get account(): string {
    return this.backend.account;
  }

  /** A name no stream has; deleted after the file's cases when a case creates it. */
  freshName(): string {
    const name = `${this.prefix}-${this.created.size}`;
    this.created.add(name);
    return name;
  }

  arnOf(name: string): string {
    return `arn:aws:kinesis:${this.backend.region}:${this.account}:stream/${name}`;
  }

  /** Creates a stream (of one shard when nothing else is said) and waits until it is ACTIVE. */
  async stream(input: Partial<CreateStreamInput> = {}): Promise<string> {
    const StreamName = this.freshName();
    const mode = input.StreamModeDetails ? {} : { ShardCount: 1 };
    await this.api.createStream({ ...mode, ...input, StreamName });
    await this.active(StreamName);
    return StreamName;
  }

  async active(StreamName: string): Promise<void> {
    await this.until(async () => (await this.statusOf(StreamName)) === 'ACTIVE');
  }

  async gone(StreamName: string): Promise<void> {
    await this.until(async () => (await this.statusOf(StreamName)) === undefined);
  }

  /** Undefined when there is no such stream. */
  async statusOf(StreamName: string): Promise<string | undefined> {
    try {
      const { StreamDescriptionSummary: summary } = await this.api.describeStreamSummary({
        StreamName,
      });
      return summary.StreamStatus;
    } catch (error) {
      if (isKinesisError(error, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
  }

  /** As long as the case may take. */
  async until(isDone: () => Promise<boolean>): Promise<void> {
    while (!(await isDone())) await this.backend.pass();
  }

  async shards(StreamName: string): Promise<Shard[]> {
    return (await this.api.listShards({ StreamName })).Shards ?? [];
  }

  async open(StreamName: string): Promise<Shard[]> {
    const shards = await this.shards(StreamName);
    return shards.filter((shard) => shard.SequenceNumberRange.EndingSequenceNumber === undefined);
  }

  /** A consumer of the stream, ACTIVE; its ARN. */
  async consumer(StreamName: string, ConsumerName = 'c'): Promise<string> {
    const named = { StreamARN: this.arnOf(StreamName), ConsumerName };
    const { Consumer } = await this.api.registerStreamConsumer(named);
    await this.until(async () => (await this.consumerStatus(Consumer.ConsumerARN)) === 'ACTIVE');
    return Consumer.ConsumerARN;
  }

  /** Undefined when there is no such consumer. */
  async consumerStatus(ConsumerARN: string): Promise<string | undefined> {
    try {
      const { ConsumerDescription } = await this.api.describeStreamConsumer({ ConsumerARN });
      return ConsumerDescription.ConsumerStatus;
    } catch (error) {
      if (isKinesisError(error, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
  }

  put(StreamName: string, text: string, more: { ExplicitHashKey?: string } = {}) {
    const Data = new TextEncoder().encode(text);
    return this.api.putRecord({ StreamName, PartitionKey: text, Data, ...more });
  }

  async iterator(StreamName: string, ShardId: string): Promise<string> {
    const input = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    return (await this.api.getShardIterator(input)).ShardIterator!;
  }

  /** Follows an iterator until `count` records came or the shard ended. */
  async read(iterator: string, count: number): Promise<KinesisRecord[]> {
    const records: KinesisRecord[] = [];
    let next: string | undefined = iterator;
    await this.until(async () => {
      if (next === undefined || records.length >= count) return true;
      const page = await this.api.getRecords({ ShardIterator: next });
      records.push(...page.Records);
      next = page.NextShardIterator;
      return records.length >= count || next === undefined;
    });
    return records;
  }

  async close(): Promise<void> {
    for (const StreamName of this.created) {
      const input = { StreamName, EnforceConsumerDeletion: true };
      await this.api.deleteStream(input).catch(() => undefined);
    }
    await this.backend.close();
  }
}

/** A target over HTTP, for calls below any SDK; `close` also removes its folder. */
export async function openTarget(
  prefix: string,
): Promise<{ target: Target; close: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'shardscope-raw-'));
  const target = new Target(await openOverHttp(folder), prefix);
  const close = async () => {
    await target.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { target, close };
}

/** Runs `cases` on every target; `target()` is for use inside them. */
export function onEveryTarget(title: string, cases: (target: () => Target) => void): void {
  describe.each(targets)(`${title} on $name`, ({ open, timeoutMs = 120_000 }) => {
    vi.setConfig({ testTimeout: timeoutMs, hookTimeout: timeoutMs });
    let target: Target;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'shardscope-api-'));
      target = new Target(await open(folder), `api-${title.toLowerCase()}`);
    });
    afterAll(async () => {
      await target.close();
      await rm(folder, { recursive: true, force: true });
    });
    cases(() => target);
  });
}

/** Asserts AWS's exception and sentence. */
export async function expectError(
  call: Promise<unknown>,
  expected: { name: string; message?: string | RegExp },
): Promise<void> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KinesisError);
  const { name, message } = error as KinesisError;
  expect({ name, message }).toEqual({
    name: expected.name,
    message:
      expected.message instanceof RegExp
        ? expect.stringMatching(expected.message)
        : (expected.message ?? message),
  });
}

/** One broken constraint, as AWS words it. */
export const constraint = (value: string | null, path: string, rule: string): string =>
  `1 validation error detected: Value ${value === null ? 'null' : `'${value}'`} ` +
  `at '${path}' failed to satisfy constraint: ${rule}`;
