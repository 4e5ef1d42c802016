// Walking a segment: what is read of it and how often, which words tell damage, and what is found behind it.
import { describe, expect, test } from 'vitest';
import { PendingBatch } from '../../../src/engine/log/batch.ts';
import type { OpenFile } from '../../../src/engine/log/files.ts';
import {
  encodeSegmentHeader,
  putBatchHeader,
  putRunHeader,
  runSeed,
  SEGMENT_HEADER_BYTES,
} from '../../../src/engine/log/format.ts';
import { nodeCopierOf, nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { scanSegment } from '../../../src/engine/log/scan.ts';
import { Segment } from '../../../src/engine/log/segment.ts';
import { addTo } from './support.ts';

const MIB = 1024 * 1024;
const salt = 77;
const header = { firstOrdinal: 4, epoch: 3, salt, lastKey: -1, lastTimeMs: 0, createdMs: 0 };
const headerBytes = encodeSegmentHeader(header, nodeCrc32);

interface Made {
  readonly position?: number;
  readonly ordinal?: number;
  readonly epoch?: number;
  readonly length?: number;
}

/** A batch of one run of one entry of `length` bytes. */
function batchOf({ position = 64, ordinal = 4, epoch = 3, length = 10 }: Made): Uint8Array {
  const batch = new PendingBatch();
  const entry = { lane: 0, key: ordinal, timeMs: 0, bytes: new Uint8Array(length).fill(ordinal) };
  addTo(batch, entry, new Map());
  const place = { position, ordinal, epoch, salt, crc32: nodeCrc32, copierOf: nodeCopierOf };
  return batch.encode(new Uint8Array(batch.length), place).bytes;
}

/** Scans a file of these pieces behind a segment's header; `reads`: what was asked for and what came. */
async function scanned(...pieces: Uint8Array[]) {
  const bytes = new Uint8Array(Buffer.concat([headerBytes, ...pieces]));
  const reads: { wanted: number; got: number }[] = [];
  const read: OpenFile['read'] = async (target, position) => {
    const found = bytes.subarray(position, position + target.length);
    target.set(found);
    reads.push({ wanted: target.length, got: found.length });
    return found.length;
  };
  const segment = new Segment('a', header);
  const source = { file: { read } as OpenFile, fileSize: bytes.length, crc32: nodeCrc32 };
  return { ...(await scanSegment(segment, source)), segment, reads };
}

/** The batch with its header written anew. */
function withHeader(change: { length?: number; runCount?: number }): Uint8Array {
  const bytes = batchOf({});
  const right = { length: bytes.length, position: 64, ordinal: 4, epoch: 3, runCount: 1 };
  putBatchHeader(bytes, { header: { ...right, ...change }, salt, crc32: nodeCrc32 });
  return bytes;
}

/** The batch with another number of entries in its run's header, and a checksum that is right. */
function withCount(count: number): Uint8Array {
  const bytes = batchOf({});
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const run = { length: bytes.length - 32, lane: 0, count, firstKey: 4, firstTimeMs: 0 };
  putRunHeader(view, { at: 32, header: run });
  view.setUint32(32, nodeCrc32(bytes.subarray(36), runSeed(salt, 96)), true);
  return bytes;
}

describe('scanSegment()', () => {
  test('takes what is whole', async () => {
    for (const bytes of [batchOf({}), withHeader({}), withCount(1)]) {
      const { end, problem, segment } = await scanned(bytes);
      expect([end, problem, segment.nextOrdinal]).toEqual([64 + bytes.length, undefined, 5]);
    }
  });

  test.each([
    ['zeros', new Uint8Array(100), 'no batch begins here'],
    ['another ordinal', batchOf({ ordinal: 9 }), 'batch 9 is out of order'],
    ['an earlier epoch', batchOf({ epoch: 2 }), 'batch 4 is of an earlier open'],
    ['a byte too few', batchOf({}).subarray(0, -1), 'the batch is longer than the file'],
    ['bytes too many', withHeader({ runCount: 0 }), 'the batch is longer than its runs'],
    ['a run too many', withHeader({ runCount: 2 }), 'the checksum of the run at byte 141 is wrong'],
    ['an entry too many', withCount(2), 'the run at byte 96 is malformed'],
    ['no entry', withCount(0), 'the run at byte 96 is malformed'],
  ])('says what is wrong with %s', async (_, bytes, expected) => {
    const { end, problem, laterBatch } = await scanned(bytes);
    expect([end, problem, laterBatch]).toEqual([64, expected, undefined]);
  });

  test('an epoch may rise within a segment and never fall again', async () => {
    const first = batchOf({ epoch: 5 });
    const position = 64 + first.length;
    const next = (epoch: number) => batchOf({ position, ordinal: 5, epoch });
    expect(await scanned(first, next(6))).toMatchObject({ epoch: 6, problem: undefined });
    expect(await scanned(first, next(4))).toMatchObject({
      epoch: 5,
      problem: 'batch 5 is of an earlier open',
    });
  });

  test('reads a small file at once, and a large one in windows of 1 MiB or one batch', async () => {
    const batches = (count: number, length: number): Uint8Array[] => {
      let position = SEGMENT_HEADER_BYTES;
      return Array.from({ length: count }, (_, at) => {
        const bytes = batchOf({ position, ordinal: 4 + at, length });
        position += bytes.length;
        return bytes;
      });
    };
    const small = await scanned(...batches(50, 100));
    expect(small.reads).toEqual([{ wanted: small.fileSize - 64, got: small.fileSize - 64 }]);
    const large = await scanned(...batches(40, 100_000));
    expect(large.problem).toBeUndefined();
    expect(Math.max(...large.reads.map(({ wanted }) => wanted))).toBe(MIB);
    const got = large.reads.reduce((sum, read) => sum + read.got, 0);
    expect(got / large.fileSize).toBeLessThan(1.1);
    const huge = await scanned(...batches(2, 1.5 * MIB));
    expect([huge.problem, huge.segment.nextOrdinal, huge.reads.length]).toEqual([undefined, 6, 4]);
  });

  // A header is looked for in windows of 1 MiB that begin one byte behind the segment's end.
  test.each([-32, -31, -30, -1, 0, 33])(
    'finds a batch behind damage at a window`s border %i',
    async (beside) => {
      const position = SEGMENT_HEADER_BYTES + 1 + MIB + beside;
      const zeros = new Uint8Array(position - SEGMENT_HEADER_BYTES);
      const { laterBatch, problem } = await scanned(zeros, batchOf({ position, ordinal: 5 }));
      expect([laterBatch, problem]).toEqual([position, 'no batch begins here']);
    },
  );
});
