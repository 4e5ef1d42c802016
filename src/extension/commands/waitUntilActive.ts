/** Waits for a stream to be ACTIVE, with a progress that can be left without harm. */
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { failure } from '../messages.ts';
import type { ChosenStream } from '../prompts/askTarget.ts';

const firstLookMs = 100;
const looksEveryMsMax = 3_000;
/** A local stream is ready in less time than a progress needs to be read. */
const quietMs = 600;

/** Cancelling ends the waiting, not what AWS or the engine is doing. */
export async function waitUntilActive(app: App, chosen: ChosenStream, what: string): Promise<void> {
  const controller = new AbortController();
  const waiting = poll(chosen, controller.signal).finally(() =>
    app.directory.forget({ connection: chosen.connection }),
  );
  const first = await Promise.race([waiting.then(() => true), pause(quietMs, false)]);
  if (first) return;
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `${what}: waiting until it is ACTIVE`,
      cancellable: true,
    },
    (_, cancelled) => {
      cancelled.onCancellationRequested(() => controller.abort());
      return waiting;
    },
  );
}

async function poll({ kinesis, stream }: ChosenStream, signal: AbortSignal): Promise<void> {
  for (let waitMs = firstLookMs; ; waitMs = Math.min(waitMs * 2, looksEveryMsMax)) {
    try {
      const answer = await kinesis.describeStreamSummary({ StreamName: stream }, { signal });
      if (answer.StreamDescriptionSummary.StreamStatus === 'ACTIVE') return;
      await pause(waitMs, undefined, { signal });
    } catch (thrown) {
      if (signal.aborted) throw new vscode.CancellationError();
      throw failure(`${stream} could not be looked at`, thrown);
    }
  }
}
