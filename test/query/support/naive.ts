// The query language once more, as simply as it can be said: what the fast one is compared with.
import type { Comparison, Node, Operator, PathTerm, Step } from '../../../src/query/tree.ts';
import type { Written } from './record.ts';

/** All members must be given; fields are compared as numbers and texts of the simplest forms only. */
export function naiveMatch(node: Node, record: Required<Omit<Written, 'isPacked'>>): boolean {
  switch (node.kind) {
    case 'and':
      return node.nodes.every((child) => naiveMatch(child, record));
    case 'or':
      return node.nodes.some((child) => naiveMatch(child, record));
    case 'not':
      return !naiveMatch(node.node, record);
    case 'text':
      return searched(record).some((text) => contains(text, node.text));
    case 'regex':
      return [record.text, record.key].some((text) =>
        new RegExp(node.regex.source, node.regex.flags).test(text),
      );
    case 'path':
      return naivePath(node, record.text);
    case 'field': {
      const wanted = node.value.type === 'regex' ? '' : node.value.text;
      if (node.field === 'key') return compareTexts(node, record.key);
      if (node.field === 'format') return compareTexts(node, record.format);
      if (node.field === 'shard') {
        return wanted.split(',').includes(String(record.shard)) === (node.operator !== '!=');
      }
      if (node.field === 'seq' && node.operator === ':') return record.seq.includes(wanted);
      const value = { seq: BigInt(record.seq), size: BigInt(record.size), sub: BigInt(record.sub) };
      return inOrder(value[node.field as 'seq'], node.operator, BigInt(wanted));
    }
  }
}

function searched({ text, key, shard, seq }: Required<Omit<Written, 'isPacked'>>): string[] {
  return [text, key, `shardId-${String(shard).padStart(12, '0')}`, seq];
}

function contains(text: string, wanted: string): boolean {
  const plain = (of: string): string => of.toLowerCase().replace(/\s+/g, ' ');
  return plain(text).includes(plain(wanted));
}

function compareTexts({ operator, value }: Comparison, text: string): boolean {
  if (value.type === 'regex') {
    return new RegExp(value.source, value.flags).test(text) === (operator !== '!=');
  }
  return operator === ':' ? contains(text, value.text) : inOrder(text, operator, value.text);
}

function inOrder<T extends string | number | bigint>(a: T, operator: Operator, b: T): boolean {
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  if (operator === '>') return a > b;
  if (operator === '>=') return a >= b;
  return operator === '!=' ? a !== b : a === b;
}

function naivePath({ steps, condition }: PathTerm, text: string): boolean {
  let found: unknown[];
  try {
    const root: unknown = JSON.parse(text);
    found = typeof root === 'object' && root !== null ? [root] : [];
  } catch {
    found = [];
  }
  for (const step of steps) found = found.flatMap((value) => membersAt(value, step));
  if (!condition) return found.length > 0;
  const { operator, value } = condition;
  if (operator === '!=') {
    return !found.some((item) => isTrue(item, { operator: '=', value }));
  }
  return found.some((item) => isTrue(item, condition));
}

function membersAt(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const isIndex = typeof step === 'number' && step >= 0;
  return Object.entries(value)
    .filter(([name]) => step === -1 || (Array.isArray(value) === isIndex && name === String(step)))
    .map(([, member]) => member as unknown);
}

function isTrue(found: unknown, { operator, value }: Comparison): boolean {
  if (value.type === 'regex' || operator === ':') {
    if (typeof found === 'object' && found !== null) return false;
    return compareTexts({ operator, value: asText(value) }, String(found));
  }
  if (value.type === 'constant') return found === JSON.parse(value.text);
  if (value.type === 'text')
    return typeof found === 'string' && inOrder(found, operator, value.text);
  if (typeof found === 'number') return inOrder(found, operator, Number(value.text));
  return operator === '=' && found === value.text;
}

function asText(value: Comparison['value']): Comparison['value'] {
  return value.type === 'regex' ? value : { type: 'text', text: value.text };
}
