/** Takes the text of a query apart: words, phrases, conditions, and what joins them. */
import { fieldMistake, missingValue, pathMistake, wrongOperator } from './conditions.ts';
import {
  type Found,
  isSpace,
  listEnd,
  pathValue,
  phraseAt,
  regexAt,
  spaceEnd,
  wordEnd,
} from './literals.ts';
import { isPathAt, scanPath } from './path.ts';
import { regexMistake } from './regex.ts';
import type { Span } from './span.ts';
import {
  type Comparison,
  type Field,
  fieldNames,
  type Operator,
  type Regex,
  type Step,
  type Term,
  type Value,
} from './tree.ts';

/** What is wrong with a part of a query. */
export interface QueryProblem extends Span {
  /** What is wrong and what to write instead, in sentences. */
  readonly message: string;
}

export type Token =
  | ({ readonly kind: 'open' } & Span)
  | ({ readonly kind: 'close' } & Span)
  /** Before a term that is excluded. */
  | ({ readonly kind: 'minus' } & Span)
  /** `and`, `or` or `not`, in any case, as written in `text`. */
  | ({ readonly kind: 'joint'; readonly word: string; readonly text: string } & Span)
  | ({ readonly kind: 'term'; readonly term: Term } & Span)
  /** Looks like a term, and a problem says why it is none. */
  | ({ readonly kind: 'mistake' } & Span);

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly problems: readonly QueryProblem[];
}

const roundsMax = 5;

/** Never throws. A `(` without its partner is text, which may change what follows: hence the rounds. */
export function tokensOf(text: string): Tokens {
  const literal = new Set<number>();
  for (let round = 0; ; round++) {
    const scanner = new Scanner(text, literal);
    scanner.scan();
    if (scanner.open.length === 0) return scanner;
    for (const at of scanner.open) literal.add(at);
    if (round < roundsMax) continue;
    for (let at = 0; at < text.length; at++) if (text[at] === '(') literal.add(at);
  }
}

const fieldPattern = new RegExp(`(${fieldNames.join('|')})(:|\\s*(?:==?|!=|<=?|>=?))`, 'iy');
const operatorPattern = /\s*(:|==?|!=|<=?|>=?)/y;

function matchAt(pattern: RegExp, place: { text: string; at: number }): RegExpExecArray | null {
  pattern.lastIndex = place.at;
  return pattern.exec(place.text);
}

/** Of one that is written, which may be `==`. */
export function operatorOf(text: string): Operator {
  return text === '==' ? '=' : (text as Operator);
}

type Unplaced<T> = T extends Span ? Omit<T, 'start' | 'end'> : never;

class Scanner implements Tokens {
  readonly tokens: Token[] = [];
  readonly problems: QueryProblem[] = [];
  /** Places of `(` that wait for their partner. */
  readonly open: number[] = [];
  private readonly text: string;
  /** Places of `(` that open nothing. */
  private readonly literal: ReadonlySet<number>;
  private at = 0;

  constructor(text: string, literal: ReadonlySet<number>) {
    this.text = text;
    this.literal = literal;
  }

  scan(): void {
    while (this.at < this.text.length) this.next();
  }

  private next(): void {
    const { text, at } = this;
    if (isSpace(text[at])) this.at++;
    else if (this.opensAt(at)) {
      this.open.push(at);
      this.push('open', at + 1);
    } else if (text[at] === ')' && this.open.length > 0) {
      this.open.pop();
      this.push('close', at + 1);
    } else if (this.excludesAt(at)) this.push('minus', at + 1);
    else this.term();
  }

  private push(kind: 'open' | 'close' | 'minus' | 'mistake', end: number): void {
    this.tokens.push({ kind, start: this.at, end });
    this.at = end;
  }

  private pushTerm(end: number, term: Unplaced<Term>): void {
    const span = { start: this.at, end };
    this.tokens.push({ kind: 'term', ...span, term: { ...term, ...span } });
    this.at = end;
  }

  private fail(end: number, message: string): void {
    this.problems.push({ message, start: this.at, end });
    this.push('mistake', end);
  }

  private opensAt(at: number): boolean {
    if (this.text[at] !== '(' || this.literal.has(at)) return false;
    return this.text[spaceEnd(this.text, at + 1)] !== ')';
  }

