/** Regular expressions of a query: what is wrong with one, and testing that never throws. */
import type { Regex } from './tree.ts';

/** Why it cannot be used, as a sentence; undefined when it can. */
export function regexMistake({ source, flags }: Regex): string | undefined {
  const unknown = /[^imsu]/.exec(flags)?.[0];
  if (unknown) {
    return `A regex takes the flags i, m, s and u, not ${unknown}. To search for this text, put it in quotation marks.`;
  }
  try {
    new RegExp(source, flags);
    return undefined;
  } catch (thrown) {
    const reason = String((thrown as Error).message)
      .split(': ')
      .at(-1);
    return `This regex cannot be read: ${reason}.`;
  }
}

/** False also where the regex is too large to be compiled or runs out of stack. Keeps no state. */
export function isFound(pattern: RegExp, text: string): boolean {
  try {
    return pattern.test(text);
  } catch {
    return false;
  }
}
