/**
 * What a tail holds of its rows: columns of numbers, and the bytes of records in an arena, each kept once. A row is
 * found by its slot, which another row may have after it; its id no other row ever has.
 */
import { isAscii } from '../base/ascii.ts';
import { assert } from '../base/assert.ts';
import type { EventTone } from '../protocol/tail.ts';
import type { ByteRange } from '../query/byteRange.ts';
import { Arena, blockBytesMax } from './arena.ts';

/** Slots are numbered below this. */
export const slotsMax = 2 ** 21;
const slotsFirst = 1024;
/** Of a row in all columns. */
const columnBytes = 3 * 8 + 7 * 4;
/** Of an explicit hash key beside its digits. */
const hashKeyBytes = 64;
/** An arena of a small tail has smaller blocks. */
const blocksMin = 32;

export interface RowPlace {
  /** Where the row belongs among the others: they are in the order of this, equal ones as they came. */
  readonly orderMs: number;
}

/** Of a record, or of one within an aggregate. */
export interface RecordContent {
  readonly sequenceNumber: string;
  /** Of a record within an aggregate. */
  readonly subSequenceNumber?: number | undefined;
  /** Empty of a record without one. */
  readonly partitionKey: string;
  /** Decimal; of a record within an aggregate that has one. */
  readonly explicitHashKey?: string | undefined;
  /** Copied. */
  readonly data: Uint8Array;
}

export interface NewRecord extends RowPlace, RecordContent {
  readonly shardId: string;
  readonly arrivedMs: number;
}

export interface NewEvent extends RowPlace {
  readonly atMs: number;
  readonly tone: EventTone;
  readonly text: string;
}

export interface HeldRecord {
  readonly kind: 'record';
  readonly id: number;
  readonly shardId: string;
  readonly partitionKey: string;
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number | undefined;
  readonly arrivedMs: number;
  /** As of `RecordContent`. */
  readonly explicitHashKey?: string | undefined;
  /** Memory of the store: for this turn only. */
  readonly data: Uint8Array;
}

export interface HeldEvent {
  readonly kind: 'event';
  readonly id: number;
  readonly atMs: number;
  readonly tone: EventTone;
  readonly text: string;
}

export type HeldRow = HeldRecord | HeldEvent;

/** One for many rows, one after the other. */
export type MutableRange = { -readonly [K in keyof ByteRange]: ByteRange[K] };

const utf8 = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Up to here a loop is cheaper than a decoder. */
const shortKeyBytesMax = 48;
const noSubSequence = -1;
/** In the column of blocks: the row is an event. */
const noBlock = -1;

export class RowStore {
  private readonly arena: Arena;
  private readonly events = new Map<number, NewEvent>();
  /** Few rows have one. */
  private readonly hashKeys = new Map<number, string>();
  private readonly shardIds: string[] = [];
  private readonly shardNumbers = new Map<string, number>();
  private readonly free: number[] = [];
  private capacity = 0;
  private used = 0;
  private rowCount = 0;
  /** Of what is kept beside the columns and blocks. */
  private looseBytes = 0;
  private lastId = 0;
  private ids = new Float64Array(0);
  private orders = new Float64Array(0);
  private arrivals = new Float64Array(0);
  private blocks = new Int32Array(0);
  private places = new Uint32Array(0);
  private lengths = new Uint32Array(0);
  private subSequences = new Int32Array(0);
  private shards = new Uint32Array(0);
  private keyLengths = new Uint32Array(0);
  private digitCounts = new Uint32Array(0);

  /** `bytesMax`: what `bytes` is to stay below; whoever fills the store removes rows. */
  constructor(bytesMax: number) {
    this.arena = new Arena(Math.min(blockBytesMax, Math.ceil(bytesMax / blocksMin)));
  }

  /** What all rows take: blocks whole, as they are only given up whole. */
  get bytes(): number {
    return this.arena.bytes + this.looseBytes + this.rowCount * columnBytes;
  }

  /** Of blocks, what no row needs; `compact` gives most of it back when it is much. */
  get wasted(): number {
    return this.arena.wasted;
  }

  /** Of a row, what it takes of `bytes`. */
  bytesOfRow(slot: number): number {
    return columnBytes + (this.isRecord(slot) ? this.lengthOf(slot) : 0);
  }

  get rows(): number {
    return this.rowCount;
  }

  /** Returns the slot. */
  addRecord(record: NewRecord): number {
    const { shardId, partitionKey, sequenceNumber, data } = record;
    const slot = this.slotFor(record);
    const key = isAscii(partitionKey) ? partitionKey : utf8.encode(partitionKey);
    const place = this.arena.take(sequenceNumber.length + key.length + data.length);
    const bytes = this.arena.bytesOf(place.block);
    let at = writeAscii(bytes, place.at, sequenceNumber);
    if (typeof key === 'string') at = writeAscii(bytes, at, key);
    else bytes.set(key, at);
    bytes.set(data, place.at + sequenceNumber.length + key.length);
    this.arrivals[slot] = record.arrivedMs;
    this.blocks[slot] = place.block;
    this.places[slot] = place.at;
    this.lengths[slot] = data.length;
    this.subSequences[slot] = record.subSequenceNumber ?? noSubSequence;
    this.shards[slot] = this.numberOf(shardId);
    this.keyLengths[slot] = key.length;
    this.digitCounts[slot] = sequenceNumber.length;
    if (record.explicitHashKey !== undefined) this.keepHashKey(slot, record.explicitHashKey);
    return slot;
  }

