/** Checks the request for a stream with the shards of another one. Whether they fit together is the engine's. */

import { retentionHoursMax, retentionHoursMin } from '../kinesis/limits.ts';
import { type ImportedShard, importedShardsMax, type ShardImport } from './controls.ts';
import { badBody, Fields } from './fields.ts';

/** Names of streams and of their consumers. */
export const namePattern = /^[a-zA-Z0-9_.-]{1,128}$/;
const hashKeyPattern = /^(0|[1-9]\d{0,38})$/;
const numberPattern = /^(0|[1-9]\d{0,128})$/;

/** Throws SerializationException with a usable sentence. */
export function shardImportOf(body: unknown): ShardImport {
  const fields = new Fields(body, ['stream', 'shards', 'retentionHours', 'mode']);
  const hours = { min: retentionHoursMin, max: retentionHoursMax };
  return {
    stream: fields.matching('stream', namePattern),
    shards: shardsOf(fields.get('shards')),
    retentionHours: fields.optionalWhole('retentionHours', hours),
    mode: fields.optionalChoice('mode', ['PROVISIONED', 'ON_DEMAND']),
  };
}

function shardsOf(value: unknown): ImportedShard[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > importedShardsMax) {
    throw badBody(
      `The body needs "shards", 1 to ${importedShardsMax} of them as ListShards answers them.`,
    );
  }
  return value.map(shardOf);
}

function shardOf(value: unknown): ImportedShard {
  const fields = new Fields(value, [
    'ShardId',
    'HashKeyRange',
    'ParentShardId',
    'AdjacentParentShardId',
    'SequenceNumberRange',
  ]);
  const keys = new Fields(fields.get('HashKeyRange'), ['StartingHashKey', 'EndingHashKey']);
  const numbers = fields.get('SequenceNumberRange');
  return {
    ShardId: fields.text('ShardId'),
    HashKeyRange: {
      StartingHashKey: keys.matching('StartingHashKey', hashKeyPattern),
      EndingHashKey: keys.matching('EndingHashKey', hashKeyPattern),
    },
    ParentShardId: fields.optionalText('ParentShardId'),
    AdjacentParentShardId: fields.optionalText('AdjacentParentShardId'),
    ...(numbers !== undefined && { SequenceNumberRange: numbersOf(numbers) }),
  };
}

function numbersOf(value: unknown): NonNullable<ImportedShard['SequenceNumberRange']> {
  const fields = new Fields(value, ['StartingSequenceNumber', 'EndingSequenceNumber']);
  const isClosed = fields.get('EndingSequenceNumber') !== undefined;
  return {
    StartingSequenceNumber: fields.matching('StartingSequenceNumber', numberPattern),
    ...(isClosed && {
      EndingSequenceNumber: fields.matching('EndingSequenceNumber', numberPattern),
    }),
  };
}
