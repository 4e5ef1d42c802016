/** AWS's sentences for IncreaseStreamRetentionPeriod and DecreaseStreamRetentionPeriod. Nothing here decides. */
import { invalidArgument, type KinesisError } from './errors.ts';

/** @source measured */
export const retentionTooShort = (hours: number, minimum: number): KinesisError =>
  invalidArgument(
    `Minimum allowed retention period is ${minimum} hours. ` +
      `Requested retention period (${hours} hours) is too short.`,
  );

/** @source measured: when the maximum was 168 hours; second hand since. */
export const retentionTooLong = (hours: number, maximum: number): KinesisError =>
  invalidArgument(
    `Maximum allowed retention period is ${maximum} hours. ` +
      `Requested retention period (${hours} hours) is too long.`,
  );

/** What a stream keeps and what was asked for. */
interface Change {
  readonly stream: string;
  readonly hours: number;
  readonly existing: number;
}

/** @source measured */
export const retentionNotLonger = ({ stream, hours, existing }: Change): KinesisError =>
  invalidArgument(
    `Requested retention period (${hours} hours) for stream ${stream} can not be shorter than ` +
      `existing retention period (${existing} hours). Use DecreaseRetentionPeriod API.`,
  );

/** @source measured */
export const retentionNotShorter = ({ stream, hours, existing }: Change): KinesisError =>
  invalidArgument(
    `Requested retention period (${hours} hours) for stream ${stream} can not be longer than ` +
      `existing retention period (${existing} hours). Use IncreaseRetentionPeriod API.`,
  );
