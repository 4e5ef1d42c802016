/** AWS's sentences for PutRecord and PutRecords. Nothing here decides. */
import { invalidArgument, KinesisError, type StreamId } from './errors.ts';

/** @source measured */
export const badExplicitHashKey = (value: string): KinesisError =>
  invalidArgument(
    'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
      `Specified value was ${value}`,
  );

/** @source measured */
export const badOrderingNumber = (value: string, { name, account }: StreamId): KinesisError =>
  invalidArgument(
    `ExclusiveMinimumSequenceNumber ${value} used in PutRecord on ` +
      `stream ${name} under account ${account} is invalid.`,
  );

/** Data alone over the stream's record limit. @source measured: before large records; guessed since. */
export const dataTooLong = (data: {
  path: string;
  length: number;
  bytesMax: number;
}): KinesisError =>
  new KinesisError(
    'ValidationException',
    `1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=${data.length} ` +
      `cap=${data.length}]' at '${data.path}' failed to satisfy constraint: ` +
      `Member must have length less than or equal to ${data.bytesMax}`,
  );

/** Data and partition key together over the stream's record limit. @source guessed */
export const recordTooLong = (record: {
  path: string;
  length: number;
  bytesMax: number;
}): KinesisError =>
  new KinesisError(
    'ValidationException',
    `1 validation error detected: Value at '${record.path}' failed to satisfy constraint: ` +
      `Data and partition key together have ${record.length} bytes and ` +
      `must have ${record.bytesMax} or fewer`,
  );

/** All entries of one PutRecords together. @source guessed: AWS's 5 MiB text with today's number. */
export const recordsTooLong = (): KinesisError =>
  invalidArgument('Records size exceeds 10 MB limit');
