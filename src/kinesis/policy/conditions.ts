/**
 * Conditions of policies: a small set of operators and keys. Of anything else it says that it does not
 * know, which is neither yes nor no.
 */
import { matchesArn, matchesGlob } from './glob.ts';
import { type Condition, hasVariable } from './policy.ts';

/** What is known of a call, by keys in lower case; a key that is there without a value is absent. */
export type ConditionContext = ReadonlyMap<string, string | undefined>;

type Match = (text: string, pattern: string) => boolean;

const numeric =
  (holds: (a: number, b: number) => boolean): Match =>
  (text, pattern) =>
    holds(Number(text), Number(pattern));

const same: Match = (text, pattern) => text === pattern;
const sameIgnoringCase: Match = (text, pattern) => text.toLowerCase() === pattern.toLowerCase();

/** A comparison that cannot be true of what is no number. */
const operators: Readonly<Record<string, Match>> = {
  StringEquals: same,
  StringEqualsIgnoreCase: sameIgnoringCase,
  StringLike: matchesGlob,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: sameIgnoringCase,
  NumericEquals: numeric((a, b) => a === b),
  NumericLessThan: numeric((a, b) => a < b),
  NumericLessThanEquals: numeric((a, b) => a <= b),
  NumericGreaterThan: numeric((a, b) => a > b),
  NumericGreaterThanEquals: numeric((a, b) => a >= b),
};

const negated: Readonly<Record<string, Match>> = {
  StringNotEquals: same,
  StringNotEqualsIgnoreCase: sameIgnoringCase,
  StringNotLike: matchesGlob,
  ArnNotEquals: matchesArn,
  ArnNotLike: matchesArn,
  NumericNotEquals: numeric((a, b) => a === b),
};

const ownOf = (table: Readonly<Record<string, Match>>, name: string): Match | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** Whether it holds; a text names what is not known in it. */
export function holds(condition: Condition, context: ConditionContext): boolean | string {
  const { operator, key, values } = condition;
  const name = key.toLowerCase();
  if (!context.has(name)) return `condition key ${key}`;
  if (values.some(hasVariable)) return `a variable at ${key}`;
  const given = context.get(name);
  if (operator === 'Null') return values.includes(String(given === undefined));
  const mayLack = operator.endsWith('IfExists');
  const plain = mayLack ? operator.slice(0, -'IfExists'.length) : operator;
  const positive = ownOf(operators, plain);
  const negative = ownOf(negated, plain);
  if (!positive && !negative) return `condition operator ${operator}`;
  if (given === undefined) return mayLack || negative !== undefined;
  if (positive) return values.some((value) => positive(given, value));
  return !values.some((value) => negative!(given, value));
}
