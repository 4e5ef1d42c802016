// Index files: what is written comes back, anything else is refused, and what is read is no more than asked.
import { describe, expect, test } from 'vitest';
import type { OpenFile } from '../../../src/engine/log/files.ts';
import {
  encodeIndexFile,
  readIndexBounds,
  readIndexRuns,
} from '../../../src/engine/log/indexFile.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { Segment } from '../../../src/engine/log/segment.ts';

const header = {
  firstOrdinal: 7,
  epoch: 3,
  salt: 99,
  lastKey: 11,
  lastTimeMs: 12,
  createdMs: 13,
  mayHaveGaps: true,
};
const headBytes = 128;
const laneBytes = 7 * 8;
const runBytes = 7 * 8;

/** Three lanes with 3, 1 and 2 runs. */
function filled(): Segment {
  const segment = new Segment('a', header);
  const lanes = [5, 2, 5, 9, 9, 5];
  for (const [at, lane] of lanes.entries()) {
    const [firstKey, lastKey] = [100 + 10 * at, 103 + 10 * at];
    const [firstTimeMs, lastTimeMs] = [2000 + 10 * at, 2004 + 10 * at];
    const place = { position: 96 + 500 * at, length: 400 + at, count: 2 + at };
    segment.addBatch(500, [{ lane, firstKey, lastKey, firstTimeMs, lastTimeMs, ...place }]);
  }
  return segment;
}

const fileOf = (bytes: Uint8Array): OpenFile & { got: number } => {
  const file = {
    got: 0,
    read: async (target: Uint8Array, position: number) => {
      const found = bytes.subarray(position, position + target.length);
      target.set(found);
      file.got += found.length;
      return found.length;
    },
  };
  return file as unknown as OpenFile & { got: number };
};

const crc32 = nodeCrc32;
const bounds = (bytes: Uint8Array) => readIndexBounds(fileOf(bytes), crc32);

/** The head's checksum made right again. */
function sealed(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer).setUint32(124, crc32(bytes.subarray(0, 124)), true);
  return bytes;
}

describe('an index file', () => {
  test('gives back its segment, its lanes and all of their runs', async () => {
    const segment = filled();
    const { bytes, stored } = encodeIndexFile(segment, crc32);
    expect(bytes).toHaveLength(headBytes + 3 * laneBytes + 6 * runBytes);
    const file = fileOf(bytes);
    const { head, lanes } = (await readIndexBounds(file, crc32))!;
    expect(head).toMatchObject({ header, segmentSize: 64 + 6 * 500, batchCount: 6, laneCount: 3 });
    expect(file.got).toBe(headBytes + 3 * laneBytes);
    expect([...lanes.keys()]).toEqual([5, 2, 9]);
    expect([...lanes.values()].map((lane) => lane.stored)).toEqual(stored);
    for (const [number, lane] of segment.lanes) {
      const { firstKey, lastKey, firstTimeMs, lastTimeMs } = lane;
      const read = lanes.get(number)!;
      expect(read).toMatchObject({ firstKey, lastKey, firstTimeMs, lastTimeMs, runs: undefined });
      const runs = await readIndexRuns(file, { stored: read.stored!, crc32 });
      expect(runs!.used).toEqual(lane.runs!.used);
      expect(runs!.count).toBe(lane.runs!.count);
    }
    expect(file.got).toBe(bytes.length);
  });

  test('of a segment without entries has no lanes', async () => {
    const { bytes, stored } = encodeIndexFile(new Segment('a', header), crc32);
    expect([bytes.length, stored]).toEqual([headBytes, []]);
    expect([...(await bounds(bytes))!.lanes]).toEqual([]);
  });

  test('with any byte of head or lanes changed is none', async () => {
    const { bytes } = encodeIndexFile(filled(), crc32);
    for (let at = 0; at < headBytes + 3 * laneBytes; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 0x55;
      expect([at, await bounds(changed)]).toEqual([at, undefined]);
    }
  });

  test('of another kind, version or byte order is none, though its checksum be right', async () => {
    const { bytes } = encodeIndexFile(filled(), crc32);
    expect(await bounds(sealed(bytes.slice()))).toBeDefined();
    for (const at of [0, 7, 8, 9, 10, 11, 40, 100]) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      expect([at, await bounds(sealed(changed))]).toEqual([at, undefined]);
    }
  });

  test('that ends within its head or its lanes is none', async () => {
    const { bytes } = encodeIndexFile(filled(), crc32);
    for (const length of [0, 127, 128, 128 + 3 * laneBytes - 1]) {
      expect([length, await bounds(bytes.slice(0, length))]).toEqual([length, undefined]);
    }
    expect(await bounds(bytes.slice(0, 128 + 3 * laneBytes))).toBeDefined();
  });

  test('with a changed or a missing byte among the runs of a lane has no such runs', async () => {
    const { bytes, stored } = encodeIndexFile(filled(), crc32);
    const last = stored[2]!;
    const changed = bytes.slice();
    changed[last.position]! ^= 1;
    expect(await readIndexRuns(fileOf(changed), { stored: last, crc32 })).toBeUndefined();
    expect(await readIndexRuns(fileOf(changed), { stored: stored[1]!, crc32 })).toBeDefined();
    const short = fileOf(bytes.slice(0, -1));
    expect(await readIndexRuns(short, { stored: last, crc32 })).toBeUndefined();
  });
});
