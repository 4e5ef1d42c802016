/**
 * Takes out of a text what masks hide, however it is laid out: in one line, indented, or as it stands in the record. What
 * is found in one of these forms is hidden in all of them. In doubt all of a text is withheld: that is a nuisance, the
 * other thing a leak.
 */
import type { Preview, Source } from '../decode/decoder.ts';
import { indentJson } from '../decode/indentJson.ts';
import { scanJson } from '../decode/jsonScan.ts';
import { hidden, type Masker, maskText } from '../decode/mask.ts';
import { hidesBytes } from '../decode/maskBytes.ts';
import { carrierOf } from '../decode/maskCarry.ts';
import { cut } from '../decode/text.ts';

/** A text as it may be shown. */
export interface MaskedText {
  readonly text: string;
  /** Something of it is hidden, or all of it, or of what follows it. */
  readonly isMasked: boolean;
  /** It ends before the text that was given does: what follows could not be looked through far enough. */
  readonly isCut?: boolean;
}

/** What a decoder made of a record, or a part of it. */
export interface ReadText extends Pick<Preview, 'text' | 'format'> {
  /** What it was made of; absent of a text that stands for itself. */
  readonly source?: Source | undefined;
}

/** So many more characters than are shown are looked through: no half is shown of what an expression finds. */
export const marginCharacters = 4096;
/** Nothing is shown. */
export const withheld: MaskedText = { text: maskText, isMasked: true };

/**
 * As much of `text` as may be shown; `charactersMax` of it are, and the text has the margin more where there is so much.
 * JSON stays JSON, for whoever reads it.
 */
export function maskedText(
  masker: Masker,
  { text, format, source }: ReadText,
  charactersMax: number,
): MaskedText {
  const isText = source ? source.text !== undefined : !/\bbinary\b/.test(format);
  if (source && hidesAutomatic(masker, source, charactersMax)) return withheld;
  if (!isText) {
    const isShown = source && !hidesSource(masker, source, charactersMax);
    const isOther = !/\bbinary\b/.test(format) && masker.spans(text).length > 0;
    return isShown && !isOther ? { text, isMasked: false } : withheld;
  }
  const stored = storedOf(source ?? { text, isPart: false }, charactersMax);
  return laid(masker, { text, isJson: /\bjson$/.test(format), stored });
}

/** The beginning of a record's text. */
interface Stored {
  readonly text: string;
  /** More follows. */
  readonly isPart: boolean;
}

interface Laid {
  readonly text: string;
  readonly isJson: boolean;
  readonly stored: Stored;
}

function laid(masker: Masker, { text, isJson, stored }: Laid): MaskedText {
  const spans = masker.spans(text);
  let isMasked = spans.length > 0;
  for (const form of formsOf(stored.text, masker)) {
    const found = form === text ? [] : masker.spans(form);
    if (found.length === 0) continue;
    const carrier = carrierOf(form, text);
    if (!carrier) return withheld;
    // There may be more than fit on a stack.
    for (const span of carrier.carry(found)) spans.push(span);
    isMasked = true;
  }
  const end = stored.isPart ? endOf(masker, { text, stored }) : text.length;
  if (end === 0 && text !== '') return withheld;
  const shown = cut(text, end);
  const within = spans.filter(({ start }) => start < shown.length);
  const clipped = within.map((span) => ({ ...span, end: Math.min(span.end, shown.length) }));
  const isCut = shown.length < text.length;
  return { text: hidden(shown, { spans: clipped, isJson }), isMasked, ...(isCut && { isCut }) };
}

/** Where `text` has to end as what follows the beginning of the record is not known. */
function endOf(masker: Masker, { text, stored }: Omit<Laid, 'isJson'>): number {
  const known = stored.text.length - (masker.hasRegex ? marginCharacters : 0);
  return carrierOf(stored.text, text)?.placeOf(Math.max(0, known)) ?? 0;
}

/** Twice what is shown, as white space may be left out of it, and the margin. */
function storedOf(
  { text = '', isPart }: Pick<Source, 'text' | 'isPart'>,
  charactersMax: number,
): Stored {
  const stored = cut(text, lookedAt(charactersMax));
  return { text: stored, isPart: isPart || stored.length < text.length };
}

/** Of a stored text of which so many characters are shown, how many are looked through. */
export const lookedAt = (charactersMax: number): number => 2 * charactersMax + marginCharacters;

/** How the record stands, and how it is indented: names and paths are found in either. */
function* formsOf(stored: string, { countsSpace }: Masker): Generator<string> {
  yield stored;
  const text = stored.trimStart();
  if (!countsSpace || !/^[{[]/.test(text) || scanJson(text).state === 'wrong') return;
  yield indentJson(text, 4 * text.length);
}

/** Of 16 KiB of white space and text a row shows 512 characters: what it shows stands within so many times as many. */
const foldedMax = 128;

/** Pinned decoders show what lies around a text, too: packed, it can be unpacked by whoever has it. */
function hidesAutomatic(
  masker: Masker,
  { automatic, data }: Source,
  charactersMax: number,
): boolean {
  if (!automatic) return false;
  const isPacked = automatic.data !== data;
  const max = isPacked ? Number.MAX_SAFE_INTEGER : charactersMax * foldedMax;
  return (isPacked && automatic.isPart) || hidesSource(masker, automatic, max);
}

function hidesSource(masker: Masker, source: Source, charactersMax: number): boolean {
  if (source.text !== undefined) {
    const stored = storedOf(source, charactersMax);
    return [...formsOf(stored.text, masker)].some((form) => masker.spans(form).length > 0);
  }
  const { data, isPart } = source;
  const bytesMax = bytesLookedAt(charactersMax);
  const isTooShort = isPart && masker.hasRegex && data.length < bytesMax;
  return isTooShort || hidesBytes(masker, data, bytesMax);
}

/** One is three characters at least where it is shown in hexadecimal; in the margin two may be one character. */
const bytesLookedAt = (charactersMax: number): number =>
  Math.ceil(charactersMax / 3) + 2 * marginCharacters;
