/** What a decoder of records answers, as types alone, so that folders without Node can ask for one. */

/** A record in one line. It goes by the head of the record: `full` is the proof. */
export interface Preview {
  /** At most the characters asked for; no line breaks. */
  readonly text: string;
  /** True when the record goes on after `text`. */
  readonly isCut: boolean;
  /**
   * `json`, `text`, `binary`, `kpl`, `empty`, with the names of what was unpacked before it: `gzip json`.
   * Of a record whose head alone was looked at, it says what magic numbers and headers prove, what the
   * head unpacks to without an error, and JSON when the head is the beginning of some JSON.
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
  preview(data: Uint8Array, charactersMax: number): Preview;
  full(data: Uint8Array, charactersMax: number): Decoded;
  /** All text of the record, as a search sees it; empty for binary data. */
  searchText(data: Uint8Array): string;
  /** The beginning of a record that is JSON, as it stands in it; undefined of others. */
  jsonHead(data: Uint8Array): Head | undefined;
}

/** The beginning of a text: at most `headBytesMax` of it, and of what is packed what comes out of as much. */
export interface Head {
  readonly text: string;
  /** False when more follows. */
  readonly isWhole: boolean;
}
