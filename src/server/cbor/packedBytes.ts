/**
 * Writes packed records as CBOR straight from where they lie: no object, no text for any of them. Equal to what
 * the general way writes, which a test shows.
 */
import type { OutputRecords, PackedRecord } from '../../kinesis/packedOutput.ts';
import { NumberPrinter, sequenceNumberDigits, shardPart } from '../../kinesis/recordNumbers.ts';
import { Words } from '../words.ts';
import { encodeString, encodeTimestamp, headOf } from './encode.ts';
import { BYTES, MAP, TEXT } from './reader.ts';

/** A record's map up to its number. */
const toNumberOf = (members: number): Words =>
  new Words(
    headOf(MAP, members) + encodeString('SequenceNumber') + headOf(TEXT, sequenceNumberDigits),
  );
/** By the number of a record's members: without key and encryption three. */
const toNumbers = Array.from({ length: 6 }, (_, members) => toNumberOf(members));
const membersMin = 3;
const dataToKey = new Words(encodeString('PartitionKey'));
const encryption = new Words(encodeString('EncryptionType') + encodeString('KMS'));
const betweenOf = (arrivalMs: number): Words => {
  const time = encodeTimestamp(new Date(arrivalMs));
  return new Words(encodeString('ApproximateArrivalTimestamp') + time + encodeString('Data'));
};
/** Of one record beside data and key, and what writing in words goes over the last one. */
const restBytesMax =
  toNumbers[0]!.length +
  sequenceNumberDigits +
  betweenOf(2 ** 43).length +
  dataToKey.length +
  encryption.length +
  2 * 9;
/** Keys are short: a call to copy one costs more than its bytes. */
const loopBytesMax = 64;

/** The most that `writePacked` needs. */
export const packedBytesMax = ({ count, dataBytes, keyBytes }: OutputRecords): number =>
  dataBytes + keyBytes + (count + 1) * restBytesMax;

/** Writes the records one behind the other from `at` on; returns where they end. */
export function writePacked(records: OutputRecords, into: { buffer: Buffer; at: number }): number {
  const writer = new RecordWriter(records, into);
  records.visit((record) => writer.write(record));
  return writer.at;
}

class RecordWriter {
  at: number;
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private readonly part: readonly number[];
  private readonly printer = new NumberPrinter();
  private arrivalMs = Number.NaN;
  private between = dataToKey;
  private bytes: Uint8Array;
  /** The same bytes as `bytes`. */
  private source: Buffer;

  constructor({ shard }: OutputRecords, { buffer, at }: { buffer: Buffer; at: number }) {
    this.buffer = buffer;
    this.bytes = this.source = buffer;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.part = shardPart(shard);
    this.at = at;
  }

  write(record: PackedRecord): void {
    const { buffer, view, printer } = this;
    const { keyStart, keyEnd, isEncrypted } = record;
    if (record.bytes !== this.bytes) this.sourceIs(record.bytes);
    if (record.arrivalMs !== this.arrivalMs) this.arrivalIs(record.arrivalMs);
    const hasKey = keyStart < keyEnd;
    const toNumber = toNumbers[membersMin + Number(hasKey) + Number(isEncrypted)]!;
    let at = toNumber.write(view, this.at);
    printer.set(this.part, { key: record.index, seconds: record.seconds });
    printer.print(view, at);
    at = this.between.write(view, at + sequenceNumberDigits);
    const { dataStart, dataEnd } = record;
    at = writeHead(buffer, at, { major: BYTES, length: dataEnd - dataStart });
    at = this.copy(at, dataStart, dataEnd);
    if (hasKey) {
      at = dataToKey.write(view, at);
      at = writeHead(buffer, at, { major: TEXT, length: keyEnd - keyStart });
      at = this.copy(at, keyStart, keyEnd);
    }
    this.at = isEncrypted ? encryption.write(view, at) : at;
  }

  /** Returns where the copy of these bytes ends. */
  private copy(at: number, start: number, end: number): number {
    const { buffer, bytes } = this;
    if (end - start > loopBytesMax) return at + this.source.copy(buffer, at, start, end);
    let to = at;
    for (let from = start; from < end; from++) buffer[to++] = bytes[from]!;
    return to;
  }

  private sourceIs(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private arrivalIs(arrivalMs: number): void {
    this.arrivalMs = arrivalMs;
    this.between = betweenOf(arrivalMs);
  }
}

/** As `headOf`; returns where it ends. */
function writeHead(
  buffer: Buffer,
  at: number,
  { major, length }: { major: number; length: number },
): number {
  const type = major << 5;
  if (length < 24) {
    buffer[at] = type | length;
    return at + 1;
  }
  if (length < 0x100) {
    buffer[at] = type | 24;
    buffer[at + 1] = length;
    return at + 2;
  }
  if (length < 0x1_0000) {
    buffer[at] = type | 25;
    buffer[at + 1] = length >> 8;
    buffer[at + 2] = length & 0xff;
    return at + 3;
  }
  buffer[at] = type | 26;
  return buffer.writeUInt32BE(length, at + 1);
}
