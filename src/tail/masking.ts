/**
 * What is hidden of records on the screens of this window: one for all its tails. Masks are for screen sharing: a leak is
 * the worst that can happen, a text that is withheld too often a nuisance only, so what cannot be looked through, or not
 * in time, is not shown. A pattern is meant for the record as it stands, and what it finds there is hidden in whatever is
 * made of the record. What a filter finds is none of its business.
 */
import type { Source } from '../decode/decoder.ts';
import { type Masker, maskerOf } from '../decode/mask.ts';
import { hidesBytes } from '../decode/maskBytes.ts';
import { cut } from '../decode/text.ts';
import {
  lookedAt,
  type MaskedText,
  marginCharacters,
  maskedText,
  type ReadText,
  withheld,
} from './maskedText.ts';
import type { TimeBox } from './rowChooser.ts';

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
const nothing: MaskedText = { text: '', isMasked: false };

/** The sentence for what is not shown of a record of which something is hidden. */
export const withheldWords =
  'A mask hides a part of this record, so its bytes and hash key are withheld.';
export const stuckWords =
  'A pattern of shardscope.tail.mask takes too long, so all data is withheld. Write it without repetitions inside repetitions.';

export class Masking {
  private readonly timeBox: TimeBox;
  private masker: Masker = maskerOf([]);
  private slow = 0;

  constructor(timeBox: TimeBox) {
    this.timeBox = timeBox;
  }

  /** In force from now on; none: nothing is hidden. Returns a sentence for each that could not be read. */
  set(patterns: readonly string[]): readonly string[] {
    this.masker = maskerOf(patterns);
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
    return this.isOn ? marginCharacters : 0;
  }

  /** Rows of a page, each preview at most `charactersMax` long. */
  rows(rows: readonly RowTexts[], charactersMax: number): MaskedRow[] {
    const keys = this.each(rows.map(({ partitionKey }) => this.keyWork(partitionKey)));
    const previews = this.each(rows.map(({ preview }) => this.textWork(preview, charactersMax)));
    return previews.map((preview, index) => ({
      partitionKey: keys[index]!.text,
      isKeyMasked: keys[index]!.isMasked,
      preview: { ...preview, text: cut(preview.text, charactersMax) },
    }));
  }

  /** The decoded text of one record. */
  page(decoded: ReadText, charactersMax: number): MaskedText {
    const [shown] = this.each([this.textWork(decoded, charactersMax)]) as [MaskedText];
    return { ...shown, text: cut(shown.text, charactersMax) };
  }

  /** The beginning of a record that is JSON, as it stands; what follows it unless `isWhole` is not known. */
  json(text: string, isWhole: boolean): MaskedText {
    const source = { text, data: noBytes, isPart: !isWhole };
    return this.page({ text, format: 'json', source }, Number.MAX_SAFE_INTEGER);
  }

  /** Any text that comes from records: a value that is offered for completion, a cell. */
  text(text: string): MaskedText {
    return this.page({ text, format: 'text' }, Number.MAX_SAFE_INTEGER);
  }

  /** Whoever has these bytes may read in them what is to be hidden. */
  hidesBytes(bytes: Uint8Array): boolean {
    if (!this.isOn || bytes.length === 0) return false;
    const work = (): MaskedText =>
      hidesBytes(this.masker, bytes) ? withheld : { text: '', isMasked: false };
    return this.each([{ size: readings * bytes.length, work }])[0]!.isMasked;
  }

  private keyWork(key: string): Work {
    const work = (): MaskedText => {
      const text = this.masker.maskKey(key);
      return { text, isMasked: text !== key };
    };
    return { size: key.length, work };
  }

  private textWork(read: ReadText, charactersMax: number): Work {
    const { text, source } = read;
    const stored = Math.min(charactersIn(source), lookedAt(charactersMax));
    const size = text.length + readings * (stored + charactersIn(source?.automatic));
    return { size, work: () => maskedText(this.masker, read, charactersMax) };
  }

  /** What is not looked through in time is withheld. */
  private each(works: readonly Work[]): MaskedText[] {
    const results: MaskedText[] = works.map(({ size }) => (size === 0 ? nothing : withheld));
    if (this.slow >= slowMax) return results;
    let at = 0;
    const work = (): void => {
      for (; at < works.length; at++) results[at] = works[at]!.work();
    };
    if (!this.masker.hasRegex) work();
    else if (this.timeBox(work, patienceFor(works))) this.slow = Math.max(0, this.slow - madeGood);
    else this.slow++;
    return results;
  }
}

/** One text to be looked through. */
interface Work {
  /** About how many characters are. */
  readonly size: number;
  work(): MaskedText;
}

const noBytes = new Uint8Array(0);
/** Bytes are read in so many encodings, and a text in about as many forms. */
const readings = 6;

const charactersIn = (source: Source | undefined): number =>
  source?.text?.length ?? source?.data.length ?? 0;

function patienceFor(works: readonly Work[]): number {
  const characters = works.reduce((sum, { size }) => sum + size, 0);
  return patienceMs * (1 + Math.ceil(characters / (1024 * 1024)));
}
