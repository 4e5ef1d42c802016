/** Work of the local engine that may take long: waited for under a progress that can be left without harm. */
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { localConnectionId } from '../connections/connection.ts';
import type { EngineControls } from '../engine/engineControls.ts';
import { failure } from '../messages.ts';
import { askConnection } from '../prompts/askTarget.ts';
import { targetOf } from '../prompts/target.ts';

/** What takes less time needs no progress. */
const quietMs = 600;

export interface Work<T> {
  /** Of the progress: `Taking snapshot before`. */
  readonly title: string;
  /** Begins the sentence about a failure: `Snapshot before was not taken`. */
  readonly failed: string;
  run(controls: EngineControls): Promise<T>;
}

/** Cancelling ends the waiting, not what the engine does; that is said, and rejects with a CancellationError. */
export async function engineWork<T>(app: App, { title, failed, run }: Work<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = run(app.engine.controlsUntil(signal)).catch((thrown) => {
    if (!signal.aborted) throw failure(failed, thrown);
    app.messages.brief(`${title}: the engine goes on with it.`);
    throw new vscode.CancellationError();
  });
  const isDone = await Promise.race([waiting.then(() => true), pause(quietMs, false)]);
  if (isDone) return waiting;
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (_, cancelled) => {
    cancelled.onCancellationRequested(() => controller.abort());
    return waiting;
  });
}

/** Starts the engine when it is not running. Rejects when the command was called on another connection. */
export async function needEngine(
  app: App,
  argument: unknown,
  title: string,
): Promise<EngineControls> {
  await askConnection(
    app,
    { connection: localConnectionId, ...named(app, argument) },
    {
      title,
      localOnly: true,
    },
  );
  return app.engine.controls;
}

function named(app: App, argument: unknown): { connection?: string } {
  const { connection } = targetOf(app, argument);
  return connection === undefined ? {} : { connection };
}
