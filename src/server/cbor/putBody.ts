/** The reader of puts in CBOR: names with heads as short as may be, strings in one piece, nothing tagged. */
import { putRecordsEntriesMax } from '../../kinesis/limits.ts';
import type { PackedPutRecord, PackedPutRecords } from '../../kinesis/packedInputs.ts';
import type { BufferLoan } from '../bufferPool.ts';
import { PutReader, putNames } from '../putReader.ts';
import { NOWHERE } from '../scan.ts';
import { encodeString } from './encode.ts';
import { BYTES, LIST, MAP, TEXT } from './reader.ts';

/**
 * The input in `body`, its records in a buffer of `loan`; undefined when the general way must look at it.
 * Throws nothing.
 */
export function readPutBody(
  operation: 'PutRecord' | 'PutRecords',
  from: { body: Buffer; loan: BufferLoan },
): PackedPutRecord | PackedPutRecords | undefined {
  return new CborPutReader(from).read(operation);
}

const names = putNames((name) => Buffer.from(encodeString(name), 'latin1'));

/** A number of items that is not known beforehand: a break is behind the last. */
const UNKNOWN = -1;
const BREAK = 0xff;

class CborPutReader extends PutReader {
  /** What the head read last says with its number: a length, a count or UNKNOWN. */
  private argument = 0;
  private readonly takeMember = (at: number): number => this.readMember(at);
  private readonly takeRecord = (at: number): number => this.readRecord(at);

  constructor(from: { readonly body: Buffer; readonly loan: BufferLoan }) {
    super(from, names);
  }

  protected override readsBody(take: (at: number) => number): boolean {
    return this.readItems(0, { major: MAP, take }) === this.body.length;
  }

  protected override readRecords(at: number): number {
    return this.readItems(at, { major: LIST, take: this.takeRecord });
  }

  private readRecord(at: number): number {
    const { packer } = this;
    if (packer.count === putRecordsEntriesMax) return NOWHERE;
    packer.begin();
    const next = this.readItems(at, { major: MAP, take: this.takeMember });
    return next !== NOWHERE && packer.pack() ? next : NOWHERE;
  }

  protected override readData(at: number): number {
    const next = this.readString(at, BYTES);
    if (next !== NOWHERE) this.packer.dataAre(this.from, this.to);
    return next;
  }

  protected override readText(at: number): number {
    return this.readString(at, TEXT);
  }

  /** A list or a map; `take` is given where an item, or a pair, begins. */
  private readItems(
    at: number,
    { major, take }: { major: number; take: (at: number) => number },
  ): number {
    const { body } = this;
    let next = this.readHead(at, major);
    if (next === NOWHERE) return NOWHERE;
    const count = this.argument;
    for (let left = count; left !== 0; left--) {
      if (count === UNKNOWN && next < body.length && body[next] === BREAK) return next + 1;
      next = take(next);
      if (next === NOWHERE) return NOWHERE;
    }
    return next;
  }

  private readString(at: number, major: number): number {
    const from = this.readHead(at, major);
    if (from === NOWHERE || this.argument === UNKNOWN) return NOWHERE;
    this.from = from;
    this.to = from + this.argument;
    return this.to <= this.body.length ? this.to : NOWHERE;
  }

  private readHead(at: number, major: number): number {
    const { body } = this;
    if (at >= body.length) return NOWHERE;
    const first = body[at]!;
    if (first >> 5 !== major) return NOWHERE;
    this.argument = first & 31;
    return this.argument < 24 ? at + 1 : this.readLongHead(at + 1, this.argument);
  }

  /** `info`: the five bits beside the major type. What says more than the body has bytes is not looked into. */
  private readLongHead(at: number, info: number): number {
    const { body } = this;
    if (info === 31) {
      this.argument = UNKNOWN;
      return at;
    }
    const end = at + (1 << (info - 24));
    if (info > 26 || end > body.length) return NOWHERE;
    let argument = 0;
    for (let place = at; place < end; place++) argument = argument * 256 + body[place]!;
    if (argument > body.length) return NOWHERE;
    this.argument = argument;
    return end;
  }
}
