/** What happens around the parts of a window: settings that change, trust that is granted, the engine's news. */
import * as vscode from 'vscode';
import type { App } from './app.ts';
import { localConnectionId } from './connections/connection.ts';
import type { Environment } from './debugging/environment.ts';

/** Settings that an engine reads when it starts. */
const engineSettings = [
  'port',
  'dataFolder',
  'folderSizeLimit',
  'whenFull',
  'durability',
  'limits',
  'idleExitMinutes',
];

export function watchWindow(app: App, environment: Environment): vscode.Disposable {
  const { engine, directory } = app;
  const listening = [
    engine.onStreams(() => directory.forget({ connection: localConnectionId })),
    engine.onState(({ type }) => {
      if (type === 'running') return;
      directory.forget({ connection: localConnectionId });
    }),
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
