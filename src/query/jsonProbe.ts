/**
 * A look at JSON that was not parsed: is the last name of a path there, and with a value that may pass? It
 * says no only where parsing would say no as well; where it cannot tell, it says maybe.
 */
import { isAscii } from '../base/ascii.ts';
import type { ByteRange } from './byteRange.ts';
import { ByteSearch } from './byteSearch.ts';
import { orderTest } from './comparisons.ts';
import type { Subject } from './subject.ts';
import type { Comparison, Operator, Step } from './tree.ts';

/** What begins at `at`: false when it cannot be a value that passes. May look at bytes behind the record's. */
type ValueProbe = (memory: Uint8Array, at: number) => boolean;

/** False where no value at `steps` fulfils `condition`; `!=` is asked as `=`. */
export function jsonProbe(
  steps: readonly Step[],
  condition: Comparison | undefined,
): (subject: Subject) => boolean {
  const name = steps.findLast((step) => typeof step === 'string');
  if (name === undefined || !isWrittenPlainly(name)) return () => true;
  const written = `"${name}"`;
  const names = new ByteSearch(written, { anyCase: false });
  const isLast = steps.at(-1) === name;
  const mayPass = (isLast && condition && valueProbe(condition)) || (() => true);
  return (subject) => {
    const { bytes } = subject;
    if (bytes) return hasMember(bytes, { names, mayPass }) || hasUnicodeEscapes(bytes);
    const text = subject.text();
    return text.includes(written) || text.includes('\\u');
  };
}

/** JSON has one way to write it, unless it writes characters by their numbers. */
function isWrittenPlainly(text: string): boolean {
  return isAscii(text) && !/["\\/]|\p{Cc}/u.test(text);
}

const [backslash, lowerU, colon, quote, minus, point] = [0x5c, 0x75, 0x3a, 0x22, 0x2d, 0x2e];
const [digit0, digit9] = [0x30, 0x39];

/** The runtime's own search for a byte is the fastest. */
function hasUnicodeEscapes({ memory, start, end }: ByteRange): boolean {
  const bytes = memory.subarray(start, end);
  let at = bytes.indexOf(backslash);
  while (at >= 0 && bytes[at + 1] !== lowerU) at = bytes.indexOf(backslash, at + 1);
  return at >= 0;
}

function hasMember(
  range: ByteRange,
  { names, mayPass }: { names: ByteSearch; mayPass: ValueProbe },
): boolean {
  const { memory, start } = range;
  // The quotation mark at an end may be the one at the next beginning: `"",","` has two places of `","`.
  for (let at = names.endIn(range, start); at >= 0; at = names.endIn(range, at - 1)) {
    const behind = spaceEnd(memory, at);
    if (memory[behind] === colon && mayPass(memory, spaceEnd(memory, behind + 1))) return true;
  }
  return false;
}

function spaceEnd(memory: Uint8Array, from: number): number {
  let at = from;
  while (memory[at]! <= 0x20) at++;
  return at;
}

/** Undefined where all that can be said is that there is a value. */
function valueProbe({ operator, value }: Comparison): ValueProbe | undefined {
  const isEqual = operator === '=' || operator === '!=';
  if (value.type === 'number' && operator !== ':') return numberProbe(operator, Number(value.text));
  if (value.type === 'constant' && isEqual) return literalProbe(value.text);
  const isPlain = value.type === 'text' && isEqual && isWrittenPlainly(value.text);
  return isPlain ? literalProbe(`"${value.text}"`) : undefined;
}

function literalProbe(text: string): ValueProbe {
  const wanted = Uint8Array.from(text, (char) => char.charCodeAt(0));
  return (memory, start) => {
    for (let at = 0; at < wanted.length; at++) if (memory[start + at] !== wanted[at]) return false;
    return true;
  };
}

/** Digits of a whole number that a double holds exactly, whichever they are. */
const exactDigitsMax = 15;

/** Decides numbers of few digits; a text may equal what was asked for. */
function numberProbe(operator: Operator, wanted: number): ValueProbe {
  const isEqual = operator === '=' || operator === '!=';
  const test = orderTest(isEqual ? '=' : operator);
  return (memory, start) => {
    if (memory[start] === quote) return isEqual;
    const isNegative = memory[start] === minus;
    const first = isNegative ? start + 1 : start;
    let at = first;
    let [digits, pointAt] = [0, -1];
    for (; ; at++) {
      const byte = memory[at]!;
      if (byte >= digit0 && byte <= digit9) digits = digits * 10 + (byte - digit0);
      else if (byte === point && pointAt < 0) pointAt = at;
      else break;
    }
    if (at === first) return false;
    const isLong = at - first > exactDigitsMax;
    const hasExponent = (memory[at]! | 0x20) === 0x65;
    if (isLong || hasExponent) return true;
    const size = pointAt < 0 ? digits : digits / 10 ** (at - pointAt - 1);
    const value = isNegative ? -size : size;
    return test(value < wanted ? -1 : value > wanted ? 1 : 0);
  };
}
