/**
 * Reads the bodies of PutRecord and PutRecords in one pass over their bytes, all records packed into one
 * buffer. It knows only the form that clients send, with records within their constraints; anything else is
 * left to the general way, which also words what is wrong. On all that it takes it must agree with that way: a
 * property test compares the two.
 */
import { hashKeyBytes, hashKeyMax } from '../../kinesis/hashKey.ts';
import {
  dataBytesMax,
  partitionKeyCharactersMax,
  putRecordsEntriesMax,
} from '../../kinesis/limits.ts';
import { PackedPutRecord, PackedPutRecords, type PutMembers } from '../../kinesis/packedInputs.ts';
import { flagHashKey, hashKeyLength, keyAt, PackedRecords } from '../../kinesis/packedRecords.ts';
import type { BufferLoan } from '../bufferPool.ts';
import { Base64Reader } from './base64Reader.ts';
import {
  BACKSLASH,
  behind,
  COLON,
  COMMA,
  END,
  LIST_END,
  LIST_START,
  NOWHERE,
  QUOTE,
  quoted,
  START,
  skipBlanks,
  stands,
  stringBehind,
} from './scan.ts';

/**
 * The input in `body`, its records in a buffer of `loan`; undefined when the general way must look at it.
 * Throws nothing.
 */
export function readPutBody(
  operation: 'PutRecord' | 'PutRecords',
  { body, loan }: { body: Buffer; loan: BufferLoan },
): PackedPutRecord | PackedPutRecords | undefined {
  // In JSON a record is longer than it is packed.
  const reader = new PutReader(body, loan.take(body.length + headMax));
  return operation === 'PutRecords' ? reader.readMany() : reader.readOne();
}

/**
 * Data often come before their key, behind which they will lie: they are decoded to where they belong if the
 * key is as long as the one before, up to this length, and moved if it is not.
 */
const keyGuessMax = 64;
/** The most that may be guessed too much. */
const headMax = keyAt + keyGuessMax + hashKeyLength;

const dataName = quoted('Data');
const partitionKeyName = quoted('PartitionKey');
const hashKeyName = quoted('ExplicitHashKey');
const recordsName = quoted('Records');

const naming = ['StreamName', 'StreamARN', 'StreamId'] as const;
const membersOfMany = naming.map((name) => ({ name, letters: quoted(name) }));
const membersOfOne = [...naming, 'SequenceNumberForOrdering' as const].map((name) => {
  return { name, letters: quoted(name) };
});

/** Of the record read last, in whichever body: keys of one client are of a length. */
let keyGuess = 0;

class PutReader {
  private readonly body: Buffer;
  private readonly data: Buffer;
  private readonly base64: Base64Reader;
  private readonly ends: number[] = [];
  /** Where the next record begins. */
  private end = 0;
  private hashGuess = 0;
  /** Of the record that is being read: where its key lies in the body, and its data in the buffer. */
  private keyFrom = NOWHERE;
  private keyTo = NOWHERE;
  private dataFrom = 0;
  private dataTo = NOWHERE;
  private hashKey: Uint8Array | undefined;

  constructor(body: Buffer, data: Buffer) {
    this.body = body;
    this.data = data;
    this.base64 = new Base64Reader(body, data);
  }

  readMany(): PackedPutRecords | undefined {
    const members: PutMembers = {};
    const isRead = this.readObject((at) => {
      if (!stands(recordsName, this.body, at))
        return this.readText(at, { members, of: membersOfMany });
      const list = behind(this.body, at + recordsName.length, COLON);
      return list === NOWHERE || this.ends.length > 0 ? NOWHERE : this.readRecords(list);
    });
    return isRead && this.ends.length > 0 ? new PackedPutRecords(members, this.records) : undefined;
  }

  readOne(): PackedPutRecord | undefined {
    const members: PutMembers = {};
    this.base64.expect(this.body.length);
    this.begin();
    const isRead = this.readObject((at) => {
      const next = this.readMember(at);
      return next === NOWHERE ? this.readText(at, { members, of: membersOfOne }) : next;
    });
    return isRead && this.pack() ? new PackedPutRecord(members, this.records) : undefined;
  }

  private get records(): PackedRecords {
    return new PackedRecords(this.data, this.ends);
  }

  /** The whole body; `readOf` is given where a member's name begins, and returns where its value ends. */
  private readObject(readOf: (at: number) => number): boolean {
    const { body } = this;
    let at = behind(body, 0, START);
    while (at !== NOWHERE) {
      at = readOf(skipBlanks(body, at));
      if (at === NOWHERE) return false;
      at = skipBlanks(body, at);
      const sign = at < body.length ? body[at] : undefined;
      if (sign === END) return skipBlanks(body, at + 1) === body.length;
      at = sign === COMMA ? at + 1 : NOWHERE;
    }
    return false;
  }

  private readRecords(from: number): number {
    const { body } = this;
    let at = behind(body, from, LIST_START);
    while (at !== NOWHERE && this.ends.length < putRecordsEntriesMax) {
      at = this.readRecord(at);
      if (at === NOWHERE) return NOWHERE;
      at = skipBlanks(body, at);
      const sign = at < body.length ? body[at] : undefined;
      at += 1;
      if (sign === LIST_END) return at;
      if (sign !== COMMA) return NOWHERE;
    }
    return NOWHERE;
  }

