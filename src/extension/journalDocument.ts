/** The read-only document with the local engine's last calls. It asks when it is opened or refreshed, never by itself. */
import * as vscode from 'vscode';
import { journalPageMax } from '../admin/controls.ts';
import { messageOf } from '../base/errors.ts';
import { journalText } from './commands/journalText.ts';
import type { LocalEngine } from './engine/localEngine.ts';
import type { Times } from './times.ts';

export const journalScheme = 'shardscope-journal';
/** The extension `.log` gives it the editor's colours for times and numbers. */
const uri = vscode.Uri.from({ scheme: journalScheme, path: 'Calls of the local engine.log' });

export class JournalDocument implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly engine: LocalEngine;
  private readonly times: Times;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();

  readonly onDidChange = this.changed.event;

  constructor(engine: LocalEngine, times: Times) {
    this.engine = engine;
    this.times = times;
  }

  /** Never rejects: what could not be read is said in its place. */
  async provideTextDocumentContent(): Promise<string> {
    try {
      const { entries } = await this.engine.controls.journal({ limit: journalPageMax });
      return journalText(entries, (ms) => this.times.shown(ms));
    } catch (thrown) {
      return `The calls could not be read: ${messageOf(thrown)}`;
    }
  }

  /** Shows the newest calls at the end of the document, in a new tab or in the one there is. */
  async show(): Promise<vscode.TextEditor> {
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    const end = document.lineAt(document.lineCount - 1).range;
    editor.revealRange(end, vscode.TextEditorRevealType.Default);
    return editor;
  }

  dispose(): void {
    this.changed.dispose();
  }
}
