/** What a panel asks that a command of the window does: for this panel, whatever other one is in front. */
import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/channel.ts';
import type { PanelMethods } from '../../protocol/panel.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import type { PanelTarget } from './panelTarget.ts';

/** The panel that asks. */
export interface CommandPanel {
  readonly where: 'editor' | 'bottom';
  readonly place: StreamPlace | undefined;
  /** Undefined while no tail is open. */
  readonly tail: number | undefined;
}

type Methods = Pick<
  PanelMethods,
  | 'chooseStop'
  | 'chooseStart'
  | 'goTo'
  | 'chooseStream'
  | 'putRecord'
  | 'exportRecords'
  | 'splitShard'
  | 'mergeShard'
>;

export function commandHandlers(panel: CommandPanel): Handlers<Methods> {
  const stream = (): Partial<StreamPlace> => {
    const { connection, stream } = panel.place ?? {};
    return { connection, stream } as Partial<StreamPlace>;
  };
  const here = (): PanelTarget => ({ ...stream(), panel: panel.where });
  return {
    chooseStop: () => runCommand('shardscope.stopTailAt', here()),
    chooseStart: () => runCommand('shardscope.startTailFrom', here()),
    goTo: () => runCommand('shardscope.goTo', here()),
    chooseStream: () => runCommand('shardscope.tailStreamInPanel'),
    putRecord: () => runCommand('shardscope.putRecord', stream()),
    exportRecords: () => runCommand('shardscope.exportRecords', { ...stream(), tail: panel.tail }),
    splitShard: ({ shardId }) => runCommand('shardscope.splitShard', { ...stream(), shardId }),
    mergeShard: (pair) => runCommand('shardscope.mergeShards', { ...stream(), ...pair }),
  };
}

/** Commands tell their errors themselves. */
export async function runCommand(command: string, argument?: unknown): Promise<void> {
  await vscode.commands.executeCommand(command, argument);
}
