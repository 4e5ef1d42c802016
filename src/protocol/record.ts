/** What is done with one record beyond its row: documents of it, how it is read, what of it is hidden. Plain data. */
import type { RecordAsked } from './tail.ts';

/** A record that the worker keeps for an editor, whatever happens to its row. */
export interface KeptRecord {
  readonly document: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** Of a record within an aggregate. */
  readonly subSequenceNumber?: number | undefined;
  readonly arrivedMs: number;
  readonly isJson: boolean;
}

/** Of a record's text a document has so many characters at most; it says when it ends there. */
export const documentCharactersMax = 16 * 1024 * 1024;

/** What the panel must know of its window to show records as they are meant to be seen. */
export interface PanelLook {
  /** The record that others can be compared with: `flights …7098`. */
  readonly selected?: string | undefined;
  /** What hides parts of records, its revision raised by each change; absent: nothing does. */
  readonly mask?: { readonly patterns: number; readonly revision: number } | undefined;
  /** The decoders that the user chose for the stream, outermost first; empty: automatic. */
  readonly pinned: readonly string[];
}

/** Methods of the host that are about one record. */
export type RecordMethods = {
  openRecord(params: RecordAsked): void;
  /** Keeps it to be compared with another. */
  selectRecord(params: RecordAsked): void;
  compareRecord(params: RecordAsked): void;
  /** Asks how the stream is to be decoded. */
  decodeAs(params: Record<string, never>): void;
  toggleMasking(params: Record<string, never>): void;
  /** Of the record with this sequence number, else of the stream with its filter. */
  copyLink(params: { sequenceNumber?: string }): void;
};

/** Commands of the palette that are about the record at hand. */
export type RecordCommand = 'openRecord' | 'selectRecord' | 'compareRecord' | 'copyLink';

/** Methods of the worker that are about one record. */
export type RecordWorkerMethods = {
  /** Undefined when the row was dropped or is an event. */
  keepRecord(params: RecordAsked & { tail: number }): KeptRecord | undefined;
  /** Decoded and masked as it is now; undefined when it is kept no longer. */
  recordText(params: { document: number }): string | undefined;
  releaseRecord(params: { document: number }): void;
};
