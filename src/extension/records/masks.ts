/** The user's masks: what of records is hidden in this window. On in each new window that has patterns. */
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { messageOf } from '../../base/errors.ts';
import type { PanelLook } from '../../protocol/record.ts';
import type { Messages } from '../messages.ts';
import { readMasks } from '../settings.ts';
import type { WorkerThread } from '../worker/workerThread.ts';

const setting = 'shardscope.tail.mask';

const openSettings = {
  title: 'Open Settings',
  run: () => vscode.commands.executeCommand('workbench.action.openSettings', setting),
};

export class Masks implements Disposable {
  private readonly worker: WorkerThread;
  private readonly messages: Messages;
  private readonly changed = new Emitter<void>();
  private readonly listening: Disposable[];
  /** Undefined until they are needed: a window that shows no records reads none. */
  private known: readonly string[] | undefined;
  private isWanted = true;
  private revision = 0;
  /** What was said already: a thread that is started again finds the same. */
  private warned = '';

  /** The worker hides other things now: what it gave before is not to be shown any more. */
  readonly onChange = this.changed.event;

  constructor(worker: WorkerThread, messages: Messages) {
    this.worker = worker;
    this.messages = messages;
    this.listening = [
      // Before anything else is asked of the thread.
      worker.onStarted(() => void this.tell()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(setting)) void this.reread();
      }),
    ];
  }

  /** Undefined while nothing is hidden. */
  get look(): PanelLook['mask'] {
    const { length } = this.inForce;
    return length > 0 ? { patterns: length, revision: this.revision } : undefined;
  }

  /** Resolves when it is in force in all tails. */
  async toggle(): Promise<void> {
    if (this.patterns.length === 0) {
      this.messages.info(
        `There is nothing to hide: name fields, paths or expressions in ${setting}.`,
        openSettings,
      );
      return;
    }
    this.isWanted = !this.isWanted;
    await this.apply();
    const words = this.isWanted ? 'Parts of records are masked' : 'Records are shown in full';
    this.messages.brief(words);
  }

  private get patterns(): readonly string[] {
    this.known ??= readMasks();
    return this.known;
  }

  dispose(): void {
    for (const listening of this.listening) listening.dispose();
  }

  private get inForce(): readonly string[] {
    return this.isWanted ? this.patterns : [];
  }

  private async reread(): Promise<void> {
    const patterns = readMasks();
    if (JSON.stringify(patterns) === JSON.stringify(this.patterns)) return;
    this.known = patterns;
    await this.apply();
  }

  private async apply(): Promise<void> {
    this.revision++;
    if (this.worker.isRunning) await this.tell();
    this.changed.fire();
  }

  private async tell(): Promise<void> {
    try {
      const problems = await this.worker.call('setMask', { patterns: this.inForce });
      const words = problems.join(' ');
      if (words === this.warned) return;
      this.warned = words;
      if (words === '') return;
      this.messages.warn(`Not all that ${setting} names is hidden. ${words}`, openSettings);
    } catch (thrown) {
      this.messages.error(new Error(`Records could not be masked: ${messageOf(thrown)}`));
    }
  }
}
