/**
 * Streams that come in whole from elsewhere, with their records: what is said of them, and the reading of the
 * requests. An import is begun, given records, and finished; before that its streams are empty and in CREATING.
 */
import { dataBytesMax, KIB, partitionKeyCharactersMax } from '../kinesis/limits.ts';
import { isPartitionKeyShort } from '../kinesis/partitionKey.ts';
import { importedShardsMax, type ShardImport } from './controls.ts';
import { badBody, Fields } from './fields.ts';
import { namePattern, shardImportOf } from './shardImport.ts';

/** Streams of one import. */
export const importedStreamsMax = 1_000;
/** Records of one request. */
export const importedRecordsMax = 2_000;
/** Imports under way at a time. */
export const importsMax = 8;
/** Consumers, or metrics, of one stream in a request; which are too many, the engine says. */
const namesMax = 1_000;
/** An import that is given nothing for so long is taken back: whoever made it is gone. */
export const importLeaseMs = 60_000;
/** The index of a sequence number: well below what an engine gives that has been started again. */
export const importedIndexMax = 2 ** 49;

export interface ImportedConsumer {
  readonly name: string;
  /** Epoch seconds; part of the ARN. */
  readonly createdSeconds: number;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** JSON. */
  readonly policy?: string | undefined;
}

/** A stream as it was elsewhere. */
export interface ImportedStream extends ShardImport {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly createdMs: number;
  /** Default: 1,024. */
  readonly maxRecordSizeInKiB?: number | undefined;
  readonly warmThroughputMiBps?: number | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly consumers?: readonly ImportedConsumer[] | undefined;
  /** Of the key that new records are encrypted with; absent: they are not. */
  readonly keyId?: string | undefined;
  readonly shardLevelMetrics?: readonly string[] | undefined;
  /** JSON. */
  readonly policy?: string | undefined;
  /** Arrival of its oldest and newest record, milliseconds since 1970; absent without records. */
  readonly oldestMs?: number | undefined;
  readonly newestMs?: number | undefined;
}

export interface ImportPlan {
  readonly streams: readonly ImportedStream[];
  /** Records that are past their stream's retention are left out; otherwise they prevent the import. */
  readonly skipExpired?: boolean | undefined;
}

/** `D`: how the data come, bytes or the text of a request. */
export interface ImportedRecord<D = Uint8Array> {
  /** The number in its shard's id. */
  readonly shard: number;
  /** The index of its sequence number: above that of the record before it in its shard. */
  readonly index: number;
  /** Arrival, milliseconds since 1970; not before that of any record before it. */
  readonly timeMs: number;
  readonly partitionKey: string;
  readonly data: D;
  /** It was put while its stream was encrypted. */
  readonly encrypted?: boolean | undefined;
}

export interface RecordBatch<D = Uint8Array> {
  /** What `beginImport` told. */
  readonly id: string;
  /** The place of the stream in the plan. */
  readonly stream: number;
  /** 1 to `importedRecordsMax`. */
  readonly records: readonly ImportedRecord<D>[];
}

export interface ImportedCount {
  readonly stream: string;
  readonly account: string;
  readonly region: string;
  /** Stored. */
  readonly records: number;
  /** Left out, because they were past the retention. */
  readonly expired: number;
}

export interface StreamImportApi {
  /**
   * Checks everything but the records, and takes the names. Throws ResourceInUse, LimitExceeded, or
   * InvalidArgument with the stream that is wrong; then nothing has changed.
   */
  beginImport(plan: ImportPlan): Promise<{ readonly id: string }>;
  /** Resolved: they are as safe as a put's. After a failure the import can only be cancelled. */
  addRecords(batch: RecordBatch): Promise<void>;
  /** All streams are ACTIVE, and as they were, at once. */
  finishImport(id: string): Promise<{ readonly imported: readonly ImportedCount[] }>;
  /** Nothing is left of it. */
  cancelImport(id: string): Promise<void>;
}

const wholes = { min: 0, max: Number.MAX_SAFE_INTEGER };
const indexes = { min: 0, max: importedIndexMax };
const lanes = { min: 0, max: 2 ** 31 - 1 };
const accountPattern = /^\d{12}$/;
export const regionPattern = /^[a-z0-9-]{1,64}$/;

