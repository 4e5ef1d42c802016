/** What a command was called on, whoever called it: a row of the tree, a panel, a key, the palette. */
import type { App } from '../app.ts';
import type { Target } from '../tree/nodes.ts';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/**
 * The target in a command's argument. A key binding passes `{"selected": true}` and means the row
 * that has the focus; the palette passes nothing.
 */
export function targetOf(app: App, argument: unknown): Target {
  if (typeof argument !== 'object' || argument === null) return {};
  const given = argument as Record<string, unknown>;
  const source = given.selected === true ? (app.selectedNode() ?? {}) : given;
  const { connection, stream, shardId } = source as Record<string, unknown>;
  return { connection: text(connection), stream: text(stream), shardId: text(shardId) };
}