  /** Returns the slot. */
  addEvent(event: NewEvent): number {
    const slot = this.slotFor(event);
    this.blocks[slot] = noBlock;
    this.arrivals[slot] = event.atMs;
    this.lengths[slot] = 0;
    this.events.set(slot, event);
    this.looseBytes += 2 * event.text.length;
    return slot;
  }

  remove(slot: number): void {
    const block = this.blocks[slot]!;
    if (block === noBlock) {
      this.looseBytes -= 2 * this.events.get(slot)!.text.length;
      this.events.delete(slot);
    } else this.arena.release(block, this.lengthOf(slot));
    if (this.hashKeys.size > 0) this.dropHashKey(slot);
    this.ids[slot] = 0;
    this.rowCount--;
    this.free.push(slot);
  }

  /** Forgets all rows; ids go on. */
  clear(): void {
    this.arena.clear();
    this.events.clear();
    this.hashKeys.clear();
    this.free.length = 0;
    this.ids.fill(0);
    this.used = this.rowCount = this.looseBytes = 0;
  }

  /** Rows of blocks of which little is needed move together, and the blocks are given up. */
  compact(): void {
    for (let slot = 0; slot < this.used; slot++) {
      const block = this.blocks[slot]!;
      if (this.ids[slot] === 0 || block === noBlock || !this.arena.isSparse(block)) continue;
      const [from, length] = [this.places[slot]!, this.lengthOf(slot)];
      const bytes = this.arena.bytesOf(block).subarray(from, from + length);
      const place = this.arena.take(length);
      this.arena.bytesOf(place.block).set(bytes, place.at);
      this.blocks[slot] = place.block;
      this.places[slot] = place.at;
      this.arena.release(block, length);
    }
  }

  /** In the order in which rows are shown. */
  readonly compare = (first: number, second: number): number =>
    this.orders[first]! - this.orders[second]! || this.ids[first]! - this.ids[second]!;

  /** Never that of another row; from it `slotOf` tells the slot. */
  idOf(slot: number): number {
    return this.ids[slot]! * slotsMax + slot;
  }

  /** Undefined once the row was removed. */
  slotOf(id: number): number | undefined {
    const slot = id % slotsMax;
    return this.ids[slot] === Math.floor(id / slotsMax) ? slot : undefined;
  }

  isRecord(slot: number): boolean {
    return this.blocks[slot] !== noBlock;
  }

  orderOf(slot: number): number {
    return this.orders[slot]!;
  }

  /** When the record arrived, or the event was. */
  arrivalOf(slot: number): number {
    return this.arrivals[slot]!;
  }

  /** Of data; 0 of an event. */
  sizeOf(slot: number): number {
    return this.lengths[slot]!;
  }

  row(slot: number): HeldRow {
    return this.isRecord(slot) ? this.record(slot) : this.event(slot);
  }

  /** One for each shard id, counted from 0 on. */
  shardNumberOf(slot: number): number {
    return this.shards[slot]!;
  }

  shardIdOf(slot: number): string {
    return this.shardIds[this.shards[slot]!]!;
  }

  sequenceNumberOf(slot: number): string {
    const at = this.places[slot]!;
    return asciiOf(this.bytesOf(slot), at, at + this.digitCounts[slot]!)!;
  }

  partitionKeyOf(slot: number): string {
    const start = this.keyAt(slot);
    const end = start + this.keyLengths[slot]!;
    const bytes = this.bytesOf(slot);
    const isShort = end - start <= shortKeyBytesMax;
    const text = isShort ? asciiOf(bytes, start, end) : undefined;
    return text ?? utf8Decoder.decode(bytes.subarray(start, end));
  }

  /** Whether the record in `slot` has this number; without making a text of its own. */
  hasSequenceNumber(slot: number, digits: Uint8Array): boolean {
    if (this.digitCounts[slot] !== digits.length) return false;
    const bytes = this.bytesOf(slot);
    const end = this.places[slot]! + digits.length;
    // Numbers differ at their ends.
    for (let back = 1; back <= digits.length; back++) {
      if (bytes[end - back] !== digits[digits.length - back]) return false;
    }
    return true;
  }

  /** Of a record within an aggregate. */
  subSequenceNumberOf(slot: number): number | undefined {
    const subSequence = this.subSequences[slot]!;
    return subSequence === noSubSequence ? undefined : subSequence;
  }

