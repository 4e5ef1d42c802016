/** What may be written at a place in a query: fields, operators, paths, and values that are known. */
import { fieldRules, pathOperators } from './conditions.ts';
import { phraseAt } from './literals.ts';
import { scanPath } from './path.ts';
import { valueText } from './printQuery.ts';
import type { Span } from './span.ts';
import { type Token, tokensOf } from './tokens.ts';
import { charactersMax, type Field, fieldNames, type Operator, type Value } from './tree.ts';

/** A JSON path that occurs in the stream. */
export interface KnownPath {
  /** As in a query: `$.order.total`. */
  readonly path: string;
  /** `number`, `string`, `boolean`, `object`, …, or several in words. */
  readonly type: string;
  /** Some that were seen, the most telling first. */
  readonly values?: readonly (string | number | boolean | null)[];
}

/** What is known of the stream; bounded by who knows it. */
export interface CompletionContext {
  readonly shardIds: readonly string[];
  /** Recent partition keys. */
  readonly keys: readonly string[];
  readonly formats: readonly string[];
  readonly paths: readonly KnownPath[];
  /** True when there are records inside aggregated ones. */
  readonly hasSubRecords?: boolean;
}

/** `start` to `end` of the text is replaced by `insert`. */
export interface Completion extends Span {
  readonly label: string;
  readonly insert: string;
  readonly detail: string;
}

/** So many are told at most. */
export const completionsMax = 50;

/** In the order in which they are shown; none inside a phrase or a regex. Never throws. */
export function completeQuery(
  text: string,
  caret: number,
  context: CompletionContext,
): readonly Completion[] {
  if (text.length > charactersMax) return [];
  return completionsAt(placeOf(text, caret), context).slice(0, completionsMax);
}

/** Where the caret is: `head` is what was written of the term there, up to the caret. */
interface Place {
  readonly head: string;
  readonly caret: number;
  /** Of the term around the caret; the caret itself behind a space. */
  readonly end: number;
  /** True when something comes before, to be joined by `and` or `or`. */
  readonly isSecond: boolean;
}

