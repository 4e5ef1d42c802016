/**
 * Records as CSV (RFC 4180), one a line. A key or data that a spreadsheet would take for a formula, or that has control
 * characters, is written as a JSON string, quotation marks included; so is what begins with a quotation mark. That keeps
 * a record on its line, runs nothing, and loses nothing: a field that begins with a quotation mark is JSON. Semicolons
 * are escaped in it, since where a comma is the decimal sign they are what spreadsheets take lines apart at.
 */
import { base64Of } from './base64.ts';
import { type ExportedRecord, type Member, members, recordOf, textOf } from './record.ts';

export const csvHeader = members.join(',');

/** Also lone surrogates, which UTF-8 cannot hold, and the wide forms of what begins a formula. */
const unsafe =
  /^[\s"=+\-@\uff1d\uff0b\uff0d\uff20]|;[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\p{Cc}\p{Cs}]/u;
const needsQuotes = /[",]/;

/** Without its end. */
export function csvLineOf(record: ExportedRecord): string {
  const { arrivedMs, shardId, sequenceNumber, subSequenceNumber } = record;
  const { partitionKey, explicitHashKey, data } = record;
  const text = textOf(data);
  const fields = {
    arrived: new Date(arrivedMs).toISOString(),
    shardId,
    sequenceNumber,
    subSequenceNumber: String(subSequenceNumber ?? ''),
    partitionKey: safe(partitionKey),
    explicitHashKey: explicitHashKey ?? '',
    data: text === undefined ? '' : safe(text),
    dataBase64: text === undefined ? base64Of(data) : '',
  } satisfies Record<Member, string>;
  return members.map((member) => quoted(fields[member])).join(',');
}

const safe = (text: string): string =>
  unsafe.test(text) ? JSON.stringify(text).replaceAll(';', '\\u003b') : text;

const quoted = (field: string): string =>
  needsQuotes.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

/** Which member each column holds; undefined for one that is not ours. */
export type Columns = readonly (Member | undefined)[];

const neededMembers: readonly Member[] = ['arrived', 'shardId', 'sequenceNumber', 'partitionKey'];

/** Undefined when it is no such header: columns may stand in any order, and there may be others. */
export function columnsOf(header: string): Columns | undefined {
  const names = fieldsOf(header);
  if (!neededMembers.every((member) => names.includes(member))) return undefined;
  if (!names.includes('data') && !names.includes('dataBase64')) return undefined;
  return names.map((name) => members.find((member) => member === name));
}

/** `hasEnd`: a line break follows it. Throws an Error with what is wrong, as the end of a sentence. */
export function recordOfCsvLine(line: string, columns: Columns, hasEnd = true): ExportedRecord {
  const fields = fieldsOf(line);
  if (fields.length !== columns.length) {
    throw new Error(`it has ${fields.length} fields, and the header has ${columns.length}`);
  }
  const read: Partial<Record<Member, string>> = {};
  for (const [index, member] of columns.entries()) {
    if (member !== undefined) read[member] = fields[index]!;
  }
  if (!hasEnd && mayBeCut(read, columns.at(-1))) {
    throw new Error(
      'no line break follows, so it may have been cut off; if the file is whole, add a line break at its end',
    );
  }
  const { subSequenceNumber, explicitHashKey, partitionKey, data = '', dataBase64 } = read;
  return recordOf({
    ...read,
    subSequenceNumber: subSequenceNumber ? numberOf(subSequenceNumber) : undefined,
    explicitHashKey: explicitHashKey || undefined,
    partitionKey: plain(partitionKey!, 'partitionKey'),
    // Empty data is an empty field in both columns.
    data: data === '' && dataBase64 ? undefined : plain(data, 'data'),
    dataBase64: dataBase64 || undefined,
  });
}

/**
 * The beginning of a field reads as one. A last line without an end surely lacks nothing only where its last field is
 * not read, or is the Base64 that data leaves empty.
 */
function mayBeCut({ data }: Partial<Record<Member, string>>, last: Member | undefined): boolean {
  return last === 'dataBase64' ? !data : last !== undefined;
}

/** Not a number where it is none: whoever looks at it says so. */
const numberOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN);

function plain(field: string, member: Member): string {
  if (!field.startsWith('"')) return field;
  try {
    return JSON.parse(field) as string;
  } catch {
    throw new Error(`its ${member} begins with a quotation mark and is no JSON string`);
  }
}

/** Throws an Error for quotation marks that are not as they should be. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    const start = at;
    if (line[at] === '"') {
      at = endOfQuoted(line, at);
      fields.push(line.slice(start + 1, at - 1).replaceAll('""', '"'));
    } else {
      const comma = line.indexOf(',', at);
      at = comma < 0 ? line.length : comma;
      fields.push(line.slice(start, at));
    }
    if (at === line.length) return fields;
    if (line[at] !== ',') throw new Error('something follows a quotation mark that ends a field');
  }
}

/** Behind the quotation mark that ends the field whose first one stands at `start`. */
function endOfQuoted(line: string, start: number): number {
  for (let at = start + 1; ; at += 2) {
    at = line.indexOf('"', at);
    if (at < 0) {
      throw new Error('a quotation mark is not closed, and a record does not go over its line');
    }
    if (line[at + 1] !== '"') return at + 1;
  }
}
