/** Sentences for resource policies. Nothing here decides. */
import { invalidArgument, KinesisError } from './errors.ts';

/** DeleteResourcePolicy of a resource without one. @source measured: second hand. */
export const noPolicy = (arn: string): KinesisError =>
  new KinesisError(
    'ResourceNotFoundException',
    `No resource policy found for resource ARN ${arn}.`,
  );

/** @source guessed: type and wording. */
export const badPolicy = (why: string): KinesisError =>
  invalidArgument(`The resource policy is not valid: ${why}`);
