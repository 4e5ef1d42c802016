/** An engine with its controls for tests: a test clock as the machine's, a disk in memory, AWS's words to call it. */
import { nullLogger } from '../../../src/base/logger.ts';
import { nodeCipher } from '../../../src/cli/nodeCipher.ts';
import { ControlledEngine } from '../../../src/engine/controlledEngine.ts';
import type { BranchTargets, EngineControls } from '../../../src/engine/engineControls.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import type { EngineSettings } from '../../../src/engine/ports.ts';
import type { CallContext, KinesisApi } from '../../../src/kinesis/kinesisApi.ts';
import type { KinesisRecord } from '../../../src/kinesis/shapes.ts';
import { FaultyFiles } from '../../support/faultyFiles.ts';
import type { MemoryFiles } from '../../support/memoryFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { TestClock } from '../../support/testClock.ts';

export interface BenchOptions {
  readonly files?: MemoryFiles;
  readonly clock?: TestClock;
  readonly settings?: Partial<EngineSettings>;
  readonly branchTarget?: BranchTargets;
  /** Of the randomness; ids differ by it. */
  readonly seed?: number;
}

const utf8 = new TextEncoder();
const text = new TextDecoder();

export class ControlledBench {
  readonly controlled: ControlledEngine;
  readonly files: MemoryFiles;
  /** The machine's. */
  readonly clock: TestClock;

  private constructor(parts: {
    controlled: ControlledEngine;
    files: MemoryFiles;
    clock: TestClock;
  }) {
    this.controlled = parts.controlled;
    this.files = parts.files;
    this.clock = parts.clock;
  }

  static async open(options: BenchOptions = {}): Promise<ControlledBench> {
    const { files = new FaultyFiles(), clock = new TestClock(), seed = 1 } = options;
    const { settings, branchTarget } = options;
    const controlled = await ControlledEngine.open(
      {
        files,
        clock,
        random: seededRandom(seed),
        logger: nullLogger,
        crc32: nodeCrc32,
        cipher: nodeCipher,
        branchTarget,
      },
      settings,
    );
    return new ControlledBench({ controlled, files, clock });
  }

  get api(): KinesisApi {
    return this.controlled.api;
  }

  get controls(): EngineControls {
    return this.controlled.controls;
  }

  /** Creates streams that are ACTIVE at once. */
  streams(...names: string[]): Promise<void> {
    return this.controlled.ensureStreams(names.map((name) => ({ name, shards: 2 })));
  }

  put(StreamName: string, data: string, context?: CallContext) {
    const input = { StreamName, PartitionKey: data.slice(0, 64), Data: utf8.encode(data) };
    return this.api.putRecord(input, context);
  }

  /** What every shard of a stream holds, sorted. */
  async read(StreamName: string): Promise<string[]> {
    return (await this.records(StreamName)).map(({ Data }) => text.decode(Data)).sort();
  }

  /** The sequence number of each record's data. */
  async numbers(StreamName: string): Promise<Map<string, string>> {
    const records = await this.records(StreamName);
    return new Map(records.map(({ Data, SequenceNumber }) => [text.decode(Data), SequenceNumber]));
  }

  /** By the extension's own calls, which nothing hits. */
  private async records(StreamName: string): Promise<KinesisRecord[]> {
    const own = { own: true };
    const records: KinesisRecord[] = [];
    const { Shards = [] } = await this.api.listShards({ StreamName }, own);
    for (const { ShardId } of Shards) {
      const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
      const { ShardIterator = '' } = await this.api.getShardIterator(from, own);
      const { Records } = await this.api.getRecords({ ShardIterator }, own);
      records.push(...Records);
    }
    return records;
  }

  async streamNames(): Promise<string[]> {
    return (await this.api.listStreams({}, { own: true })).StreamNames;
  }

  /** Ends the engine and opens its folder again, on the same machine. */
  async reopen(settings?: Partial<EngineSettings>): Promise<ControlledBench> {
    await this.controlled.close();
    return ControlledBench.open({ files: this.files, clock: this.clock, settings: settings ?? {} });
  }
}

/** The error that a call rejects with. */
export async function rejection(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: Error) => error,
  );
}
