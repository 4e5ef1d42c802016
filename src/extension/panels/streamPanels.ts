/** The stream panels of the window: one editor tab a stream, and the one in the bottom panel. */
import * as vscode from 'vscode';
import type { TailStart } from '../../protocol/tail.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import type { LinkPlace } from './followLink.ts';
import type { HeldRows } from './heldRows.ts';
import { panelHtml } from './panelHtml.ts';
import { type PanelRequest, requestOf } from './panelRequest.ts';
import { type PanelParts, PanelSession } from './panelSession.ts';

export const streamPanelType = 'shardscope.stream';
export const tailViewId = 'shardscope.tail';

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly session: PanelSession;
}

const keyOf = ({ connection, stream }: StreamPlace): string => `${connection}/${stream}`;

export class StreamPanels
  implements vscode.WebviewPanelSerializer, vscode.WebviewViewProvider, vscode.Disposable
{
  private readonly parts: PanelParts;
  private readonly extensionUri: vscode.Uri;
  private readonly open = new Map<string, OpenPanel>();
  private bottom: { view: vscode.WebviewView; session: PanelSession } | undefined;
  private bottomRequest: PanelRequest | undefined;

  constructor(parts: PanelParts, extensionUri: vscode.Uri) {
    this.parts = parts;
    this.extensionUri = extensionUri;
  }

  /** Opens the stream's tab, or shows the one that is open; `start` counts for a new one only. */
  showInEditor(place: StreamPlace, start: TailStart = { type: 'LATEST' }): void {
    const known = this.open.get(keyOf(place));
    if (known) {
      known.panel.reveal();
      return;
    }
    this.adopt(this.newPanel(place), { ...place, start });
  }

  /** Opens the stream's tab where a link leads, or has the one that is open go there. */
  showLink({ start, filter, ...place }: StreamPlace & LinkPlace): void {
    const known = this.open.get(keyOf(place));
    if (known) {
      known.panel.reveal();
      void known.session.goTo({ start, filter });
    } else this.adopt(this.newPanel(place), { ...place, start, filter });
  }

  /** Shows the stream in the bottom panel, in the place of what was there. */
  async showInBottom(place: StreamPlace, start: TailStart = { type: 'LATEST' }): Promise<void> {
    const { connection, stream } = place;
    this.bottomRequest = { connection, stream, start };
    await vscode.commands.executeCommand(`${tailViewId}.focus`);
    if (this.bottom) this.openInBottom(this.bottomRequest);
  }

  /** The bottom panel shows no stream any more, also after a reload, and nothing is read for it. */
  closeBottom(): void {
    this.bottomRequest = undefined;
    tellBottomTail(false);
    if (!this.bottom) return;
    const { view, session } = this.bottom;
    session.closeStream();
    view.description = undefined;
    // Another page: nothing of the stream is left in it.
    view.webview.html = '';
    view.webview.html = this.html(view.webview, 'bottom');
  }

  /** The panel that a command without a target means: the active tab, else the visible bottom panel. */
  get current(): PanelSession | undefined {
    const active = [...this.open.values()].find(({ panel }) => panel.active);
    if (active) return active.session;
    if (this.bottom?.view.visible && this.bottom.session.place) return this.bottom.session;
    return [...this.open.values()].find(({ panel }) => panel.visible)?.session;
  }

  /** Of the first panel that is asked for. */
  heldRows(isWanted: (held: HeldRows) => boolean): HeldRows | undefined {
    const sessions = [...this.open.values(), this.bottom].map((panel) => panel?.session.heldRows);
    return sessions.find((held) => held && isWanted(held));
  }

  /** After a reload of the window. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const request = requestOf(state);
    if (!request || this.open.has(keyOf(request))) return panel.dispose();
    panel.webview.options = this.webviewOptions();
    this.adopt(panel, request);
  }

  resolveWebviewView(
    view: vscode.WebviewView,
    context: vscode.WebviewViewResolveContext<unknown>,
  ): void {
    view.webview.options = this.webviewOptions();
    const session = new PanelSession(this.parts, view.webview, 'bottom');
    this.bottom = { view, session };
    const visibility = view.onDidChangeVisibility(() => session.setVisible(view.visible));
    view.onDidDispose(() => {
      visibility.dispose();
      session.dispose();
      this.bottom = undefined;
    });
    const request = this.bottomRequest ?? requestOf(context.state);
    if (request) this.openInBottom(request);
    view.webview.html = this.html(view.webview, 'bottom');
  }

  dispose(): void {
    for (const { session } of this.open.values()) session.dispose();
    this.bottom?.session.dispose();
  }

  private openInBottom(request: PanelRequest): void {
    if (!this.bottom) return;
    const { view, session } = this.bottom;
    this.bottomRequest = undefined;
    view.description = request.stream;
    tellBottomTail(true);
    void session.open(request);
  }

  private newPanel({ stream }: StreamPlace): vscode.WebviewPanel {
    const column = vscode.ViewColumn.Active;
    return vscode.window.createWebviewPanel(streamPanelType, stream, column, this.webviewOptions());
  }

  private adopt(panel: vscode.WebviewPanel, request: PanelRequest): void {
    const { webview } = panel;
    const session = new PanelSession(this.parts, webview, 'editor');
    this.open.set(keyOf(request), { panel, session });
    panel.title = request.stream;
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extensionUri, 'media', 'stream-light.svg'),
      dark: vscode.Uri.joinPath(this.extensionUri, 'media', 'stream-dark.svg'),
    };
    panel.onDidChangeViewState(() => session.setVisible(panel.visible));
    panel.onDidDispose(() => {
      this.open.delete(keyOf(request));
      session.dispose();
    });
    void session.open(request);
    webview.html = this.html(webview, 'editor');
  }

  private webviewOptions(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.extensionUri, 'dist', 'webview')],
    };
  }

  private html(webview: vscode.Webview, where: 'editor' | 'bottom'): string {
    const uri = (name: string): string =>
      webview
        .asWebviewUri(vscode.Uri.joinPath(this.extensionUri, 'dist', 'webview', name))
        .toString();
    const { cspSource } = webview;
    return panelHtml({ cspSource, scriptUri: uri('panel.js'), styleUri: uri('panel.css'), where });
  }
}

/** For what is offered in the title of the bottom panel. */
function tellBottomTail(isOpen: boolean): void {
  void vscode.commands.executeCommand('setContext', 'shardscope.bottomTail', isOpen);
}