function placeOf(text: string, caret: number): Place {
  const { tokens } = tokensOf(text);
  const at = tokens.findLastIndex((token) => token.start < caret);
  const token = tokens[at];
  const before = (count: number): boolean =>
    tokens.slice(0, count).some(({ kind }) => kind === 'term' || kind === 'close');
  if (token && (caret <= token.end || awaits(token, text)) && isWritten(token)) {
    // Brackets that are not closed yet are still part of a word.
    const head = text.slice(token.start, caret).replace(/^[-(]+/, '');
    return { head, caret, end: Math.max(caret, token.end), isSecond: before(at) };
  }
  return { head: '', caret, end: caret, isSecond: before(at + 1) };
}

function isWritten({ kind }: Token): boolean {
  return kind === 'term' || kind === 'mistake' || kind === 'joint';
}

/** A term that may go on behind a space: an operator or a value is missing. */
function awaits(token: Token, text: string): boolean {
  if (token.kind === 'mistake') return true;
  if (token.kind !== 'term') return false;
  const { term } = token;
  if (term.kind === 'text') return isField(text.slice(term.start, term.end));
  return term.kind === 'path' && !term.condition;
}

function isField(text: string): text is Field {
  return (fieldNames as readonly string[]).includes(text.toLowerCase());
}

const condition = new RegExp(
  `^(${fieldNames.join('|')}|\\$[.[].*?)(:|\\s*(?:==?|!=|<=?|>=?))\\s*((?![\\s=]).*)?$`,
  'is',
);

function completionsAt(place: Place, context: CompletionContext): readonly Completion[] {
  const { head } = place;
  if (/^["/]/.test(head)) return [];
  const [, subject, , value = ''] = condition.exec(head) ?? [];
  if (subject !== undefined && isSubject(subject))
    return values(subject, { ...place, head: value }, context);
  const name = head.trimEnd();
  const isBehind = name !== head;
  if (head.startsWith('$')) return pathCompletions(place, context);
  const own = isField(name) ? operators(place, name.toLowerCase() as Field) : [];
  return isBehind
    ? [...own, ...terms({ ...place, head: '' }, context)]
    : [...own, ...terms(place, context)];
}

/** Not the beginning of a name in brackets that has an operator in it. */
function isSubject(text: string): boolean {
  return isField(text) || 'steps' in scanPath(text, 0);
}

/** Puts `insert` in place of what was written. */
function replacing(
  { head, caret, end }: Place,
  item: { label: string; insert?: string; detail: string },
): Completion {
  const { label, detail, insert = label } = item;
  return { label, insert, detail, start: caret - head.length, end };
}

/** Behind what was written, which stays. */
function behind(
  place: Place,
  item: { label: string; insert?: string; detail: string },
): Completion {
  return replacing({ ...place, head: '' }, item);
}

const meanings: Readonly<Record<Operator, string>> = {
  ':': 'contains, in any case',
  '=': 'is exactly',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
};

function operators(place: Place, field: Field): Completion[] {
  return fieldRules[field].operators.map((operator) => {
    const isList = operator === ':' && !['key', 'format', 'seq'].includes(field);
    const detail = field === 'arrived' && isList ? 'is in a span' : isList ? 'is' : undefined;
    return behind(place, { label: operator, detail: detail ?? meanings[operator] });
  });
}

/** New terms, and what joins them. */
function terms(place: Place, context: CompletionContext): Completion[] {
  const written = place.head.toLowerCase();
  const fields = fieldNames
    .filter((name) => name.startsWith(written) && (name !== 'sub' || context.hasSubRecords))
    .map((name) => {
      const { usual, detail } = fieldRules[name];
      return replacing(place, { label: `${name}${usual}`, detail });
    });
  const joints = [
    ...(place.isSecond ? [{ label: 'and', detail: 'both' }] : []),
    ...(place.isSecond ? [{ label: 'or', detail: 'one of the two' }] : []),
    { label: 'not', detail: 'everything else' },
  ].filter(({ label }) => label.startsWith(written));
  const words = joints.map((item) => replacing(place, { ...item, insert: `${item.label} ` }));
  return [...fields, ...words, ...paths(place, context)];
}

/** Paths that have what was written anywhere. */
function paths(place: Place, context: CompletionContext): Completion[] {
  const written = place.head.toLowerCase();
  const found: Completion[] = [];
  for (const { path, type } of context.paths) {
    if (found.length >= completionsMax) break;
    if (path.toLowerCase().includes(written)) {
      found.push(replacing(place, { label: path, detail: type }));
    }
  }
  return found;
}

function pathCompletions(place: Place, context: CompletionContext): Completion[] {
  const name = place.head.trimEnd();
  const scanned = scanPath(name, 0);
  const isWhole = 'steps' in scanned && scanned.steps.length > 0 && scanned.end === name.length;
  const own = pathOperators.map((operator) => {
    const insert = name === place.head ? ` ${operator} ` : `${operator} `;
    return behind(place, { label: operator, insert, detail: meanings[operator] });
  });
  if (name !== place.head) return [...own, ...terms({ ...place, head: '' }, context)];
  const longer = paths(place, context).filter(({ label }) => label !== name);
  const isKnown = context.paths.some(({ path }) => path === name);
  return isWhole && (isKnown || longer.length === 0) ? [...longer, ...own] : longer;
}

/** Values of a field or a path; `place.head` is what was written of the value. */
function values(subject: string, place: Place, context: CompletionContext): Completion[] {
  if (place.head.startsWith('/')) return [];
  const field = subject.toLowerCase();
  if (field === 'shard') return shards(place, context);
  const written = place.head.startsWith('"') ? phraseAt(place.head, 0).value : place.head;
  const found: Completion[] = [];
  for (const value of knownValues(subject.trimEnd(), context)) {
    if (found.length >= completionsMax) break;
    const label = value.type === 'regex' ? value.source : value.text;
    if (!label.toLowerCase().includes(written.toLowerCase())) continue;
    const insert = valueText(value, isField(field) ? 'field' : 'path');
    found.push(replacing(place, { label, insert, detail: isField(field) ? '' : value.type }));
  }
  return found;
}

const examples: Partial<Record<string, readonly string[]>> = {
  size: ['100', '1KB', '10KB', '1MB'],
  age: ['10s', '1m', '5m', '1h', '1d'],
};

function knownValues(subject: string, context: CompletionContext): readonly Value[] {
  const field = subject.toLowerCase();
  const asTexts = (texts: readonly string[]): Value[] =>
    texts.map((text) => ({ type: 'text', text }));
  if (field === 'key') return asTexts(context.keys);
  if (field === 'format') return asTexts(context.formats);
  if (isField(field)) return asTexts(examples[field] ?? []);
  const known = context.paths.find(({ path }) => path === subject);
  const seen = (known?.values ?? []).map(jsonValue);
  const isBoolean = /\bboolean\b/.test(known?.type ?? '') && seen.length === 0;
  return isBoolean ? [true, false].map(jsonValue) : seen;
}

function jsonValue(value: string | number | boolean | null): Value {
  if (typeof value === 'string') return { type: 'text', text: value };
  if (typeof value === 'number') return { type: 'number', text: String(value) };
  return { type: 'constant', text: String(value) as 'true' | 'false' | 'null' };
}

/** By number, with the id beside it; behind a comma the next one. */
function shards(place: Place, context: CompletionContext): Completion[] {
  const head = place.head.slice(place.head.lastIndexOf(',') + 1).trimStart();
  const found: Completion[] = [];
  for (const id of context.shardIds) {
    if (found.length >= completionsMax) break;
    const short = /^shardId-0*(\d+)$/.exec(id)?.[1] ?? id;
    if (short.startsWith(head) || (head !== '' && id.startsWith(head))) {
      found.push(replacing({ ...place, head }, { label: short, detail: id }));
    }
  }
  return found;
}
