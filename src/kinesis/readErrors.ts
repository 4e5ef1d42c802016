/** AWS's sentences for GetShardIterator, GetRecords, ListShards and their tokens. Nothing here decides. */
import { invalidArgument, KinesisError, type StreamId } from './errors.ts';
import { iteratorLifeMs } from './limits.ts';
import { formatShardId } from './shardId.ts';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as Java's Date prints it in UTC: `Thu Jan 22 01:22:02 UTC 2015`. */
export function javaDate(timeMs: number): string {
  const date = new Date(timeMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const day = `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${two(date.getUTCDate())}`;
  return `${day} ${clock} UTC ${date.getUTCFullYear()}`;
}

/** @source measured */
export const invalidIterator = (): KinesisError => invalidArgument('Invalid ShardIterator.');

/** @source measured */
export const iteratorExpired = (times: { createdMs: number; nowMs: number }): KinesisError =>
  new KinesisError(
    'ExpiredIteratorException',
    `Iterator expired. The iterator was created at time ${javaDate(times.createdMs)} ` +
      `while right now it is ${javaDate(times.nowMs)} ` +
      `which is further in the future than the tolerated delay of ${iteratorLifeMs} milliseconds.`,
  );

/** @source guessed: wording. */
export const nextTokenExpired = (times: { createdMs: number; nowMs: number }): KinesisError =>
  new KinesisError(
    'ExpiredNextTokenException',
    `NextToken expired. The token was created at time ${javaDate(times.createdMs)} ` +
      `while right now it is ${javaDate(times.nowMs)} ` +
      `which is further in the future than the tolerated delay of ${iteratorLifeMs} milliseconds.`,
  );

/** @source guessed: wording. */
export const invalidNextToken = (): KinesisError => invalidArgument('Invalid NextToken.');

/** An iterator type and a sequence number that do not belong together. @source measured */
export const wrongIteratorArguments = (request: {
  type: string;
  hasNumber: boolean;
}): KinesisError =>
  invalidArgument(
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber ' +
      'or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
      `Request specified ${request.type} and ` +
      `${request.hasNumber ? 'also a' : 'no'} StartingSequenceNumber.`,
  );

/** @source measured */
export const noTimestamp = (): KinesisError =>
  invalidArgument(
    'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. ' +
      'Current request has no timestamp parameter.',
  );

/** @source measured */
export const timestampInFuture = (times: { timestampMs: number; nowMs: number }): KinesisError =>
  invalidArgument(
    'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
      `timestampInMillis: ${times.timestampMs}, currentTimestampInMillis: ${times.nowMs}`,
  );

/** @source measured */
export const numberOfOtherShard = (encoded: number, used: number): KinesisError =>
  invalidArgument(
    `Invalid StartingSequenceNumber. It encodes ${formatShardId(encoded)}, ` +
      `while it was used in a call to a shard with ${formatShardId(used)}`,
  );

/** @source measured */
export const badStartingNumber = (used: {
  number: string;
  shard: string;
  stream: StreamId;
  /** True when an earlier stream of the same name gave the number. */
  isForeign: boolean;
}): KinesisError =>
  invalidArgument(
    `StartingSequenceNumber ${used.number} used in GetShardIterator on shard ${used.shard} ` +
      `in stream ${used.stream.name} under account ${used.stream.account} is invalid` +
      `${used.isForeign ? ' because it did not come from this stream' : ''}.`,
  );

/** A closed shard's EndingSequenceNumber. @source measured for AFTER_SEQUENCE_NUMBER, second hand */
export const endingNumber = (type: string): KinesisError =>
  invalidArgument(
    `Invalid SequenceNumber for ShardIteratorType ${type}, ` +
      'SequenceNumber has reached max possible value for the shard.',
  );

/** @source measured */
export const noTokenOrName = (): KinesisError =>
  invalidArgument('Either NextToken or StreamName should be provided.');

/** @source measured for StreamName; guessed for the others. */
export const tokenAndOther = (member: string): KinesisError =>
  invalidArgument(`NextToken and ${member} cannot be provided together.`);

/** @source guessed: wording. */
export const filterNeeds = (type: string, member: string): KinesisError =>
  invalidArgument(`Must specify ${member} for shard filter of type ${type}.`);