  /** Of a record within an aggregate that has one. */
  explicitHashKeyOf(slot: number): string | undefined {
    return this.hashKeys.get(slot);
  }

  /** Memory of the store: for this turn only. */
  dataOf(slot: number): Uint8Array {
    const at = this.dataAt(slot);
    return this.bytesOf(slot).subarray(at, at + this.lengths[slot]!);
  }

  /** `into`, which from now on says where the data is: for this turn only. */
  dataRange(slot: number, into: MutableRange): ByteRange {
    into.memory = this.bytesOf(slot);
    into.start = this.dataAt(slot);
    into.end = into.start + this.lengths[slot]!;
    return into;
  }

  /** Likewise of the partition key in UTF-8. */
  keyRange(slot: number, into: MutableRange): ByteRange {
    into.memory = this.bytesOf(slot);
    into.start = this.keyAt(slot);
    into.end = into.start + this.keyLengths[slot]!;
    return into;
  }

  /** Likewise of the digits of the sequence number. */
  sequenceRange(slot: number, into: MutableRange): ByteRange {
    into.memory = this.bytesOf(slot);
    into.start = this.places[slot]!;
    into.end = into.start + this.digitCounts[slot]!;
    return into;
  }

  private record(slot: number): HeldRecord {
    return {
      kind: 'record',
      id: this.idOf(slot),
      shardId: this.shardIdOf(slot),
      partitionKey: this.partitionKeyOf(slot),
      sequenceNumber: this.sequenceNumberOf(slot),
      subSequenceNumber: this.subSequenceNumberOf(slot),
      arrivedMs: this.arrivalOf(slot),
      explicitHashKey: this.explicitHashKeyOf(slot),
      data: this.dataOf(slot),
    };
  }

  private event(slot: number): HeldEvent {
    const { atMs, tone, text } = this.events.get(slot)!;
    return { kind: 'event', id: this.idOf(slot), atMs, tone, text };
  }

  private keepHashKey(slot: number, hashKey: string): void {
    this.hashKeys.set(slot, hashKey);
    this.looseBytes += hashKeyBytes + hashKey.length;
  }

  private dropHashKey(slot: number): void {
    const hashKey = this.hashKeys.get(slot);
    if (hashKey === undefined) return;
    this.hashKeys.delete(slot);
    this.looseBytes -= hashKeyBytes + hashKey.length;
  }

  /** The number comes first, the key behind it, and then the data. */
  private keyAt(slot: number): number {
    return this.places[slot]! + this.digitCounts[slot]!;
  }

  private dataAt(slot: number): number {
    return this.keyAt(slot) + this.keyLengths[slot]!;
  }

  /** Of number, key and data. */
  private lengthOf(slot: number): number {
    return this.digitCounts[slot]! + this.keyLengths[slot]! + this.lengths[slot]!;
  }

  private bytesOf(slot: number): Uint8Array {
    return this.arena.bytesOf(this.blocks[slot]!);
  }

  private slotFor({ orderMs }: RowPlace): number {
    const slot = this.free.pop() ?? this.used++;
    if (slot >= this.capacity) this.grow();
    this.ids[slot] = ++this.lastId;
    this.orders[slot] = orderMs;
    this.rowCount++;
    return slot;
  }

  private numberOf(shardId: string): number {
    const known = this.shardNumbers.get(shardId);
    if (known !== undefined) return known;
    const number = this.shardIds.push(shardId) - 1;
    this.shardNumbers.set(shardId, number);
    return number;
  }

  private grow(): void {
    assert(this.capacity < slotsMax, 'more rows than slots');
    this.capacity = Math.max(slotsFirst, this.capacity * 2);
    const { capacity } = this;
    this.ids = copied(new Float64Array(capacity), this.ids);
    this.orders = copied(new Float64Array(capacity), this.orders);
    this.arrivals = copied(new Float64Array(capacity), this.arrivals);
    this.blocks = copied(new Int32Array(capacity), this.blocks);
    this.places = copied(new Uint32Array(capacity), this.places);
    this.lengths = copied(new Uint32Array(capacity), this.lengths);
    this.subSequences = copied(new Int32Array(capacity), this.subSequences);
    this.shards = copied(new Uint32Array(capacity), this.shards);
    this.keyLengths = copied(new Uint32Array(capacity), this.keyLengths);
    this.digitCounts = copied(new Uint32Array(capacity), this.digitCounts);
  }
}

/** Of a sequence number, as `hasSequenceNumber` compares it. */
export function digitsOf(sequenceNumber: string): Uint8Array {
  const digits = new Uint8Array(sequenceNumber.length);
  writeAscii(digits, 0, sequenceNumber);
  return digits;
}

interface Column {
  set(values: ArrayLike<number>): void;
}

function copied<C extends Column & ArrayLike<number>>(column: C, from: C): C {
  column.set(from);
  return column;
}

/** Returns where it ends. */
function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** Undefined when there is something else among it. */
function asciiOf(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
