/** What can be copied of a record: its value, the record as JSON, the command that puts it again. Pure. */
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { FullRecord } from '../../src/protocol/tail.ts';
import { base64Of, textOf } from './bytes.ts';

/** True when the first bytes only are here: the others have to be asked for. */
export function isRawCut({ row, raw }: FullRecord): boolean {
  return raw.length < row.size;
}

/** The record as GetRecords gives it, with its shard. */
export function recordJson({ row, raw }: FullRecord): string {
  const record = {
    ShardId: row.shardId,
    SequenceNumber: row.sequenceNumber,
    ApproximateArrivalTimestamp: new Date(row.arrivedMs).toISOString(),
    ...(row.partitionKey && { PartitionKey: row.partitionKey }),
    Data: base64Of(raw),
  };
  return JSON.stringify(record, undefined, 2);
}

/** For POSIX shells: nothing inside is special. */
export function shellQuoted(text: string): string {
  if (/^[\w./:=@%+-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A value that begins like an option would be taken for one. */
const optionOf = (name: string, value: string): string =>
  `${name}${value.startsWith('-') ? '=' : ' '}${shellQuoted(value)}`;

/** False while the local engine has no address: the command would put to AWS. */
export function hasPutCommand({ kind, endpoint }: PanelSubject['connection']): boolean {
  return kind === 'aws' || endpoint !== undefined;
}

/** Linux takes no longer word of a command, whatever shell it is typed into. @source documented */
const wordBytesMax = 131_071 - '--data='.length;

/** False of data that no command line can hold. */
export function fitsCommand(record: FullRecord): boolean {
  const { raw, row } = record;
  const base64Bytes = Math.ceil(row.size / 3) * 4;
  const isText = shellTextOf(raw) !== undefined;
  return base64Bytes <= wordBytesMax || (isText && row.size <= wordBytesMax);
}

/** Undefined of data that is no text, or begins as what the command line tool reads a file for. */
function shellTextOf(raw: Uint8Array): string | undefined {
  const text = textOf(raw);
  return text?.startsWith('file') ? undefined : text;
}

const keyOption = (key: string): [string, string][] => (key ? [['--partition-key', key]] : []);

/** An AWS CLI (version 2) command that puts the same data under the same key to the same stream. */
export function putCommand({ row, raw }: FullRecord, subject: PanelSubject): string {
  const { stream, connection } = subject;
  const text = shellTextOf(raw);
  const { region, profile, endpoint } = connection;
  const options: [string, string][] = [
    ['--stream-name', stream],
    ...keyOption(row.partitionKey),
    ['--cli-binary-format', text === undefined ? 'base64' : 'raw-in-base64-out'],
    ['--data', text ?? base64Of(raw)],
    ['--region', region],
  ];
  if (profile !== undefined) options.push(['--profile', profile]);
  if (endpoint !== undefined) options.push(['--endpoint-url', endpoint]);
  const words = options.map(([name, value]) => optionOf(name, value));
  return `aws kinesis put-record ${words.join(' ')}`;
}
