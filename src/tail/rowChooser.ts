/**
 * Says which rows a query chooses, for a moment at a time: an expression may take any time on a row. One that does is
 * cut short, given more time when its turn comes again, and given up in the end.
 */
import type { Decoder } from '../decode/decoder.ts';
import type { ShownText } from '../query/marks.ts';
import type { Matcher } from '../query/matcher.ts';
import { parseQuery, type Query } from '../query/query.ts';
import type { Span } from '../query/span.ts';
import type { Now } from '../query/values.ts';
import type { RowStore } from './rowStore.ts';
import { RowSubject } from './rowSubject.ts';

/** Runs `task` for so many milliseconds at most: false when it was cut short, at any point of it. */
export type TimeBox = (task: () => void, ms: number) => boolean;

export interface ChooserParts {
  readonly decoder: Decoder;
  readonly timeBox: TimeBox;
  /** Milliseconds on a clock that never falls. */
  monotonic(): number;
}

/** What an expression gets for a row at first, and at last, each time twice as much. */
const patienceMinMs = 30;
const patienceMaxMs = 480;
/** Rows that take longer than the least patience may take so long together. */
const slowMsMax = 3_000;
/**
 * The clock is looked at after so many rows, or bytes of them, as a look at it costs a tenth of a small row; and after
 * each that may have been unpacked, whatever its size.
 */
const rowsPerLook = 16;
const bytesPerLook = 64 * 1024;
/** For the marks of a page. */
const marksMs = 100;

const stuckProblem =
  'The expression takes too long on a record, so it chooses nothing. Write it without repetitions inside repetitions.';

export class RowChooser {
  private readonly store: RowStore;
  private readonly parts: ChooserParts;
  private readonly subject: RowSubject;
  private query: Query = parseQuery('');
  private matches: Matcher = () => true;
  private patienceMs = patienceMinMs;
  private slowMs = 0;
  private hasGivenUp = false;
  private areMarksStuck = false;

  constructor(store: RowStore, parts: ChooserParts) {
    this.store = store;
    this.parts = parts;
    this.subject = new RowSubject(store, parts.decoder);
  }

  /** As the user wrote it. */
  get text(): string {
    return this.query.text;
  }

  /** Why the query chooses nothing, in a sentence. */
  get problem(): string | undefined {
    return this.hasGivenUp ? stuckProblem : this.query.problem;
  }

  /** Every row is chosen, without a look at it. */
  get choosesAll(): boolean {
    return this.hasGivenUp || this.query.isEmpty;
  }

  /** Ages and times of day count from `now`. */
  ask(text: string, now: Now): void {
    this.query = parseQuery(text);
    this.matches = this.query.matcher(now);
    this.patienceMs = patienceMinMs;
    this.slowMs = 0;
    this.hasGivenUp = this.areMarksStuck = false;
  }

  /**
   * Whether each of the first of `slots` is chosen, as many as can be said in `ms`: mostly one at least. None may mean
   * that the query has become one that chooses all.
   */
  choose(slots: readonly number[], ms: number): boolean[] {
    if (this.choosesAll) return slots.map(() => true);
    const { monotonic } = this.parts;
    const results: boolean[] = [];
    const beganMs = monotonic();
    // An expression may take any time on a row, whatever its size.
    const lookAfter = this.query.hasRegex ? 1 : rowsPerLook;
    let [rows, bytes] = [0, 0];
    const look = (): void => {
      while (results.length < slots.length) {
        const slot = slots[results.length]!;
        results.push(this.isMatch(slot));
        bytes += this.store.bytesOfRow(slot);
        const isCheap = ++rows % lookAfter !== 0 && bytes < bytesPerLook;
        if (isCheap && !this.subject.hasUnpacked) continue;
        if (monotonic() - beganMs >= ms) return;
        bytes = 0;
      }
    };
    if (this.query.hasRegex) this.lookInBox(look, results);
    else look();
    return results;
  }

  /** Where what is looked for occurs in texts that are shown. */
  marksIn(texts: readonly ShownText[]): Span[][] {
    const marks: Span[][] = [];
    const mark = (): void => {
      for (const { text, where } of texts) marks.push(this.query.spans(text, where));
    };
    if (!this.query.hasRegex) mark();
    else if (!this.areMarksStuck) this.areMarksStuck = !this.parts.timeBox(mark, marksMs);
    return texts.map((_, index) => marks[index] ?? []);
  }

  private lookInBox(look: () => void, results: readonly boolean[]): void {
    const { timeBox, monotonic } = this.parts;
    const beganMs = monotonic();
    const isDone = timeBox(look, this.patienceMs);
    const tookMs = monotonic() - beganMs;
    if (results.length <= 1 && tookMs >= patienceMinMs) this.slowMs += tookMs;
    if (!isDone && results.length === 0) this.patienceMs *= 2;
    if (this.patienceMs > patienceMaxMs || this.slowMs > slowMsMax) this.hasGivenUp = true;
  }

  /** Events always show: without them a gap among the records could not be understood. */
  private isMatch(slot: number): boolean {
    return !this.store.isRecord(slot) || this.matches(this.subject.of(slot));
  }
}
