/** What happens around the parts of a window: settings that change, trust that is granted, the engine's news. */
import * as vscode from 'vscode';
import type { FolderUse } from '../admin/adminApi.ts';
import type { App } from './app.ts';
import { localConnectionId } from './connections/connection.ts';
import type { Environment } from './debugging/environment.ts';
import type { EngineState } from './engine/localEngine.ts';
import type { MessageAction } from './messages.ts';

/** Settings that an engine reads when it starts. */
const engineSettings = [
  'port',
  'dataFolder',
  'folderSizeLimit',
  'whenFull',
  'durability',
  'limits',
  'stateDelays',
  'scalingPolicy',
  'idleExitMinutes',
];

export function watchWindow(app: App, environment: Environment): vscode.Disposable {
  const { engine, directory } = app;
  const listening = [
    engine.onStreams(() => directory.forget({ connection: localConnectionId })),
    engine.onState(engineNews(app)),
  ];
  return vscode.Disposable.from(
    ...listening,
    vscode.workspace.onDidGrantWorkspaceTrust(() => void engine.ensureSeeds()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      const changed = (name: string): boolean => change.affectsConfiguration(`shardscope.${name}`);
      if (changed('connections')) app.connections.reload();
      if (changed('environment')) void environment.update();
      if (changed('local.streams')) void engine.ensureSeeds();
      if (engineSettings.some((name) => changed(`local.${name}`))) offerRestart(app);
    }),
  );
}

/** Says once what a user must hear of: a death that was mended, a folder that fills up. */
function engineNews({ messages, directory }: App): (state: EngineState) => void {
  let wasLost = false;
  let folderState: FolderUse['state'] = 'ok';
  return (state) => {
    if (state.type !== 'running') {
      directory.forget({ connection: localConnectionId });
      wasLost = state.type === 'starting' && state.reason !== undefined;
      return;
    }
    if (wasLost) messages.brief('The local Kinesis engine ended unexpectedly and runs again.');
    wasLost = false;
    const { folderUse } = state.status;
    if (folderUse.state !== folderState && folderUse.state !== 'ok') {
      messages.warn(folderSentence(folderUse), ...folderActions);
    }
    folderState = folderUse.state;
  };
}

const folderActions: readonly MessageAction[] = [
  { title: 'Open Settings', run: () => vscode.commands.executeCommand('shardscope.openSettings') },
  { title: 'Reset Engine…', run: () => vscode.commands.executeCommand('shardscope.resetEngine') },
];

function folderSentence({ state, bytes, bytesMax }: FolderUse): string {
  const mib = (count: number): string =>
    `${Math.round(count / 1024 / 1024).toLocaleString('en-US')} MiB`;
  if (state === 'disk') {
    return 'The disk of the local Kinesis engine is full: puts are refused until there is room.';
  }
  const use = `The local Kinesis engine uses ${mib(bytes)} of ${mib(bytesMax)}`;
  const next = 'Delete streams, or raise shardscope.local.folderSizeLimit.';
  return state === 'full' ? `${use}: puts are refused. ${next}` : `${use}. ${next}`;
}

/** A running engine keeps the settings it was started with. */
function offerRestart({ engine, messages }: App): void {
  if (engine.state.type !== 'running') return;
  const restart = async (): Promise<void> => {
    await engine.stop();
    await engine.start();
  };
  messages.info('The changed settings count from the next start of the local Kinesis engine.', {
    title: 'Restart Engine',
    run: restart,
  });
}
