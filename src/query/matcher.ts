/** Compiles the tree of a query to a function that is asked about millions of records. */
import { compareDecimals } from '../base/decimals.ts';
import { numberTest, orderTest, textTest } from './comparisons.ts';
import { shardsOf } from './conditions.ts';
import { pathMatcher } from './jsonMatcher.ts';
import { regexMatcher, textMatcher } from './needle.ts';
import type { Subject } from './subject.ts';
import { spanMsOf, type TimeSpan } from './timeSpan.ts';
import { type FieldTerm, isGroup, type Node, type Operator } from './tree.ts';
import { bytesOf, decimalOf, durationMsOf, momentMsOf, type Now } from './values.ts';

/** Never throws, and keeps nothing between calls: it may be cut short anywhere, and called again. */
export type Matcher = (subject: Subject) => boolean;

/** In a group the terms that cost least are asked first. */
export function compile(node: Node, now: Now): Matcher {
  switch (node.kind) {
    case 'and':
      return every(cheapestFirst(node.nodes).map((child) => compile(child, now)));
    case 'or':
      return some(cheapestFirst(node.nodes).map((child) => compile(child, now)));
    case 'not': {
      const matches = compile(node.node, now);
      return (subject) => !matches(subject);
    }
    case 'text':
      return textMatcher(node.text);
    case 'regex':
      return regexMatcher(new RegExp(node.regex.source, node.regex.flags));
    case 'field':
      return fieldMatcher(node, now);
    case 'path':
      return pathMatcher(node);
  }
}

const costs = { field: 0, text: 1, regex: 2, path: 3 };

function costOf(node: Node): number {
  if (node.kind === 'not') return costOf(node.node);
  return isGroup(node) ? Math.max(...node.nodes.map(costOf)) : costs[node.kind];
}

function cheapestFirst(nodes: readonly Node[]): Node[] {
  return nodes.toSorted((a, b) => costOf(a) - costOf(b));
}

function every(matchers: readonly Matcher[]): Matcher {
  return (subject) => {
    for (const matches of matchers) if (!matches(subject)) return false;
    return true;
  };
}

function some(matchers: readonly Matcher[]): Matcher {
  return (subject) => {
    for (const matches of matchers) if (matches(subject)) return true;
    return false;
  };
}

/** The values were looked at when the query was read: they are values of their fields. */
function fieldMatcher(term: FieldTerm, now: Now): Matcher {
  const { field, operator } = term;
  const text = term.value.type === 'regex' ? '' : term.value.text;
  switch (field) {
    case 'key':
      return on(textTest(term), (subject) => subject.partitionKey);
    case 'format':
      return on(textTest(term), (subject) => subject.format);
    case 'shard':
      return shardMatcher(shardsOf(text), operator);
    case 'seq':
      return sequenceMatcher(decimalOf(text)!, operator);
    case 'size':
      return on(numberTest(operator, bytesOf(text)!), (subject) => subject.size);
    case 'age': {
      const test = numberTest(operator, durationMsOf(text)!);
      return ({ arrivedMs }) => test(now.nowMs - arrivedMs);
    }
    case 'arrived':
      if (operator === ':') return spanMatcher(spanMsOf(text, now)!);
      return on(numberTest(operator, momentMsOf(text, now)!), (subject) => subject.arrivedMs);
    case 'sub': {
      const test = numberTest(operator, Number(text));
      return ({ sub }) => (sub === undefined ? operator === '!=' : test(sub));
    }
  }
}

function on<T>(test: (value: T) => boolean, read: (subject: Subject) => T): Matcher {
  return (subject) => test(read(subject));
}

function spanMatcher({ fromMs, toMs }: TimeSpan): Matcher {
  return ({ arrivedMs }) => arrivedMs >= fromMs && arrivedMs < toMs;
}

function shardMatcher(ids: readonly string[], operator: Operator): Matcher {
  const isExcluded = operator === '!=';
  return ({ shardId }) => ids.includes(shardId) !== isExcluded;
}

function sequenceMatcher(wanted: string, operator: Operator): Matcher {
  if (operator === ':') return ({ sequenceNumber }) => sequenceNumber.includes(wanted);
  const test = orderTest(operator);
  return ({ sequenceNumber }) => test(compareDecimals(sequenceNumber, wanted));
}
