/**
 * Walks the fields of one Protobuf message where its bytes lie. It never throws: the first thing that is wrong
 * ends the walk and is told by `problem`.
 */

export type WireType = 0 | 1 | 2 | 5;
export const varintType: WireType = 0;
export const bytesType: WireType = 2;

/** Of a number that no field has: the largest has 29 bits. @source documented: Protobuf's encoding */
const fieldEnd = 2 ** 29;
const varintBytesMax = 10;

export class ProtobufFields {
  /** The field that `next` found, with the value of a number, or the place of bytes. */
  field = 0;
  wireType: WireType = varintType;
  value = 0;
  start = 0;
  end = 0;
  /** What follows "holds a message that", such as `ends inside field 3`. */
  problem: string | undefined;
  private readonly data: Uint8Array;
  private at: number;
  private readonly until: number;

  /** The message lies in `data` from `start` to before `end`. */
  constructor(data: Uint8Array, { start, end }: { start: number; end: number }) {
    this.data = data;
    this.at = start;
    this.until = end;
  }

  /** Goes to the next field and over its value; false at the end, or at a problem. */
  next(): boolean {
    if (this.at >= this.until || this.problem !== undefined) return false;
    const tag = this.varint();
    const wireType = tag % 8;
    this.field = (tag - wireType) / 8;
    if (this.problem === undefined && (this.field === 0 || this.field >= fieldEnd)) {
      this.problem = `has a field numbered ${this.field}`;
    }
    if (this.problem === undefined) this.take(wireType);
    return this.problem === undefined;
  }

  /** False, and a problem, when the field is not of this type. */
  is(wireType: WireType): boolean {
    if (this.wireType === wireType) return true;
    this.problem = `has field ${this.field} of wire type ${this.wireType}, not ${wireType}`;
    return false;
  }

  private take(wireType: number): void {
    if (wireType === 0) {
      this.wireType = wireType;
      this.value = this.varint();
    } else if (wireType === 2) {
      this.wireType = wireType;
      this.over(this.varint());
    } else if (wireType === 1 || wireType === 5) {
      this.wireType = wireType;
      this.over(wireType === 1 ? 8 : 4);
    } else this.problem = `has field ${this.field} of wire type ${wireType}, which is not read`;
  }

  private over(length: number): void {
    if (this.problem !== undefined) return;
    if (length > this.until - this.at) {
      this.problem = `ends inside field ${this.field}`;
      return;
    }
    this.start = this.at;
    this.at += length;
    this.end = this.at;
  }

  /** Above 2^53 it is not exact, and larger than anything that is compared with it. */
  private varint(): number {
    let value = 0;
    let scale = 1;
    const last = Math.min(this.until, this.at + varintBytesMax);
    while (this.at < last) {
      const byte = this.data[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    const isCut = this.at >= this.until;
    this.problem = isCut
      ? 'ends inside a number'
      : `has a number of more than ${varintBytesMax} bytes`;
    return 0;
  }
}
