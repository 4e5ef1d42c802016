/** Which operators and values each field and a path take, and the sentences for those they do not. */
import { regexMistake } from './regex.ts';
import { spanMsOf } from './timeSpan.ts';
import type { Comparison, Field, Operator } from './tree.ts';
import { bytesOf, decimalOf, durationMsOf, momentMsOf } from './values.ts';

export interface FieldRule {
  readonly operators: readonly Operator[];
  /** What completions write behind the name. */
  readonly usual: Operator;
  /** A value that works. */
  readonly example: string;
  /** What the field is, for completions. */
  readonly detail: string;
  readonly takesRegex?: boolean;
  /** False for a text that is no value of the field, behind this operator. */
  isValue(text: string, operator: Operator): boolean;
  /** What a value is, in words. */
  readonly valueIs: string;
}

const orders: readonly Operator[] = ['<', '<=', '>', '>='];
const equalities: readonly Operator[] = ['=', '!='];
const isAny = (): boolean => true;
const someMoment = { nowMs: 0, utcOffsetMinutes: 0 };

export const fieldRules: Readonly<Record<Field, FieldRule>> = {
  key: {
    operators: [':', ...equalities],
    usual: ':',
    example: 'customer-7',
    detail: 'partition key: contains, or = is exactly',
    takesRegex: true,
    isValue: isAny,
    valueIs: 'a text',
  },
  shard: {
    operators: [':', ...equalities],
    usual: ':',
    example: '5 or 1,2',
    detail: 'shard, by number or id; several with commas',
    isValue: (text) => shardsOf(text).length > 0,
    valueIs: 'a shard',
  },
  seq: {
    operators: [':', ...equalities, ...orders],
    usual: '>=',
    example: '4594',
    detail: 'sequence number: contains the digits, or compared as a number',
    isValue: (text) => decimalOf(text) !== undefined,
    valueIs: 'a whole number',
  },
  size: {
    operators: [':', ...equalities, ...orders],
    usual: '>',
    example: '1KB',
    detail: 'bytes of the data',
    isValue: (text) => bytesOf(text) !== undefined,
    valueIs: 'a size such as 200, 1KB or 1.5MiB',
  },
  age: {
    operators: orders,
    usual: '<',
    example: '5m',
    detail: 'time since the record arrived',
    isValue: (text) => durationMsOf(text) !== undefined,
    valueIs: 'an age such as 10s, 5m, 2h or 1d',
  },
  arrived: {
    operators: [':', ...equalities, ...orders],
    usual: '>',
    example: '14:05',
    detail: 'when the record arrived; behind : a span such as 14:05..14:06',
    isValue: (text, operator) =>
      (operator === ':' ? spanMsOf(text, someMoment) : momentMsOf(text, someMoment)) !== undefined,
    valueIs: 'a time such as 14:05 or 2026-11-28T14:05:00Z, behind : a span such as 14:05..14:06',
  },
  format: {
    operators: [':', ...equalities],
    usual: ':',
    example: 'json',
    detail: 'how the data was read: json, text, binary, gzip json',
    takesRegex: true,
    isValue: isAny,
    valueIs: 'a text',
  },
  sub: {
    operators: [':', ...equalities, ...orders],
    usual: '=',
    example: '0',
    detail: 'number of a record inside an aggregated one',
    isValue: (text) => decimalOf(text) !== undefined,
    valueIs: 'a whole number',
  },
};

export const pathOperators: readonly Operator[] = [':', ...equalities, ...orders];

const asText = 'To search for this text, put it in quotation marks.';

/** Why `field` cannot be compared like this; undefined when it can. */
export function fieldMistake(field: Field, { operator, value }: Comparison): string | undefined {
  const rule = fieldRules[field];
  if (!rule.operators.includes(operator)) {
    return `${field} takes ${either(rule.operators)}, not ${operator}. ${asText}`;
  }
  if (value.type === 'regex') {
    if (rule.takesRegex) return regexMistake(value);
    return `${field} is compared with ${rule.valueIs}, not by a regex. ${asText}`;
  }
  if (value.text === '' && operator === ':') return missingValue(operator, field);
  if (rule.isValue(value.text, operator)) return undefined;
  return `${field} is compared with ${rule.valueIs}; ${quoted(value.text)} is none. ${asText}`;
}

/** Why a path cannot be compared like this; undefined when it can. */
export function pathMistake({ operator, value }: Comparison): string | undefined {
  if (value.type === 'regex') {
    return regexMistake(value) ?? (orders.includes(operator) ? orderMistake('A regex') : undefined);
  }
  if (value.type === 'constant' && orders.includes(operator)) return orderMistake(value.text);
  return value.text === '' && operator === ':' ? missingValue(operator) : undefined;
}

function orderMistake(what: string): string {
  return `${what} has no order: a path is compared with it by = or != only.`;
}

/** For an operator with nothing behind it; without `field`, of a path. */
export function missingValue(operator: Operator, field?: Field): string {
  if (!field) return `A value belongs behind ${operator}, such as 100 or "a text".`;
  return `A value belongs behind ${field}${operator}, such as ${fieldRules[field].example}. ${asText}`;
}

export function wrongOperator(text: string): string {
  return `${text} is no operator. There are =, !=, <, <=, > and >=. ${asText}`;
}

/** `:, = or !=` */
function either(operators: readonly Operator[]): string {
  return `${operators.slice(0, -1).join(', ')} or ${operators.at(-1)}`;
}

/** At most a few characters of what somebody wrote. */
function quoted(text: string): string {
  return text.length > 30 ? `"${text.slice(0, 30)}…"` : `"${text}"`;
}

/** `5`, `shardId-000000000005` or several with commas: full ids; text of another form as it is. */
export function shardsOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const digits = /^(?:shardId-)?0*(\d+)$/i.exec(part)?.[1];
      return digits === undefined ? part : `shardId-${digits.padStart(12, '0')}`;
    });
}
