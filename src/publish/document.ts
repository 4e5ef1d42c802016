/** From what a user has (lines of text) to records: data and a partition key. Pure. */
import { type Random, randomHex } from '../base/random.ts';
import { isPartitionKeyShort } from '../kinesis/partitionKey.ts';
import { FieldReader } from '../query/fieldReader.ts';

/** One record to be put. */
export interface PublishRecord {
  readonly data: Uint8Array;
  readonly partitionKey: string;
  readonly explicitHashKey?: string | undefined;
  /** Its key is empty since it has none, which a stream takes whose distribution is AUTO. */
  readonly isKeyless?: boolean | undefined;
  /** In a call there is one record of a lane: what is put again passes no later record of its lanes. */
  readonly lanes?: readonly string[] | undefined;
}

export interface KeyChoice {
  /** A field of JSON lines whose value becomes the key; undefined: a random key per record. */
  readonly keyField?: string | undefined;
  readonly random: Random;
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();
/** A double gives as many decimal digits back as they were. */
const exactDigitsMax = 15;

/** The record of one line, or undefined for an empty one. */
export function recordOfLine(
  line: string | Uint8Array,
  choice: KeyChoice,
): PublishRecord | undefined {
  const data = typeof line === 'string' ? utf8.encode(line) : line;
  if (data.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) return undefined;
  return { data, partitionKey: keyOf(line, choice) };
}

/** The lines of `text` as records, empty ones left out. */
export function* recordsOfText(text: string, choice: KeyChoice): Generator<PublishRecord> {
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    const record = recordOfLine(text.slice(at, end).replace(/\r$/, ''), choice);
    if (record) yield record;
    at = end + 1;
  }
}

/** A random key where the field is missing, is no text or number, or makes no legal key. */
function keyOf(line: string | Uint8Array, { keyField, random }: KeyChoice): string {
  const key = keyField === undefined ? '' : keyIn(textOf(line), keyField);
  return isLegalKey(key) ? key : randomHex(random, 8);
}

const textOf = (line: string | Uint8Array): string =>
  typeof line === 'string' ? line : fromUtf8.decode(line);

export function isLegalKey(key: string): boolean {
  return key !== '' && isPartitionKeyShort(key);
}

/** Empty where there is no such text or number. What a double cannot hold is taken as it is written: it is not rounded. */
function keyIn(line: string, field: string): string {
  const value = fieldOf(line, field);
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return '';
  const written = writtenIn(line, field);
  const isExact = Number.isFinite(value) && written.length <= exactDigitsMax;
  return isExact ? String(value) : written;
}

function fieldOf(line: string, field: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field))
      return undefined;
    return (value as Record<string, unknown>)[field];
  } catch {
    return undefined;
  }
}

/** Empty in a list. */
function writtenIn(line: string, field: string): string {
  const span = new FieldReader([[field]]).read(line).spans[0]?.at(-1);
  return span ? line.slice(span.start, span.end) : '';
}
