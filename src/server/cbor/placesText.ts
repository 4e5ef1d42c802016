/** The usual answer of PutRecords, every record in its place, as the general way writes it. */
import type { PutRecordsOutput } from '../../kinesis/operations/putRecords.ts';
import { encodePlain, encodeString, headOf } from './encode.ts';
import { LIST, MAP } from './reader.ts';

const begin = headOf(MAP, 2) + encodeString('FailedRecordCount') + headOf(0, 0);
const records = encodeString('Records');
const number = headOf(MAP, 2) + encodeString('SequenceNumber');
const shard = encodeString('ShardId');

/** A character a byte; undefined when there is more to say: then the general way says it. */
export function placesText(output: PutRecordsOutput): string | undefined {
  if (output.FailedRecordCount !== 0 || output.EncryptionType !== undefined) return undefined;
  const texts: string[] = [];
  for (const { SequenceNumber, ShardId, ErrorCode, ErrorMessage } of output.Records) {
    const hasMore = ErrorCode !== undefined || ErrorMessage !== undefined;
    if (SequenceNumber === undefined || ShardId === undefined || hasMore) return undefined;
    texts.push(`${number}${encodePlain(SequenceNumber)}${shard}${encodePlain(ShardId)}`);
  }
  return `${begin}${records}${headOf(LIST, texts.length)}${texts.join('')}`;
}
