/** All of a record as it may be shown: decoded, and without what masks hide of it. */
import type { Decoded, Decoder } from '../decode/decoder.ts';
import type { MaskedText } from './maskedText.ts';
import type { Masking } from './masking.ts';

export interface RecordLook {
  readonly decoder: Decoder;
  /** Hides what is not to be seen; absent: nothing is hidden. */
  readonly masking?: Masking | undefined;
}

export interface ReadRecord {
  readonly decoded: Decoded;
  /** As it may be shown. */
  readonly text: string;
  /** It ends before the record's text does. */
  readonly isCut: boolean;
  readonly isMasked: boolean;
}

/** At most `charactersMax` of its text; masks look at more than that. */
export function readRecord(
  data: Uint8Array,
  { decoder, masking }: RecordLook,
  charactersMax: number,
): ReadRecord {
  const decoded = decoder.full(data, charactersMax + (masking?.marginCharacters ?? 0));
  const shown: MaskedText = masking?.isOn
    ? masking.page({ ...decoded, source: decoder.source(data) }, charactersMax)
    : { text: decoded.text, isMasked: false };
  const isCut = decoded.isCut || decoded.text.length > charactersMax || shown.isCut === true;
  return { decoded, text: shown.text, isCut, isMasked: shown.isMasked };
}
