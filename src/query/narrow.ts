/** "Filter by this value" and "exclude", and "only this shard": a query text with one more condition. */
import { printQuery } from './printQuery.ts';
import { parseQuery } from './query.ts';
import type { Span } from './span.ts';
import { type Node, type Step, termsOf, type Value } from './tree.ts';

/** A value that is shown somewhere: of a field, or at a JSON path. */
export type Cell =
  | {
      readonly field: 'key' | 'shard' | 'format' | 'seq' | 'sub' | 'size' | 'arrived';
      /** As a query has it: bytes in digits, times in ISO 8601. */
      readonly value: string;
    }
  | { readonly field: readonly Step[]; readonly value: string | number | bigint | boolean | null };

/**
 * The query of `text` and the value of the cell: with `exclude`, all others. `text` itself when it says so
 * already; a condition that says the opposite is replaced. What in `text` has a problem is left out.
 */
export function narrow(text: string, cell: Cell, mode: 'filter' | 'exclude'): string {
  const wanted = printQuery(conditionOf(cell, mode));
  const opposite = printQuery(conditionOf(cell, mode === 'filter' ? 'exclude' : 'filter'));
  return withTerm(text, { wanted, replaces: (node) => printQuery(node) === opposite });
}

/** One more condition, as it is printed, and which of those that are there it stands in place of. */
export interface NewTerm {
  readonly wanted: string;
  replaces(node: Node): boolean;
}

/** `text` itself when it has the condition already. What in `text` has a problem is left out. */
export function withTerm(text: string, { wanted, replaces }: NewTerm): string {
  const { nodes, problems } = conditionsOf(text);
  const isThere = nodes.some((node) => printQuery(node) === wanted);
  if (problems.length === 0 && isThere) return text;
  const isReplacing = nodes.some(replaces);
  const kept = nodes.filter((node) => !replaces(node) && printQuery(node) !== wanted);
  const added = `${text.trimEnd()} ${wanted}`.trimStart();
  const result = [...kept.map(inGroup), wanted].join(' ');
  const isSame = !isReplacing && problems.length === 0 && normal(added) === normal(result);
  return isSame ? added : result;
}

/** `text` without the condition that stands at `span`, one of those that must all be true; the rest as it stands. */
export function withoutTerm(text: string, { start, end }: Span): string {
  const { nodes, problems } = conditionsOf(text);
  const result = nodes
    .filter((node) => node.start !== start)
    .map(inGroup)
    .join(' ');
  const [before, behind] = [text.slice(0, start).trimEnd(), text.slice(end).trimStart()];
  const cut = before && behind ? `${before} ${behind}` : before || behind;
  return problems.length > 0 || normal(cut) === normal(result) ? cut : result;
}

/** What must be true of every record, one by one. */
function conditionsOf(text: string) {
  const { tree, problems } = parseQuery(text);
  return { problems, nodes: tree?.kind === 'and' ? tree.nodes : tree ? [tree] : [] };
}

/** The query of `text` on this shard alone: other conditions on shards go. */
export function onlyShard(text: string, shardId: string): string {
  return narrow(allShards(text), { field: 'shard', value: shardId }, 'filter');
}

/** The query of `text` without its conditions on shards; `text` itself when it has none. */
export function allShards(text: string): string {
  const { nodes } = conditionsOf(text);
  const kept = nodes.filter((node) => !isOnShards(node));
  if (kept.length === nodes.length) return text;
  return kept.length === 1 ? printQuery(kept[0]!) : kept.map(inGroup).join(' ');
}

/** All that the condition asks for is a shard. */
function isOnShards(node: Node): boolean {
  return [...termsOf(node)].every(({ term }) => term.kind === 'field' && term.field === 'shard');
}

function inGroup(node: Node): string {
  return node.kind === 'or' ? `(${printQuery(node)})` : printQuery(node);
}

/** How a text prints when it was read. */
function normal(text: string): string | undefined {
  const { tree, problems } = parseQuery(text);
  return tree && problems.length === 0 ? printQuery(tree) : undefined;
}

const nowhere = { start: 0, end: 0 };

function conditionOf({ field, value }: Cell, mode: 'filter' | 'exclude'): Node {
  const isShard = field === 'shard';
  const operator = mode === 'exclude' ? '!=' : isShard ? ':' : '=';
  if (typeof field !== 'string') {
    const condition = { operator, value: jsonValue(value) } as const;
    return { kind: 'path', steps: field, condition, ...nowhere };
  }
  const shown = isShard ? shortShard(value) : value;
  return { kind: 'field', field, operator, value: { type: 'text', text: shown }, ...nowhere };
}

/** `shardId-000000000005` -> `5` */
function shortShard(id: string): string {
  return /^shardId-0*(\d+)$/.exec(id)?.[1] ?? id;
}

function jsonValue(value: string | number | bigint | boolean | null): Value {
  if (typeof value === 'string') return { type: 'text', text: value };
  if (typeof value === 'number') return { type: 'number', text: numberText(value) };
  if (typeof value === 'bigint') return { type: 'number', text: String(value) };
  return { type: 'constant', text: String(value) as 'true' | 'false' | 'null' };
}

/** Written as a whole number, one that doubles round would mean that number alone. */
function numberText(value: number): string {
  const isRounded = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded ? value.toExponential() : String(value);
}