  private readRecord(from: number): number {
    const { body } = this;
    let at = behind(body, from, START);
    this.begin();
    while (at !== NOWHERE) {
      at = this.readMember(skipBlanks(body, at));
      if (at === NOWHERE) return NOWHERE;
      at = skipBlanks(body, at);
      const sign = at < body.length ? body[at] : undefined;
      at += 1;
      if (sign === END) return this.pack() ? at : NOWHERE;
      if (sign !== COMMA) return NOWHERE;
    }
    return NOWHERE;
  }

  private begin(): void {
    this.keyFrom = NOWHERE;
    this.keyTo = NOWHERE;
    this.dataTo = NOWHERE;
    this.hashKey = undefined;
    this.dataFrom = this.end + keyAt + keyGuess + this.hashGuess;
  }

  /** A member of a record, its name at `at`; returns where its value ends. */
  private readMember(at: number): number {
    const { body } = this;
    if (stands(dataName, body, at)) return this.readData(at + dataName.length);
    if (stands(partitionKeyName, body, at)) return this.readKey(at + partitionKeyName.length);
    if (stands(hashKeyName, body, at)) return this.readHashKey(at + hashKeyName.length);
    return NOWHERE;
  }

  private readData(at: number): number {
    const from = stringBehind(this.body, at);
    if (from === NOWHERE) return NOWHERE;
    const next = this.base64.read(from, this.dataFrom);
    this.dataTo = this.base64.end;
    return next;
  }

  private readKey(at: number): number {
    const from = stringBehind(this.body, at);
    if (from === NOWHERE) return NOWHERE;
    const to = this.endOfText(from);
    this.keyFrom = from;
    this.keyTo = to;
    return to === NOWHERE ? NOWHERE : to + 1;
  }

  /** Where a string ends that begins at `from`; NOWHERE for one with escapes or what JSON would not have. */
  private endOfText(from: number): number {
    const { body } = this;
    for (let at = from; at < body.length; at++) {
      const code = body[at]!;
      if (code === QUOTE) return at;
      if (code < 0x20 || code === BACKSLASH) return NOWHERE;
    }
    return NOWHERE;
  }

  private readHashKey(at: number): number {
    const from = stringBehind(this.body, at);
    const to = from === NOWHERE ? NOWHERE : this.endOfText(from);
    if (to === NOWHERE) return NOWHERE;
    const text = this.body.latin1Slice(from, to);
    if (!/^(?:0|[1-9]\d{0,38})$/.test(text)) return NOWHERE;
    const key = BigInt(text);
    if (key > hashKeyMax) return NOWHERE;
    this.hashKey = hashKeyBytes(key);
    return to + 1;
  }

  /** A member beside the records; it may be held for long, so it gets a text of its own. */
  private readText(
    at: number,
    { members, of }: { members: PutMembers; of: typeof membersOfOne | typeof membersOfMany },
  ): number {
    const { body } = this;
    for (const { name, letters } of of) {
      if (!stands(letters, body, at)) continue;
      const from = stringBehind(body, at + letters.length);
      const to = from === NOWHERE ? NOWHERE : this.endOfText(from);
      if (to === NOWHERE) return NOWHERE;
      members[name] = body.utf8Slice(from, to);
      return to + 1;
    }
    return NOWHERE;
  }

  /**
   * Puts the record's parts together; false when data are missing or a part is not within its constraint.
   * Without a key it has an empty one: the stream says whether it needs one.
   */
  private pack(): boolean {
    const { body, data, keyFrom, hashKey, dataFrom, dataTo, end } = this;
    const keyLength = this.keyTo - keyFrom;
    const isEmptyKey = keyLength === 0 && keyFrom !== NOWHERE;
    if (dataTo === NOWHERE || isEmptyKey) return false;
    const hashLength = hashKey ? hashKeyLength : 0;
    const dataAt = end + keyAt + keyLength + hashLength;
    if (dataAt !== dataFrom) data.copyWithin(dataAt, dataFrom, dataTo);
    data[end] = hashKey ? flagHashKey : 0;
    data[end + 1] = keyLength & 255;
    data[end + 2] = keyLength >>> 8;
    const toKey = end + keyAt - keyFrom;
    let signs = 0;
    for (let at = keyFrom; at < this.keyTo; at++) {
      const code = body[at]!;
      data[toKey + at] = code;
      signs |= code;
    }
    if (hashKey) data.set(hashKey, dataAt - hashKeyLength);
    this.end = dataAt + dataTo - dataFrom;
    this.ends.push(this.end);
    keyGuess = Math.min(keyLength, keyGuessMax);
    this.hashGuess = hashLength;
    return dataTo - dataFrom <= dataBytesMax && this.isKey(keyLength, signs);
  }

  /** `signs`: all bytes of the key, or'ed. */
  private isKey(length: number, signs: number): boolean {
    if (signs < 0x80) return length <= partitionKeyCharactersMax;
    const text = this.body.utf8Slice(this.keyFrom, this.keyTo);
    // What is no UTF-8 becomes U+FFFD, and other bytes than these.
    return text.length <= partitionKeyCharactersMax && !text.includes('\ufffd');
  }
}
