/** The parts of a window that commands and panels work with, by name. Built once, in extension.ts. */
import type * as vscode from 'vscode';
import type { Connections } from './connections/connections.ts';
import type { LocalEngine } from './engine/localEngine.ts';
import type { ExportParts } from './exportParts.ts';
import type { JournalDocument } from './journalDocument.ts';
import type { Messages } from './messages.ts';
import type { StreamPanels } from './panels/streamPanels.ts';
import type { Records } from './records/records.ts';
import type { Times } from './times.ts';
import type { TreeNode } from './tree/nodes.ts';
import type { StreamDirectory } from './tree/streamDirectory.ts';
import type { WorkerThread } from './worker/workerThread.ts';

export interface App {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly messages: Messages;
  readonly engine: LocalEngine;
  readonly worker: WorkerThread;
  readonly connections: Connections;
  readonly directory: StreamDirectory;
  readonly panels: StreamPanels;
  readonly journal: JournalDocument;
  readonly records: Records;
  readonly exportParts: ExportParts;
  readonly times: Times;
  /** The row of the tree that has the focus. */
  selectedNode(): TreeNode | undefined;
}

/** One command of the manifest: what it is given depends on where it was called from. */
export interface Command {
  readonly id: string;
  run(app: App, argument?: unknown): Promise<void>;
}
