/**
 * Writes packed records as CBOR straight from where they lie: no object, no text for any of them. Equal to what
 * the general way writes, which a test shows.
 */
import type { OutputRecords, PackedRecord } from '../../kinesis/packedOutput.ts';
import { NumberPrinter, sequenceNumberDigits, shardPart } from '../../kinesis/recordNumbers.ts';
import { encodeString, encodeTimestamp, headOf } from './encode.ts';
import { BYTES, MAP, TEXT } from './reader.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A record's map up to its number. */
const toNumberOf = (members: number): Buffer =>
  bytesOf(
    headOf(MAP, members) + encodeString('SequenceNumber') + headOf(TEXT, sequenceNumberDigits),
  );
/** By the number of a record's members: without key and encryption three. */
const toNumbers = Array.from({ length: 6 }, (_, members) => toNumberOf(members));
const membersMin = 3;
const toNumber = toNumbers[membersMin]!;
const encryption = bytesOf(encodeString('EncryptionType') + encodeString('KMS'));
const dataToKey = bytesOf(encodeString('PartitionKey'));
const betweenOf = (arrivalMs: number): Buffer => {
  const time = encodeTimestamp(new Date(arrivalMs));
  return bytesOf(encodeString('ApproximateArrivalTimestamp') + time + encodeString('Data'));
};
/** Of one record beside data and key. */
const restBytesMax =
  toNumber.length +
  sequenceNumberDigits +
  betweenOf(2 ** 43).length +
  dataToKey.length +
  encryption.length +
  2 * 9;

/** The most that `writePacked` needs. */
export const packedBytesMax = ({ count, dataBytes, keyBytes }: OutputRecords): number =>
  dataBytes + keyBytes + count * restBytesMax;

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
  private between = toNumber;

  constructor({ shard }: OutputRecords, { buffer, at }: { buffer: Buffer; at: number }) {
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.part = shardPart(shard);
    this.at = at;
  }

  write(record: PackedRecord): void {
    const { bytes } = record;
    if (record.arrivalMs !== this.arrivalMs) {
      this.arrivalMs = record.arrivalMs;
      this.between = betweenOf(record.arrivalMs);
    }
    const hasKey = record.keyStart < record.keyEnd;
    this.put(toNumbers[membersMin + Number(hasKey) + Number(record.isEncrypted)]!);
    this.printer.set(this.part, { key: record.index, seconds: record.seconds });
    this.printer.print(this.view, this.at);
    this.at += sequenceNumberDigits;
    this.put(this.between);
    this.putString(BYTES, bytes.subarray(record.dataStart, record.dataEnd));
    if (hasKey) {
      this.put(dataToKey);
      this.putString(TEXT, bytes.subarray(record.keyStart, record.keyEnd));
    }
    if (record.isEncrypted) this.put(encryption);
  }

  private put(bytes: Uint8Array): void {
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** `content` with its head. */
  private putString(major: number, content: Uint8Array): void {
    const { buffer } = this;
    const { length } = content;
    const type = major << 5;
    if (length < 24) buffer[this.at++] = type | length;
    else if (length < 0x100) {
      buffer[this.at++] = type | 24;
      buffer[this.at++] = length;
    } else if (length < 0x1_0000) {
      buffer[this.at++] = type | 25;
      this.at = buffer.writeUInt16BE(length, this.at);
    } else {
      buffer[this.at++] = type | 26;
      this.at = buffer.writeUInt32BE(length, this.at);
    }
    this.put(content);
  }
}
