/** Records as JSON, one a line. What UTF-8 cannot hold of a key is escaped, as JSON has it. */
import { base64Of } from './base64.ts';
import { type ExportedRecord, recordOf, textOf } from './record.ts';

/** Without its end. */
export function jsonLineOf(record: ExportedRecord): string {
  const { arrivedMs, shardId, sequenceNumber, subSequenceNumber } = record;
  const { partitionKey, explicitHashKey, data } = record;
  const text = textOf(data);
  return JSON.stringify({
    arrived: new Date(arrivedMs).toISOString(),
    shardId,
    sequenceNumber,
    subSequenceNumber,
    partitionKey,
    explicitHashKey,
    ...(text === undefined ? { dataBase64: base64Of(data) } : { data: text }),
  });
}

/** Throws an Error with what is wrong, as the end of a sentence. */
export function recordOfJsonLine(line: string): ExportedRecord {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    throw new Error('it is no JSON');
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new Error('it is no JSON object');
  }
  return recordOf(read);
}
