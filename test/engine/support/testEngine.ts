/** An engine for tests: a test clock, seeded randomness, a disk in memory that survives `reopen`. */

import { setImmediate } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Clock } from '../../../src/base/clock.ts';
import type { Disposable } from '../../../src/base/disposable.ts';
import { nullLogger } from '../../../src/base/logger.ts';
import { nodeCipher } from '../../../src/cli/nodeCipher.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import type { EngineSettings } from '../../../src/engine/ports.ts';
import type { Shard } from '../../../src/kinesis/shapes.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { TestClock } from '../../support/testClock.ts';

const utf8 = new TextEncoder();
const text = new TextDecoder();

export const bytesOf = (value: string): Uint8Array => utf8.encode(value);
export const textOf = (value: Uint8Array): string => text.decode(value);

/** What a stream holds, shard by shard, from the trim horizon to the tip or the end. */
export interface ShardContent {
  readonly records: { key: string; data: string; number: string; timeMs: number }[];
  /** Shard ids that follow, when the shard ended. */
  readonly children: string[] | undefined;
}

/** The clock as one process has it: its timers end with it. */
class Process implements Clock {
  private readonly clock: TestClock;
  isKilled = false;

  constructor(clock: TestClock) {
    this.clock = clock;
  }

  now(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  schedule(delayMs: number, task: () => void): Disposable {
    return this.clock.schedule(delayMs, () => {
      if (!this.isKilled) task();
    });
  }
}

export class TestEngine {
  readonly clock: TestClock;
  readonly files: MemoryFiles;
  engine: Engine;
  process: Process;
  private readonly settings: Partial<EngineSettings>;

  private constructor(parts: {
    engine: Engine;
    clock: TestClock;
    process: Process;
    files: MemoryFiles;
    settings: Partial<EngineSettings>;
  }) {
    this.engine = parts.engine;
    this.clock = parts.clock;
    this.process = parts.process;
    this.files = parts.files;
    this.settings = parts.settings;
  }

  static async open(
    settings: Partial<EngineSettings> = {},
    disk: { files?: MemoryFiles; clock?: TestClock } = {},
  ): Promise<TestEngine> {
    const clock = disk.clock ?? new TestClock();
    const files = disk.files ?? new MemoryFiles();
    const process = new Process(clock);
    const engine = await Engine.open(ports({ process, files }), settings);
    return new TestEngine({ engine, clock, process, files, settings });
  }

  /** Ends the engine and opens its folder again. */
  async reopen(): Promise<void> {
    await this.engine.close();
    this.engine = await Engine.open(ports(this), this.settings);
  }

  /** Abandons the engine as a kill does, timers and all, and opens its folder again. */
  async reopenAfterKill(): Promise<void> {
    this.process.isKilled = true;
    this.process = new Process(this.clock);
    this.engine = await Engine.open(ports(this), this.settings);
  }

  /** Creates a stream and waits until it is ACTIVE. */
  async stream(name: string, ShardCount = 1): Promise<void> {
    await this.engine.createStream({ StreamName: name, ShardCount });
    await this.settle();
  }

  /** Lets every pending change of state happen. */
  async settle(): Promise<void> {
    const { stateDelays } = this.settings;
    await this.clock.advance(typeof stateDelays === 'number' ? stateDelays : 30);
  }

  put(name: string, key: string, data: string) {
    const Data = bytesOf(data);
    return this.engine.putRecord({ StreamName: name, PartitionKey: key, Data });
  }

  async shards(name: string): Promise<Shard[]> {
    return (await this.engine.listShards({ StreamName: name })).Shards ?? [];
  }

  /** Reads the whole stream as consumers do: a shard's children after the shard. */
  async readAll(name: string): Promise<Map<string, ShardContent>> {
    const contents = new Map<string, ShardContent>();
    const ShardFilter = { Type: 'AT_TRIM_HORIZON' as const };
    const { Shards } = await this.engine.listShards({ StreamName: name, ShardFilter });
    const waiting = Shards!.map(({ ShardId }) => ShardId);
    const parents = new Map<string, string[]>();
    for (const shard of await this.shards(name)) {
      const both = [shard.ParentShardId, shard.AdjacentParentShardId];
      parents.set(
        shard.ShardId,
        both.filter((id) => id !== undefined),
      );
    }
    for (let ShardId = waiting.shift(); ShardId !== undefined; ShardId = waiting.shift()) {
      if (contents.has(ShardId)) continue;
      const content = await this.read(name, ShardId);
      contents.set(ShardId, content);
      for (const child of content.children ?? []) {
        if (parents.get(child)?.every((parent) => contents.has(parent))) waiting.push(child);
      }
    }
    return contents;
  }

  /** Reads a shard from the trim horizon to the tip, or on until it ends. */
  async read(name: string, ShardId: string, how = { untilEnd: false }): Promise<ShardContent> {
    const records: ShardContent['records'] = [];
    const ShardIteratorType = 'TRIM_HORIZON' as const;
    const from = { StreamName: name, ShardId, ShardIteratorType };
    let next = (await this.engine.getShardIterator(from)).ShardIterator;
    while (next !== undefined) {
      const page = await this.engine.getRecords({ ShardIterator: next, Limit: 7 });
      for (const record of page.Records) {
        records.push({
          key: record.PartitionKey ?? '',
          data: textOf(record.Data),
          number: record.SequenceNumber,
          timeMs: record.ApproximateArrivalTimestamp!.getTime(),
        });
      }
      if (page.ChildShards) {
        return { records, children: page.ChildShards.map((child) => child.ShardId) };
      }
      if (page.MillisBehindLatest === 0 && !how.untilEnd) break;
      if (page.MillisBehindLatest === 0) await setImmediate();
      next = page.NextShardIterator;
    }
    return { records, children: undefined };
  }
}

function ports(parts: { process: Process; files: MemoryFiles }) {
  return {
    files: parts.files,
    clock: parts.process,
    random: seededRandom(parts.process.monotonic()),
    logger: nullLogger,
    crc32: nodeCrc32,
    cipher: nodeCipher,
  };
}

/** The data of what was read, in order. */
export const dataOf = (content: { records: { data: string }[] }): string[] =>
  content.records.map(({ data }) => data);

/** What a call rejects with. */
export async function rejection(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => expect.unreachable(),
    (error: Error) => error,
  );
}
