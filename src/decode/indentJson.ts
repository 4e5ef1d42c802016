/**
 * JSON on many lines, token by token: numbers of any length, repeated names and their order stay as they
 * were written, which parsing and printing would not keep.
 */

/** Indents `json`, which must be valid, and stops soon after `charactersMax` characters. */
export function indentJson(json: string, charactersMax: number): string {
  const parts: string[] = [];
  let length = 0;
  let depth = 0;
  for (const token of tokensOf(json)) {
    if (token === '}' || token === ']') depth--;
    else if (token === '{' || token === '[') depth++;
    const part = partOf(token, depth);
    parts.push(part);
    length += part.length;
    if (length > charactersMax) break;
  }
  return parts.join('');
}

/** `depth`: of what follows an opening token, and of a closing one itself. */
function partOf(token: string, depth: number): string {
  if (token === '{' || token === '[' || token === ',') return token + lineBreak(depth);
  if (token === '}' || token === ']') return lineBreak(depth) + token;
  return token === ':' ? ': ' : token;
}

const lineBreak = (depth: number): string => `\n${'  '.repeat(depth)}`;

/** Strings, numbers and words as they are; brackets around nothing are one token. */
function* tokensOf(json: string): Generator<string> {
  const pattern = /"|([{[])\s*([}\]])|[{}[\],:]|[^\s"{}[\],:]+/g;
  for (let match = pattern.exec(json); match; match = pattern.exec(json)) {
    const [token, opening, closing] = match;
    if (token === '"') {
      pattern.lastIndex = stringEnd(json, match.index);
      yield json.slice(match.index, pattern.lastIndex);
    } else yield opening === undefined ? token : opening + closing;
  }
}

/** One past the closing quotation mark of the string that begins at `start`. */
function stringEnd(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
