/** A KPL aggregate as one text: its user records one after the other. Proven by magic number and MD5. */
import type { Content } from './content.ts';
import { deaggregate, isAggregate, type UserRecord } from './kplAggregate.ts';
import type { Asked, Leaf, Page, Shown } from './leaf.ts';
import { cut, headOf, oneLine, textOf } from './text.ts';
import { beginsOtherwise, counted, sizeOf } from './wording.ts';

const magic = 'f3 89 9a c2';
/** Longer aggregates are not proven for a line; the KPL makes 50 KiB. */
const lineBytesMax = 64 * 1024;

export const kpl: Leaf = { name: 'kpl', format: 'kpl', isProof: true, line, page, searchText };

function line({ data, isPart }: Content, { charactersMax }: Asked): Shown | undefined {
  if (!isAggregate(data) || isPart || isUnread(data)) return undefined;
  const found = deaggregate(data);
  if (found.kind !== 'aggregate') return undefined;
  let text = `${counted(found.records.length, 'user record')}:`;
  for (const record of found.records) {
    if (text.length > charactersMax) break;
    text += ` ${textOfRecord(record, charactersMax)}`;
  }
  return oneLine(text, charactersMax);
}

/** True of what a line does not tell apart from an aggregate. */
export const isUnread = (data: Uint8Array): boolean =>
  data.length > lineBytesMax && isAggregate(data);

function page({ data, isPart }: Content, { charactersMax }: Asked): Page {
  if (!isAggregate(data)) return { outcome: 'notThis', why: beginsOtherwise(data, magic) };
  if (isPart) return { outcome: 'broken', why: `begins with ${magic}, but its MD5 is not there` };
  const found = deaggregate(data);
  if (found.kind !== 'aggregate') {
    const why = found.kind === 'broken' ? found.why : 'is none';
    return { outcome: 'broken', why: `begins with ${magic}, but ${why}` };
  }
  const { text, isCut } = listed(found.records, charactersMax);
  const records = counted(found.records.length, 'user record');
  return {
    outcome: 'read',
    text,
    isCut,
    why: `begins with ${magic}, and its MD5 matches: ${records}`,
  };
}

function listed(records: readonly UserRecord[], charactersMax: number): Shown {
  const parts: string[] = [];
  let left = charactersMax;
  for (const record of records) {
    const part = `${titleOf(record)}\n${textOfRecord(record, Math.max(0, left))}\n`;
    parts.push(part);
    left -= part.length;
    if (left < 0) break;
  }
  return { text: cut(parts.join(''), charactersMax), isCut: left < 0 };
}

function titleOf(record: UserRecord): string {
  const { subSequenceNumber, partitionKey, explicitHashKey, data } = record;
  const place = explicitHashKey === undefined ? '' : `, explicit hash key ${explicitHashKey}`;
  return `#${subSequenceNumber} ${partitionKey}${place}, ${sizeOf(data.length)}`;
}

/** A little more than `charactersMax` at most. */
function textOfRecord({ data }: UserRecord, charactersMax: number): string {
  const text = textOf(headOf(data, charactersMax * 4 + 4));
  return text === undefined ? `${sizeOf(data.length)} of bytes` : cut(text, charactersMax + 1);
}

function searchText({ data, isPart }: Content): string | undefined {
  const found = isPart ? undefined : deaggregate(data);
  if (found?.kind !== 'aggregate') return undefined;
  return found.records
    .map(({ partitionKey, data: own }) => `${partitionKey}\n${textOf(own) ?? ''}`)
    .join('\n');
}
