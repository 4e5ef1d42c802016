/** Operators as functions, made once a query so that a record costs one call. */
import { patternOf } from './needle.ts';
import { isFound } from './regex.ts';
import type { Comparison, Operator } from './tree.ts';

/** `order`: less than, equal to or greater than zero. `:` is as `=`. */
export function orderTest(operator: Operator): (order: number) => boolean {
  switch (operator) {
    case '<':
      return (order) => order < 0;
    case '<=':
      return (order) => order <= 0;
    case '>':
      return (order) => order > 0;
    case '>=':
      return (order) => order >= 0;
    case '!=':
      return (order) => order !== 0;
    default:
      return (order) => order === 0;
  }
}

/** A number with `wanted`; as `orderTest`. */
export function numberTest(operator: Operator, wanted: number): (value: number) => boolean {
  const test = orderTest(operator);
  return (value) => test(value - wanted);
}

/** Texts: `:` contains, in any case; `=` is exactly; a regex is found. Orders go by UTF-16 units. */
export function textTest({ operator, value }: Comparison): (text: string) => boolean {
  if (value.type === 'regex') {
    const pattern = new RegExp(value.source, value.flags);
    const isNegated = operator === '!=';
    return (text) => isFound(pattern, text) !== isNegated;
  }
  const { text: wanted } = value;
  if (operator === ':') {
    const pattern = patternOf(wanted);
    return (text) => pattern.test(text);
  }
  const test = orderTest(operator);
  return (text) => test(text < wanted ? -1 : text > wanted ? 1 : 0);
}
