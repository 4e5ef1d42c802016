/** Asks what is to be exported of a stream, how, and into which file. */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { ExportFormat, ExportRequest } from '../../protocol/export.ts';
import type { TailStart } from '../../protocol/tail.ts';
import { parseQuery } from '../../query/query.ts';
import { UserError } from '../messages.ts';
import type { HeldRows } from '../panels/heldRows.ts';
import { readAwsReads } from '../settings.ts';
import type { StreamTimes, Times } from '../times.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import { askStart, askTime } from './askStart.ts';
import { askText, choose } from './choose.ts';

interface ExportQuestion {
  /** The command's name. */
  readonly title: string;
  readonly held: HeldRows | undefined;
  /** How the stream is decoded. */
  readonly pinned: readonly string[];
  readonly times: Times;
}

export async function askExportWhat(
  place: StreamPlace,
  { title, held, pinned, times }: ExportQuestion,
): Promise<ExportRequest['what']> {
  if (held && (await wantsRows(held, title))) {
    const { tail, filter } = held;
    return { type: 'rows', tail, filter };
  }
  const { connection, stream } = place;
  const here = times.of(connection);
  const start = await askFrom(here, title);
  const toMs = await askTo(here, { title, start });
  const query = times.query(await askQuery(here, { title, value: held?.filter ?? '' }));
  return { type: 'range', connection, stream, start, toMs, query, pinned, ...readAwsReads() };
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

async function askFrom(times: StreamTimes, title: string): Promise<TailStart> {
  const ago = (minutes: number): TailStart => ({
    type: 'AT_TIMESTAMP',
    timestampMs: times.nowMs - minutes * minuteMs,
  });
  const start = await choose<TailStart | undefined>({ title, prompt: 'From' }, [
    { label: 'The oldest record that the stream holds', value: { type: 'TRIM_HORIZON' } },
    { label: '10 minutes ago', value: ago(10) },
    { label: '1 hour ago', value: ago(60) },
    { label: 'A time or a sequence number…', value: undefined },
  ]);
  return start ?? askStart(times, title);
}

async function askTo(
  times: StreamTimes,
  { title, start }: { title: string; start: TailStart },
): Promise<number | undefined> {
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
  return askTime(times, { title, prompt: 'Up to a time, or how long ago', afterMs });
}

function askQuery(
  times: StreamTimes,
  { title, value }: { title: string; value: string },
): Promise<string> {
  return askText({
    title,
    prompt: `Only records that match; empty: all${times.zoneNote}`,
    placeHolder: 'late key:customer $.order.total > 100',
    value,
    check: (query) => parseQuery(query).problem,
  });
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
  { title, format, times }: { title: string; format: ExportFormat; times: Times },
): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const time = times.shown(Date.now()).slice(0, 16).replaceAll(':', '-');
  const name = `${stream}-${time}.${format}`;
  const defaultUri = vscode.Uri.joinPath(folder ?? vscode.Uri.file(homedir()), name);
  const filters = { [format.toUpperCase()]: [format] };
  const chosen = await vscode.window.showSaveDialog({ title, defaultUri, filters });
  if (!chosen) throw new vscode.CancellationError();
  if (chosen.scheme === 'file') return chosen;
  throw new UserError(`Records are exported into files on disk: ${chosen.toString()} is none.`);
}
