/** What the pointer finds out about the local engine, with links that undo what is not as usual. */
import * as vscode from 'vscode';
import type { EngineState } from '../engine/localEngine.ts';
import { conditionsOf, type Remedy } from './engineConditions.ts';
import { restartSentence } from './labels.ts';

type Running = EngineState & { type: 'running' };

/** `facts`: lines to begin with. Folders and notices are text, never markup. */
export function engineTooltip(
  { status, restarted }: Running,
  facts: readonly string[] = [],
): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const remedies: string[] = [];
  const line = (said: string): void => {
    text.appendText(said);
    text.appendMarkdown('\n\n');
  };
  for (const fact of facts) line(fact);
  if (restarted) line(restartSentence(restarted));
  for (const condition of conditionsOf(status)) {
    line(condition.sentence);
    text.appendMarkdown(`${condition.remedies.map(linkOf).join(' | ')}\n\n`);
    remedies.push(...condition.remedies.map(({ command }) => command));
  }
  text.isTrusted = { enabledCommands: remedies };
  return text;
}

function linkOf({ title, command, argument }: Remedy): string {
  const query = argument === undefined ? '' : `?${encodeURIComponent(JSON.stringify([argument]))}`;
  return `[${title}](command:${command}${query})`;
}
