/** Exports rows of a tail, or a range of a stream, into a file; the worker thread writes it. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExportRequest, ExportResult } from '../../protocol/export.ts';
import type { App, Command } from '../app.ts';
import { failure } from '../messages.ts';
import type { HeldRows } from '../panels/heldRows.ts';
import { askExportFile, askExportFormat, askExportWhat } from '../prompts/askExport.ts';
import { askStream } from '../prompts/askTarget.ts';
import { targetOf } from '../prompts/target.ts';
import { keptText, progressText, resultText } from './exportText.ts';

const title = 'Export Records';
let lastJob = 0;

export const exportRecords: Command = {
  id: 'shardscope.exportRecords',
  async run(app, argument) {
    const held = heldBy(app, argument);
    const target = held ?? targetOf(app, argument);
    const chosen = await askStream(app, target, { title });
    const what = await askExportWhat(chosen, {
      title,
      held,
      pinned: app.records.pins.of(chosen),
      times: app.times,
    });
    const format = await askExportFormat(title, app.records.masks.look !== undefined);
    const file = await askExportFile(chosen.stream, { title, format, times: app.times });
    const part = await app.exportParts.begin(file.fsPath);
    const request = { job: ++lastJob, what, format, path: file.fsPath, part };
    const place = { app, stream: chosen.stream, request };
    const result = await run(place);
    tell(place, result);
    if (result.end !== 'failed') await app.exportParts.end(part);
  },
};

interface Place {
  readonly app: App;
  readonly stream: string;
  readonly request: ExportRequest;
}

/** Those of the panel that is named, else of the one that shows the stream, else of the one in front. */
function heldBy(app: App, argument: unknown): HeldRows | undefined {
  const { connection, stream } = targetOf(app, argument);
  if (typeof argument === 'object' && argument !== null && 'tail' in argument) {
    return app.panels.heldRows(({ tail }) => tail === argument.tail);
  }
  if (stream === undefined) return app.panels.meant()?.heldRows;
  return app.panels.heldRows((held) => held.connection === connection && held.stream === stream);
}

async function run({ app, stream, request }: Place): Promise<ExportResult> {
  const location = vscode.ProgressLocation.Notification;
  const options = { location, title: `Exporting ${stream}`, cancellable: true };
  return vscode.window.withProgress(options, async (progress, cancelled) => {
    const controller = new AbortController();
    cancelled.onCancellationRequested(() => controller.abort());
    let share = 0;
    const reporting = app.worker.onExportProgress((said) => {
      if (said.job !== request.job) return;
      const { looked, total } = said;
      const increment = total ? (100 * looked) / total - share : undefined;
      share += increment ?? 0;
      const message = progressText(said, (ms) => app.times.words(ms));
      progress.report(increment === undefined ? { message } : { message, increment });
    });
    try {
      return await app.worker.call('exportRecords', request, controller.signal);
    } catch (thrown) {
      await app.exportParts.remove(request.part).catch(() => undefined);
      throw failure(`${stream} was not exported`, thrown);
    } finally {
      reporting.dispose();
    }
  });
}

function tell({ app, stream, request }: Place, result: ExportResult): void {
  const said = resultText(result, { stream, file: path.basename(request.path) });
  if (result.end === 'failed') {
    void offerPart(app, { said, request, isEmpty: result.records === 0 });
    return;
  }
  if (result.end === 'cancelled') {
    app.messages.info(said);
    return;
  }
  const file = vscode.Uri.file(request.path);
  const open = {
    title: 'Open File',
    run: () => vscode.commands.executeCommand('vscode.open', file),
  };
  if (result.dropped > 0 || result.warnings.length > 0) app.messages.warn(said, open);
  else app.messages.info(said, open);
}

const keep = 'Keep What Was Written';

/** What was written of a failed export goes unless the user wants it. */
async function offerPart(
  app: App,
  { said, request, isEmpty }: { said: string; request: ExportRequest; isEmpty: boolean },
): Promise<void> {
  app.log.error(said);
  const buttons = isEmpty ? [] : [keep];
  try {
    const answer = await vscode.window.showErrorMessage(said, ...buttons);
    if (answer !== keep) return await app.exportParts.remove(request.part);
    await app.exportParts.keep(request.part, request.path);
    app.messages.info(keptText(request.path));
  } catch (thrown) {
    app.messages.error(failure(`What was written is still ${request.part}`, thrown));
  }
}
