/** What a decoder is that shows bytes to a person: KPL, JSON, text, bytes. Types alone. */
import type { Content } from './content.ts';

export interface Leaf {
  readonly name: string;
  /** As a row's format names it. */
  readonly format: string;
  /** True when what it reads was proven by a magic number, a checksum or full consumption. */
  readonly isProof: boolean;
  /** One line without line breaks, by the head alone; undefined when the content is not this. */
  line(content: Content, asked: Asked): Shown | undefined;
  page(content: Content, asked: Asked): Page;
  /** What a search sees, when it is not the content's text. */
  searchText?(content: Content): string | undefined;
}

export interface Asked {
  /** The most characters of the answer. */
  readonly charactersMax: number;
  /** True when the user chose this decoder: it may then read what it could not prove. */
  readonly isPinned: boolean;
}

export interface Shown {
  readonly text: string;
  readonly isCut: boolean;
  /** The beginning alone was looked at: what follows may make it something else. */
  readonly isByBeginning?: boolean;
}

export type Page =
  | (Shown & { readonly outcome: 'read'; readonly why: string })
  | { readonly outcome: 'notThis' | 'broken'; readonly why: string };
