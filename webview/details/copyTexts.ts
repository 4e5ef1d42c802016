/** What can be copied of a record: its value, the record as JSON, the command that puts it again. Pure. */
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { FullRecord } from '../../src/protocol/tail.ts';
import { base64Of, textOf } from './bytes.ts';

/** True when the first bytes only are here: the others have to be asked for. */
export function isRawCut({ row, raw }: FullRecord): boolean {
  return raw.length < row.size;
}

/** The record as GetRecords gives it, with its shard and, of one within an aggregate, what tells it from the others. */
export function recordJson({ row, raw, explicitHashKey }: FullRecord): string {
  const record = {
    ShardId: row.shardId,
    SequenceNumber: row.sequenceNumber,
    SubSequenceNumber: row.subSequenceNumber,
    ApproximateArrivalTimestamp: new Date(row.arrivedMs).toISOString(),
    ...(row.partitionKey && { PartitionKey: row.partitionKey }),
    ExplicitHashKey: explicitHashKey,
    Data: base64Of(raw),
  };
  return JSON.stringify(record, undefined, 2);
}

/** For bash and zsh. Quoted whatever it is: zsh takes `=ls`, and any word at all, for something else on demand. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A value that begins like an option would be taken for one. */
const optionOf = (name: string, value: string): string =>
  `${name}${value.startsWith('-') ? '=' : ' '}${shellQuoted(value)}`;

/** One line that a terminal shows as it is: it changes line breaks, and acts on control characters. */
const isPrintable = (text: string): boolean => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);

/** What the command line tool, in one of its versions, reads from there. @source documented */
const isAddress = (text: string): boolean => /^(?:file|http)/.test(text);

/** Bash before its version 4 takes the `!` in `'it'\''s !'` for the history's, although it is quoted. */
const isInHistory = (text: string): boolean => /'.*!/.test(text);

/** Comes out of a terminal, a shell and the command line tool as it goes in. */
const isPasteable = (text: string): boolean =>
  isPrintable(text) && !isAddress(text) && !isInHistory(text);

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

/** Undefined of data that is to be pasted as Base64. */
function shellTextOf(raw: Uint8Array): string | undefined {
  const text = textOf(raw);
  return text !== undefined && isPasteable(text) ? text : undefined;
}

/** JSON in which nothing has to be quoted or could be changed. */
function pasteableJson(value: object): string {
  const written = (unit: string): string =>
    `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[^ -~]|['!]/g, written);
}

/** The tool reads no file for what stands within JSON. @source documented */
function keyOptions(key: string): [string, string][] {
  if (key === '') return [];
  if (isPasteable(key)) return [['--partition-key', key]];
  return [['--cli-input-json', pasteableJson({ PartitionKey: key })]];
}

/** An AWS CLI (version 2) command that puts the same data under the same key to the same stream. */
export function putCommand(
  { row, raw, explicitHashKey }: FullRecord,
  { stream, connection }: PanelSubject,
): string {
  const text = shellTextOf(raw);
  const { region, profile, endpoint } = connection;
  const options: [string, string][] = [
    ['--stream-name', stream],
    ...keyOptions(row.partitionKey),
    ['--data', text ?? base64Of(raw)],
    ['--region', region],
  ];
  if (explicitHashKey !== undefined) options.push(['--explicit-hash-key', explicitHashKey]);
  if (profile !== undefined) options.push(['--profile', profile]);
  if (endpoint !== undefined) options.push(['--endpoint-url', endpoint]);
  const format = text === undefined ? 'base64' : 'raw-in-base64-out';
  const words = options.map(([name, value]) => optionOf(name, value));
  return `aws kinesis put-record --cli-binary-format ${format} ${words.join(' ')}`;
}
