/** What a caller is told whose call was hit by a rule: AWS's words as far as they are known. */
import { connectionDropped } from '../../admin/faults.ts';
import type { KmsException } from '../../kinesis/encryptionErrors.ts';
import { KinesisError, type StreamId } from '../../kinesis/errors.ts';
import { iteratorLifeMs } from '../../kinesis/limits.ts';
import type { PutRecordsResultEntry } from '../../kinesis/operations/putRecords.ts';
import type { OperationName } from '../../kinesis/operations.ts';
import { iteratorExpired } from '../../kinesis/readErrors.ts';
import {
  callsOfStreamThrottled,
  callsThrottled,
  iteratorThrottled,
  putRateText,
  putThrottled,
  readThrottled,
  throughputExceeded,
} from '../../kinesis/throttleErrors.ts';
import type { CallTarget } from './callTarget.ts';

const nobody: StreamId = { account: '000000000000', name: '' };

/** Of an operation as a whole: of its shard where it has one, else of the rate of calls. */
export function throttled(
  operation: OperationName,
  { stream = nobody, shardIds: [ShardId = ''] }: CallTarget,
): KinesisError {
  switch (operation) {
    case 'PutRecord':
      return putThrottled({ ShardId, stream });
    case 'GetRecords':
      return readThrottled({ ShardId, stream });
    case 'GetShardIterator':
      return iteratorThrottled({ ShardId, stream });
    default:
      return stream === nobody ? callsThrottled(stream.account) : callsOfStreamThrottled(stream);
  }
}

/** Without text, as AWS's. @source measured */
export const internalFailure = (): KinesisError => new KinesisError('InternalFailure', '');

/** Of an iterator that has just expired. */
export const expiredIterator = (nowMs: number): KinesisError =>
  iteratorExpired({ createdMs: nowMs - iteratorLifeMs - 1, nowMs });

/** A failed entry of PutRecords. */
export function failedEntry(
  effect: 'throttle' | 'internalFailure',
  { ShardId, stream }: { ShardId: string; stream: StreamId | undefined },
): PutRecordsResultEntry {
  if (effect === 'internalFailure') {
    return { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' };
  }
  const ErrorMessage = putRateText({ ShardId, stream: stream ?? nobody });
  return { ErrorCode: throughputExceeded, ErrorMessage };
}

/** @source guessed: the texts; documented: names and causes. */
const kmsTexts: Readonly<Record<KmsException, string>> = {
  KMSAccessDeniedException:
    'The ciphertext refers to a customer master key that does not exist, does not exist in this ' +
    'region, or you are not allowed to access.',
  KMSDisabledException: 'The KMS key of the stream is disabled.',
  KMSInvalidStateException: 'The KMS key of the stream is in a state that is not valid for this.',
  KMSNotFoundException: 'The KMS key of the stream cannot be found.',
  KMSOptInRequired: 'The AWS access key ID needs a subscription for the service.',
  KMSThrottlingException: 'The rate of requests to KMS exceeds what is allowed.',
};

export const kmsFailure = (exception: KmsException): KinesisError =>
  new KinesisError(exception, kmsTexts[exception]);

/** Seen by callers in the same process only; a server ends the connection. */
export const dropped = (): KinesisError =>
  new KinesisError(connectionDropped, 'A fault rule ended the connection of this call.', 503);
