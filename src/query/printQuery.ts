/** A tree as text again, which reads back as the same tree. */
import { quotedText } from './literals.ts';
import { pathText } from './path.ts';
import { isGroup, type Node, type Regex, type Value } from './tree.ts';

export function printQuery(node: Node): string {
  switch (node.kind) {
    case 'or':
      return node.nodes.map(printQuery).join(' or ');
    case 'and':
      return node.nodes.map(bracketed).join(' ');
    case 'not':
      return `not ${bracketed(node.node)}`;
    case 'text':
      return isPlainWord(node.text) ? node.text : quotedText(node.text);
    case 'regex':
      return regexText(node.regex);
    case 'field':
      return `${node.field}${node.operator}${valueText(node.value, 'field')}`;
    case 'path': {
      const { condition } = node;
      if (!condition) return pathText(node.steps);
      const value = valueText(condition.value, 'path');
      return `${pathText(node.steps)} ${condition.operator} ${value}`;
    }
  }
}

/** In a group of another kind, or behind `not`. */
function bracketed(node: Node): string {
  return isGroup(node) ? `(${printQuery(node)})` : printQuery(node);
}

/** Nothing in it could be read as anything but a word. */
function isPlainWord(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.@#%*+-]*$/u.test(text) && !/^(?:and|or|not)$/i.test(text);
}

function regexText({ source, flags }: Regex): string {
  return `/${source}/${flags}`;
}

/** A text behind a path is always quoted: it might look like a number. */
export function valueText(value: Value, of: 'field' | 'path'): string {
  if (value.type === 'regex') return regexText(value);
  if (value.type !== 'text') return value.text;
  return of === 'field' && isPlainValue(value.text) ? value.text : quotedText(value.text);
}

/** Behind a comma at the end, a list would go on. */
function isPlainValue(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.:@#%*+,-]*$/u.test(text) && !text.endsWith(',');
}
