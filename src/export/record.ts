/** A record as a file of records has it, with all that is needed to put it again, and what may be wrong with one. */
import { hashKeyMax } from '../kinesis/hashKey.ts';
import { dataBytesMax } from '../kinesis/limits.ts';
import { isPartitionKeyShort } from '../kinesis/partitionKey.ts';
import { bytesOfBase64 } from './base64.ts';

export interface ExportedRecord {
  readonly shardId: string;
  /** Decimal. */
  readonly sequenceNumber: string;
  /** Of a record within an aggregate. */
  readonly subSequenceNumber?: number | undefined;
  /** Epoch milliseconds; 0 where the stream did not say. */
  readonly arrivedMs: number;
  /** Empty of a record that was put without one. */
  readonly partitionKey: string;
  /** Decimal. Kinesis tells it of records within aggregates only. */
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
}

/** What a line said, each member as it came. */
export type ReadMembers = Readonly<Partial<Record<Member, unknown>>>;

/** In the order of a file. */
export const members = [
  'arrived',
  'shardId',
  'sequenceNumber',
  'subSequenceNumber',
  'partitionKey',
  'explicitHashKey',
  'data',
  'dataBase64',
] as const;
export type Member = (typeof members)[number];

const loneSurrogate = /\p{Cs}/u;
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that gives these bytes again; undefined when there is none. */
export function textOf(data: Uint8Array): string | undefined {
  try {
    return fromUtf8.decode(data);
  } catch {
    return undefined;
  }
}

/** Throws an Error with what is wrong, as the end of a sentence. */
export function recordOf(read: ReadMembers): ExportedRecord {
  const { subSequenceNumber, explicitHashKey } = read;
  check(isText(read.shardId) && read.shardId !== '', 'shardId', 'no id of a shard');
  check(isDigits(read.sequenceNumber), 'sequenceNumber', 'no whole number in digits');
  check(
    subSequenceNumber === undefined || isIndex(subSequenceNumber),
    'subSequenceNumber',
    'no whole number',
  );
  check(isKey(read.partitionKey), 'partitionKey', 'no text of up to 256 characters');
  check(
    explicitHashKey === undefined || isHashKey(explicitHashKey),
    'explicitHashKey',
    'no number below 2^128 in digits',
  );
  return {
    shardId: read.shardId,
    sequenceNumber: read.sequenceNumber,
    ...(subSequenceNumber !== undefined && { subSequenceNumber }),
    arrivedMs: momentOf(read.arrived),
    partitionKey: read.partitionKey,
    ...(explicitHashKey !== undefined && { explicitHashKey }),
    data: dataOf(read),
  };
}

function check(holds: boolean, member: Member, isWhat: string): asserts holds {
  if (!holds) throw new Error(`its ${member} is ${isWhat}`);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isDigits = (value: unknown): value is string => isText(value) && /^\d{1,129}$/.test(value);
const isIndex = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
const isKey = (value: unknown): value is string => isText(value) && isPartitionKeyShort(value);
const isHashKey = (value: unknown): value is string =>
  isDigits(value) && value.length <= 39 && BigInt(value) <= hashKeyMax;

/** The one form that is written: any other would not come back as it was. */
function momentOf(arrived: unknown): number {
  const ms = isText(arrived) ? Date.parse(arrived) : Number.NaN;
  const isExact = Number.isFinite(ms) && new Date(ms).toISOString() === arrived;
  check(isExact, 'arrived', 'no time like 2026-11-28T14:05:00.000Z');
  return ms;
}

function dataOf({ data, dataBase64 }: ReadMembers): Uint8Array {
  if (data !== undefined && dataBase64 !== undefined) {
    throw new Error('it has both data and dataBase64');
  }
  if (data === undefined && dataBase64 === undefined) {
    throw new Error('it has neither data nor dataBase64');
  }
  const bytes = dataBase64 === undefined ? bytesOfText(data) : bytesOfBase64Member(dataBase64);
  if (bytes.length > dataBytesMax) {
    throw new Error(`it has ${bytes.length} bytes of data, and a record holds 10 MiB at most`);
  }
  return bytes;
}

function bytesOfText(data: unknown): Uint8Array {
  check(isText(data) && !loneSurrogate.test(data), 'data', 'no text that UTF-8 could hold');
  return utf8.encode(data);
}

function bytesOfBase64Member(dataBase64: unknown): Uint8Array {
  const bytes = isText(dataBase64) ? bytesOfBase64(dataBase64) : undefined;
  check(bytes !== undefined, 'dataBase64', 'no Base64');
  return bytes;
}
