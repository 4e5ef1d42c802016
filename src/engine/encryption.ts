/** Whether a stream encrypts its records, and with which key: what may be asked for. Encrypts nothing itself. */
import { type Random, randomHex } from '../base/random.ts';
import {
  encryptionChangedTooOften,
  encryptionMustBeKms,
  kmsKeyNotFound,
} from '../kinesis/encryptionErrors.ts';
import { KinesisError } from '../kinesis/errors.ts';
import { isKmsKeyId } from '../kinesis/kmsKeyId.ts';
import { encryptionChangesPerDayMax } from '../kinesis/limits.ts';
import type { Call, EngineParts } from './engineParts.ts';
import { changeSetting, type SettingChange } from './settingChange.ts';
import type { StreamEntry } from './streamEntry.ts';

export interface Encryption {
  /** As the caller named it; empty while new records are not encrypted. */
  readonly keyId: string;
  /** What the keys of records derive from, 64 hexadecimal digits. Never another one: old records need it. */
  readonly secret: string;
  /** When keys were changed in the last 24 hours. */
  readonly startedMs: readonly number[];
  readonly stoppedMs: readonly number[];
}

type EncryptionCall = Call<'StartStreamEncryption' | 'StopStreamEncryption'>;

const dayMs = 86_400_000;
const secretBytes = 32;

/** What the keys of a stream's records are to derive from. */
export const newSecret = (random: Random): string => randomHex(random, secretBytes);

/** Undefined unless records that are appended now are to be encrypted. */
export const encryptionOf = ({ encryption }: StreamEntry): Encryption | undefined =>
  encryption && encryption.keyId !== '' ? encryption : undefined;

/** As both Describe operations tell it. */
export function toldEncryption(stream: StreamEntry) {
  const encryption = encryptionOf(stream);
  return encryption
    ? { EncryptionType: 'KMS' as const, KeyId: encryption.keyId }
    : { EncryptionType: 'NONE' as const };
}

/**
 * Makes `keyId`, or nothing when it is empty, the stream's key from ACTIVE on. @source guessed: the order of the
 * checks; that the key a stream has, and stopping without one, are accepted and change nothing.
 */
export async function changeEncryption(
  engine: EngineParts,
  call: EncryptionCall,
  keyId: string,
): Promise<Record<string, never>> {
  const { EncryptionType, KeyId } = call.input;
  if (EncryptionType !== 'KMS') throw encryptionMustBeKms(EncryptionType);
  await changeSetting(engine, call, (stream) => {
    if (!isKmsKeyId(KeyId)) throw kmsKeyNotFound(KeyId);
    return changeOf(engine, { stream, keyId, call });
  });
  return {};
}

function changeOf(
  engine: EngineParts,
  { stream, keyId, call }: { stream: StreamEntry; keyId: string; call: EncryptionCall },
): SettingChange {
  const pending = { kind: 'encryption', keyId } as const;
  if (keyId === (stream.encryption?.keyId ?? '')) return { pending, isUnchanged: true };
  if (!engine.ports.cipher) {
    throw new KinesisError('InternalFailure', 'This engine was opened without a cipher.');
  }
  const before = stream.encryption ?? {
    keyId: '',
    secret: newSecret(engine.ports.random),
    startedMs: [],
    stoppedMs: [],
  };
  const which = keyId === '' ? 'stoppedMs' : 'startedMs';
  const operation = keyId === '' ? 'StopStreamEncryption' : 'StartStreamEncryption';
  const recent = recentOf(engine, before[which]);
  engine.callLimits.underQuota({ operation, scope: call.scope }, () => {
    if (recent.length < encryptionChangesPerDayMax) return;
    throw encryptionChangedTooOften(encryptionChangesPerDayMax, stream);
  });
  const encryption = { ...before, [which]: [...recent, engine.ports.clock.now()] };
  return { pending, isUnchanged: false, set: { encryption } };
}

function recentOf({ ages }: EngineParts, times: readonly number[]): number[] {
  const since = ages.since(dayMs);
  return times.filter((timeMs) => timeMs > since).slice(-encryptionChangesPerDayMax);
}
