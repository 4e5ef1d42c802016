/** What a command does with the panel that it means. */
import * as vscode from 'vscode';
import type { PanelEvents } from '../../protocol/panel.ts';
import type { App, Command } from '../app.ts';
import type { PanelSession } from '../panels/panelSession.ts';
import { panelTargetOf } from '../panels/panelTarget.ts';
import type { StreamTimes } from '../times.ts';

/** Without an open tail there is nothing to do it with: a stream is asked for instead. */
export async function withPanel(
  app: App,
  argument: unknown,
  act: (panel: PanelSession) => void | Promise<void>,
): Promise<void> {
  const target = panelTargetOf(argument);
  const panel = app.panels.meant(target);
  if (panel) return act(panel);
  const isBottom = target?.panel === 'bottom';
  const ask = isBottom ? 'shardscope.tailStreamInPanel' : 'shardscope.tailStream';
  await vscode.commands.executeCommand(ask);
}

/** By the clock of the stream that the panel shows. */
export const timesOf = ({ times }: App, { place }: PanelSession): StreamTimes =>
  times.of(place?.connection ?? '');

/** A command that the page of the panel carries out: it knows which record is meant. */
export const panelCommand = (id: string, name: PanelEvents['command']['name']): Command => ({
  id,
  run: (app, argument) => withPanel(app, argument, (panel) => panel.command(name)),
});
