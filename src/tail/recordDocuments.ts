/**
 * Records that editors show: kept apart from the ring, so that a row that is dropped closes no document. The oldest
 * give way when there are too many.
 */

import type { Decoder } from '../decode/decoder.ts';
import { cut } from '../decode/text.ts';
import type * as Protocol from '../protocol/record.ts';
import type { Masking } from './masking.ts';
import { readRecord } from './readRecord.ts';
import type { HeldRecord } from './rowStore.ts';

export const documentsMax = 64;
export const documentsBytesMax = 64 * 1024 * 1024;
/** The protocol's bound; the compiler keeps both equal. */
export const documentCharactersMax: typeof Protocol.documentCharactersMax = 16_777_216;

interface Kept {
  readonly data: Uint8Array;
  /** Of its tail: a change there changes the document too. */
  readonly decoder: Decoder;
}

export class RecordDocuments {
  private readonly masking: Masking;
  /** Oldest first. */
  private readonly kept = new Map<number, Kept>();
  private bytes = 0;
  private last = 0;

  constructor(masking: Masking) {
    this.masking = masking;
  }

  /** Copies the data. */
  keep(record: HeldRecord, decoder: Decoder): Protocol.KeptRecord {
    const data = new Uint8Array(record.data);
    const document = ++this.last;
    this.kept.set(document, { data, decoder });
    this.bytes += data.length;
    this.makeRoom();
    const { shardId, sequenceNumber, subSequenceNumber, arrivedMs } = record;
    const { format } = decoder.full(data, 0);
    const isJson = /\bjson$/.test(format);
    return { document, shardId, sequenceNumber, subSequenceNumber, arrivedMs, isJson };
  }

  /** Undefined when it is kept no longer. */
  text(document: number): string | undefined {
    const kept = this.kept.get(document);
    if (!kept) return undefined;
    const max = documentCharactersMax;
    const look = { decoder: kept.decoder, masking: this.masking };
    const { text, isCut } = readRecord(kept.data, look, max);
    return isCut ? `${cut(text, max)}\n\n${endOf(max)}` : text;
  }

  release(document: number): void {
    this.bytes -= this.kept.get(document)?.data.length ?? 0;
    this.kept.delete(document);
  }

  private makeRoom(): void {
    for (const [document] of this.kept) {
      const isFull = this.kept.size > documentsMax || this.bytes > documentsBytesMax;
      if (!isFull || this.kept.size === 1) return;
      this.release(document);
    }
  }
}

const endOf = (max: number): string =>
  `… The record goes on: a document has its first ${max.toLocaleString('en-US')} characters.`;
