/** Every command of the manifest, and how VS Code comes to run them. */
import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { addConnection, removeConnection } from './addConnection.ts';
import { setClockSpeed, startClock, stepClock, stopClock } from './clockCommands.ts';
import {
  copyEndpoint,
  openSettings,
  resetEngine,
  showEngineActions,
  showLog,
  startEngine,
  stopEngine,
} from './engineCommands.ts';
import { exportRecords } from './exportRecords.ts';
import { addFault, clearFaults, showFaults } from './faultCommands.ts';
import { goTo, toggleTailHistogram } from './goTo.ts';
import { importRecords } from './importRecords.ts';
import { importShards } from './importShards.ts';
import { lockConnection } from './lockConnection.ts';
import { mergeShards } from './mergeShards.ts';
import { publishLines } from './publishLines.ts';
import { putRecord } from './putRecord.ts';
import {
  compareRecordWithSelected,
  copyLink,
  decodeAs,
  openRecord,
  selectRecordForCompare,
  toggleMasking,
} from './recordCommands.ts';
import { refresh, showMoreStreams } from './refresh.ts';
import { saveCertificate } from './saveCertificate.ts';
import { savedQueries } from './savedQueries.ts';
import { refreshJournal, showJournal } from './showJournal.ts';
import { deleteSnapshot, restoreSnapshot, takeSnapshot } from './snapshotCommands.ts';
import { splitShard } from './splitShard.ts';
import { createStream, deleteStream, dropDamagedStream, emptyStream } from './streamCommands.ts';
import {
  closeTail,
  focusTailFilter,
  focusTailGrid,
  startTailFrom,
  stopTailAt,
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
  addFault,
  clearFaults,
  compareRecordWithSelected,
  copyEndpoint,
  copyLink,
  createStream,
  decodeAs,
  deleteSnapshot,
  deleteStream,
  dropDamagedStream,
  emptyStream,
  exportRecords,
  focusTailFilter,
  focusTailGrid,
  importRecords,
  goTo,
  importShards,
  lockConnection,
  mergeShards,
  openRecord,
  openSettings,
  publishLines,
  putRecord,
  refresh,
  refreshJournal,
  removeConnection,
  resetEngine,
  restoreSnapshot,
  saveCertificate,
  savedQueries,
  selectRecordForCompare,
  setClockSpeed,
  showEngineActions,
  showFaults,
  showJournal,
  showLog,
  showMoreStreams,
  splitShard,
  startClock,
  startEngine,
  closeTail,
  startTailFrom,
  stopTailAt,
  stepClock,
  stopClock,
  stopEngine,
  tailStream,
  tailStreamInPanel,
  takeSnapshot,
  toggleMasking,
  toggleTailDetails,
  toggleTailHistogram,
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
