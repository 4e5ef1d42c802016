/**
 * Reads the body of a put in one pass over its bytes, all records packed into one buffer, in whichever encoding
 * its subclass knows. A reader knows only the form that clients send, with records within their constraints;
 * anything else is left to the general way, which also words what is wrong. On all that it takes it must agree
 * with that way: a property test of each encoding compares the two.
 */
import { PackedPutRecord, PackedPutRecords, type PutMembers } from '../kinesis/packedInputs.ts';
import type { BufferLoan } from './bufferPool.ts';
import { RecordPacker } from './recordPacker.ts';
import { NOWHERE, stands } from './scan.ts';

interface Text {
  readonly name: keyof PutMembers;
  readonly letters: Uint8Array;
}

/** The members of both operations, as an encoding writes their names. */
export interface PutNames {
  readonly data: Uint8Array;
  readonly partitionKey: Uint8Array;
  readonly hashKey: Uint8Array;
  readonly records: Uint8Array;
  /** Beside the records. */
  readonly ofMany: readonly Text[];
  readonly ofOne: readonly Text[];
}

/** `write`: a name's bytes. */
export function putNames(write: (name: string) => Uint8Array): PutNames {
  const texts = (...names: (keyof PutMembers)[]): Text[] =>
    names.map((name) => ({ name, letters: write(name) }));
  const ofMany = texts('StreamName', 'StreamARN', 'StreamId');
  return {
    data: write('Data'),
    partitionKey: write('PartitionKey'),
    hashKey: write('ExplicitHashKey'),
    records: write('Records'),
    ofMany,
    ofOne: [...ofMany, ...texts('SequenceNumberForOrdering')],
  };
}

interface Beside {
  readonly members: PutMembers;
  readonly of: readonly Text[];
}

/** Methods that are given a place in the body return the place behind what they read, or NOWHERE. */
export abstract class PutReader {
  protected readonly body: Buffer;
  protected readonly packer: RecordPacker;
  /** The text read last. */
  protected from = 0;
  protected to = 0;
  private readonly names: PutNames;

  constructor(parts: { body: Buffer; loan: BufferLoan }, names: PutNames) {
    this.body = parts.body;
    this.packer = new RecordPacker(parts);
    this.names = names;
  }

  /** The input in the body, its records in a buffer of the loan; undefined: the general way must look at it. */
  read(operation: 'PutRecord' | 'PutRecords'): PackedPutRecord | PackedPutRecords | undefined {
    return operation === 'PutRecords' ? this.readMany() : this.readOne();
  }

  /** Whether the body is an object of members that `take` takes: it is given where a name begins. */
  protected abstract readsBody(take: (at: number) => number): boolean;
  /** A list of records, behind its member's name. */
  protected abstract readRecords(at: number): number;
  /** Data behind their name. */
  protected abstract readData(at: number): number;
  /** A text behind its member's name: from `from` to `to`, its characters in UTF-8. */
  protected abstract readText(at: number): number;

  private readMany(): PackedPutRecords | undefined {
    const { body, packer, names } = this;
    const members: PutMembers = {};
    const isRead = this.readsBody((at) => {
      if (!stands(names.records, body, at))
        return this.readBeside(at, { members, of: names.ofMany });
      return packer.count > 0 ? NOWHERE : this.readRecords(at + names.records.length);
    });
    return isRead && packer.count > 0 ? new PackedPutRecords(members, packer.records) : undefined;
  }

  private readOne(): PackedPutRecord | undefined {
    const { packer, names } = this;
    const members: PutMembers = {};
    packer.begin();
    const isRead = this.readsBody((at) => {
      const next = this.readMember(at);
      return next === NOWHERE ? this.readBeside(at, { members, of: names.ofOne }) : next;
    });
    return isRead && packer.pack() ? new PackedPutRecord(members, packer.records) : undefined;
  }

  /** A member of a record, its name at `at`. */
  protected readMember(at: number): number {
    const { body, names } = this;
    if (stands(names.data, body, at)) return this.readData(at + names.data.length);
    if (stands(names.partitionKey, body, at)) return this.readKey(at + names.partitionKey.length);
    if (stands(names.hashKey, body, at)) return this.readHashKey(at + names.hashKey.length);
    return NOWHERE;
  }

  private readKey(at: number): number {
    const next = this.readText(at);
    if (next !== NOWHERE) this.packer.keyIs(this.from, this.to);
    return next;
  }

  private readHashKey(at: number): number {
    const next = this.readText(at);
    return next !== NOWHERE && this.packer.takesHashKey(this.from, this.to) ? next : NOWHERE;
  }

  /** A member beside the records; it may be held for long, so it gets a text of its own. */
  private readBeside(at: number, { members, of }: Beside): number {
    for (const { name, letters } of of) {
      if (!stands(letters, this.body, at)) continue;
      const next = this.readText(at + letters.length);
      if (next !== NOWHERE) members[name] = this.body.utf8Slice(this.from, this.to);
      return next;
    }
    return NOWHERE;
  }
}
