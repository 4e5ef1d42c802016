/** Runs one publish job of the worker under a progress that can be cancelled; words its result. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { PublishProgress, PublishRequest, PublishResult } from '../../protocol/worker.ts';
import type { App } from '../app.ts';
import type { ChosenStream } from '../prompts/askTarget.ts';
import { readReceiptsFolder } from '../settings.ts';
import { counted } from '../tree/labels.ts';

export interface PublishJob {
  /** Of the progress: `Publishing into orders`. */
  readonly title: string;
  readonly source: PublishRequest['source'];
  /** A line in the status bar instead of a notification; it cannot be cancelled there. */
  readonly isQuiet?: boolean;
}

let lastJob = 0;

/** Cancelling stops after what is in flight; the promise then resolves or rejects as the worker says. */
export async function publish(
  app: App,
  chosen: ChosenStream,
  { title, source, isQuiet }: PublishJob,
): Promise<PublishResult> {
  const { connection, stream } = chosen;
  const job = ++lastJob;
  const receipts = await receiptsFile(stream);
  const location = isQuiet ? vscode.ProgressLocation.Window : vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title, cancellable: !isQuiet },
    async (progress, cancelled) => {
      const controller = new AbortController();
      cancelled.onCancellationRequested(() => controller.abort());
      const reporting = app.worker.onProgress((said) => {
        if (said.job === job) progress.report({ message: progressText(said) });
      });
      try {
        const request = { connection, stream, job, source, receipts };
        return await app.worker.call('publish', request, controller.signal);
      } finally {
        reporting.dispose();
      }
    },
  );
}

/** A new file for each job, when the user wants receipts. */
async function receiptsFile(stream: string): Promise<string | undefined> {
  const folder = readReceiptsFolder();
  if (!folder) return undefined;
  await vscode.workspace.fs.createDirectory(vscode.Uri.file(folder));
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  return path.join(folder, `${stream}-${time}.ndjson`);
}

/** `flights, by origin airport: 1,200 of 4,000` */
export function progressText({ phase, acknowledged, total }: PublishProgress): string {
  const of = total === undefined ? '' : ` of ${total.toLocaleString('en-US')}`;
  const count = `${acknowledged.toLocaleString('en-US')}${of}`;
  return phase ? `${phase}: ${count}` : count;
}

/** `1,000 records put into orders, 3 retried, 8,500 not tried. 2 records failed: …` */
export function publishedText(result: PublishResult, stream: string): string {
  const { acknowledged, retried, failed, failure, end, untried } = result;
  const again = retried > 0 ? `, ${retried.toLocaleString('en-US')} retried` : '';
  const lost = failed > 0 ? ` ${counted(failed, 'record')} failed: ${failure ?? 'unknown'}` : '';
  const cancelled = end === 'cancelled' ? 'Cancelled: ' : '';
  const put = `${counted(acknowledged, 'record')} put into ${stream}`;
  return `${cancelled}${put}${again}${untriedText(untried)}.${lost}`;
}

function untriedText(untried: number | undefined): string {
  if (untried === 0) return '';
  return `, ${untried === undefined ? 'the rest' : untried.toLocaleString('en-US')} not tried`;
}
