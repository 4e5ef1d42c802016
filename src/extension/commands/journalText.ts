/** The journal of calls as a text: one call a line, in columns. Pure. */
import type { JournalEntry } from '../../admin/controls.ts';
import { counted } from '../tree/labels.ts';

const heads = ['TIME', 'MS', 'OPERATION', 'STREAM', 'RECORDS', 'RESULT', 'ACCESS KEY', 'CLIENT'];
/** Numbers stand at the right of their columns. */
const isNumeric = heads.map((head) => head === 'MS' || head === 'RECORDS');

/** Tells what a clock shows at a moment: `2026-11-28T14:05:00.000`. */
type Shown = (epochMs: number) => string;

/** By rising number, the newest last; without an end of line after the last. */
export function journalText(entries: readonly JournalEntry[], shown: Shown): string {
  if (entries.length === 0) {
    return 'No calls since the engine was started. What this extension reads by itself is not in it.';
  }
  const rows = [heads, ...entries.map((entry) => cellsOf(entry, shown))];
  const widths = heads.map((_, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), 0),
  );
  const lines = rows.map((row) => row.map((cell, column) => padded(cell, column, widths)));
  const head = `The last ${counted(entries.length, 'call')} of the local engine, the newest last`;
  return [head, '', ...lines.map((cells) => cells.join('  ').trimEnd())].join('\n');
}

function padded(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column]!;
  return isNumeric[column] ? cell.padStart(width) : cell.padEnd(width);
}

function cellsOf(entry: JournalEntry, shown: Shown): string[] {
  const { durationMs, operation, stream = '-', records, accessKeyId, userAgent } = entry;
  return [
    shown(entry.atMs).replace('T', ' '),
    durationMs.toFixed(1),
    operation,
    stream,
    records === undefined ? '-' : String(records),
    resultOf(entry),
    accessKeyId ?? '-',
    userAgent ?? '-',
  ].map(oneLine);
}

function resultOf({ error, failedRecords = 0 }: JournalEntry): string {
  if (error !== undefined) return error;
  return failedRecords > 0 ? `${failedRecords} failed` : 'ok';
}

/** What clients say of themselves may hold anything. */
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');
