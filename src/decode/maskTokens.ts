/**
 * Expressions that find no more, and no less, when JSON is indented or put in one line: what they find is letters, digits
 * and signs that stand side by side within a token or a word, and none of the signs between which white space may stand.
 */

/** Neither white space nor a sign of JSON's own. A backslash takes away a meaning only. */
const plain = String.raw`[^\s\p{C}{}[\],:\\^$.*+?()|/-]|\\[.*+?()|/$^\\-]|\\[dw]`;
/** In a class; a range only of letters or digits of one kind. */
const inClass = String.raw`[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d|[.*+?()|/$]|${plain}`;
const group = String.raw`\((?!\?)|\(\?:|[)|]`;
const count = String.raw`[*+?]|\{\d+(?:,\d*)?\}`;
const piece = String.raw`${plain}|[/-]|\\[bB]|${group}|\[-?(?:${inClass})+-?\]|${count}`;
const tokens = new RegExp(`^(?:${piece})+$`, 'u');

/**
 * False where it cannot be told: with `.`, `\s`, `[^…]`, `^`, a look at what is around. `\b` is the same beside white
 * space and beside JSON's signs, none of which is a letter.
 */
export function isWithinTokens({ source, flags }: Pick<RegExp, 'source' | 'flags'>): boolean {
  return !flags.includes('v') && tokens.test(source);
}
