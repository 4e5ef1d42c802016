/** The sentences a user reads about what happened to a tail. */
import { durationText } from '../base/durations.ts';
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
  `${place === 'local' ? 'The engine is back' : 'AWS answers again'} after ${seconds(lastedMs)}; reading goes on where it stopped.`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** One shard gets no answer where others do. */
export const silentText = (shardId: string, reason: string): string =>
  `Shard ${shortShardId(shardId)} gives no answer: ${sentence(reason)} It is asked again, less and less often; the others are read on.`;

export const audibleText = (shardId: string, lastedMs: number): string =>
  `Shard ${shortShardId(shardId)} answers again after ${seconds(lastedMs)}; reading goes on where it stopped.`;

export function silentProblem(shardId: string, reason: string): Problem {
  return { message: silentText(shardId, reason), action: 'retry' };
}

const throttleReason = (error: KinesisError): string =>
  error.name === 'ProvisionedThroughputExceededException'
    ? 'its readers share 5 calls and 2 MiB a second.'
    : `${error.name}: ${sentence(error.message)}`;

export const throttledText = (shardId: string, error: KinesisError): string =>
  `Reads of shard ${shortShardId(shardId)} are throttled: ${throttleReason(error)} Reading goes on more slowly; nothing is skipped.`;

export const throttledTooText =
  'Reads of further shards are throttled, too. Reading goes on more slowly; nothing is skipped.';

export const throttleOverText = (shardId: string, lastedMs: number): string =>
  `Shard ${shortShardId(shardId)} was throttled for ${seconds(lastedMs)}.`;

export const expiredText = (shardId: string): string =>
  `A gap: records of shard ${shortShardId(shardId)} may have expired here before they could be read. Reading goes on with the oldest that the stream keeps.`;

/** `aheadMs`: 0 where nobody can say how far. */
export const aheadText = (aheadMs: number): string =>
  `The time to begin at lies ${aheadMs > 0 ? `${durationText(aheadMs)} ` : ''}ahead of the stream's clock: nothing of it is there yet, and reading begins with what is put from now on. Begin at an earlier time for what is there already.`;

/** Why nothing is left of a stream: all shards were read and none is open, or it was deleted, or that and created again. */
export type StreamEnd = 'read' | 'deleted' | 'replaced';

/** The sentence of its row, and what its user can do. */
export interface TailEnd {
  readonly text: string;
  readonly advice: string;
}

export function endOf(why: StreamEnd, stream: string): TailEnd {
  switch (why) {
    case 'read':
      return {
        text: 'Every shard was read to its end, and none is open.',
        advice: 'Start from another place to read them again.',
      };
    case 'deleted':
      return {
        text: `The stream ${stream} was deleted. What was read of it stays here.`,
        advice: 'Export it, or create the stream again and start the tail from a place of it.',
      };
    case 'replaced':
      return {
        text: `The stream ${stream} was deleted and created again. What was read of the old one stays here; start the tail again for the new one.`,
        advice: 'The rows of the new one take the place of these.',
      };
  }
}

export const heldText =
  'The rows above were read again. What has come since waits behind them: resume to read it.';

export const stoppedText = 'The tail stopped here, as it was asked to. Resume to go on.';

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
