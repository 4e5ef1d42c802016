/** Every command of the manifest, and how VS Code comes to run them. */
import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { addConnection, removeConnection } from './addConnection.ts';
import {
  copyEndpoint,
  openSettings,
  resetEngine,
  showEngineActions,
  showLog,
  startEngine,
  stopEngine,
} from './engineCommands.ts';
import { lockConnection } from './lockConnection.ts';
import { mergeShards } from './mergeShards.ts';
import { publishLines } from './publishLines.ts';
import { putRecord } from './putRecord.ts';
import { refresh, showMoreStreams } from './refresh.ts';
import { splitShard } from './splitShard.ts';
import { createStream, deleteStream, dropDamagedStream, emptyStream } from './streamCommands.ts';
import {
  focusTailFilter,
  focusTailGrid,
  tailStream,
  tailStreamInPanel,
  toggleTailDetails,
  toggleTailPause,
} from './tailStream.ts';
import { trySample } from './trySample.ts';
import { unlockConnection } from './unlockConnection.ts';
import { updateShardCount } from './updateShardCount.ts';

const commands: readonly Command[] = [
  addConnection,
  copyEndpoint,
  createStream,
  deleteStream,
  dropDamagedStream,
  emptyStream,
  focusTailFilter,
  focusTailGrid,
  lockConnection,
  mergeShards,
  openSettings,
  publishLines,
  putRecord,
  refresh,
  removeConnection,
  resetEngine,
  showEngineActions,
  showLog,
  showMoreStreams,
  splitShard,
  startEngine,
  stopEngine,
  tailStream,
  tailStreamInPanel,
  toggleTailDetails,
  toggleTailPause,
  trySample,
  unlockConnection,
  updateShardCount,
];

/** A command's failure is told to the user here and nowhere else; it never rejects. */
export function registerCommands(app: App): vscode.Disposable {
  return vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(command.id, async (argument?: unknown) => {
        try {
          await command.run(app, argument);
        } catch (thrown) {
          void app.messages.error(thrown);
        }
      }),
    ),
  );
}
