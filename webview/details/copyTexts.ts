/** What can be copied of a record: its value, the record as JSON, the command that puts it again. Pure. */
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { FullRecord } from '../../src/protocol/tail.ts';
import { base64Of, textOf } from './bytes.ts';

/** True when the first bytes only are here: neither JSON nor a command can hold the record. */
export function isRawCut({ row, raw }: FullRecord): boolean {
  return raw.length < row.size;
}

/** The record as GetRecords gives it, with its shard. */
export function recordJson({ row, raw }: FullRecord): string {
  const record = {
    ShardId: row.shardId,
    SequenceNumber: row.sequenceNumber,
    ApproximateArrivalTimestamp: new Date(row.arrivedMs).toISOString(),
    PartitionKey: row.partitionKey,
    Data: base64Of(raw),
  };
  return JSON.stringify(record, undefined, 2);
}

/** For POSIX shells: nothing inside is special. */
export function shellQuoted(text: string): string {
  if (/^[\w./:=@%+-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Of a local engine the command must name the endpoint, else it would put to AWS. */
function endpointOf({ kind, place, endpoint }: PanelSubject['connection']): string | undefined {
  if (endpoint !== undefined) return endpoint;
  const port = kind === 'local' ? /\d+/.exec(place)?.[0] : undefined;
  return port && `http://127.0.0.1:${port}`;
}

/** An AWS CLI (version 2) command that puts the same data under the same key to the same stream. */
export function putCommand({ row, raw }: FullRecord, subject: PanelSubject): string {
  const { stream, connection } = subject;
  const text = textOf(raw);
  const isText = text !== undefined && !text.startsWith('file');
  const endpoint = endpointOf(connection);
  const options = [
    ['--stream-name', stream],
    ['--partition-key', row.partitionKey],
    ['--cli-binary-format', isText ? 'raw-in-base64-out' : 'base64'],
    ['--data', isText ? text : base64Of(raw)],
    ['--region', connection.region],
    ...(endpoint ? [['--endpoint-url', endpoint]] : []),
  ];
  const words = options.map(([name, value]) => `${name} ${shellQuoted(value ?? '')}`);
  return `aws kinesis put-record ${words.join(' ')}`;
}
