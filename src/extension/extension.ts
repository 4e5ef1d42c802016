/** The extension: builds the parts of a window and registers them. Starts nothing; use does that. */
import path from 'node:path';
import * as vscode from 'vscode';
import { isAlive } from '../process/alive.ts';
import type { App } from './app.ts';
import { registerCommands } from './commands/table.ts';
import { Connections } from './connections/connections.ts';
import { EngineTasks, taskType } from './debugging/engineTask.ts';
import { Environment } from './debugging/environment.ts';
import { LocalEngine } from './engine/localEngine.ts';
import { ExportParts } from './exportParts.ts';
import { JournalDocument, journalScheme } from './journalDocument.ts';
import { LinkHandler } from './linkHandler.ts';
import { Messages } from './messages.ts';
import { ColumnMemory } from './panels/columnMemory.ts';
import { StreamPanels, streamPanelType, tailViewId } from './panels/streamPanels.ts';
import { SavedQueries } from './queries/savedQueries.ts';
import { Records } from './records/records.ts';
import {
  readConnections,
  readDeclaredStreams,
  readEngineOptions,
  readTimeZone,
} from './settings.ts';
import { StatusBar } from './statusBar.ts';
import { systemClock } from './systemClock.ts';
import { Times } from './times.ts';
import { ConnectionsTree } from './tree/connectionsTree.ts';
import { createConnectionsView } from './tree/connectionsView.ts';
import type { TreeNode } from './tree/nodes.ts';
import { StreamDirectory } from './tree/streamDirectory.ts';
import { type CountersSource, TrafficCounters } from './tree/trafficCounters.ts';
import { TrafficRates } from './tree/trafficRates.ts';
import { watchWindow } from './watchWindow.ts';
import { WorkerThread } from './worker/workerThread.ts';

/** What tests see of a window; no public interface. */
export interface WindowParts extends App {
  readonly tree: ConnectionsTree;
  readonly counters: TrafficCounters;
  readonly statusBar: StatusBar;
  readonly links: LinkHandler;
  readonly queries: SavedQueries;
}

export function activate(context: vscode.ExtensionContext): WindowParts {
  const log = vscode.window.createOutputChannel('Shardscope', { log: true });
  const messages = new Messages(log);
  const engine = buildEngine(context, log);
  const worker = new WorkerThread(context.asAbsolutePath('dist/worker.cjs'), log);
  const connections = new Connections({ engine, worker, settings: readConnections });
  const directory = new StreamDirectory(connections);
  const rates = new TrafficRates();
  const counters = new TrafficCounters({ clock: systemClock, source: () => sourceOf(engine) });
  const brief = (message: string): void => messages.brief(message);
  const records = new Records({ worker, messages, memory: context.globalState });
  const queries = new SavedQueries(context.globalState, () => systemClock.now());
  const times = buildTimes(context, engine);
  const linkBase = `${vscode.env.uriScheme}://${context.extension.id}`;
  const columns = new ColumnMemory(context.globalState);
  const remembered = { records, queries, columns };
  const error = (thrown: unknown): void => messages.error(thrown);
  const info = (message: string): void => messages.info(message);
  const said = { brief, info, error };
  const panelParts = { engine, worker, connections, rates, times, ...remembered, linkBase };
  const panels = new StreamPanels({ ...panelParts, ...said }, context.extensionUri);
  const tree = new ConnectionsTree({ engine, connections, directory, rates, counters });
  const view = createConnectionsView(tree, { engine, connections, counters });
  const selectedNode = (): TreeNode | undefined => view.selection[0];
  const journal = new JournalDocument(engine, times);
  const statusBar = new StatusBar(engine);
  const exportParts = buildExportParts(context, log);
  const parts = { log, messages, engine, worker, connections, directory, panels, journal };
  const app: App = { context, ...parts, records, times, exportParts, selectedNode };
  const environment = new Environment(engine, context.environmentVariableCollection);
  const links = new LinkHandler(app);
  context.subscriptions.push(
    ...[log, engine, worker, connections, directory, panels, tree, view, counters, journal],
    statusBar,
    records,
    exportParts,
    vscode.window.registerUriHandler(links),
    registerCommands(app),
    vscode.window.registerWebviewPanelSerializer(streamPanelType, panels),
    vscode.window.registerWebviewViewProvider(tailViewId, panels),
    vscode.workspace.registerTextDocumentContentProvider(journalScheme, journal),
    vscode.debug.registerDebugConfigurationProvider('*', environment),
    vscode.tasks.registerTaskProvider(taskType, new EngineTasks(engine)),
    watchWindow(app, environment),
  );
  return { ...app, tree, counters, statusBar, links, queries };
}

/** What windows before this one left goes while nobody waits for it. */
function buildExportParts(
  { workspaceState: memory }: vscode.ExtensionContext,
  logger: vscode.LogOutputChannel,
): ExportParts {
  const { pid } = process;
  const parts = new ExportParts({ memory, logger, pid, isAlive });
  void parts.removeLeft();
  return parts;
}

/** Nothing to wait for: sockets close with the process, and the engine outlives the window. */
export function deactivate(): void {}

/** What counts the streams that the tree shows; undefined while no engine runs. */
function sourceOf({ state, controls }: LocalEngine): CountersSource | undefined {
  if (state.type !== 'running') return undefined;
  const { account, region } = state.status;
  return { account, region, counters: (query) => controls.counters(query) };
}

function buildTimes(context: vscode.ExtensionContext, engine: LocalEngine): Times {
  // Also set where a browser shows the window: its user may sit anywhere.
  const isRemote = vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web;
  const { globalState: memory } = context;
  return new Times({ engine, clock: systemClock, memory, isRemote, setting: readTimeZone });
}

function buildEngine(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): LocalEngine {
  const defaultFolder = path.join(context.globalStorageUri.fsPath, 'engine');
  return new LocalEngine({
    options: () => readEngineOptions(defaultFolder),
    seeds: readDeclaredStreams,
    program: {
      script: context.asAbsolutePath('dist/engine.cjs'),
      logFile: path.join(context.logUri.fsPath, 'engine.log'),
    },
    version: String(context.extension.packageJSON.version),
    logger: log,
    clock: systemClock,
  });
}
