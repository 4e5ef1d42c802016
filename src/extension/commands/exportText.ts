/** What a user reads of an export: how far it is, and how it ended. */
import type { ExportProgress, ExportResult } from '../../protocol/export.ts';
import { counted } from '../tree/labels.ts';
import { bytesText } from '../tree/trafficText.ts';

/** `1,200 records, 4.1 MiB, up to 28/11/2026, 14:05:00 GMT+1`; `words`: of a moment in epoch milliseconds. */
export function progressText(said: ExportProgress, words: (epochMs: number) => string): string {
  const { records, bytes, looked, total, reachedMs, waiting } = said;
  const among = total === undefined ? looked : total;
  const of = among > records ? ` of ${among.toLocaleString('en-US')}` : '';
  const time = reachedMs === undefined ? '' : `, up to ${words(reachedMs)}`;
  const counts = of
    ? `${records.toLocaleString('en-US')}${of} records`
    : counted(records, 'record');
  return `${counts}, ${bytesText(bytes)}${time}.${waiting ? ` ${waiting}` : ''}`;
}

export function resultText(
  result: ExportResult,
  { stream, file }: { stream: string; file: string },
): string {
  const { end, failure = '', records, bytes, dropped, warnings } = result;
  if (end === 'cancelled') return `The export of ${stream} was cancelled. Nothing of it was kept.`;
  if (end === 'failed') {
    const left = records > 0 ? ` Until then ${counted(records, 'record')} had been written.` : '';
    return `The export of ${stream} failed. ${failure}${left}`;
  }
  const done = `${counted(records, 'record')} of ${stream} exported into ${file}, ${bytesText(bytes)}.`;
  const gone =
    dropped > 0
      ? [`${counted(dropped, 'row')} had left the tail before they could be written.`]
      : [];
  return [done, ...gone, ...warnings].join(' ');
}

export const keptText = (file: string): string => `What was written is kept as ${file}.`;
