/** The decoder of one stream, which its user may pin and unpin while it is in use. */
import { chainOf, pinProblem } from './chain.ts';
import type { Decoded, Decoder, Head, Preview, Source } from './decoder.ts';

/** What the user pins; more of them are a mistake, as no record lies in so many containers. */
export const pinnedMax = 5;

export class PinnedDecoder implements Decoder {
  private chain: Decoder = chainOf();
  private names: readonly string[] = [];

  /** Outermost first; empty: automatic. */
  get pinned(): readonly string[] {
    return this.names;
  }

  get readsJson(): boolean {
    return this.chain.readsJson;
  }

  get readsPlainJson(): boolean {
    return this.chain.readsPlainJson;
  }

  /** From now on. Returns why it is no chain, in a sentence; the records are then read automatically. */
  pin(names: readonly string[]): string | undefined {
    const problem =
      names.length > pinnedMax ? `At most ${pinnedMax} decoders can be pinned.` : pinProblem(names);
    this.names = problem === undefined ? [...names] : [];
    this.chain = chainOf({ pinned: this.names });
    return problem;
  }

  preview(data: Uint8Array, charactersMax: number): Preview {
    return this.chain.preview(data, charactersMax);
  }

  full(data: Uint8Array, charactersMax: number): Decoded {
    return this.chain.full(data, charactersMax);
  }

  searchText(data: Uint8Array): string {
    return this.chain.searchText(data);
  }

  jsonHead(data: Uint8Array): Head | undefined {
    return this.chain.jsonHead(data);
  }

  source(data: Uint8Array, previewCharacters?: number): Source {
    return this.chain.source(data, previewCharacters);
  }
}
