/** What a field of held rows is in the order check, by slot: numbers and dates are kept, others are read again. */
import type { Head } from '../decode/decoder.ts';
import { FieldReader } from '../query/fieldReader.ts';
import type { Step } from '../query/tree.ts';
import type { JsonHeads } from './jsonHeads.ts';
import { type OrderValue, orderValueOf } from './orderValue.ts';

const capacityFirst = 1024;
const none = 0;
const number = 1;
const date = 2;
/** A text, or a whole number that no double holds. */
const other = 3;

/** What is held of a row beside its value: that it is out of order, or of a key that is not watched. */
export const brokenMark = 1;
export const strangerMark = 2;
type RowMark = typeof brokenMark | typeof strangerMark;

export class OrderValues {
  private readonly heads: JsonHeads;
  private readonly reader: FieldReader;
  private kinds = new Uint8Array(capacityFirst);
  private values = new Float64Array(capacityFirst);
  private marks = new Uint8Array(capacityFirst);

  constructor(heads: JsonHeads, steps: readonly Step[]) {
    this.heads = heads;
    this.reader = new FieldReader([steps]);
  }

  /** Reads the row's value and keeps what it is. */
  take(slot: number): OrderValue | undefined {
    const found = this.read(slot);
    if (slot >= this.kinds.length) this.grow(slot);
    this.kinds[slot] = kindOf(found);
    this.marks[slot] = 0;
    if (typeof found?.value === 'number') this.values[slot] = found.value;
    return found;
  }

  /** Of a row that was taken and was not forgotten since; else undefined. */
  at(slot: number): OrderValue | undefined {
    const kind = this.kinds[slot];
    if (kind === number) return { kind: 'number', value: this.values[slot]! };
    if (kind === date) return { kind: 'date', value: this.values[slot]! };
    return kind === other ? this.read(slot) : undefined;
  }

  /** Its value as JSON has it, without what is hidden. */
  shownAt(slot: number): string | undefined {
    return this.writtenIn(this.heads.shown(slot));
  }

  /** The row has no value any more; its mark stays. */
  forget(slot: number): void {
    if (slot < this.kinds.length) this.kinds[slot] = none;
  }

  /** Of a row that was taken. */
  mark(slot: number, mark: RowMark): void {
    this.marks[slot] = mark;
  }

  has(slot: number, mark: RowMark): boolean {
    return this.marks[slot] === mark;
  }

  /** True when the row had the mark, which it has no more. */
  unmark(slot: number, mark: RowMark): boolean {
    const had = this.has(slot, mark);
    if (had) this.marks[slot] = 0;
    return had;
  }

  clear(): void {
    this.kinds.fill(none);
    this.marks.fill(0);
  }

  private read(slot: number): OrderValue | undefined {
    const written = this.writtenIn(this.heads.of(slot));
    return written === undefined ? undefined : orderValueOf(written);
  }

  private writtenIn(head: Head | undefined): string | undefined {
    if (!head) return undefined;
    const [span] = this.reader.read(head.text).spans[0]!;
    return span && head.text.slice(span.start, span.end);
  }

  private grow(slot: number): void {
    const capacity = Math.max(this.kinds.length * 2, slot + 1);
    const { kinds, values, marks } = this;
    this.kinds = new Uint8Array(capacity);
    this.values = new Float64Array(capacity);
    this.marks = new Uint8Array(capacity);
    this.kinds.set(kinds);
    this.values.set(values);
    this.marks.set(marks);
  }
}

function kindOf(value: OrderValue | undefined): number {
  if (value === undefined) return none;
  if (typeof value.value !== 'number') return other;
  return value.kind === 'date' ? date : number;
}
