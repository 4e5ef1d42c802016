// The window under test: the extension's own parts, and waiting for what happens in its own time.
import * as assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { WindowParts } from '../../../src/extension/extension.ts';
import type { TreeNode } from '../../../src/extension/tree/nodes.ts';

/** Only what hangs is to be ended: less than the suite gives a test. */
const waitMsMax = 90_000;

export function theExtension(): vscode.Extension<WindowParts> {
  const extension = vscode.extensions.getExtension<WindowParts>('shardscope.shardscope');
  assert.ok(extension, 'shardscope.shardscope is there');
  return extension;
}

/** The parts of this window; activates the extension. */
export async function windowParts(): Promise<WindowParts> {
  return theExtension().activate();
}

/** Resolves to the first value of `look` that is neither undefined nor false. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (const startMs = Date.now(); Date.now() - startMs < waitMsMax; await pause(25)) {
    const value = await look();
    if (value !== undefined && value !== false) return value as T;
  }
  throw new Error(`waited in vain: ${what}`);
}

/** Rows below `node` as the tree shows them: label and description. */
export async function rows(
  { tree }: WindowParts,
  node?: TreeNode,
): Promise<{ node: TreeNode; text: string }[]> {
  const children = await tree.getChildren(node);
  return children.map((child) => {
    const { label, description } = tree.getTreeItem(child);
    return { node: child, text: [label, description].filter(Boolean).join(' | ') };
  });
}

/** The row below `node` that begins with `text`; waits for it. */
export function row(parts: WindowParts, text: string, node?: TreeNode): Promise<TreeNode> {
  return until(
    `a row "${text}"`,
    async () => (await rows(parts, node)).find((each) => each.text.startsWith(text))?.node,
  );
}

/** What the tree says of the local engine's streams, by name. */
export async function streamRow(parts: WindowParts, stream: string): Promise<TreeNode> {
  return row(parts, stream, await row(parts, 'Local engine'));
}
