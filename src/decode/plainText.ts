/** Text: all of it is UTF-8, without the control characters that no text holds. */
import type { Content } from './content.ts';
import type { Asked, Leaf, Page, Shown } from './leaf.ts';
import { cut, oneLine } from './text.ts';

/** No proof of its own: short bytes are text by chance. */
export const plainText: Leaf = { name: 'text', format: 'text', isProof: false, line, page };

function textOf(content: Content, isPinned: boolean): string | undefined {
  return isPinned ? pictured(content.anyText) : content.text;
}

/** Control characters as the pictures that Unicode has for them. */
function pictured(text: string | undefined): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  return text?.replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/g, (found) =>
    String.fromCharCode(found === '\u007f' ? 0x2421 : 0x2400 + found.charCodeAt(0)),
  );
}

function line(content: Content, { charactersMax, isPinned }: Asked): Shown | undefined {
  const text = textOf(content, isPinned);
  if (text === undefined) return undefined;
  const shown = oneLine(text, charactersMax);
  return { text: shown.text, isCut: shown.isCut || content.isHead };
}

function page(content: Content, { charactersMax, isPinned }: Asked): Page {
  const text = textOf(content, isPinned);
  if (text === undefined) return { outcome: 'notThis', why: content.problem };
  const isCut = text.length > charactersMax || content.isHead;
  const why =
    content.text === undefined
      ? 'UTF-8, its control characters shown as pictures'
      : `UTF-8, ${text.length} characters, all readable`;
  return { outcome: 'read', text: cut(text, charactersMax), isCut, why };
}
