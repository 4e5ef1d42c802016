/** The view of the tree: which welcome text it shows, and the sentence above its rows. */
import * as vscode from 'vscode';
import type { Connections } from '../connections/connections.ts';
import type { EngineState, LocalEngine } from '../engine/localEngine.ts';
import type { ConnectionsTree } from './connectionsTree.ts';
import type { TreeNode } from './nodes.ts';
import type { TrafficCounters } from './trafficCounters.ts';

const setContext = (key: string, value: unknown): void =>
  void vscode.commands.executeCommand('setContext', key, value);

interface ViewParts {
  readonly engine: LocalEngine;
  readonly connections: Connections;
  readonly counters: TrafficCounters;
}

/**
 * `shardscope.engine` is the engine's state, `shardscope.clock` that of its clock; welcome texts and menus
 * look at them.
 */
export function createConnectionsView(
  tree: ConnectionsTree,
  { engine, connections, counters }: ViewParts,
): vscode.TreeView<TreeNode> {
  const view = vscode.window.createTreeView('shardscope.connections', {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const update = (): void => {
    const { state } = engine;
    setContext('shardscope.engine', state.type);
    setContext('shardscope.clock', clockOf(state));
    setContext('shardscope.hasAwsConnections', connections.aws().length > 0);
    view.message = messageOf(engine, tree.isEmpty); // never `delete`: it is an accessor
  };
  engine.onState(update);
  connections.onChange(update);
  update();
  countWhileVisible(view, { engine, counters });
  return view;
}

/** Counters are asked for while the tree is looked at and there is an engine, and anew of each engine. */
function countWhileVisible(
  view: vscode.TreeView<TreeNode>,
  { engine, counters }: { engine: LocalEngine; counters: TrafficCounters },
): void {
  let pid: number | undefined;
  engine.onState((state) => {
    const running = state.type === 'running' ? state.status.pid : undefined;
    if (running !== pid) counters.restart();
    pid = running;
  });
  view.onDidChangeVisibility(({ visible }) => counters.show(visible));
  counters.show(view.visible);
}

function clockOf(state: EngineState): 'stopped' | 'running' | undefined {
  if (state.type !== 'running') return undefined;
  return state.status.clock.rate === 0 ? 'stopped' : 'running';
}

/** A message hides the welcome text: what an empty view has to say is said there. */
function messageOf({ state }: LocalEngine, isEmpty: boolean): string | undefined {
  if (state.type === 'failed') return state.reason;
  if (isEmpty || state.type !== 'running') return undefined;
  const { notices, folderUse } = state.status;
  if (folderUse.state === 'full') return 'The data folder is at its size limit: puts are refused.';
  if (folderUse.state === 'disk') return 'The disk is full: puts are refused.';
  return notices[0];
}