  /** A hyphen before a term; before digits or other hyphens, and inside a word, it is text. */
  private excludesAt(at: number): boolean {
    const { text } = this;
    const before = text[at - 1];
    if (text[at] !== '-' || !(before === undefined || isSpace(before) || before === '(')) {
      return false;
    }
    if (text[at + 1] === '/') return regexAt(text, at + 1) !== undefined;
    if (text[at + 1] === '$') return isPathAt(text, at + 1);
    return this.opensAt(at + 1) || /^[\p{L}_"]/u.test(text.slice(at + 1, at + 3));
  }

  private term(): void {
    const { text, at } = this;
    const regex = regexAt(text, at);
    const field = matchAt(fieldPattern, { text, at });
    if (text[at] === '"') this.phrase();
    else if (regex) this.regex(regex);
    else if (isPathAt(text, at)) this.path();
    else if (field) this.field(field);
    else this.word();
  }

  private regex({ value, end }: Found<Regex>): void {
    const message = regexMistake(value);
    if (message) this.fail(end, message);
    else this.pushTerm(end, { kind: 'regex', regex: value });
  }

  private phrase(): void {
    const { value: text, end } = phraseAt(this.text, this.at);
    if (text.trim() === '') this.at = end;
    else this.pushTerm(end, { kind: 'text', text });
  }

  private path(): void {
    const path = scanPath(this.text, this.at);
    if ('message' in path) this.fail(path.end, path.message);
    else this.pathWith(path);
  }

  private pathWith({ steps, end }: { steps: readonly Step[]; end: number }): void {
    const match = matchAt(operatorPattern, { text: this.text, at: end });
    if (!match) {
      this.pushTerm(end, { kind: 'path', steps });
      return;
    }
    const operator = operatorOf(match[1]!);
    const found = this.comparison(end + match[0].length, { operator });
    if (found) this.pushTerm(found.end, { kind: 'path', steps, condition: found.value });
  }

  private field(match: RegExpExecArray): void {
    const field = match[1]!.toLowerCase() as Field;
    const operator = operatorOf(match[2]!.trim());
    const found = this.comparison(this.at + match[0].length, { operator, field });
    if (found) this.pushTerm(found.end, { kind: 'field', field, ...found.value });
  }

  /** Takes the value at `from`, behind an operator; undefined once a problem was told. */
  private comparison(
    from: number,
    { operator, field }: { operator: Operator; field?: Field },
  ): Found<Comparison> | undefined {
    const at = spaceEnd(this.text, from);
    const found = this.valueAt(at, field);
    if (!found) {
      this.fail(from, missingValue(operator, field));
      return undefined;
    }
    const { value, end } = found;
    const isDoubled = operator !== ':' && /[=<>]/.test(this.text[at]!);
    const message = isDoubled
      ? wrongOperator(operator + this.text[at])
      : field
        ? fieldMistake(field, { operator, value })
        : pathMistake({ operator, value });
    if (message === undefined) return { value: { operator, value }, end };
    this.fail(end, message);
    return undefined;
  }

  /** Undefined when nothing stands at `at`. */
  private valueAt(at: number, field: Field | undefined): Found<Value> | undefined {
    if (this.text[at] === '"') {
      const { value: text, end } = phraseAt(this.text, at, { isValue: true });
      return { value: { type: 'text', text }, end };
    }
    const regex = regexAt(this.text, at);
    if (regex) return regex;
    const place = { from: at, isInGroup: this.open.length > 0 };
    const end = field === 'shard' ? listEnd(this.text, place) : wordEnd(this.text, place);
    if (end === at) return undefined;
    const text = this.text.slice(at, end);
    return { value: field ? { type: 'text', text } : pathValue(text), end };
  }

  private word(): void {
    const { at, text } = this;
    const joint = /^(?:and|or|not)(?=[\s()]|$)/i.exec(text.slice(at, at + 4))?.[0] ?? '';
    const jointEnd = at + joint.length;
    if (joint && (text[jointEnd] !== '(' || this.opensAt(jointEnd))) {
      const word = joint.toLowerCase();
      this.tokens.push({ kind: 'joint', word, text: joint, start: at, end: jointEnd });
      this.at = jointEnd;
      return;
    }
    const end = wordEnd(text, { from: at, isInGroup: this.open.length > 0 });
    this.pushTerm(end, { kind: 'text', text: text.slice(at, end) });
  }
}
