/** What an engine needs from outside, and what can be set. Composition roots build these; tests fake them. */
import type { Durability, LimitsMode } from '../admin/adminApi.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { CopierOf, Crc32, Files } from './log/files.ts';
import type { Gather } from './log/jobs.ts';
import type { ScalingPolicy } from './scalingPlan.ts';
import type { StateDelays } from './stateDelays.ts';
import type { Namespaces } from './streamNames.ts';

/** Authenticated encryption; nothing of it waits. */
export interface Cipher<Key extends object = object> {
  /** 32 bytes, others for every salt; the secret cannot be learnt from them. Nobody else looks into a key. */
  deriveKey(secret: Uint8Array, salt: Uint8Array): Key;
  /** Ciphertext and tag. No nonce, of 12 bytes, may be used twice with a key. */
  seal(plain: Uint8Array, how: { key: Key; nonce: Uint8Array }): Uint8Array;
  /** Undefined when it is not what was sealed so. */
  open(sealed: Uint8Array, how: { key: Key; nonce: Uint8Array }): Uint8Array | undefined;
}

export interface EnginePorts {
  /** Rooted at the data folder, whose lock the caller holds. */
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly crc32: Crc32;
  /** Without it no stream can be encrypted, and what was encrypted cannot be read. */
  readonly cipher?: Cipher | undefined;
  /** How records are copied into their batch; in plain code by default. */
  readonly copierOf?: CopierOf | undefined;
  /** Lets what the system has ready come in before it is written; the turn's end by default. */
  readonly gather?: Gather | undefined;
}

export interface EngineSettings {
  readonly durability: Durability;
  readonly limits: LimitsMode;
  /** How long CREATING, UPDATING and DELETING last. */
  readonly stateDelays: StateDelays;
  /** Which shards UpdateShardCount splits and merges. */
  readonly scalingPolicy: ScalingPolicy;
  /** Size limit of the data folder. */
  readonly folderBytesMax: number;
  /** A segment of a log is closed before it grows over this; by the folder's limit when absent. */
  readonly segmentBytesMax?: number | undefined;
  /** At the folder's limit: refuse puts, or remove the oldest segments. */
  readonly whenFull: 'refuse' | 'dropOldest';
  /** Twelve digits; of calls without a credential scope. */
  readonly account: string;
  readonly region: string;
  /** Whether callers of other accounts and regions see the same streams. */
  readonly namespaces: Namespaces;
  /** Open shards allowed in all streams of one account and region; refuses with `limits: aws` only. */
  readonly shardQuota: number;
}

export const engineDefaults: EngineSettings = {
  durability: 'written',
  limits: 'warn',
  stateDelays: 'short',
  scalingPolicy: 'splitAndMerge',
  folderBytesMax: 4 * 1024 ** 3,
  whenFull: 'refuse',
  account: '000000000000',
  region: 'us-east-1',
  namespaces: 'one',
  shardQuota: 1000,
};
