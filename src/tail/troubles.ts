/** The sentences a user reads about what happened to a tail. */
import { messageOf } from '../base/errors.ts';
import { isKinesisError, KinesisError } from '../kinesis/errors.ts';
import { shortShardId } from '../kinesis/shardId.ts';
import type { Problem } from '../protocol/tail.ts';

/** Where a tail reads, as its sentences call it. */
export type Place = 'local' | 'aws';

/** A failure that waiting does not cure. */
export function problemOf(thrown: unknown, stream: string): Problem {
  if (isKinesisError(thrown, 'AccessDeniedException')) {
    return {
      message: `AWS does not allow reading ${stream}: ${sentence(thrown.message)} Ask for kinesis:ListShards, kinesis:GetShardIterator and kinesis:GetRecords on it, then try again.`,
      action: 'retry',
    };
  }
  if (thrown instanceof KinesisError && thrown.name === 'CredentialsError') {
    return { message: thrown.message, action: 'signIn' };
  }
  if (isKinesisError(thrown, 'ResourceNotFoundException')) {
    return {
      message: `There is no stream ${stream} here: ${sentence(thrown.message)} Create it, then try again.`,
      action: 'retry',
    };
  }
  const name = thrown instanceof KinesisError ? `${thrown.name}: ` : '';
  return {
    message: `Reading ${stream} stopped: ${name}${sentence(messageOf(thrown))} Try again, or look into the log.`,
    action: thrown instanceof KinesisError ? 'retry' : 'showLog',
  };
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export function outageProblem(place: Place, reason: string): Problem {
  return place === 'local'
    ? { message: outageText(place), action: 'startEngine' }
    : { message: `${outageText(place)} ${sentence(reason)}`, action: 'retry' };
}

export const outageText = (place: Place): string =>
  place === 'local'
    ? 'The engine does not answer. Reading goes on after its last record as soon as it is back.'
    : 'AWS does not answer. Reading goes on after its last record as soon as it does.';

export const outageOverText = (place: Place, lastedMs: number): string =>
  `${place === 'local' ? 'The engine is back' : 'AWS answers again'} after ${(lastedMs / 1000).toFixed(1)} s; nothing was skipped.`;

export const throttledText = (shardId: string): string =>
  `Reads of shard ${shortShardId(shardId)} are throttled: its readers share 5 calls and 2 MiB a second. Reading goes on more slowly; nothing is skipped.`;

export const expiredText = (shardId: string): string =>
  `A gap: records of shard ${shortShardId(shardId)} may have expired here before they could be read. Reading goes on with the oldest that the stream keeps.`;

export const deletedText = (stream: string): string =>
  `The stream ${stream} was deleted. What was read of it stays here.`;

export const replacedText = (stream: string): string =>
  `The stream ${stream} was deleted and created again. What was read of the old one stays here; start the tail again for the new one.`;

export const heldText =
  'The rows above were read again. What has come since waits behind them: resume to read it.';

export const stoppedText = 'The tail stopped here, as it was asked to. Resume to go on.';

export const endedText = 'Every shard was read to its end, and none is open.';

const listed = (shardIds: readonly string[]): string => {
  const names = shardIds.map(shortShardId);
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
};

/** `hasRecords`: whether the tail shows a record of the shard. */
export function splitText(
  parent: string,
  { children, hasRecords }: { children: readonly string[]; hasRecords: boolean },
): string {
  const above = hasRecords ? 'its last record is above, ' : '';
  const go = children.length === 1 ? 'goes' : 'go';
  return `Shard ${shortShardId(parent)} was split: ${above}${listed(children)} ${go} on from here.`;
}

export function mergedText(
  parents: readonly string[],
  { child, hasRecords }: { child: string; hasRecords: boolean },
): string {
  const above = hasRecords ? 'their last records are above, ' : '';
  return `Shards ${listed(parents)} were merged: ${above}${shortShardId(child)} goes on from here.`;
}
