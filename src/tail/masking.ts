/**
 * What is hidden of records on the screens of this window: one for all its tails. It fails on the safe side: what
 * cannot be looked through in time is not shown. What a filter finds is none of its business.
 */
import type { Preview } from '../decode/decoder.ts';
import { type Masker, maskerOf, maskText } from '../decode/mask.ts';
import { cut } from '../decode/text.ts';
import type { TimeBox } from './rowChooser.ts';

/** A text as it may be shown. */
export interface MaskedText {
  readonly text: string;
  /** Something of it is hidden, or all of it. */
  readonly isMasked: boolean;
}

/** What a decoder made of a record, or a part of it. */
type ReadText = Pick<Preview, 'text' | 'format'>;

/** A row's texts before they are masked. */
export interface RowTexts {
  readonly partitionKey: string;
  readonly preview: ReadText;
}

export interface MaskedRow {
  readonly partitionKey: string;
  readonly preview: MaskedText;
  readonly isKeyMasked: boolean;
}

/** Looking through a page, and through each mebibyte of a text, may take so long. */
const patienceMs = 100;
/** So often in a row it may take longer; then all is withheld until the patterns change. */
const slowMax = 3;
/** Of one that took longer, what each that did not makes good: a page has very many of them. */
const madeGood = 1 / 32;
const withheld: MaskedText = { text: maskText, isMasked: true };
const nothing: MaskedText = { text: '', isMasked: false };

/** The sentence for what is not shown of a record of which something is hidden. */
export const withheldWords =
  'A mask hides a part of this record, so its bytes and hash key are withheld.';
export const stuckWords =
  'A pattern of shardscope.tail.mask takes too long, so all data is withheld. Write it without repetitions inside repetitions.';

export class Masking {
  private readonly timeBox: TimeBox;
  private masker: Masker = maskerOf([]);
  private hasRegex = false;
  private slow = 0;

  constructor(timeBox: TimeBox) {
    this.timeBox = timeBox;
  }

  /** In force from now on; none: nothing is hidden. Returns a sentence for each that could not be read. */
  set(patterns: readonly string[]): readonly string[] {
    this.masker = maskerOf(patterns);
    this.hasRegex = patterns.some((pattern) => pattern.trim().startsWith('/'));
    this.slow = 0;
    return this.masker.problems;
  }

  get isOn(): boolean {
    return !this.masker.isEmpty;
  }

  /** Why nothing is shown at all. */
  get problem(): string | undefined {
    return this.slow >= slowMax ? stuckWords : undefined;
  }

  /** How much more of a text that is cut must be looked through than is shown: no half of a match is left. */
  get marginCharacters(): number {
    return this.isOn ? 2048 : 0;
  }

  /** Rows of a page, each preview at most `charactersMax` long. */
  rows(rows: readonly RowTexts[], charactersMax: number): MaskedRow[] {
    const keys = this.each(rows.map(({ partitionKey }) => ({ text: partitionKey, format: 'key' })));
    const previews = this.each(rows.map(({ preview }) => preview));
    return previews.map(({ text, isMasked }, index) => ({
      partitionKey: keys[index]!.text,
      isKeyMasked: keys[index]!.isMasked,
      preview: { text: cut(text, charactersMax), isMasked },
    }));
  }

  /** The decoded text of one record. */
  page(decoded: ReadText, charactersMax: number): MaskedText {
    const [{ text, isMasked }] = this.each([decoded]) as [MaskedText];
    return { text: cut(text, charactersMax), isMasked };
  }

  /** Any text that comes from records: a value that is offered for completion, a line of an export. */
  text(text: string): MaskedText {
    return this.each([{ text, format: 'text' }])[0]!;
  }

  /** What is not looked through in time is withheld. */
  private each(texts: readonly ReadText[]): MaskedText[] {
    const results: MaskedText[] = texts.map(({ text }) => (text === '' ? nothing : withheld));
    if (this.slow >= slowMax) return results;
    let at = 0;
    const work = (): void => {
      for (; at < texts.length; at++) results[at] = this.masked(texts[at]!);
    };
    if (!this.hasRegex) work();
    else if (this.timeBox(work, patienceFor(texts))) this.slow = Math.max(0, this.slow - madeGood);
    else this.slow++;
    return results;
  }

  private masked({ text, format }: ReadText): MaskedText {
    if (isBinary(format)) {
      const isOpen = readingsOf(text).every((read) => this.hidden(read, format) === read);
      return isOpen ? { text, isMasked: false } : withheld;
    }
    const shown = this.hidden(text, format);
    return { text: shown, isMasked: shown !== text };
  }

  /** JSON stays JSON, for whoever reads it. */
  private hidden(text: string, format: string): string {
    const { masker } = this;
    if (format === 'key') return masker.maskKey(text);
    const all = Number.MAX_SAFE_INTEGER;
    return /\bjson$/.test(format) ? masker.maskJson(text, all) : masker.mask(text, all);
  }
}

const isBinary = (format: string): boolean => /\bbinary\b/.test(format);

const utf8 = new TextDecoder();
const hexPair = /([0-9a-f]{2}) ?/g;
const isDump = (hex: string): boolean => /^[0-9a-f]{8} {2}/.test(hex);
/** Where a line of a dump has its bytes, and what is printable of them. */
const dumpBytes = { from: 10, to: 57 };
const dumpTextAt = 59;

/** Who reads hex reads the characters that the bytes are, and so does whoever is given the bytes as text. */
function readingsOf(hex: string): string[] {
  return [printedIn(hex), utf8.decode(bytesIn(hex))];
}

/** Of bytes in hexadecimal, on one line or in a dump, the characters that they are. */
export function printedIn(hex: string): string {
  const lines = hex.split('\n');
  if (isDump(hex)) return lines.map((line) => line.slice(dumpTextAt)).join('');
  return hex.replace(hexPair, (_, pair) => String.fromCharCode(Number.parseInt(pair, 16)));
}

function bytesIn(hex: string): Uint8Array {
  const { from, to } = dumpBytes;
  const lines = isDump(hex) ? hex.split('\n').map((line) => line.slice(from, to)) : [hex];
  const digits = lines.join('').replaceAll(' ', '');
  const bytes = new Uint8Array(Math.floor(digits.length / 2));
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  }
  return bytes;
}

function patienceFor(texts: readonly ReadText[]): number {
  const characters = texts.reduce((sum, { text }) => sum + text.length, 0);
  return patienceMs * (1 + Math.ceil(characters / (1024 * 1024)));
}
