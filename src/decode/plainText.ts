/** Text: all of it is UTF-8, without the control characters that no text holds. */
import type { Content } from './content.ts';
import type { Asked, Leaf, Page, Shown } from './leaf.ts';
import { cut, headLine } from './text.ts';

/** No proof of its own: short bytes are text by chance. */
export const plainText: Leaf = { name: 'text', format: 'text', isProof: false, line, page };

/** As it is: signs for what nobody sees are drawn where it is shown. */
function textOf(content: Content, isPinned: boolean): string | undefined {
  return isPinned ? content.anyText : content.text;
}

function line(content: Content, { charactersMax, isPinned }: Asked): Shown | undefined {
  const text = textOf(content, isPinned);
  if (text === undefined) return undefined;
  const shown = headLine(text, charactersMax);
  const { isHead } = content;
  return { text: shown.text, isCut: shown.isCut || isHead, isByBeginning: isHead };
}

function page(content: Content, { charactersMax, isPinned }: Asked): Page {
  const text = textOf(content, isPinned);
  if (text === undefined) return { outcome: 'notThis', why: content.problem };
  const isCut = text.length > charactersMax || content.isHead;
  const why =
    content.text === undefined
      ? 'UTF-8, with control characters, which are drawn as signs'
      : `UTF-8, ${text.length} characters, all readable`;
  return { outcome: 'read', text: cut(text, charactersMax), isCut, why };
}
