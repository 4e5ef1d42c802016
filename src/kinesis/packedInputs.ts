/**
 * Inputs of PutRecord and PutRecords whose records are packed already and within the constraints of their
 * shape: for implementations of KinesisApi that say that they take them.
 */
import { bytesToHashKey } from './hashKey.ts';
import type { PutRecordsRequestEntry } from './operations/putRecords.ts';
import {
  flagHashKey,
  headLengthAt,
  keyAt,
  keyLengthAt,
  type PackedRecords,
} from './packedRecords.ts';

/** A key may begin with what elsewhere is a byte order mark. */
const keyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** How a put names its stream, and what else is not of a record. */
export interface PutMembers {
  StreamName?: string;
  StreamARN?: string;
  StreamId?: string;
  SequenceNumberForOrdering?: string;
}

class PackedPut {
  readonly members: PutMembers;
  readonly packed: PackedRecords;

  constructor(members: PutMembers, packed: PackedRecords) {
    this.members = members;
    this.packed = packed;
  }

  get StreamName(): string | undefined {
    return this.members.StreamName;
  }

  get StreamARN(): string | undefined {
    return this.members.StreamARN;
  }
}

export class PackedPutRecords extends PackedPut {}

export class PackedPutRecord extends PackedPut {
  get SequenceNumberForOrdering(): string | undefined {
    return this.members.SequenceNumberForOrdering;
  }
}

/** AWS's members of a packed input, whose data are views of its memory; another input as it is. */
export function plainInput(input: object): object {
  if (!(input instanceof PackedPut)) return input;
  const { members, packed } = input;
  if (input instanceof PackedPutRecord) return { ...members, ...entryAt(packed, 0) };
  return { ...members, Records: packed.ends.map((_, place) => entryAt(packed, place)) };
}

function entryAt({ bytes, ends }: PackedRecords, place: number): PutRecordsRequestEntry {
  const start = place === 0 ? 0 : ends[place - 1]!;
  const dataAt = start + headLengthAt(bytes, start);
  const keyEnd = start + keyAt + keyLengthAt(bytes, start);
  const entry: PutRecordsRequestEntry = {
    Data: new Uint8Array(bytes.buffer, bytes.byteOffset + dataAt, ends[place]! - dataAt),
  };
  if (keyEnd > start + keyAt) {
    entry.PartitionKey = keyDecoder.decode(bytes.subarray(start + keyAt, keyEnd));
  }
  if ((bytes[start]! & flagHashKey) !== 0) {
    entry.ExplicitHashKey = bytesToHashKey(bytes.subarray(keyEnd)).toString();
  }
  return entry;
}

const anyRecord = { Data: new Uint8Array(0), PartitionKey: 'k' };
const anyRecords = [anyRecord];

/** What is to be checked of an input: a packed one with any record in place of its own. */
export function uncheckedPart(input: object): object {
  if (!(input instanceof PackedPut)) return input;
  const { members } = input;
  const isOne = input instanceof PackedPutRecord;
  return isOne ? { ...members, ...anyRecord } : { ...members, Records: anyRecords };
}
