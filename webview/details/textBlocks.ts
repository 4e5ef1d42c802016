/** Long text in blocks: the browser lays out only those in sight, and none again when more are shown. Pure. */
import { type Piece, piecesOf } from '../grid/tokens.ts';

/** A long line costs far more than its share of the text. */
export const blockCharactersMax = 8 * 1024;

const isSecondOfPair = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

/** There, or before a character of two that lies across it. */
export const cutAt = (text: string, at: number): number =>
  isSecondOfPair(text.charCodeAt(at)) ? at - 1 : at;

/** Behind the last line break in the block's latter half, if there is one; never within a pair. */
function endOf(text: string, start: number): number {
  const most = start + blockCharactersMax;
  if (most >= text.length) return text.length;
  const half = start + blockCharactersMax / 2;
  const line = text.slice(half, most).lastIndexOf('\n');
  if (line >= 0) return half + line + 1;
  return cutAt(text, most);
}

/** What of a piece lies before a place in the text, and what behind. */
function split(piece: Piece, at: number): readonly [Piece, Piece] {
  const cut = at - piece.start;
  return [
    { ...piece, text: piece.text.slice(0, cut) },
    { ...piece, text: piece.text.slice(cut), start: at },
  ];
}

/** What of the pieces lies behind a place in the text. */
export function piecesBehind(pieces: readonly Piece[], at: number): Piece[] {
  return pieces
    .filter(({ start, text }) => start + text.length > at)
    .map((piece) => (piece.start < at ? split(piece, at)[1] : piece));
}

/** `text` in order, nothing lost. `pieces`: all of it, as it looks; without them it looks the same throughout. */
export function blocksOf(
  text: string,
  pieces: readonly Piece[] = piecesOf(text, { isJson: false, matches: [] }),
): Piece[][] {
  const blocks: Piece[][] = [];
  let [block, end]: [Piece[], number] = [[], endOf(text, 0)];
  for (let rest of pieces) {
    while (rest.start + rest.text.length > end) {
      const [before, behind] = split(rest, end);
      if (before.text) block.push(before);
      blocks.push(block);
      [block, end, rest] = [[], endOf(text, end), behind];
    }
    block.push(rest);
  }
  if (block.length > 0) blocks.push(block);
  return blocks;
}

export const lengthOf = (block: readonly Piece[]): number =>
  block.reduce((sum, { text }) => sum + text.length, 0);

/** Lines that a block of text takes, about: as good as what the scroll bar tells of what was never in sight. */
export function linesOf(block: readonly Piece[], acrossMax: number): number {
  const breaks = block.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0);
  return Math.max(1, breaks, Math.ceil(lengthOf(block) / acrossMax));
}
