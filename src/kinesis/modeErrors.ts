/** AWS's sentences for capacity modes and warm throughput. Nothing here decides. */
import { invalidArgument, KinesisError, limitExceeded, type StreamId } from './errors.ts';

const of = ({ name, account }: StreamId): string => `Stream ${name} under account ${account}`;

/** What only on-demand streams have. @source guessed: after the sentence of On-Demand mode. */
export const streamIsProvisioned = (stream: StreamId): KinesisError =>
  new KinesisError(
    'ValidationException',
    `Request is invalid. ${of(stream)} is in Provisioned mode.`,
  );

/** The third switch within 24 hours. @source documented: the number; guessed: type and wording. */
export const modeSwitchedTooOften = (limit: number, stream: StreamId): KinesisError =>
  limitExceeded(`${of(stream)} can switch its mode at most ${limit} times in 24 hours.`);

/** @source documented: the number; guessed: type and wording. */
export const warmThroughputTooHigh = (asked: number, limit: number): KinesisError =>
  invalidArgument(
    `WarmThroughputMiBps ${asked} is too high. The maximum is ${limit} MiB per second.`,
  );

/** @source documented: the number; guessed: wording. */
export const tooManyOnDemandStreams = (quota: {
  account: string;
  region: string;
  limit: number;
}): KinesisError =>
  limitExceeded(
    `This request would exceed the limit of on-demand streams for the account ${quota.account} ` +
      `in ${quota.region}. Limit: ${quota.limit}.`,
  );

/** AUTO on a provisioned stream. @source documented: the type; guessed: wording. */
export const distributionNeedsOnDemand = (stream: StreamId): KinesisError =>
  invalidArgument(
    `${of(stream)} is in Provisioned mode, which has no record distribution strategy AUTO.`,
  );
