/** A query as a tree, and how large one may be. */
import type { Span } from './span.ts';

export const charactersMax = 1000;
export const termsMax = 50;
/** How deep groups and `not` may stand in each other. */
export const depthMax = 20;
export const pathStepsMax = 20;

export const fieldNames = [
  'key',
  'shard',
  'seq',
  'size',
  'age',
  'arrived',
  'format',
  'sub',
] as const;

export type Field = (typeof fieldNames)[number];

export type Operator = ':' | '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Source and flags as JavaScript has them; the flags are of `imsu`. */
export interface Regex {
  readonly type: 'regex';
  readonly source: string;
  readonly flags: string;
}

/** What a field or a path is compared with; numbers and constants are of paths only. */
export type Value =
  | { readonly type: 'text'; readonly text: string }
  /** As JSON writes numbers, of any length. */
  | { readonly type: 'number'; readonly text: string }
  | { readonly type: 'constant'; readonly text: 'true' | 'false' | 'null' }
  | Regex;

/** One step of a JSON path: the name of a member, an index, or `everyItem`. */
export type Step = string | number;

/** The step `[*]`: any item of a list, any member of an object. */
export const everyItem = -1;

/** A word or a phrase. */
export interface TextTerm extends Span {
  readonly kind: 'text';
  readonly text: string;
}

export interface RegexTerm extends Span {
  readonly kind: 'regex';
  readonly regex: Regex;
}

export interface Comparison {
  readonly operator: Operator;
  readonly value: Value;
}

export interface FieldTerm extends Span, Comparison {
  readonly kind: 'field';
  readonly field: Field;
}

export interface PathTerm extends Span {
  readonly kind: 'path';
  readonly steps: readonly Step[];
  /** Without one the path has to exist. */
  readonly condition?: Comparison;
}

export type Term = TextTerm | RegexTerm | FieldTerm | PathTerm;

export interface GroupNode extends Span {
  readonly kind: 'and' | 'or';
  /** Two or more, none of them of the same kind. */
  readonly nodes: readonly Node[];
}

export interface NotNode extends Span {
  readonly kind: 'not';
  readonly node: Node;
}

export type Node = Term | GroupNode | NotNode;

export function isGroup(node: Node): node is GroupNode {
  return node.kind === 'and' || node.kind === 'or';
}

/** Every term from left to right; `isPositive` unless it stands under an odd number of `not`. */
export function* termsOf(
  node: Node | undefined,
  isPositive = true,
): Generator<{ term: Term; isPositive: boolean }> {
  if (!node) return;
  if (isGroup(node)) {
    for (const child of node.nodes) yield* termsOf(child, isPositive);
  } else if (node.kind === 'not') yield* termsOf(node.node, !isPositive);
  else yield { term: node, isPositive };
}
