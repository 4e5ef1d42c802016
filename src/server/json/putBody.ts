/** The reader of puts in JSON. */
import { putRecordsEntriesMax } from '../../kinesis/limits.ts';
import type { PackedPutRecord, PackedPutRecords } from '../../kinesis/packedInputs.ts';
import type { BufferLoan } from '../bufferPool.ts';
import { PutReader, putNames } from '../putReader.ts';
import { NOWHERE } from '../scan.ts';
import { Base64Reader } from './base64Reader.ts';
import {
  BACKSLASH,
  behind,
  COLON,
  COMMA,
  END,
  LIST_END,
  LIST_START,
  QUOTE,
  quoted,
  START,
  skipBlanks,
  stringBehind,
} from './scan.ts';

/**
 * The input in `body`, its records in a buffer of `loan`; undefined when the general way must look at it.
 * Throws nothing.
 */
export function readPutBody(
  operation: 'PutRecord' | 'PutRecords',
  from: { body: Buffer; loan: BufferLoan },
): PackedPutRecord | PackedPutRecords | undefined {
  return new JsonPutReader(operation, from).read(operation);
}

const names = putNames(quoted);

class JsonPutReader extends PutReader {
  private readonly base64: Base64Reader;

  constructor(
    operation: 'PutRecord' | 'PutRecords',
    from: { readonly body: Buffer; readonly loan: BufferLoan },
  ) {
    super(from, names);
    this.base64 = new Base64Reader(this.body, this.packer.into);
    if (operation === 'PutRecord') this.base64.expect(this.body.length);
  }

  protected override readsBody(take: (at: number) => number): boolean {
    const { body } = this;
    let at = behind(body, 0, START);
    while (at !== NOWHERE) {
      at = take(skipBlanks(body, at));
      if (at === NOWHERE) return false;
      at = skipBlanks(body, at);
      const sign = at < body.length ? body[at] : undefined;
      if (sign === END) return skipBlanks(body, at + 1) === body.length;
      at = sign === COMMA ? at + 1 : NOWHERE;
    }
    return false;
  }

  protected override readRecords(from: number): number {
    const { body, packer } = this;
    const list = behind(body, from, COLON);
    let at = list === NOWHERE ? NOWHERE : behind(body, list, LIST_START);
    while (at !== NOWHERE && packer.count < putRecordsEntriesMax) {
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
    const { body, packer } = this;
    let at = behind(body, from, START);
    packer.begin();
    while (at !== NOWHERE) {
      at = this.readMember(skipBlanks(body, at));
      if (at === NOWHERE) return NOWHERE;
      at = skipBlanks(body, at);
      const sign = at < body.length ? body[at] : undefined;
      at += 1;
      if (sign === END) return packer.pack() ? at : NOWHERE;
      if (sign !== COMMA) return NOWHERE;
    }
    return NOWHERE;
  }

  protected override readData(at: number): number {
    const from = stringBehind(this.body, at);
    if (from === NOWHERE) return NOWHERE;
    const next = this.base64.read(from, this.packer.dataPlace);
    this.packer.decodedTo(this.base64.end);
    return next;
  }

  /** NOWHERE for a text with escapes or what JSON would not have. */
  protected override readText(at: number): number {
    const { body } = this;
    this.from = stringBehind(body, at);
    if (this.from === NOWHERE) return NOWHERE;
    for (let to = this.from; to < body.length; to++) {
      const code = body[to]!;
      if (code === QUOTE) {
        this.to = to;
        return to + 1;
      }
      if (code < 0x20 || code === BACKSLASH) return NOWHERE;
    }
    return NOWHERE;
  }
}
