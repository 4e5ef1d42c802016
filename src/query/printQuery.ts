/** A tree as text again, in one line, which reads back as the same tree, but for line breaks in phrases. */
import { quotedPhrase, quotedValue } from './literals.ts';
import { pathText } from './path.ts';
import { parseQuery } from './query.ts';
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
      return isPlainWord(node.text) ? node.text : quotedPhrase(node.text);
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

/** The query of `text` in one line, as a box shows it: else it would drop the line breaks. */
export function inOneLine(text: string): string {
  if (!/[\r\n]/.test(text)) return text;
  const { tree, problems } = parseQuery(text);
  return tree && problems.length === 0 ? printQuery(tree) : text.replace(/[\r\n]/g, ' ');
}

/** Nothing in it could be read as anything but a word. */
function isPlainWord(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.@#%*+-]*$/u.test(text) && !/^(?:and|or|not)$/i.test(text);
}

const lineBreaks: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };

function regexText({ source, flags }: Regex): string {
  const written = source.replace(/\\[\s\S]|[\r\n]/g, (found) => lineBreaks[found.at(-1)!] ?? found);
  return `/${written}/${flags}`;
}

/** A text behind a path is always quoted: it might look like a number. */
export function valueText(value: Value, of: 'field' | 'path'): string {
  if (value.type === 'regex') return regexText(value);
  if (value.type !== 'text') return value.text;
  return of === 'field' && isPlainValue(value.text) ? value.text : quotedValue(value.text);
}

/** Behind a comma at the end, a list would go on. */
function isPlainValue(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.:@#%*+,-]*$/u.test(text) && !text.endsWith(',');
}
