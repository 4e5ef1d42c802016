/**
 * Takes KPL aggregates apart: f3 89 9a c2, a Protobuf message, its MD5. No byte is copied, and what is not
 * exactly an aggregate is told and stays one record.
 */
import { hashKeyMax } from '../kinesis/hashKey.ts';
import { md5 } from '../kinesis/md5.ts';
import { bytesType, ProtobufFields, varintType } from './protobufFields.ts';

/** One record of an aggregate, as its producer put it. */
export interface UserRecord {
  /** 0, 1, 2, …: its place in the aggregate. */
  readonly subSequenceNumber: number;
  readonly partitionKey: string;
  /** Decimal, 0 to 2^128 - 1; absent when the MD5 of the partition key is the hash key. */
  readonly explicitHashKey?: string;
  readonly tags: readonly Tag[];
  /** A part of the aggregate's own bytes, which it keeps alive. */
  readonly data: Uint8Array;
}

export interface Tag {
  readonly key: string;
  readonly value?: string;
}

export type Deaggregated =
  /** Nearly every record: it does not begin as aggregates do. */
  | { readonly kind: 'plain' }
  /** At least one record. */
  | { readonly kind: 'aggregate'; readonly records: readonly UserRecord[] }
  /** Begins as aggregates do; `why` follows "begins with f3 89 9a c2, but". It is one record. */
  | { readonly kind: 'broken'; readonly why: string };

/** The most user records of one aggregate that are told apart; the KPL makes some thousands. */
export const userRecordsMax = 131_072;
/** The most keys that an aggregate may list, of each of its two kinds. */
export const keysMax = userRecordsMax;
/** Tags of one user record; the KPL makes none. */
export const tagsMax = 50;
/** @source documented: PartitionKey has 256 characters at most; a character has 4 bytes at most. */
const keyBytesMax = 1024;

const magicLength = 4;
const digestLength = 16;
const plain: Deaggregated = { kind: 'plain' };
const noTags: readonly Tag[] = [];
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** True when `data` begins as aggregates do: four comparisons at most, mostly one. */
export function isAggregate(data: Uint8Array): boolean {
  return data[0] === 0xf3 && data[1] === 0x89 && data[2] === 0x9a && data[3] === 0xc2;
}

/**
 * The user records of `data` in order. The KCL skips those whose hash key is outside the shard's range; that is
 * the caller's to do, who knows the shard. Time grows with the length: the MD5 is nearly all of it.
 * @source documented: KPL's aggregation format
 */
export function deaggregate(data: Uint8Array): Deaggregated {
  if (!isAggregate(data)) return plain;
  const end = data.length - digestLength;
  if (end <= magicLength)
    return { kind: 'broken', why: 'it is too short for a message and its MD5' };
  if (!hasDigest(data, end)) return { kind: 'broken', why: 'its last 16 bytes are not the MD5' };
  const parts = partsOf(data, end);
  const records = typeof parts === 'string' ? parts : recordsOf(data, parts);
  if (typeof records === 'string') return { kind: 'broken', why: records };
  if (records.length === 0) return { kind: 'broken', why: 'it holds no user record' };
  return { kind: 'aggregate', records };
}

function hasDigest(data: Uint8Array, end: number): boolean {
  const digest = md5(data.subarray(magicLength, end));
  return digest.every((byte, index) => data[end + index] === byte);
}

interface Parts {
  readonly partitionKeys: string[];
  readonly explicitHashKeys: string[];
  /** Of each user record's message: start, end, start, end, … */
  readonly places: number[];
}

/** The tables may lie after the records that name their entries. A string says what is wrong. */
function partsOf(data: Uint8Array, end: number): Parts | string {
  const parts: Parts = { partitionKeys: [], explicitHashKeys: [], places: [] };
  const fields = new ProtobufFields(data, { start: magicLength, end });
  while (fields.next()) {
    if (fields.field > 3) continue;
    if (!fields.is(bytesType)) break;
    const problem = takePart(parts, { data, fields });
    if (problem !== undefined) return problem;
  }
  return fields.problem === undefined ? parts : `its message ${fields.problem}`;
}

