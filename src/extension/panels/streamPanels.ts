/** The stream panels of the window: one editor tab a stream, and the one in the bottom panel. */
import * as vscode from 'vscode';
import type { TailStart } from '../../protocol/tail.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import type { LinkPlace } from './followLink.ts';
import type { HeldRows } from './heldRows.ts';
import { PanelFocus } from './panelFocus.ts';
import { panelHtml } from './panelHtml.ts';
import type { PanelParts } from './panelParts.ts';
import { type PanelRequest, requestOf } from './panelRequest.ts';
import { PanelSession } from './panelSession.ts';
import type { PanelTarget } from './panelTarget.ts';

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
  private readonly focus = new PanelFocus<PanelSession>();

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
  showLink({ connection, stream }: StreamPlace, link: LinkPlace): void {
    const place = { connection, stream };
    const known = this.open.get(keyOf(place));
    if (known) {
      known.panel.reveal();
      void known.session.goTo(link);
      return;
    }
    const { start, filter } = link;
    this.adopt(this.newPanel(place), { ...place, start, filter, link });
  }

  /** Shows the stream in the bottom panel, in the place of another one; one that is there keeps its rows. */
  async showInBottom(place: StreamPlace): Promise<void> {
    const { connection, stream } = place;
    const shown = this.bottom?.session.place;
    const isThere = shown && keyOf(shown) === keyOf(place);
    this.bottomRequest = isThere ? undefined : { connection, stream, start: { type: 'LATEST' } };
    await vscode.commands.executeCommand(`${tailViewId}.focus`);
    if (!this.bottom) return;
    this.focus.last = this.bottom.session;
    if (this.bottomRequest) this.openInBottom(this.bottomRequest);
  }

  /** The bottom panel shows no stream any more, also after a reload, and nothing is read for it. */
  closeBottom(): void {
    this.bottomRequest = undefined;
    tellBottomTail(false);
    if (!this.bottom) return;
    const { view, session } = this.bottom;
    this.focus.tell(session, false);
    session.closeStream();
    view.description = undefined;
    // Another page: nothing of the stream is left in it.
    view.webview.html = '';
    view.webview.html = this.html(view.webview, 'bottom');
  }

  /** The panel that a command means: the one that it names, else the one that had the focus last. */
  meant(target?: PanelTarget): PanelSession | undefined {
    if (!target) return this.inFront;
    if (target.panel === 'bottom') return this.bottom?.session.place && this.bottom.session;
    const { connection, stream } = target;
    if (connection === undefined || stream === undefined) return this.activeTab;
    return this.open.get(keyOf({ connection, stream }))?.session;
  }

  /** Of those in sight: the one that had the focus last, else the active tab, else the bottom panel. */
  private get inFront(): PanelSession | undefined {
    const tabs = [...this.open.values()].filter(({ panel }) => panel.visible);
    const seen = tabs.map(({ session }) => session);
    if (this.bottom?.view.visible && this.bottom.session.place) seen.unshift(this.bottom.session);
    return seen.find((session) => session === this.focus.last) ?? this.activeTab ?? seen[0];
  }

  /** It stays active while the focus is in the bottom panel. */
  private get activeTab(): PanelSession | undefined {
    return [...this.open.values()].find(({ panel }) => panel.active)?.session;
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
    const session = this.newSession(view.webview, 'bottom');
    this.bottom = { view, session };
    const visibility = view.onDidChangeVisibility(() => this.setVisible(session, view.visible));
    view.onDidDispose(() => {
      visibility.dispose();
      this.end(session);
      this.bottom = undefined;
    });
    const request = this.bottomRequest ?? requestOf(context.state);
    if (request) this.openInBottom(request);
    view.webview.html = this.html(view.webview, 'bottom');
  }

  dispose(): void {
    for (const panel of [...this.open.values(), this.bottom]) {
      if (!panel) continue;
      this.focus.tell(panel.session, false);
      panel.session.dispose();
    }
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
    const session = this.newSession(webview, 'editor');
    this.open.set(keyOf(request), { panel, session });
    if (panel.active) this.focus.last = session;
    panel.title = request.stream;
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extensionUri, 'media', 'stream-light.svg'),
      dark: vscode.Uri.joinPath(this.extensionUri, 'media', 'stream-dark.svg'),
    };
    let wasActive = panel.active;
    panel.onDidChangeViewState(() => {
      if (panel.active && !wasActive) this.focus.last = session;
      wasActive = panel.active;
      this.setVisible(session, panel.visible);
    });
    panel.onDidDispose(() => {
      this.open.delete(keyOf(request));
      this.end(session);
    });
    void session.open(request);
    webview.html = this.html(webview, 'editor');
  }

  private newSession(webview: vscode.Webview, where: 'editor' | 'bottom'): PanelSession {
    const session = new PanelSession(this.parts, webview, where);
    session.onFocus((has) => this.focus.tell(session, has));
    return session;
  }

  private setVisible(session: PanelSession, visible: boolean): void {
    if (!visible) this.focus.tell(session, false);
    session.setVisible(visible);
  }

  private end(session: PanelSession): void {
    this.focus.tell(session, false);
    session.dispose();
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
