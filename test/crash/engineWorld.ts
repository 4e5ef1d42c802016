/** How the crash suite opens an engine: a test clock, small segments, short delays, and what a bug is planted in. */
import type { Durability } from '../../src/admin/adminApi.ts';
import { nullLogger } from '../../src/base/logger.ts';
import { nodeCipher } from '../../src/cli/nodeCipher.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { Crc32, Files } from '../../src/engine/log/files.ts';
import { nodeCrc32 } from '../../src/engine/log/nodeFiles.ts';
import type { Shard } from '../../src/kinesis/shapes.ts';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import type { TestClock } from '../support/testClock.ts';

/** Small, so that a seed rolls segments. */
export const SEGMENT_BYTES_MAX = 5000;
export const STATE_DELAY_MS = 10;
export const RETENTION_MS = 24 * 3_600_000;

/** A bug put between the engine and its ports; nothing of it is in the engine's own code. */
export interface Planted {
  readonly files?: (files: MemoryFiles) => Files;
  readonly crc32?: Crc32;
}

export interface World {
  readonly files: MemoryFiles;
  readonly clock: TestClock;
  readonly durability: Durability;
  readonly seed: number;
  readonly planted: Planted;
}

export function openEngine({ files, clock, durability, seed, planted }: World): Promise<Engine> {
  const ports = {
    files: planted.files?.(files) ?? files,
    clock,
    random: seededRandom(seed),
    logger: nullLogger,
    crc32: planted.crc32 ?? nodeCrc32,
    cipher: nodeCipher,
  };
  return Engine.open(ports, {
    durability,
    limits: 'off',
    stateDelays: STATE_DELAY_MS,
    segmentBytesMax: SEGMENT_BYTES_MAX,
  });
}

/** `files` with some of its methods replaced. */
export function filesWith(files: MemoryFiles, replaced: Partial<Files>): Files {
  return new Proxy<Files>(files, {
    get(target, name) {
      const method: unknown = Reflect.get(replaced, name) ?? Reflect.get(target, name, target);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}

/** All shards that are listed, by rising id. */
export async function shardsOf(engine: Engine, StreamName: string): Promise<Shard[]> {
  return (await engine.listShards({ StreamName })).Shards ?? [];
}

export const isOpen = ({ SequenceNumberRange: range }: Shard): boolean =>
  range.EndingSequenceNumber === undefined;

export const byRange = (a: Shard, b: Shard): number =>
  BigInt(a.HashKeyRange.StartingHashKey) < BigInt(b.HashKeyRange.StartingHashKey) ? -1 : 1;
