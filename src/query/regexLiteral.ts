/**
 * A text that whatever a regex matches has in it: records without it need no closer look. It may be shorter than it
 * could be, never one that a match can do without.
 */

/** Shorter ones are in nearly every record. */
const charactersMin = 2;

/** One piece of a regex: a set, a quantifier, an escape, or a sign. */
const piece = /\[(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|\\.|[\s\S]/y;
/** Escapes of one letter for a character or a place; of others more may belong to them. */
const plainEscape = /^\\[dDwWsSbBnrtvf]$/;

/** ASCII; in any case where the regex is. Undefined when there is none, or none that is easily found. */
export function literalOf({ source, flags }: Pick<RegExp, 'source' | 'flags'>): string | undefined {
  // There some letters beyond ASCII match letters within it.
  if (flags.includes('i') && flags.includes('u')) return undefined;
  const runs = runsOf(source);
  const longest = runs?.toSorted((a, b) => b.length - a.length)[0] ?? '';
  return longest.length < charactersMin ? undefined : longest;
}

/** The stretches of characters that stand for themselves; undefined where one does not have to be there. */
function runsOf(source: string): string[] | undefined {
  const runs: string[] = [];
  let [run, depth] = ['', 0];
  const end = (): void => {
    runs.push(run);
    run = '';
  };
  for (const found of piecesOf(source)) {
    if (found === '(') depth++;
    if (found === ')') depth--;
    if (found === '(' || found === ')' || depth > 0) end();
    else if (found === '|') return undefined;
    else if (isOptional(found)) {
      run = run.slice(0, -1);
      end();
    } else {
      const character = characterOf(found);
      if (character === undefined) return undefined;
      run += character;
      if (character === '') end();
    }
  }
  end();
  return runs;
}

function piecesOf(source: string): string[] {
  const pieces: string[] = [];
  for (piece.lastIndex = 0; piece.lastIndex < source.length; ) {
    pieces.push(piece.exec(source)![0]);
  }
  return pieces;
}

/** What stands before it may be left out. */
const isOptional = (found: string): boolean => /^(?:[*?]|\{0)/.test(found);

/** What a piece stands for; empty where that is a set, a place or a repetition; undefined where it is not known. */
function characterOf(found: string): string | undefined {
  if (found.length === 1) return /[.^$+]|[^\0-\x7f]/.test(found) ? '' : found;
  if (!found.startsWith('\\')) return '';
  if (/^\\[^a-zA-Z0-9]$/.test(found)) return found.slice(1);
  return plainEscape.test(found) ? '' : undefined;
}
