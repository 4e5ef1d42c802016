/**
 * Packs the records of a put one behind the other, as whoever reads the body finds their parts in it. It takes
 * records within their constraints only.
 */
import { hashKeyBytes, hashKeyMax } from '../kinesis/hashKey.ts';
import { dataBytesMax, partitionKeyCharactersMax } from '../kinesis/limits.ts';
import { flagHashKey, hashKeyLength, keyAt, PackedRecords } from '../kinesis/packedRecords.ts';
import type { BufferLoan } from './bufferPool.ts';
import { NOWHERE } from './scan.ts';

/**
 * Data often come before their key, behind which they will lie: who decodes them does so to where they belong if
 * the key is as long as the one before, up to this length, and they are moved if it is not.
 */
const keyGuessMax = 64;
/** The most that may be guessed too much. */
const headMax = keyAt + keyGuessMax + hashKeyLength;
/** Up to so many bytes are sooner copied one by one than by a call. */
const shortBytesMax = 40;

/** Of the record read last, in whichever body: keys of one client are of a length. */
let keyGuess = 0;

export class RecordPacker {
  /** The records, and room behind them. */
  readonly into: Buffer;
  private readonly body: Buffer;
  private readonly ends: number[] = [];
  /** Where the next record begins. */
  private end = 0;
  private hashGuess = 0;
  /** Of the record that is being read: where its key lies in the body, and its data in `source`. */
  private keyFrom = NOWHERE;
  private keyTo = NOWHERE;
  private source: Buffer;
  private dataFrom = 0;
  private dataTo = NOWHERE;
  private hashKey: Uint8Array | undefined;

  /** `body`: every record is at least as long in it as it is packed. */
  constructor({ body, loan }: { body: Buffer; loan: BufferLoan }) {
    this.body = body;
    this.into = loan.take(body.length + headMax);
    this.source = body;
  }

  get count(): number {
    return this.ends.length;
  }

  /** To be used until the loan ends. */
  get records(): PackedRecords {
    return new PackedRecords(this.into, this.ends);
  }

  /** Where data that must be decoded should be written, in `into`. */
  get dataPlace(): number {
    return this.end + keyAt + keyGuess + this.hashGuess;
  }

  /** Parts of the next record may be said in any order; of one that is said twice the last counts. */
  begin(): void {
    this.keyFrom = NOWHERE;
    this.keyTo = NOWHERE;
    this.dataTo = NOWHERE;
    this.hashKey = undefined;
  }

  /** Data that were written at `dataPlace`. */
  decodedTo(end: number): void {
    this.source = this.into;
    this.dataFrom = this.dataPlace;
    this.dataTo = end;
  }

  /** Data as they lie in the body. */
  dataAre(from: number, to: number): void {
    this.source = this.body;
    this.dataFrom = from;
    this.dataTo = to;
  }

  /** The partition key: text in UTF-8, if the body is right. */
  keyIs(from: number, to: number): void {
    this.keyFrom = from;
    this.keyTo = to;
  }

  /** The explicit hash key's digits; false when they are none. */
  takesHashKey(from: number, to: number): boolean {
    const text = this.body.latin1Slice(from, to);
    if (!/^(?:0|[1-9]\d{0,38})$/.test(text)) return false;
    const key = BigInt(text);
    if (key > hashKeyMax) return false;
    this.hashKey = hashKeyBytes(key);
    return true;
  }

  /**
   * Puts the record's parts together; false when data are missing or a part is not within its constraint.
   * Without a key it has an empty one: the stream says whether it needs one.
   */
  pack(): boolean {
    const { into, keyFrom, hashKey, dataTo, end } = this;
    const keyLength = this.keyTo - keyFrom;
    const isEmptyKey = keyLength === 0 && keyFrom !== NOWHERE;
    if (dataTo === NOWHERE || isEmptyKey) return false;
    const hashLength = hashKey ? hashKeyLength : 0;
    const dataAt = end + keyAt + keyLength + hashLength;
    this.placeData(dataAt);
    into[end] = hashKey ? flagHashKey : 0;
    into[end + 1] = keyLength & 255;
    into[end + 2] = keyLength >>> 8;
    const signs = this.placeKey(end + keyAt);
    if (hashKey) into.set(hashKey, dataAt - hashKeyLength);
    const dataLength = dataTo - this.dataFrom;
    this.end = dataAt + dataLength;
    this.ends.push(this.end);
    keyGuess = Math.min(keyLength, keyGuessMax);
    this.hashGuess = hashLength;
    return dataLength <= dataBytesMax && this.isKey(keyLength, signs);
  }

  private placeData(at: number): void {
    const { into, source, dataFrom, dataTo } = this;
    if (source === into) {
      if (at !== dataFrom) into.copyWithin(at, dataFrom, dataTo);
    } else if (dataTo - dataFrom > shortBytesMax) source.copy(into, at, dataFrom, dataTo);
    else
      for (let from = dataFrom; from < dataTo; from++) into[at + from - dataFrom] = source[from]!;
  }

  /** Returns all bytes of the key, or'ed. */
  private placeKey(at: number): number {
    const { body, into, keyFrom, keyTo } = this;
    const shift = at - keyFrom;
    let signs = 0;
    for (let from = keyFrom; from < keyTo; from++) {
      const code = body[from]!;
      into[shift + from] = code;
      signs |= code;
    }
    return signs;
  }

  private isKey(length: number, signs: number): boolean {
    if (signs < 0x80) return length <= partitionKeyCharactersMax;
    const text = this.body.utf8Slice(this.keyFrom, this.keyTo);
    // What is no UTF-8 becomes U+FFFD, and other bytes than these.
    return text.length <= partitionKeyCharactersMax && !text.includes('\ufffd');
  }
}
