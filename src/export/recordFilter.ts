/** Says which records a query chooses, a moment at a time; an expression that takes too long ends it with an error. */
import type { Decoder } from '../decode/decoder.ts';
import type { FilterAsked } from '../protocol/tail.ts';
import { type ByteRange, wholeOf } from '../query/byteRange.ts';
import type { Matcher } from '../query/matcher.ts';
import { parseQuery } from '../query/query.ts';
import { DataSubject } from '../tail/dataSubject.ts';
import type { TimeBox } from '../tail/rowChooser.ts';
import type { ExportedRecord } from './record.ts';

export interface FilterParts {
  readonly decoder: Decoder;
  readonly timeBox: TimeBox;
  /** When the query was asked: ages and times of day count from it. */
  readonly nowMs: number;
  /** Milliseconds on a clock that never falls. */
  monotonic(): number;
}

/** What an expression gets for some records, and then for the first of them once more. */
const patienceMs = { some: 30, one: 480 };
/** Records that take as long as the first patience may take so long together. */
const slowMsMax = 3_000;

const stuck = (sequenceNumber: string): string =>
  `The expression of the query takes too long, last on the record ${sequenceNumber}. Write it without repetitions inside repetitions.`;

export class RecordFilter {
  private readonly parts: FilterParts;
  private readonly subject: RecordSubject;
  private readonly matches: Matcher | undefined;
  private readonly hasRegex: boolean;
  private slowMs = 0;

  /** Throws an Error that says what is wrong with the query. */
  constructor({ text, timeZone }: FilterAsked, parts: FilterParts) {
    const query = parseQuery(text);
    if (query.problem !== undefined) throw new Error(`The query is wrong: ${query.problem}`);
    const { nowMs } = parts;
    this.matches = query.isEmpty ? undefined : query.matcher({ nowMs, timeZone });
    this.hasRegex = query.hasRegex;
    this.parts = parts;
    this.subject = new RecordSubject(parts.decoder);
  }

  /** Whether each of the first of `records` is chosen, as many as can be said in `ms`: one at least. Throws an Error. */
  choose(records: readonly ExportedRecord[], ms: number): boolean[] {
    const { matches, subject, parts } = this;
    if (!matches) return records.map(() => true);
    const results: boolean[] = [];
    const beganMs = parts.monotonic();
    const look = (): void => {
      while (results.length < records.length) {
        results.push(matches(subject.of(records[results.length]!)));
        if (parts.monotonic() - beganMs >= ms) return;
      }
    };
    if (this.hasRegex) this.lookInBox(look, { records, results });
    else look();
    return results;
  }

  private lookInBox(
    look: () => void,
    { records, results }: { records: readonly ExportedRecord[]; results: readonly boolean[] },
  ): void {
    const { timeBox, monotonic } = this.parts;
    const beganMs = monotonic();
    if (!timeBox(look, patienceMs.some) && results.length === 0) timeBox(look, patienceMs.one);
    const tookMs = monotonic() - beganMs;
    if (results.length <= 1 && tookMs >= patienceMs.some) this.slowMs += tookMs;
    if (results.length === 0 || this.slowMs > slowMsMax) {
      throw new Error(stuck(records[Math.max(0, results.length - 1)]!.sequenceNumber));
    }
  }
}

/** One object serves for all records, one after another. */
class RecordSubject extends DataSubject {
  readonly keyBytes = undefined;
  readonly sequenceBytes = undefined;
  private record!: ExportedRecord;

  of(record: ExportedRecord): this {
    this.record = record;
    this.forget();
    return this;
  }

  get partitionKey(): string {
    return this.record.partitionKey;
  }

  get shardId(): string {
    return this.record.shardId;
  }

  get sequenceNumber(): string {
    return this.record.sequenceNumber;
  }

  get sub(): number | undefined {
    return this.record.subSequenceNumber;
  }

  get arrivedMs(): number {
    return this.record.arrivedMs;
  }

  get size(): number {
    return this.record.data.length;
  }

  protected get dataBytes(): ByteRange {
    return wholeOf(this.record.data);
  }
}
