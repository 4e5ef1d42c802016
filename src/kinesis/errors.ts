/** AWS's exceptions, by AWS's names and with AWS's sentences. Nothing here decides; it only words. */

/** Every exception name this project throws or forwards. */
export type KinesisErrorName =
  | 'AccessDeniedException'
  | 'DryRunOperationException'
  | 'ExpiredIteratorException'
  | 'ExpiredNextTokenException'
  | 'InternalFailure'
  | 'InvalidArgumentException'
  | 'LimitExceededException'
  | 'ProvisionedThroughputExceededException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'SerializationException'
  | 'UnknownOperationException'
  | 'ValidationException';

/**
 * An answer of Kinesis that is an exception: `name` and `message` are AWS's, verbatim.
 * An AWS connection may carry names that are not in KinesisErrorName (KMS, SSO, network).
 */
export class KinesisError extends Error {
  override readonly name: string;
  /** HTTP status the server answers with. */
  readonly status: number;

  constructor(name: KinesisErrorName | (string & {}), message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = name === 'InternalFailure' ? 500 : status;
  }
}

/** True for a KinesisError, of one of `names` when any are given. */
export function isKinesisError(
  thrown: unknown,
  ...names: KinesisErrorName[]
): thrown is KinesisError {
  return (
    thrown instanceof KinesisError &&
    (names.length === 0 || (names as string[]).includes(thrown.name))
  );
}

/** Which stream an error sentence speaks of. */
export interface StreamId {
  /** Twelve digits. */
  readonly account: string;
  readonly name: string;
}

const under = ({ name, account }: StreamId): string => `${name} under account ${account}`;

/** @source measured */
export const streamNotFound = (stream: StreamId): KinesisError =>
  new KinesisError('ResourceNotFoundException', `Stream ${under(stream)} not found.`);

/** A consumer or a channel that is not there. @source guessed: wording. */
export const resourceNotFound = (arn: string, account: string): KinesisError =>
  new KinesisError('ResourceNotFoundException', `${arn} under account ${account} not found.`);

/** @source measured */
export const streamExists = (stream: StreamId): KinesisError =>
  new KinesisError('ResourceInUseException', `Stream ${under(stream)} already exists.`);

/** @source measured: no full stop. */
export const streamNotActive = (stream: StreamId, status: string): KinesisError =>
  new KinesisError(
    'ResourceInUseException',
    `Stream ${under(stream)} not ACTIVE, instead in state ${status}`,
  );

/** @source measured: `shard` as the caller wrote it when it cannot be parsed, else in full form. */
export const couldNotFindShard = (shard: string, stream: StreamId): KinesisError =>
  new KinesisError(
    'ResourceNotFoundException',
    `Could not find shard ${shard} in stream ${under(stream)}.`,
  );

/** @source measured: no full stop. */
export const shardDoesNotExist = (shard: string, stream: StreamId): KinesisError =>
  new KinesisError(
    'ResourceNotFoundException',
    `Shard ${shard} in stream ${under(stream)} does not exist`,
  );

export const invalidArgument = (message: string): KinesisError =>
  new KinesisError('InvalidArgumentException', message);

export const limitExceeded = (message: string): KinesisError =>
  new KinesisError('LimitExceededException', message);

/** What DryRun answers when the call would have gone through. @source guessed: wording. */
export const dryRunPassed = (): KinesisError =>
  new KinesisError(
    'DryRunOperationException',
    'Request would have succeeded, but the DryRun flag is set.',
  );

/** The request names no stream. @source guessed: wording; the type is most likely right. */
export const noStreamNamed = (): KinesisError =>
  invalidArgument('Either StreamName or StreamARN should be provided.');

/** @source measured: second hand. */
export const streamIsOnDemand = ({ name, account }: StreamId): KinesisError =>
  new KinesisError(
    'ValidationException',
    `Request is invalid. Stream ${name} under account ${account} is in On-Demand mode.`,
  );

/** More streams in CREATING or DELETING than allowed. @source measured: second hand. */
export const tooManyTransitions = (limits: { account: string; limit: number }): KinesisError =>
  limitExceeded(
    'This request would have exceed the limit on the number of streams that can simultaneously be in ' +
      `CREATING or DELETING for the account ${limits.account}. Limit: ${limits.limit}.`,
  );

/** @source measured */
export const shardQuotaExceeded = (quota: {
  account: string;
  region: string;
  current: number;
  limit: number;
  additional: number;
}): KinesisError =>
  limitExceeded(
    `This request would exceed the shard limit for the account ${quota.account} in ${quota.region}. ` +
      `Current shard count for the account: ${quota.current}. Limit: ${quota.limit}. ` +
      `Number of additional shards that would have resulted from this request: ${quota.additional}. ` +
      'Refer to the AWS Service Limits page ' +
      '(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  );
