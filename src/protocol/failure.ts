/** Errors as plain data, so that they cross threads and frames with their type. */
import { messageOf } from '../base/errors.ts';
import { KinesisError } from '../kinesis/errors.ts';

export interface Failure {
  readonly name: string;
  readonly message: string;
  /** HTTP status; only of a KinesisError. */
  readonly status?: number;
}

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof KinesisError) {
    return { name: thrown.name, message: thrown.message, status: thrown.status };
  }
  return { name: thrown instanceof Error ? thrown.name : 'Error', message: messageOf(thrown) };
}

export function failureToError({ name, message, status }: Failure): Error {
  if (status !== undefined) return new KinesisError(name, message, status);
  const error = new Error(message);
  error.name = name;
  return error;
}
