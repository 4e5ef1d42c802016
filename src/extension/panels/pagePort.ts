/** The door to a panel's page. Ticks come unasked, so it tells while something it was told has not arrived yet. */
import type * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { MessagePortLike } from '../../protocol/channel.ts';

export class PagePort implements MessagePortLike, Disposable {
  private readonly webview: vscode.Webview;
  private readonly messages = new Emitter<unknown>();
  private readonly listening: Disposable;
  private underWay = 0;
  readonly onMessage = this.messages.event;

  constructor(webview: vscode.Webview) {
    this.webview = webview;
    this.listening = webview.onDidReceiveMessage((message) => this.messages.fire(message));
  }

  /** The page takes less than it is told: what it can ask for itself is better left out. */
  get isBehind(): boolean {
    return this.underWay > 0;
  }

  post(message: unknown): void {
    this.underWay++;
    const arrived = (): void => {
      this.underWay = Math.max(0, this.underWay - 1);
    };
    this.webview.postMessage(message).then(arrived, arrived);
  }

  /** Another page is there: what was told to the one before has no end. */
  renewed(): void {
    this.underWay = 0;
  }

  dispose(): void {
    this.listening.dispose();
  }
}
