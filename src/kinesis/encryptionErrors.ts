/** What is said of a stream's encryption and its key. Nothing here decides. */
import { invalidArgument, KinesisError, limitExceeded, type StreamId } from './errors.ts';

/** What a call that needs a stream's key may fail with. @source documented */
export const kmsExceptions = [
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSInvalidStateException',
  'KMSNotFoundException',
  'KMSOptInRequired',
  'KMSThrottlingException',
] as const;
export type KmsException = (typeof kmsExceptions)[number];

/** @source documented: that only KMS is legal; guessed: type and wording. */
export const encryptionMustBeKms = (type: string): KinesisError =>
  invalidArgument(`Invalid EncryptionType: ${type}. The only valid value is KMS.`);

/** What names no key. @source guessed: type and wording. */
export const kmsKeyNotFound = (keyId: string): KinesisError =>
  new KinesisError('KMSNotFoundException', `Invalid keyId ${keyId}`);

/** The 26th change within 24 hours. @source documented: the number; guessed: type and wording. */
export const encryptionChangedTooOften = (limit: number, { name, account }: StreamId) =>
  limitExceeded(
    `Stream ${name} under account ${account} can change its encryption at most ` +
      `${limit} times in 24 hours.`,
  );
