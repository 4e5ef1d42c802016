/** What a decoder of records answers, as types alone, so that folders without Node can ask for one. */

/** A record in one line. */
export interface Preview {
  /** At most the characters asked for; no line breaks. */
  readonly text: string;
  /** True when the record goes on after `text`. */
  readonly isCut: boolean;
  /** `json`, `text`, `binary`, `empty`; with `gzip ` or `zlib ` before it when it was unpacked. */
  readonly format: string;
}

/** A record in full. */
export interface Decoded {
  /** JSON indented, else as it is; at most the characters asked for. */
  readonly text: string;
  readonly isCut: boolean;
  readonly format: string;
  /** How it was read, step by step, in words: `gzip, 189 B to 312 B`, `JSON object`. */
  readonly steps: readonly string[];
}

/** Every method is bounded in time and memory by the record's size and never throws. */
export interface Decoder {
  preview(data: Uint8Array, charactersMax: number): Preview;
  full(data: Uint8Array, charactersMax: number): Decoded;
  /** All text of the record, as a search sees it; empty for binary data. */
  searchText(data: Uint8Array): string;
}
