/** The view of the tree: which welcome text it shows, and the sentence above its rows. */
import * as vscode from 'vscode';
import type { Connections } from '../connections/connections.ts';
import type { LocalEngine } from '../engine/localEngine.ts';
import type { ConnectionsTree } from './connectionsTree.ts';
import type { TreeNode } from './nodes.ts';

const setContext = (key: string, value: unknown): void =>
  void vscode.commands.executeCommand('setContext', key, value);

/** `shardscope.engine` is the engine's state; welcome texts and menus look at it. */
export function createConnectionsView(
  tree: ConnectionsTree,
  { engine, connections }: { engine: LocalEngine; connections: Connections },
): vscode.TreeView<TreeNode> {
  const view = vscode.window.createTreeView('shardscope.connections', {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const update = (): void => {
    const { state } = engine;
    setContext('shardscope.engine', state.type);
    setContext('shardscope.hasAwsConnections', connections.aws().length > 0);
    view.message = messageOf(engine, tree.isEmpty); // never `delete`: it is an accessor
  };
  engine.onState(update);
  connections.onChange(update);
  update();
  return view;
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