interface At {
  readonly data: Uint8Array;
  readonly fields: ProtobufFields;
}

function takePart(parts: Parts, { data, fields }: At): string | undefined {
  const { field, start, end } = fields;
  if (field === 3) {
    parts.places.push(start, end);
    return parts.places.length > userRecordsMax * 2
      ? `it holds more than ${userRecordsMax} user records`
      : undefined;
  }
  const table = field === 1 ? parts.partitionKeys : parts.explicitHashKeys;
  if (table.length === keysMax) return `it lists more than ${keysMax} keys`;
  const name = `${field === 1 ? 'partition key' : 'explicit hash key'} ${table.length}`;
  if (end - start > keyBytesMax) return `its ${name} has ${end - start} bytes`;
  const key = utf8.decode(data.subarray(start, end));
  if (field === 2 && !isHashKey(key)) return `its ${name} is no hash key`;
  table.push(key);
  return undefined;
}

function isHashKey(text: string): boolean {
  return /^\d{1,39}$/.test(text) && (text.length < 39 || BigInt(text) <= hashKeyMax);
}

function recordsOf(data: Uint8Array, parts: Parts): UserRecord[] | string {
  const { places } = parts;
  const records: UserRecord[] = [];
  for (let at = 0; at < places.length; at += 2) {
    const fields = new ProtobufFields(data, { start: places[at]!, end: places[at + 1]! });
    const record = recordOf({ data, fields }, { parts, subSequenceNumber: records.length });
    if (typeof record === 'string') return `its user record ${records.length} ${record}`;
    records.push(record);
  }
  return records;
}

/** Of a field that comes twice the last one counts, as Protobuf has it. */
function recordOf(
  { data, fields }: At,
  { parts, subSequenceNumber }: { parts: Parts; subSequenceNumber: number },
): UserRecord | string {
  let key = -1;
  let hashKey = -1;
  let content: Uint8Array | undefined;
  let tags = noTags;
  while (fields.next()) {
    const { field } = fields;
    if (field > 4) continue;
    if (!fields.is(field < 3 ? varintType : bytesType)) break;
    if (field === 1) key = fields.value;
    else if (field === 2) hashKey = fields.value;
    else if (field === 3) content = data.subarray(fields.start, fields.end);
    else {
      const tag = tagOf(data, fields);
      if (typeof tag === 'string') return tag;
      if (tags.length === tagsMax) return `has more than ${tagsMax} tags`;
      tags = [...tags, tag];
    }
  }
  if (fields.problem !== undefined) return fields.problem;
  const partitionKey = parts.partitionKeys[key];
  if (partitionKey === undefined)
    return key < 0 ? 'has no partition key' : `names key ${key} of ${parts.partitionKeys.length}`;
  if (content === undefined) return 'has no data';
  const record = { subSequenceNumber, partitionKey, tags, data: content };
  if (hashKey < 0) return record;
  const explicitHashKey = parts.explicitHashKeys[hashKey];
  if (explicitHashKey !== undefined) return { ...record, explicitHashKey };
  return `names explicit hash key ${hashKey} of ${parts.explicitHashKeys.length}`;
}

function tagOf(data: Uint8Array, place: { start: number; end: number }): Tag | string {
  const fields = new ProtobufFields(data, place);
  let key: string | undefined;
  let value: string | undefined;
  while (fields.next()) {
    if (fields.field > 2) continue;
    if (!fields.is(bytesType)) break;
    const text = utf8.decode(data.subarray(fields.start, fields.end));
    if (fields.field === 1) key = text;
    else value = text;
  }
  if (fields.problem !== undefined) return `has a tag that ${fields.problem}`;
  if (key === undefined) return 'has a tag without a key';
  return value === undefined ? { key } : { key, value };
}
