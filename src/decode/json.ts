/**
 * JSON, proven by reading all of it: an object or an array. A number, a word or a string alone is JSON too, but
 * nobody can tell it from text: it is text, unless JSON is pinned.
 */
import type { Content } from './content.ts';
import { indentJson } from './indentJson.ts';
import { type JsonScan, scanJson } from './jsonScan.ts';
import type { Asked, Leaf, Page, Shown } from './leaf.ts';
import { afterMark, cut, hasMark, headLine } from './text.ts';

export const json: Leaf = { name: 'json', format: 'json', isProof: true, line, page };

/** The sign that opens an object or an array, or undefined when `text` begins with something else. */
function openingOf(text: string): '{' | '[' | undefined {
  let at = 0;
  while (isSpace(text.charCodeAt(at))) at++;
  const code = text.charCodeAt(at);
  return code === 0x7b ? '{' : code === 0x5b ? '[' : undefined;
}

const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function line(content: Content, { charactersMax, isPinned }: Asked): Shown | undefined {
  if (content.text === undefined) return undefined;
  const { isHead } = content;
  const text = afterMark(content.text);
  const first = openingOf(text);
  if (first === undefined && !isPinned) return undefined;
  if (!(isHead ? beginsJson(content, text) : isWhole(text))) return undefined;
  const shown = headLine(text, charactersMax);
  return { text: shown.text, isCut: shown.isCut || isHead, isByBeginning: isHead };
}

/** Up to this length the runtime's own parser is faster than the scan, whose strength is what is long or deep. */
const parsedCharactersMax = 2048;

function isWhole(text: string): boolean {
  if (text.length > parsedCharactersMax) return scanJson(text).state === 'whole';
  const last = text.trimEnd().at(-1);
  if (openingOf(text) !== undefined && last !== '}' && last !== ']') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** So many characters are looked at of what is not looked at whole. */
const beginningCharacters = 512;

/** By the first characters, and by the last one, which is not known of a part. */
function beginsJson({ data, isPart }: Content, text: string): boolean {
  if (scanJson(text.slice(0, beginningCharacters)).state !== 'open') return false;
  const first = openingOf(text);
  if (isPart || first === undefined) return true;
  const tail = String.fromCharCode(...data.subarray(-16)).trimEnd();
  return tail.endsWith(first === '{' ? '}' : ']');
}

function page(content: Content, { charactersMax, isPinned }: Asked): Page {
  if (content.text === undefined) return { outcome: 'notThis', why: content.problem };
  const text = afterMark(content.text);
  const first = openingOf(text);
  if (first === undefined && !isPinned) {
    return { outcome: 'notThis', why: 'begins with neither { nor [' };
  }
  const scan = scanJson(text);
  const problem = problemOf(scan, content.isHead);
  if (problem !== undefined) return { outcome: 'broken', why: problem };
  // Two records that differ in the mark alone must not look the same.
  const mark = hasMark(content.text) ? content.text.slice(0, 1) : '';
  const shown = mark + indentJson(text, charactersMax);
  const isCut = shown.length > charactersMax || content.isHead;
  return { outcome: 'read', text: cut(shown, charactersMax), isCut, why: proofOf(text, content) };
}

function problemOf({ state, at }: JsonScan, isHead: boolean): string | undefined {
  if (state === 'wrong') return `is no JSON from character ${at} on`;
  if (isHead) return state === 'open' ? undefined : `ends at character ${at}, and more follows`;
  return state === 'open' ? 'ends in the middle of its JSON' : undefined;
}

function proofOf(text: string, content: Content): string {
  const first = openingOf(text);
  const what = first === '{' ? 'one object' : first === '[' ? 'one array' : 'one value';
  const isMarked = content.text !== undefined && hasMark(content.text);
  const behind = isMarked ? ' after a byte order mark, which JSON does not allow,' : '';
  if (content.isHead) return `the ${text.length} characters unpacked${behind} begin ${what}`;
  return `all ${text.length} characters${behind} are ${what}`;
}
