/** Asks what is to be exported of a stream, how, and into which file. */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { ExportFormat, ExportRequest } from '../../protocol/export.ts';
import type { TailStart } from '../../protocol/tail.ts';
import { parseQuery } from '../../query/query.ts';
import { UserError } from '../messages.ts';
import type { HeldRows } from '../panels/heldRows.ts';
import { readAwsReads } from '../settings.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import { askStart, askTime } from './askStart.ts';
import { askText, choose } from './choose.ts';
import { inZone } from './moments.ts';

interface ExportQuestion {
  /** The command's name. */
  readonly title: string;
  readonly held: HeldRows | undefined;
}

export async function askExportWhat(
  place: StreamPlace,
  { title, held }: ExportQuestion,
): Promise<ExportRequest['what']> {
  if (held && (await wantsRows(held, title))) return { type: 'rows', tail: held.tail };
  const start = await askFrom(title);
  const toMs = await askTo(title, start);
  const query = await askQuery(title, held?.filter ?? '');
  const { connection, stream } = place;
  return { type: 'range', connection, stream, start, toMs, query, ...readAwsReads() };
}

function wantsRows({ filter, held, matching }: HeldRows, title: string): Promise<boolean> {
  const count = (n: number): string => n.toLocaleString('en-US');
  const rows = filter
    ? {
        label: 'The rows that match',
        description: `${count(matching)} of ${count(held)}, filter: ${filter}`,
      }
    : { label: 'The rows of the tail', description: count(held) };
  const range = {
    label: 'A time range of the stream…',
    description: 'read anew, not only what the tail holds',
  };
  return choose({ title, prompt: 'What to export' }, [
    { ...rows, value: true },
    { ...range, value: false },
  ]);
}

const minuteMs = 60_000;

async function askFrom(title: string): Promise<TailStart> {
  const ago = (minutes: number): TailStart => ({
    type: 'AT_TIMESTAMP',
    timestampMs: Date.now() - minutes * minuteMs,
  });
  const start = await choose<TailStart | undefined>({ title, prompt: 'From' }, [
    { label: 'The oldest record that the stream holds', value: { type: 'TRIM_HORIZON' } },
    { label: '10 minutes ago', value: ago(10) },
    { label: '1 hour ago', value: ago(60) },
    { label: 'A time or a sequence number…', value: undefined },
  ]);
  return start ?? askStart(title);
}

async function askTo(title: string, start: TailStart): Promise<number | undefined> {
  const isNow = await choose({ title, prompt: 'Up to' }, [
    { label: 'Now', description: 'all that the stream holds by then', value: true },
    {
      label: 'A time…',
      description: 'each shard up to its first record from then on',
      value: false,
    },
  ]);
  if (isNow) return undefined;
  const afterMs = start.type === 'AT_TIMESTAMP' ? start.timestampMs : undefined;
  return askTime({ title, prompt: 'Up to a time, or how long ago', afterMs });
}

async function askQuery(title: string, value: string) {
  const text = await askText({
    title,
    prompt: 'Only records that match; empty: all',
    placeHolder: 'late key:customer $.order.total > 100',
    value,
    check: (query) => parseQuery(query).problem,
  });
  return inZone(text);
}

/** `isMasked`: what is hidden on the screen is not hidden in the file, which is said before it is written. */
export function askExportFormat(title: string, isMasked: boolean): Promise<ExportFormat> {
  const prompt = isMasked
    ? 'Format: masks do not hold in a file, it has all of the data'
    : 'Format';
  return choose<ExportFormat>({ title, prompt }, [
    { label: 'JSONL', description: 'a JSON object a line', value: 'jsonl' },
    { label: 'CSV', description: 'for spreadsheets; formulas in it do not run', value: 'csv' },
  ]);
}

/** A file of this machine. Rejects with a CancellationError when the user goes away. */
export async function askExportFile(
  stream: string,
  { title, format }: { title: string; format: ExportFormat },
): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const time = new Date().toISOString().slice(0, 16).replaceAll(':', '-');
  const name = `${stream}-${time}.${format}`;
  const defaultUri = vscode.Uri.joinPath(folder ?? vscode.Uri.file(homedir()), name);
  const filters = { [format.toUpperCase()]: [format] };
  const chosen = await vscode.window.showSaveDialog({ title, defaultUri, filters });
  if (!chosen) throw new vscode.CancellationError();
  if (chosen.scheme === 'file') return chosen;
  throw new UserError(`Records are exported into files on disk: ${chosen.toString()} is none.`);
}
