/** What a decoder is that finds other bytes inside a record's bytes: gzip, zlib, Base64. Types alone. */

export interface Container {
  readonly name: string;
  /** True when only a proof inside, by another decoder, makes it sure. */
  readonly needsProofInside: boolean;
  /** A look at the first bytes, as cheap as a few comparisons; false rules it out. */
  claims(data: Uint8Array): boolean;
  /** Why `claims` is false. */
  refusal(data: Uint8Array): string;
  /** Asked for only when `claims` is true. Never throws. */
  open(data: Uint8Array, limits: OpenLimits): Opened;
}

export interface OpenLimits {
  /** The most that may come out; where there is more inside, a beginning comes out. */
  readonly bytesMax: number;
  /** Of a beginning so many are enough, at most half of `bytesMax`. */
  readonly enoughBytes: number;
  /** True when `data` is only the beginning: no checksum can be looked at. */
  readonly isHead: boolean;
}

export type Opened =
  | {
      readonly outcome: 'read';
      readonly data: Uint8Array;
      /** True when `data` is only the beginning of what is inside. */
      readonly isPart: boolean;
      readonly why: string;
    }
  | { readonly outcome: 'notThis' | 'broken'; readonly why: string };
