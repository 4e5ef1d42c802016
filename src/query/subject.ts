/** A record as a query sees it: cheap members, and its text and JSON only when they are needed. */

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
  readonly bytes: Uint8Array | undefined;
  /** All text of the record, decoded. */
  text(): string;
  /** The text as JSON, when it is an object or a list; else undefined. */
  json(): unknown;
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

/** A reviver is given the text of a number by newer runtimes; others read it as a double here too. */
type Source = { readonly source?: string } | undefined;

/** As `jsonOf`, with whole numbers that a double cannot hold as bigints. Slow. */
export function exactJsonOf(text: string): unknown {
  try {
    return JSON.parse(text, (_name: string, value: unknown, context?: Source) => {
      if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
      const source = context?.source ?? '';
      return /^-?\d+$/.test(source) ? BigInt(source) : value;
    });
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
  abstract readonly bytes: Uint8Array | undefined;
  private heldText: string | undefined;
  private heldJson: unknown;
  private isParsed = false;

  protected abstract readText(): string;

  /** The text, or what parses to the same. */
  protected jsonText(): string {
    return this.text();
  }

  text(): string {
    this.heldText ??= this.readText();
    return this.heldText;
  }

  json(): unknown {
    if (!this.isParsed) {
      this.heldJson = jsonOf(this.jsonText());
      this.isParsed = true;
    }
    return this.heldJson;
  }

  /** Another record comes. */
  protected forget(): void {
    this.heldText = undefined;
    this.heldJson = undefined;
    this.isParsed = false;
  }
}
