/** A record as a query sees it: cheap members, and its text and JSON only when they are needed. */
import type { ByteRange } from './byteRange.ts';

export interface Subject {
  /** Empty of a record that was put without one. */
  readonly partitionKey: string;
  readonly shardId: string;
  /** Decimal, without leading zeros. */
  readonly sequenceNumber: string;
  /** Epoch milliseconds. */
  readonly arrivedMs: number;
  /** Bytes of the data as stored. */
  readonly size: number;
  /** `json`, `text`, `binary`, `gzip json`, … */
  readonly format: string;
  /** Of a record inside an aggregated one. */
  readonly sub?: number | undefined;
  /** What `text()` would give, in UTF-8, if that is at hand without any work. */
  readonly bytes: ByteRange | undefined;
  /** The partition key likewise. */
  readonly keyBytes: ByteRange | undefined;
  /** The sequence number likewise. */
  readonly sequenceBytes: ByteRange | undefined;
  /** All text of the record, decoded. */
  text(): string;
  /** The text as JSON, when it is an object or a list of at most `jsonCharactersMax`; else undefined. */
  json(): unknown;
  /** The text where it may be JSON that is longer than that. */
  longJson(): string | undefined;
}

/** Longer text is not parsed: it would stop the thread. */
export const jsonCharactersMax = 4 * 1024 * 1024;

/** Never throws: text that is no object or list gives undefined. */
export function jsonOf(text: string): unknown {
  if (text.length > jsonCharactersMax || !/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps text and JSON of one record, so that they are made at most once, until `forget`. */
export abstract class LazySubject implements Subject {
  abstract readonly partitionKey: string;
  abstract readonly shardId: string;
  abstract readonly sequenceNumber: string;
  abstract readonly arrivedMs: number;
  abstract readonly size: number;
  abstract readonly format: string;
  abstract readonly bytes: ByteRange | undefined;
  abstract readonly keyBytes: ByteRange | undefined;
  abstract readonly sequenceBytes: ByteRange | undefined;
  private heldText: string | undefined;
  private heldJson: unknown;
  private isParsed = false;

  protected abstract readText(): string;

  /** False: the text is no JSON, whatever it looks like. */
  protected get mayBeJson(): boolean {
    return true;
  }

  text(): string {
    this.heldText ??= this.readText();
    return this.heldText;
  }

  json(): unknown {
    if (!this.isParsed) {
      this.heldJson = this.mayBeJson ? jsonOf(this.text()) : undefined;
      this.isParsed = true;
    }
    return this.heldJson;
  }

  longJson(): string | undefined {
    return this.mayBeJson && this.text().length > jsonCharactersMax ? this.text() : undefined;
  }

  /** Another record comes. */
  protected forget(): void {
    this.heldText = undefined;
    this.heldJson = undefined;
    this.isParsed = false;
  }
}
