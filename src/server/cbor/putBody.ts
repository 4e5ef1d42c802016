/**
 * Reads the bodies of PutRecord and PutRecords in one pass, their data where they lie in the body. It knows
 * only the form that clients send; anything else is left to the general way, which also words what is
 * wrong. On all that it takes it must agree with that way: a property test compares the two.
 */
import type { PutRecordInput } from '../../kinesis/operations/putRecord.ts';
import type {
  PutRecordsInput,
  PutRecordsRequestEntry,
} from '../../kinesis/operations/putRecords.ts';
import { BYTES, LIST, MAP, TEXT } from './reader.ts';

/** What bodies of either operation hold, by AWS's names. */
export type PutBody = Partial<PutRecordInput & PutRecordsInput>;
type PutEntry = Partial<PutRecordsRequestEntry>;

/** The input in `body`; undefined when the general way must look at it. Throws nothing. */
export function readPutBody(
  operation: 'PutRecord' | 'PutRecords',
  body: Buffer,
): PutBody | undefined {
  return new PutReader(body, operation === 'PutRecords').read();
}

/** More are refused anyhow; who sends them may wait. */
const entriesMax = 1000;
/** No head of the type asked for, or one of a form that clients do not send. */
const NONE = -1;
const BREAK = 0xff;

const bytesOf = (name: string): Buffer => Buffer.from(name, 'latin1');
const dataName = bytesOf('Data');
const partitionKeyName = bytesOf('PartitionKey');
const explicitHashKeyName = bytesOf('ExplicitHashKey');

class PutReader {
  private readonly body: Buffer;
  private readonly isBatch: boolean;
  private at = 0;
  /** The string read last. */
  private from = 0;
  private to = 0;

  constructor(body: Buffer, isBatch: boolean) {
    this.body = body;
    this.isBatch = isBatch;
  }

  read(): PutBody | undefined {
    const input: PutBody = {};
    const isRead = this.all(this.head(MAP), () => this.readMember(input));
    return isRead && this.at === this.body.length ? input : undefined;
  }

  /** `take` for each of `count` items, or until the break; false as soon as it says so. */
  private all(count: number, take: () => boolean): boolean {
    if (count === NONE) return false;
    for (let left = count; left > 0; left--) {
      if (count === Infinity && this.takesBreak()) return true;
      if (!take()) return false;
    }
    return true;
  }

  private takesBreak(): boolean {
    if (this.body[this.at] !== BREAK) return false;
    this.at += 1;
    return true;
  }

  /** What a head of `major` says with its number; Infinity: its end is marked by a break. */
  private head(major: number): number {
    const { body } = this;
    const first = body[this.at++]!;
    if (first >> 5 !== major) return NONE;
    const info = first & 31;
    if (info < 24) return info;
    if (info === 24) return body[this.at++] ?? NONE;
    if (info === 25) return (body[this.at++]! << 8) | body[this.at++]!;
    if (info === 26) return this.unsigned32();
    return info === 31 && major >= LIST ? Infinity : NONE;
  }

  private unsigned32(): number {
    if (this.at + 4 > this.body.length) return NONE;
    const value = this.body.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }

  private readString(major: number): boolean {
    const length = this.head(major);
    if (length === NONE) return false;
    this.from = this.at;
    this.to = this.from + length;
    this.at = this.to;
    return this.to <= this.body.length;
  }

  private readMember(input: PutBody): boolean {
    if (!this.readString(TEXT)) return false;
    const name = this.body.latin1Slice(this.from, this.to);
    if (name === 'Records') return this.isBatch && this.readRecords(input);
    if (name === 'Data') return !this.isBatch && this.takeData(input);
    return this.readString(TEXT) && this.takeText(input, name);
  }

  /** Each member by its own name: one store for all of them would be looked up every time. */
  private takeText(input: PutBody, name: string): boolean {
    const text = this.textOf();
    if (name === 'StreamName') input.StreamName = text;
    else if (name === 'StreamARN') input.StreamARN = text;
    else if (name === 'StreamId') input.StreamId = text;
    else if (this.isBatch) return false;
    else if (name === 'PartitionKey') input.PartitionKey = text;
    else if (name === 'ExplicitHashKey') input.ExplicitHashKey = text;
    else if (name === 'SequenceNumberForOrdering') input.SequenceNumberForOrdering = text;
    else return false;
    return true;
  }

  private readRecords(input: PutBody): boolean {
    const records: PutEntry[] = [];
    input.Records = records as PutRecordsRequestEntry[];
    return this.all(this.head(LIST), () => {
      // All of one form, whichever member comes first.
      const entry: PutEntry = { Data: undefined, PartitionKey: undefined };
      records.push(entry);
      return records.length <= entriesMax && this.readEntry(entry);
    });
  }

  /** Like `all`, which would need a function for each record. */
  private readEntry(entry: PutEntry): boolean {
    const count = this.head(MAP);
    if (count === NONE) return false;
    for (let left = count; left > 0; left--) {
      if (count === Infinity && this.takesBreak()) return true;
      if (!this.readEntryMember(entry)) return false;
    }
    return true;
  }

  private readEntryMember(entry: PutEntry): boolean {
    if (!this.readString(TEXT)) return false;
    if (this.isNamed(dataName)) return this.takeData(entry);
    if (this.isNamed(partitionKeyName)) {
      if (!this.readString(TEXT)) return false;
      entry.PartitionKey = this.textOf();
      return true;
    }
    if (!this.isNamed(explicitHashKeyName) || !this.readString(TEXT)) return false;
    entry.ExplicitHashKey = this.textOf();
    return true;
  }

  private isNamed(name: Buffer): boolean {
    const { body, from } = this;
    const { length } = name;
    if (this.to - from !== length) return false;
    for (let i = 0; i < length; i++) if (body[from + i] !== name[i]) return false;
    return true;
  }

  private textOf(): string {
    return this.body.utf8Slice(this.from, this.to);
  }

  private takeData(into: { Data?: Uint8Array }): boolean {
    if (!this.readString(BYTES)) return false;
    const { buffer, byteOffset } = this.body;
    into.Data = new Uint8Array(buffer, byteOffset + this.from, this.to - this.from);
    return true;
  }
}
