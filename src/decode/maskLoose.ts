/**
 * Expressions for text among other bytes: nobody knows where it begins and ends, and a byte next to it may be read as a
 * letter or a digit. So what an expression asks of the signs around counts for nothing.
 */

/** Of those that ask it, as they are without; each is to be looked for beside the expression itself. */
export function loosened(regexes: readonly RegExp[]): RegExp[] {
  return regexes.flatMap((regex) => {
    const source = withoutEdges(regex.source);
    return source === regex.source ? [] : compiled(source, regex.flags);
  });
}

const notFollowing =
  /\\.|\[(?:\\.|[^\]\\])*\]|\(\?<?![^()[\]\\]*(?:(?:\\.|\[(?:\\.|[^\]\\])*\])[^()[\]\\]*)*\)/gs;
const edges = /\\[bB]|\\.|\[(?:\\.|[^\]\\])*\]|[\^$]/gs;

/** Without `^`, `$`, `\b`, and what must not come before or behind, where that has no brackets in it. */
function withoutEdges(source: string): string {
  const open = source.replace(notFollowing, (found) => (found.startsWith('(') ? '' : found));
  return open.replace(edges, (found) => (/^(?:\\[bB]|[\^$])$/.test(found) ? '' : found));
}

/** None where what is left is no expression, as of a repeated edge. */
function compiled(source: string, flags: string): RegExp[] {
  try {
    return [new RegExp(source, flags)];
  } catch {
    return [];
  }
}
