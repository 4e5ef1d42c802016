// Panels without a page of their own: a test says what the page says, and hears what it is told.
import * as vscode from 'vscode';
import { Emitter } from '../../../src/base/emitter.ts';
import type { WindowParts } from '../../../src/extension/extension.ts';
import { Channel } from '../../../src/protocol/channel.ts';
import type { PanelEvents, PanelMethods } from '../../../src/protocol/panel.ts';

/** The page of one panel, as the extension's webview. */
export class FakePage {
  /** Of `command` and `reveal`, what the page was told. */
  readonly commands: string[] = [];
  readonly revealed: number[] = [];
  /** How often it was told that it will be led somewhere. */
  owes = 0;
  readonly channel: Channel<PanelMethods, PanelEvents, Record<string, never>>;
  readonly webview: vscode.Webview;
  private readonly toHost = new vscode.EventEmitter<unknown>();
  private readonly toPage = new Emitter<unknown>();

  constructor() {
    const { toHost, toPage } = this;
    this.webview = {
      options: {},
      html: '',
      cspSource: '',
      asWebviewUri: (uri) => uri,
      onDidReceiveMessage: toHost.event,
      postMessage: async (message) => {
        toPage.fire(structuredClone(message));
        return true;
      },
    };
    const port = { post: (message: unknown) => toHost.fire(message), onMessage: toPage.event };
    this.channel = new Channel(port);
    this.channel.on('command', ({ name }) => this.commands.push(name));
    this.channel.on('reveal', ({ position }) => this.revealed.push(position));
    this.channel.on('owes', () => this.owes++);
  }

  /** What a page says first. */
  async start(): Promise<void> {
    await this.channel.call('ready', { timeZone: 'UTC' });
  }
}

const noEvent = (): vscode.Disposable => new vscode.Disposable(() => undefined);

/** An editor tab, active and in sight. */
export class FakeTab {
  readonly page = new FakePage();
  readonly panel: vscode.WebviewPanel;
  shown = 0;
  private readonly closed = new vscode.EventEmitter<void>();

  constructor(title: string) {
    const { page, closed } = this;
    this.panel = {
      viewType: 'shardscope.stream',
      title,
      webview: page.webview,
      options: {},
      viewColumn: vscode.ViewColumn.One,
      active: true,
      visible: true,
      onDidChangeViewState: noEvent,
      onDidDispose: closed.event,
      reveal: () => {
        this.shown++;
      },
      dispose: () => closed.fire(),
    };
  }
}

/** Runs `task`; tabs that it opens are fakes, which are returned. */
export async function fakeTabs(task: () => PromiseLike<unknown>): Promise<FakeTab[]> {
  const tabs: FakeTab[] = [];
  const window = vscode.window as unknown as Record<'createWebviewPanel', unknown>;
  const before = window.createWebviewPanel;
  window.createWebviewPanel = (_type: string, title: string) => {
    const tab = new FakeTab(title);
    tabs.push(tab);
    return tab.panel;
  };
  try {
    await task();
  } finally {
    window.createWebviewPanel = before;
  }
  return tabs;
}

/** The bottom panel in sight, with this stream. */
export function fakeBottom(
  { panels }: WindowParts,
  place: { connection: string; stream: string },
): { page: FakePage; close(): void } {
  const page = new FakePage();
  const closed = new vscode.EventEmitter<void>();
  const view: vscode.WebviewView = {
    viewType: 'shardscope.tail',
    webview: page.webview,
    visible: true,
    onDidChangeVisibility: noEvent,
    onDidDispose: closed.event,
    show: () => undefined,
  };
  panels.resolveWebviewView(view, { state: place });
  return { page, close: () => closed.fire() };
}
