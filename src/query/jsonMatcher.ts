/**
 * A JSON path of a query, on parsed JSON. A path that leads to several values is true when one of them
 * is, and `!=` is true exactly where `=` is not. What is not there has no order and no text. Whole numbers
 * of any length compare exactly, all others as doubles.
 */
import { orderTest, textTest } from './comparisons.ts';
import type { LeafValue } from './jsonLeaves.ts';
import { jsonProbe } from './jsonProbe.ts';
import type { Matcher } from './matcher.ts';
import { exactJsonOf, type Subject } from './subject.ts';
import { type Comparison, everyItem, type Operator, type PathTerm, type Step } from './tree.ts';

type ValueTest = (value: unknown) => boolean;

export function pathMatcher({ steps, condition }: PathTerm): Matcher {
  const mayBeTrue = jsonProbe(steps, condition);
  const isTrue = conditionTest(steps, condition);
  const isNegated = condition?.operator === '!=';
  return (subject) => {
    if (!mayBeTrue(subject)) return isNegated;
    const root = subject.json();
    return root !== undefined && isTrue(root, subject) ? !isNegated : isNegated;
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

/** Whether one value fulfils a condition, as if a path had led to it; without a condition every value does. */
export type LeafTest = (value: LeafValue) => boolean;

export function leafTest(condition: Comparison | undefined): LeafTest {
  const isTrue = conditionTest([], condition);
  return (value) => isTrue(value, { text: () => String(value) });
}

type RootTest = (root: unknown, subject: Pick<Subject, 'text'>) => boolean;

/** Of a condition with `!=`: whether `=` is true. */
function conditionTest(steps: readonly Step[], condition: Comparison | undefined): RootTest {
  if (!condition) return rootTest(steps, () => true);
  const { value } = condition;
  const operator = condition.operator === '!=' ? '=' : condition.operator;
  if (value.type === 'number' && operator !== ':') {
    return numberTest(steps, { operator, text: value.text });
  }
  return rootTest(steps, valueTest({ operator, value }));
}

function rootTest(steps: readonly Step[], test: ValueTest): RootTest {
  const path = new PathTest(steps, test);
  return (root) => path.isTrue(root);
}

function valueTest({ operator, value }: Comparison): ValueTest {
  if (value.type === 'constant' && operator === '=') {
    const wanted: unknown = JSON.parse(value.text);
    return (found) => found === wanted;
  }
  const test = textTest({ operator, value });
  if (operator !== ':' && value.type !== 'regex') {
    return (found) => typeof found === 'string' && test(found);
  }
  return (found) => (typeof found !== 'object' || found === null) && test(String(found));
}

/** A number without quotation marks also equals the text of the same characters. */
function numberTest(
  steps: readonly Step[],
  { operator, text }: { operator: Operator; text: string },
): RootTest {
  const test = orderTest(operator);
  const compare = (wanted: number | bigint): ValueTest => {
    return (found) => {
      if (typeof found === 'string') return operator === '=' && found === text;
      if (typeof found !== 'number' && typeof found !== 'bigint') return false;
      return test(found < wanted ? -1 : found > wanted ? 1 : 0);
    };
  };
  const wanted = Number(text);
  const roughly = rootTest(steps, compare(wanted));
  if (!/^-?\d+$/.test(text) || Number.isSafeInteger(wanted)) return roughly;
  // Doubles keep the order of numbers but for those that round to the same: they alone are read anew.
  const exactly = rootTest(steps, compare(BigInt(text)));
  const closely = rootTest(steps, (found) => found === wanted);
  return (root, subject) =>
    closely(root, subject) ? exactly(exactJsonOf(subject.text()), subject) : roughly(root, subject);
}
