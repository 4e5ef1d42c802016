/** From tokens to a tree: `or` binds less than standing side by side, which binds less than `not`. */
import type { Span } from './span.ts';
import type { QueryProblem, Token } from './tokens.ts';
import { depthMax, isGroup, type Node, termsMax, termsOf } from './tree.ts';

/** Undefined when there is no term. An `and`, `or` or `not` that has nothing to join is a word. */
export function treeOf(tokens: readonly Token[]): Node | undefined {
  return new Parser(tokens).either();
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  either(): Node | undefined {
    const nodes = [this.all()];
    while (this.joins('or')) {
      this.at++;
      nodes.push(this.all());
    }
    return group('or', nodes);
  }

  private all(): Node | undefined {
    const nodes = [this.one()];
    while (this.startsAt(this.at) && !this.joins('or')) {
      if (this.joins('and')) this.at++;
      nodes.push(this.one());
    }
    return group('and', nodes);
  }

  private one(): Node | undefined {
    const token = this.tokens[this.at];
    if (!token || token.kind === 'close') return undefined;
    this.at++;
    if (token.kind === 'term') return token.term;
    if (token.kind === 'mistake') return undefined;
    if (token.kind === 'open') return this.bracketed();
    const isNot = token.kind === 'minus' || token.word === 'not';
    if (isNot && this.startsAt(this.at)) return negated(token.start, this.one());
    const text = token.kind === 'minus' ? '-' : token.text;
    return { kind: 'text', text, start: token.start, end: token.end };
  }

  /** Behind a `(`, whose partner is there: else it would not be a token. */
  private bracketed(): Node | undefined {
    const node = this.either();
    this.at++;
    return node;
  }

  /** True at a word that stands between two terms. */
  private joins(word: 'and' | 'or'): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'joint' && token.word === word && this.startsAt(this.at + 1);
  }

  private startsAt(at: number): boolean {
    const token = this.tokens[at];
    return token !== undefined && token.kind !== 'close';
  }
}

function negated(start: number, node: Node | undefined): Node | undefined {
  return node && { kind: 'not', node, start, end: node.end };
}

/** Without what is missing; groups of the same kind become one. */
function group(kind: 'and' | 'or', members: readonly (Node | undefined)[]): Node | undefined {
  const nodes = members.flatMap((node) => {
    if (!node) return [];
    return node.kind === kind ? node.nodes : [node];
  });
  if (nodes.length < 2) return nodes[0];
  return { kind, nodes, start: nodes[0]!.start, end: nodes.at(-1)!.end };
}

/** What of the tree goes over a bound, if anything does. */
export function boundsProblem(tree: Node | undefined): QueryProblem | undefined {
  const deep = tree && tooDeep(tree, 1);
  if (deep) return problemAt(deep, `Brackets and "not" stand at most ${depthMax} deep.`);
  let count = 0;
  for (const { term } of termsOf(tree)) {
    if (++count > termsMax) return problemAt(term, `A query has at most ${termsMax} terms.`);
  }
  return undefined;
}

function problemAt({ start, end }: Span, message: string): QueryProblem {
  return { message, start, end };
}

function tooDeep(node: Node, depth: number): Node | undefined {
  if (depth > depthMax) return node;
  if (node.kind === 'not') return tooDeep(node.node, depth + 1);
  if (!isGroup(node)) return undefined;
  for (const child of node.nodes) {
    const found = tooDeep(child, depth + 1);
    if (found) return found;
  }
  return undefined;
}
