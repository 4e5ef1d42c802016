/**
 * Writes packed records as JSON straight from where they lie: no object, no text for any of them. Equal to what
 * the general way writes, which a test shows.
 */
import type { OutputRecords, PackedRecord } from '../../kinesis/packedOutput.ts';
import { NumberPrinter, sequenceNumberDigits, shardPart } from '../../kinesis/recordNumbers.ts';
import { Words } from '../words.ts';
import { writeBase64 } from './base64Bytes.ts';

const quote = 0x22;
const backslash = 0x5c;
/** A control character as an escape. */
const keyByteMax = 6;
/** Of one record beside data and key, the words that its texts are written in included. */
const restBytesMax = 192;

/** The most that `write` needs, and what writing in words goes over it. */
export const packedBytesMax = ({ count, dataBytes, keyBytes }: OutputRecords): number =>
  Math.ceil(dataBytes / 3) * 4 + count * (restBytesMax + 4) + keyBytes * keyByteMax + restBytesMax;

const firstStart = new Words('{"SequenceNumber":"');
const laterStart = new Words('"},{"SequenceNumber":"');
const dataToKey = new Words('","PartitionKey":"');
const encryption = new Words('","EncryptionType":"KMS');
const end = new Words('"}');

const betweenOf = (arrivalMs: number): Words =>
  new Words(`","ApproximateArrivalTimestamp":${String(arrivalMs / 1000)},"Data":"`);

const keyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Writes the records, with commas between them, at `at`; returns where they end. */
export function writePacked(records: OutputRecords, into: { buffer: Buffer; at: number }): number {
  const writer = new RecordWriter(records, into);
  records.visit((record) => writer.write(record));
  return writer.finish();
}

class RecordWriter {
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private readonly part: readonly number[];
  private readonly printer = new NumberPrinter();
  private at: number;
  private start = firstStart;
  private arrivalMs = Number.NaN;
  private between = firstStart;
  private source: Uint8Array | undefined;
  private sourceView: DataView;

  constructor({ shard }: OutputRecords, { buffer, at }: { buffer: Buffer; at: number }) {
    this.buffer = buffer;
    this.view = viewOf(buffer);
    this.sourceView = this.view;
    this.part = shardPart(shard);
    this.at = at;
  }

  write(record: PackedRecord): void {
    const { buffer, view, printer } = this;
    if (record.bytes !== this.source) this.sourceIs(record.bytes);
    if (record.arrivalMs !== this.arrivalMs) this.arrivalIs(record.arrivalMs);
    let at = this.start.write(view, this.at);
    this.start = laterStart;
    printer.set(this.part, { key: record.index, seconds: record.seconds });
    printer.print(view, at);
    at = this.between.write(view, at + sequenceNumberDigits);
    const { bytes, dataStart, dataEnd } = record;
    const data = { bytes, view: this.sourceView, start: dataStart, end: dataEnd };
    at = writeBase64(data, { buffer, view, at });
    if (record.keyStart < record.keyEnd) {
      at = dataToKey.write(view, at);
      at = writeKey(record, { buffer, at });
    }
    this.at = record.isEncrypted ? encryption.write(view, at) : at;
  }

  finish(): number {
    return this.start === firstStart ? this.at : end.write(this.view, this.at);
  }

  private sourceIs(bytes: Uint8Array): void {
    this.source = bytes;
    this.sourceView = viewOf(bytes);
  }

  private arrivalIs(arrivalMs: number): void {
    this.arrivalMs = arrivalMs;
    this.between = betweenOf(arrivalMs);
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** What nothing in must be escaped is copied. */
function writeKey(
  { bytes, keyStart, keyEnd }: PackedRecord,
  to: { buffer: Buffer; at: number },
): number {
  const { buffer } = to;
  let { at } = to;
  for (let from = keyStart; from < keyEnd; from++, at++) {
    const byte = bytes[from]!;
    if (byte < 0x20 || byte > 0x7e || byte === quote || byte === backslash) {
      const key = keyDecoder.decode(bytes.subarray(keyStart, keyEnd));
      return to.at + buffer.utf8Write(JSON.stringify(key).slice(1, -1), to.at);
    }
    buffer[at] = byte;
  }
  return at;
}
