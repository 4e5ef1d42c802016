/** A record as kinesis-local keeps it: its members, checked, in the engine's words. */
import { isObject } from '../base/members.ts';
import { dataBytesMax, partitionKeyCharactersMax } from '../kinesis/limits.ts';
import { isPartitionKeyShort } from '../kinesis/partitionKey.ts';
import { FileMistake, shown } from './fileMistake.ts';

export interface KeptRecord {
  /** Arrival, milliseconds since 1970. */
  readonly timeMs: number;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  readonly encrypted: boolean;
  readonly sequenceNumber: string;
}

/** A record's text: its data in base64, a key of escapes, and the rest. */
export const recordTextBytesMax = 16 * 1024 ** 2;

/** Throws FileMistake. */
export function keptRecord(value: unknown): KeptRecord {
  if (!isObject(value)) throw new FileMistake(`this is no record: ${shown(value)}.`);
  const { ApproximateArrivalTimestamp: arrival, Data: data, PartitionKey: key } = value;
  const timeMs = timeMsOf(arrival);
  if (timeMs === undefined) {
    throw new FileMistake(`its ApproximateArrivalTimestamp is no time: ${shown(arrival)}.`);
  }
  if (typeof key !== 'string' || key === '' || !isPartitionKeyShort(key)) {
    throw new FileMistake(
      `its PartitionKey is no text of 1 to ${partitionKeyCharactersMax} characters: ${shown(key)}.`,
    );
  }
  if (typeof data !== 'string' || !isBase64(data)) {
    throw new FileMistake(`its Data are no base64: ${shown(data)}.`);
  }
  if ((data.length / 4) * 3 > dataBytesMax + 2) {
    throw new FileMistake(`its Data are longer than ${dataBytesMax} bytes.`);
  }
  const { SequenceNumber: number, EncryptionType: type } = value;
  if (typeof number !== 'string') {
    throw new FileMistake(`its SequenceNumber is no text: ${shown(number)}.`);
  }
  return { timeMs, partitionKey: key, data, encrypted: type === 'KMS', sequenceNumber: number };
}

/** A number above is of milliseconds: as seconds it would be after the year 5000. */
const secondsMax = 1e11;

/** Date.parse takes many more texts, some of them in the time of this machine. */
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Seconds with a fraction, milliseconds, or a text as ISO 8601 has it; undefined for anything else. */
export function timeMsOf(value: unknown): number | undefined {
  const ms =
    typeof value === 'number'
      ? Math.round(value < secondsMax ? value * 1000 : value)
      : typeof value === 'string' && timePattern.test(value)
        ? Date.parse(value)
        : Number.NaN;
  return ms >= 0 && ms <= 8.64e15 ? ms : undefined;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** By character code; -1 for none. */
const values = Int8Array.from({ length: 128 }, (_, code) =>
  letters.indexOf(String.fromCharCode(code)),
);

/** Padded, with no foreign character and no stray bits. A regular expression would cost fifty times this. */
export function isBase64(text: string): boolean {
  const { length } = text;
  if (length % 4 !== 0) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const end = length - padding;
  for (let at = 0; at < end; at++) if (!((values[text.charCodeAt(at)] ?? -1) >= 0)) return false;
  if (padding === 0) return true;
  const stray = padding === 2 ? 15 : 3;
  return end > 0 && (values[text.charCodeAt(end - 1)]! & stray) === 0;
}