/** Throws SerializationException with a usable sentence. */
export function importPlanOf(body: unknown): ImportPlan {
  const fields = new Fields(body, ['streams', 'skipExpired']);
  const streams = list(fields, 'streams', importedStreamsMax).map(importedStreamOf);
  const shards = streams.reduce((sum, stream) => sum + stream.shards.length, 0);
  if (shards <= importedShardsMax) return { streams, skipExpired: flag(fields, 'skipExpired') };
  throw badBody(`The streams have ${shards} shards; an import takes ${importedShardsMax} at most.`);
}

function importedStreamOf(value: unknown): ImportedStream {
  const shaped = ['stream', 'shards', 'retentionHours', 'mode'] as const;
  const fields = new Fields(value, [
    ...shaped,
    'account',
    'region',
    'createdMs',
    'maxRecordSizeInKiB',
    'warmThroughputMiBps',
    'tags',
    'consumers',
    'keyId',
    'shardLevelMetrics',
    'policy',
    'oldestMs',
    'newestMs',
  ]);
  const sizes = { min: 1, max: dataBytesMax / KIB };
  return {
    ...shardImportOf(Object.fromEntries(shaped.map((name) => [name, fields.get(name)]))),
    account: fields.matching('account', accountPattern),
    region: fields.matching('region', regionPattern),
    createdMs: fields.whole('createdMs', wholes),
    maxRecordSizeInKiB: fields.optionalWhole('maxRecordSizeInKiB', sizes),
    warmThroughputMiBps: fields.optionalWhole('warmThroughputMiBps', wholes),
    tags: texts(fields, 'tags'),
    consumers: optionalList(fields, 'consumers', namesMax)?.map(consumerOf),
    keyId: fields.optionalText('keyId'),
    shardLevelMetrics: optionalList(fields, 'shardLevelMetrics', namesMax)?.map(String),
    policy: fields.optionalText('policy'),
    oldestMs: fields.optionalWhole('oldestMs', wholes),
    newestMs: fields.optionalWhole('newestMs', wholes),
  };
}

function consumerOf(value: unknown): ImportedConsumer {
  const fields = new Fields(value, ['name', 'createdSeconds', 'tags', 'policy']);
  return {
    name: fields.matching('name', namePattern),
    createdSeconds: fields.whole('createdSeconds', wholes),
    tags: texts(fields, 'tags'),
    policy: fields.optionalText('policy'),
  };
}

/** `decode`: of base64; it throws for anything else. Throws SerializationException. */
export function recordBatchOf(body: unknown, decode: (text: string) => Uint8Array): RecordBatch {
  const fields = new Fields(body, ['id', 'stream', 'records']);
  const id = fields.text('id');
  const stream = fields.whole('stream', { min: 0, max: importedStreamsMax - 1 });
  const records = list(fields, 'records', importedRecordsMax).map((value) => {
    const record = new Fields(value, [
      'shard',
      'index',
      'timeMs',
      'partitionKey',
      'data',
      'encrypted',
    ]);
    const data = record.get('data');
    if (typeof data !== 'string') throw badBody('A record needs "data", a text of base64.');
    return {
      shard: record.whole('shard', lanes),
      index: record.whole('index', indexes),
      timeMs: record.whole('timeMs', wholes),
      partitionKey: partitionKeyIn(record),
      data: decode(data),
      encrypted: flag(record, 'encrypted'),
    };
  });
  return { id, stream, records };
}

export const importIdOf = (body: unknown): string => new Fields(body, ['id']).text('id');

function partitionKeyIn(record: Fields): string {
  const key = record.text('partitionKey');
  if (isPartitionKeyShort(key)) return key;
  throw badBody(`A partition key has ${partitionKeyCharactersMax} characters at most.`);
}

function flag(fields: Fields, name: string): boolean | undefined {
  const value = fields.get(name);
  if (value === undefined || typeof value === 'boolean') return value;
  throw badBody(`"${name}" must be true or false.`);
}

function list(fields: Fields, name: string, countMax: number): unknown[] {
  const items = optionalList(fields, name, countMax);
  if (items && items.length > 0) return items;
  throw badBody(`The body needs "${name}", a list of 1 to ${countMax}.`);
}

function optionalList(fields: Fields, name: string, countMax: number): unknown[] | undefined {
  const value = fields.get(name);
  if (value === undefined || (Array.isArray(value) && value.length <= countMax)) return value;
  throw badBody(`"${name}" must be a list of at most ${countMax}.`);
}

function texts(fields: Fields, name: string): Record<string, string> | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  const entries = typeof value === 'object' && value ? Object.entries(value) : [['', undefined]];
  if (entries.every(([, text]) => typeof text === 'string')) return Object.fromEntries(entries);
  throw badBody(`"${name}" must be an object of texts.`);
}
