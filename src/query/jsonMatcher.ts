/**
 * A JSON path of a query, on parsed JSON. A path that leads to several values is true when one of them
 * is, and `!=` is true exactly where `=` is not. What is not there has no order and no text. Whole numbers
 * of any length compare exactly, all others as doubles. `:` and a regex see a number as it is written. Where
 * parsed values cannot tell, and where the text is too long to be parsed, values are read where they stand.
 */
import { compareDecimals } from '../base/decimals.ts';
import { orderTest, textTest } from './comparisons.ts';
import { FieldReader } from './fieldReader.ts';
import { jsonProbe } from './jsonProbe.ts';
import { unescaped } from './jsonWalk.ts';
import type { Matcher } from './matcher.ts';
import { type Comparison, everyItem, type Operator, type PathTerm, type Step } from './tree.ts';

type ValueTest = (value: unknown) => boolean;

export function pathMatcher({ steps, condition }: PathTerm): Matcher {
  const mayBeTrue = jsonProbe(steps, condition);
  const { isTrue, isDoubtful } = parsedTest(condition);
  const path = new PathTest(steps, isTrue);
  const doubt = isDoubtful && new PathTest(steps, isDoubtful);
  const isTrueInText = textPathTest(steps, condition);
  const isNegated = condition?.operator === '!=';
  return (subject) => {
    if (!mayBeTrue(subject)) return isNegated;
    const root = subject.json();
    const isParsed = root !== undefined && doubt?.isTrue(root) !== true;
    if (isParsed) return path.isTrue(root) !== isNegated;
    const text = root === undefined ? subject.longJson() : subject.text();
    return (text !== undefined && isTrueInText(text)) !== isNegated;
  };
}

/** Whether JSON text has a value at `steps` that fulfils `condition`; of `!=`: whether `=` is true. */
function textPathTest(
  steps: readonly Step[],
  condition: Comparison | undefined,
): (text: string) => boolean {
  const reader = new FieldReader([steps]);
  const isTrue = writtenTest(condition);
  return (text) => {
    const { spans, isOpen } = reader.read(text);
    return !isOpen && spans[0]!.some(({ start, end }) => isTrue(text.slice(start, end)));
  };
}

/** Whether any value at `steps` passes `test`; what only objects inherit is not there. */
class PathTest {
  private readonly steps: readonly Step[];
  private readonly test: ValueTest;

  constructor(steps: readonly Step[], test: ValueTest) {
    this.steps = steps;
    this.test = test;
  }

  /** `value` is what the steps before `from` lead to. */
  isTrue(value: unknown, from = 0): boolean {
    let held = value;
    for (let at = from; at < this.steps.length; at++) {
      if (typeof held !== 'object' || held === null) return false;
      const step = this.steps[at]!;
      if (step === everyItem) return Object.values(held).some((item) => this.isTrue(item, at + 1));
      if (Array.isArray(held) !== (typeof step === 'number')) return false;
      if (!Object.hasOwn(held, step)) return false;
      held = (held as Record<Step, unknown>)[step];
    }
    return this.test(held);
  }
}

/** Whether a value, as it is written in JSON, fulfils a condition. */
export type WrittenTest = (json: string) => boolean;

/** As if a path had led to the value; without a condition every value does. Of `!=`: whether `=` is true. */
export function writtenTest(condition: Comparison | undefined): WrittenTest {
  if (!condition) return () => true;
  const { value, operator } = positive(condition);
  if (operator === ':' || value.type === 'regex') {
    const test = textTest({ operator, value });
    return (json) => !isContainer(json) && test(isText(json) ? textIn(json) : json);
  }
  if (value.type === 'number') return exactTest(operator, value.text);
  if (value.type === 'constant' && operator === '=') return (json) => json === value.text;
  const test = textTest({ operator, value });
  return (json) => isText(json) && test(textIn(json));
}

const isText = (json: string): boolean => json.startsWith('"');
const isContainer = (json: string): boolean => /^[{[]/.test(json);
const textIn = (json: string): string => unescaped(json.slice(1, -1));

interface ParsedTest {
  readonly isTrue: ValueTest;
  /** Where a parsed value cannot tell, as it was not written so. */
  readonly isDoubtful?: ValueTest;
}

/** Of `!=`: whether `=` is true. */
function parsedTest(condition: Comparison | undefined): ParsedTest {
  if (!condition) return { isTrue: () => true };
  const { value, operator } = positive(condition);
  if (operator === ':' || value.type === 'regex') {
    const test = textTest({ operator, value });
    const isTrue: ValueTest = (found) =>
      (typeof found !== 'object' || found === null) && test(String(found));
    return { isTrue, isDoubtful: (found) => typeof found === 'number' };
  }
  if (value.type === 'number') return numberTest(operator, value.text);
  if (value.type === 'constant' && operator === '=') {
    const wanted: unknown = JSON.parse(value.text);
    return { isTrue: (found) => found === wanted };
  }
  const test = textTest({ operator, value });
  return { isTrue: (found) => typeof found === 'string' && test(found) };
}

function positive({ operator, value }: Comparison): Comparison {
  return { operator: operator === '!=' ? '=' : operator, value };
}

/** Doubles keep the order of numbers but for those that round to the same: they alone are doubtful. */
function numberTest(operator: Operator, text: string): ParsedTest {
  const test = orderTest(operator);
  const wanted = Number(text);
  const isTrue: ValueTest = (found) => {
    // A number without quotation marks also equals the text of the same characters.
    if (typeof found === 'string') return operator === '=' && found === text;
    return typeof found === 'number' && test(orderOf(found, wanted));
  };
  return isBeyondDoubles(text) ? { isTrue, isDoubtful: (found) => found === wanted } : { isTrue };
}

/** As `numberTest`, with every digit. */
function exactTest(operator: Operator, text: string): WrittenTest {
  const test = orderTest(operator);
  const { isTrue, isDoubtful } = numberTest(operator, text);
  return (json) => {
    if (isText(json)) return isTrue(textIn(json));
    if (!/^-?\d/.test(json)) return false;
    const found = Number(json);
    if (!isDoubtful?.(found)) return isTrue(found);
    return test(isWhole(json) ? wholeOrder(json, text) : orderOf(found, BigInt(text)));
  };
}

const orderOf = (found: number, wanted: number | bigint): number =>
  found < wanted ? -1 : found > wanted ? 1 : 0;

const isWhole = (text: string): boolean => /^-?\d+$/.test(text);

const isBeyondDoubles = (text: string): boolean =>
  isWhole(text) && !Number.isSafeInteger(Number(text));

/** Of two with the same sign, of any length. */
function wholeOrder(one: string, other: string): number {
  return one.startsWith('-')
    ? compareDecimals(other.slice(1), one.slice(1))
    : compareDecimals(one, other);
}
