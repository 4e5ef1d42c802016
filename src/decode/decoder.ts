/** What a decoder of records answers, so that folders without Node can ask for one. */

/** A format that begins so is that of the beginning: no more was looked at, and all of it may be something else. */
export const beginsAs = 'begins as ';

/** A record in one line. */
export interface Preview {
  /** At most the characters asked for; no line breaks. */
  readonly text: string;
  /** True when the record goes on after `text`. */
  readonly isCut: boolean;
  /**
   * `json`, `text`, `binary`, `kpl`, `empty`, with the names of what was unpacked before it: `gzip json`.
   * It is that of `full`, unless it begins with `beginsAs`: so it does for more than 16 KiB, stored or unpacked.
   */
  readonly format: string;
}

/** What one decoder had to say about a record. */
export interface Attempt {
  /** `gzip`, `json`, … */
  readonly decoder: string;
  /** `broken`: begins like this and is not, or not whole. */
  readonly outcome: 'read' | 'notThis' | 'broken';
  /** A short sentence without its full stop: `begins with 1f 8b, and its CRC-32 matches`. */
  readonly why: string;
}

/** A record in full. */
export interface Decoded {
  /** JSON indented, else as it is; at most the characters asked for. */
  readonly text: string;
  readonly isCut: boolean;
  /** As in `Preview`, and proven; ends in `, not as pinned` when a pinned decoder did not fit. */
  readonly format: string;
  /** Every decoder that was tried, in order: what follows one that read is about what came out of it. */
  readonly steps: readonly Attempt[];
}

/** Every method is bounded in time and memory by the record's size and never throws. */
export interface Decoder {
  /** False when the user chose how records are read, and that is not JSON. */
  readonly readsJson: boolean;
  /** False also when the user chose what they are packed in, which does not fit a record that begins as JSON does. */
  readonly readsPlainJson: boolean;
  preview(data: Uint8Array, charactersMax: number): Preview;
  full(data: Uint8Array, charactersMax: number): Decoded;
  /**
   * All text of the record, without a byte order mark, as a search sees it; empty for binary data, and what is to be
   * shown as such.
   */
  searchText(data: Uint8Array): string;
  /** The beginning of a record that is JSON, as it stands in it; undefined of others. */
  jsonHead(data: Uint8Array): Head | undefined;
  /**
   * What `full` makes its text of, or what `preview` does with so many characters asked for: for masks, which hide what
   * stands in a record, however it is laid out.
   */
  source(data: Uint8Array, previewCharacters?: number): Source;
}

/** What a decoder reached in a record. */
export interface Source {
  /** As it stands there; undefined of bytes, and of an aggregate. */
  readonly text: string | undefined;
  readonly data: Uint8Array;
  /** True when more follows. */
  readonly isPart: boolean;
  /** Of a record for which decoders were pinned: what the automatic ones reach, where it is something else. */
  readonly automatic?: Source;
}

/** The beginning of a text: at most `headBytesMax` of it, and of what is packed what comes out of as much. */
export interface Head {
  readonly text: string;
  /** False when more follows. */
  readonly isWhole: boolean;
}
