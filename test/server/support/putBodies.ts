// Readers of puts against the general way: whatever they take, both must make the same of it, for the log too.
import { expect } from 'vitest';
import { hashKeyBytes } from '../../../src/kinesis/hashKey.ts';
import type { PutRecordsRequestEntry } from '../../../src/kinesis/operations/putRecords.ts';
import { operations } from '../../../src/kinesis/operations.ts';
import {
  type PackedPutRecord,
  type PackedPutRecords,
  plainInput,
  uncheckedPart,
} from '../../../src/kinesis/packedInputs.ts';
import { packedLength, packRecords } from '../../../src/kinesis/packedRecords.ts';
import { failuresOf } from '../../../src/kinesis/validate.ts';
import { type BufferLoan, BufferPool } from '../../../src/server/bufferPool.ts';

export type Put = 'PutRecord' | 'PutRecords';

/** What is read of either operation. */
export interface PutBody extends Partial<PutRecordsRequestEntry> {
  readonly Records?: readonly PutRecordsRequestEntry[];
}

type Read = (
  operation: Put,
  from: { body: Buffer; loan: BufferLoan },
) => PackedPutRecord | PackedPutRecords | undefined;

const pool = new BufferPool();

/**
 * Reads a body with `readPutBody`, into a buffer that was used before; undefined when it is left to the general
 * way. Else `generally` must read it too, to the same packed bytes.
 */
export const checkedReader =
  (readPutBody: Read, generally: (operation: Put, body: Buffer) => unknown) =>
  (operation: Put, body: Buffer): PutBody | undefined => {
    const loan = pool.loan();
    const input = readPutBody(operation, { body, loan });
    loan.end();
    if (!input) return undefined;
    const { bytes, ends } = input.packed;
    const wanted = packed(generally(operation, body) as PutBody);
    expect(ends).toEqual(wanted.ends);
    expect(Buffer.compare(bytes.subarray(0, ends.at(-1)), wanted.bytes)).toBe(0);
    const plainly = plainInput(input);
    const { input: shape } = operations[operation];
    expect(failuresOf(shape, uncheckedPart(input))).toEqual(failuresOf(shape, plainly));
    return plainly;
  };

function packed(input: PutBody) {
  const entries = input.Records ?? [input as PutRecordsRequestEntry];
  let bytes = 0;
  const contents = entries.map(({ Data: data, PartitionKey = '', ExplicitHashKey: hash }) => {
    const explicitHashKey = hash === undefined ? undefined : hashKeyBytes(BigInt(hash));
    const content = { partitionKey: PartitionKey, explicitHashKey, data };
    bytes += packedLength(content, Buffer.byteLength(PartitionKey));
    return content;
  });
  return packRecords(contents, bytes);
}

/** Bytes as plain lists, absent members left out. */
export const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member) => {
      if (member?.type === 'Buffer') return [...Buffer.from(member.data)];
      return member instanceof Uint8Array ? [...member] : member;
    }),
  );
