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
const header = {
  firstOrdinal: 4,
  epoch: 3,
  salt,
  lastKey: -1,
  lastTimeMs: 0,
  createdMs: 0,
  mayHaveGaps: false,
};
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

  test('notes where each lane`s runs lie, and what they hold', async () => {
    const first = batchOf({});
    const position = 64 + first.length;
    const { segment } = await scanned(first, batchOf({ position, ordinal: 5, length: 300 }));
    expect([...segment.lanes.keys()]).toEqual([0]);
    const { runs, firstKey, lastKey } = segment.lanes.get(0)!;
    expect([runs!.count, firstKey, lastKey]).toEqual([2, 4, 5]);
    const times = { firstTimeMs: 0, lastTimeMs: 0, count: 1 };
    const [one, two] = [first.length - 32, 32 + 4 + 300];
    expect([runs!.at(0), runs!.at(1)]).toEqual([
      { firstKey: 4, lastKey: 4, ...times, position: 96, length: one },
      { firstKey: 5, lastKey: 5, ...times, position: position + 32, length: two },
    ]);
  });

  test.each([
    ['zeros and a byte', Uint8Array.of(0, 0, 1, 0), 'no batch begins here'],
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

  test.each([1, MIB, MIB + 1, 3 * MIB])('takes %i zeros for the end', async (count) => {
    const zeros = new Uint8Array(count);
    const { end, fileSize, problem } = await scanned(batchOf({}), zeros);
    expect([fileSize - end, problem]).toEqual([count, undefined]);
    zeros[count - 1] = 1;
    expect((await scanned(batchOf({}), zeros)).problem).toBe('no batch begins here');
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
  test.each([-MIB, 1 - MIB, -32, -31, -30, -1, 0, 33, MIB - 31, MIB + 5])(
    'finds a batch behind damage at a window`s border %i',
    async (beside) => {
      const position = SEGMENT_HEADER_BYTES + 1 + MIB + beside;
      const zeros = new Uint8Array(position - SEGMENT_HEADER_BYTES);
      const { laterBatch, problem } = await scanned(zeros, batchOf({ position, ordinal: 5 }));
      expect([laterBatch, problem]).toEqual([position, 'no batch begins here']);
    },
  );

  test('finds a header that is right at the very end of the file, and reads no byte twice for it', async () => {
    const position = SEGMENT_HEADER_BYTES + 500;
    const header = batchOf({ position, ordinal: 5 }).subarray(0, 32);
    const { laterBatch, reads } = await scanned(new Uint8Array(500), header);
    expect(laterBatch).toBe(position);
    // The file from the batch that is wrong on, as a batch and as zeros, and from the byte behind its begin.
    expect(reads.map(({ got }) => got)).toEqual([532, 532, 531]);
    const only = batchOf({ position: 65, ordinal: 5 }).subarray(0, 32);
    expect((await scanned(new Uint8Array(1), only)).laterBatch).toBe(65);
    const cut = await scanned(new Uint8Array(500), header.subarray(0, 31));
    expect([cut.laterBatch, cut.reads.length]).toEqual([undefined, 3]);
  });

  test('passes over what only looks like a batch header, to the one that is right', async () => {
    const magic = batchOf({}).subarray(0, 4);
    const looksLike = new Uint8Array(Buffer.concat([new Uint8Array(9), magic, magic, magic]));
    const position = SEGMENT_HEADER_BYTES + looksLike.length;
    const { laterBatch } = await scanned(looksLike, batchOf({ position, ordinal: 9 }));
    expect(laterBatch).toBe(position);
  });

  test('ends its search where a file was cut short meanwhile', async () => {
    const pieces = new Uint8Array(400);
    let isCut = false;
    const read: OpenFile['read'] = async (target) => {
      const got = isCut ? 0 : Math.min(target.length, pieces.length);
      isCut = true;
      return got;
    };
    const source = { file: { read } as OpenFile, fileSize: 464, crc32: nodeCrc32 };
    const result = await scanSegment(new Segment('a', header), source);
    expect(result).toMatchObject({ end: 64, laterBatch: undefined });
  });

  test('of a file that holds its header only finds nothing wrong and reads nothing', async () => {
    const { end, problem, laterBatch, epoch, reads } = await scanned();
    expect([end, problem, laterBatch, epoch, reads]).toEqual([64, undefined, undefined, 3, []]);
  });
});
