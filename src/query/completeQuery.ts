/** What may be written at a place in a query: fields, operators, paths, and values that are known. */
import { fieldRules, pathMistake, pathOperators } from './conditions.ts';
import { phraseAt } from './literals.ts';
import { isPathAt, scanPath } from './path.ts';
import { valueText } from './printQuery.ts';
import type { Span } from './span.ts';
import { operatorOf, type Token, tokensOf } from './tokens.ts';
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
  readonly text: string;
  readonly head: string;
  readonly caret: number;
  /** Of what stands there: the term, its path or the name of its field; the caret itself behind a space. */
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
    return { text, head, caret, end: Math.max(caret, token.end), isSecond: before(at) };
  }
  return { text, head: '', caret, end: caret, isSecond: before(at + 1) };
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
  const [, subject, written = '', value = ''] = condition.exec(head) ?? [];
  if (subject !== undefined && isSubject(subject)) {
    const operator = operatorOf(written.trim());
    return values({ subject, operator }, { ...place, head: value }, context);
  }
  const named = { ...place, end: nameEnd(place) };
  if (head.startsWith('$')) return pathCompletions(named, context);
  const name = head.trimEnd();
  const own = isField(name) ? operators(named, name.toLowerCase() as Field) : [];
  return [...own, ...(name === head ? terms(named, context) : termsBehind(named, context))];
}

/** The rest of a name, before its operator. */
const nameRest = /[^\s=!<>:()"]*(?=:|\s*(?:==?|!=|<=?|>=?))/y;
const fieldOperator = /:|\s*(?:==?|!=|<=?|>=?)/y;
const pathOperator = /\s*(?::|==?|!=|<=?|>=?)/y;

function lengthAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length;
}

/** Where the path or the name around the caret ends; without an operator behind it the word does there too. */
function nameEnd({ text, head, caret, end }: Place): number {
  if (head === '' || /\s$/.test(head)) return caret;
  const from = caret - head.length;
  const path = isPathAt(text, from) ? scanPath(text, from) : undefined;
  if (path && 'steps' in path) return Math.max(caret, path.end);
  const rest = lengthAt(nameRest, text, caret);
  return rest === undefined ? end : caret + rest;
}

/** The place with the operator that stands behind the name, which it ends at. */
function withOperator(place: Place, pattern = fieldOperator): Place {
  const { text, end } = place;
  return { ...place, end: end + (lengthAt(pattern, text, end) ?? 0) };
}

/** Behind a name and a space; an operator that follows belongs to the name. */
function termsBehind(place: Place, context: CompletionContext): readonly Completion[] {
  const { end } = withOperator(place, pathOperator);
  return end > place.end ? [] : terms({ ...place, head: '' }, context);
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

/** In place of the one that is there. */
function operators(named: Place, field: Field): Completion[] {
  const place = withOperator(named);
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
    .map((name) => fieldCompletion(place, name));
  const joints = [
    ...(place.isSecond ? [{ label: 'and', detail: 'both' }] : []),
    ...(place.isSecond ? [{ label: 'or', detail: 'one of the two' }] : []),
    { label: 'not', detail: 'everything else' },
  ].filter(({ label }) => label.startsWith(written));
  const words = joints.map((item) => replacing(place, { ...item, insert: `${item.label} ` }));
  return [...fields, ...words, ...paths(place, context)];
}

/** With its usual operator, or with the one that is there if it takes that. */
function fieldCompletion(named: Place, name: Field): Completion {
  const { usual, operators, detail } = fieldRules[name];
  const place = withOperator(named);
  const written = place.text.slice(named.end, place.end);
  const there = operators.find((operator) => operator === written.trim().replace('==', '='));
  const insert = `${name}${there ? written : usual}`;
  return replacing(place, { label: `${name}${there ?? usual}`, insert, detail });
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
    const detail = meanings[operator];
    return behind(withOperator(place, pathOperator), { label: operator, insert, detail });
  });
  if (name !== place.head) return [...own, ...termsBehind(place, context)];
  const longer = paths(place, context).filter(({ label }) => label !== name);
  const isKnown = context.paths.some(({ path }) => path === name);
  return isWhole && (isKnown || longer.length === 0) ? [...longer, ...own] : longer;
}

interface Condition {
  /** The name of a field, or a path. */
  readonly subject: string;
  readonly operator: Operator;
}

/** Values that may stand behind a field or a path; `place.head` is what was written of the value. */
function values(
  { subject, operator }: Condition,
  place: Place,
  context: CompletionContext,
): Completion[] {
  if (place.head.startsWith('/')) return [];
  const field = subject.toLowerCase();
  if (field === 'shard') return shards(place, context);
  const isQuoted = place.head.startsWith('"');
  const written = isQuoted ? phraseAt(place.head, 0, { isValue: true }).value : place.head;
  const found: Completion[] = [];
  for (const value of knownValues(subject.trimEnd(), context)) {
    if (found.length >= completionsMax) break;
    const label = value.type === 'regex' ? value.source : value.text;
    if (!label.toLowerCase().includes(written.toLowerCase())) continue;
    if (!isField(field) && pathMistake({ operator, value }) !== undefined) continue;
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

/** By number, with the id beside it; of several with commas the one at the caret. */
function shards(place: Place, context: CompletionContext): Completion[] {
  const head = place.head.slice(place.head.lastIndexOf(',') + 1).trimStart();
  const rest = place.text.slice(place.caret, place.end).search(/\s*,/);
  const end = rest < 0 ? place.end : place.caret + rest;
  const found: Completion[] = [];
  for (const id of context.shardIds) {
    if (found.length >= completionsMax) break;
    const short = /^shardId-0*(\d+)$/.exec(id)?.[1] ?? id;
    if (short.startsWith(head) || (head !== '' && id.startsWith(head))) {
      found.push(replacing({ ...place, head, end }, { label: short, detail: id }));
    }
  }
  return found;
}
