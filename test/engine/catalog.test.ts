// The catalog: durable before visible, torn tails cut, damage and newer formats refused.
import { describe, expect, it } from 'vitest';
import { Catalog } from '../../src/engine/catalog.ts';
import { catalogFormat } from '../../src/engine/catalogFile.ts';
import { nodeCrc32 } from '../../src/engine/log/nodeFiles.ts';
import type { ShardEntry, StreamEntry } from '../../src/engine/streamEntry.ts';
import { FaultyFiles, failNext } from '../support/faultyFiles.ts';
import { MemoryFiles } from '../support/memoryFiles.ts';

const shard = (index: number): ShardEntry => ({
  index,
  range: { start: BigInt(index) * 2n ** 120n, end: BigInt(index + 1) * 2n ** 120n - 1n },
  parents: [],
  createdSeconds: 1000,
  startKey: 0,
});

const stream = (name: string, shards: ShardEntry[] = []): StreamEntry => ({
  id: `id-${name}`,
  account: '000000000000',
  region: 'us-east-1',
  name,
  createdMs: 1_000_000,
  status: 'CREATING',
  mode: 'PROVISIONED',
  retentionHours: 24,
  recordBytesMax: 1024 ** 2,
  tags: [['start', '#5']],
  nextShardIndex: shards.length,
  shards,
  pending: { kind: 'split', shard: 0, at: 2n ** 127n },
  scaledMs: [],
});

const open = (files: MemoryFiles) => Catalog.open({ files, crc32: nodeCrc32 });
const add = (catalog: Catalog, entry: StreamEntry) =>
  catalog.update(() => [{ type: 'stream', stream: entry }]);
const onlyFile = (files: MemoryFiles): string => {
  expect(files.paths).toHaveLength(1);
  return files.paths[0]!;
};

/** A catalog file of two streams, closed. */
async function twoStreams(): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const catalog = await open(files);
  await add(catalog, stream('a', [shard(0), shard(1)]));
  await add(catalog, stream('b'));
  await catalog.close();
  return files;
}

describe('Catalog', () => {
  it('open() gives back every member of what was written', async () => {
    const catalog = await open(await twoStreams());
    expect(catalog.streams()).toEqual([stream('a', [shard(0), shard(1)]), stream('b')]);
    expect(catalog.byName({ ...stream('b') })?.id).toBe('id-b');
    expect(catalog.notices).toEqual([]);
  });

  it.each([
    ['its write failed at the end', 'write', 1000],
    ['its sync failed', 'sync', 0],
  ] as const)(
    'a change that was refused because %s does not come back',
    async (_, kind, writtenBytes) => {
      const files = new FaultyFiles();
      const catalog = await open(files);
      await add(catalog, stream('a'));
      failNext(files, kind, { code: 'EIO', writtenBytes });
      await expect(add(catalog, stream('b'))).rejects.toMatchObject({ code: 'POISONED' });
      const left = files.afterKill(files.operations.length);
      expect((await open(left)).streams()).toEqual([stream('a')]);
    },
  );

  it('update() applies closings, additions and removals together, and after a reopen', async () => {
    const files = await twoStreams();
    const catalog = await open(files);
    await catalog.update(() => [
      {
        type: 'change',
        id: 'id-a',
        set: { status: 'ACTIVE', nextShardIndex: 3 },
        pending: null,
        close: [{ index: 1, seconds: 2000 }],
        add: [shard(2)],
        drop: [0],
      },
      { type: 'removed', id: 'id-b' },
    ]);
    const expected: StreamEntry = {
      ...stream('a', [{ ...shard(1), closedSeconds: 2000 }, shard(2)]),
      status: 'ACTIVE',
      nextShardIndex: 3,
      pending: undefined,
    };
    expect(catalog.streams()).toEqual([expected]);
    expect((await open(files)).streams()).toEqual([expected]);
  });

  it('update() rejects with what deciding threw, and goes on', async () => {
    const catalog = await open(new MemoryFiles());
    const refused = catalog.update(() => {
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    await add(catalog, stream('a'));
    expect(catalog.streamCount).toBe(1);
  });

  it('update() shows nothing before the change is synced', async () => {
    const files = new FaultyFiles();
    const catalog = await open(files);
    await add(catalog, stream('a'));
    const adding = add(catalog, stream('b'));
    files.faultFor = (operation) => {
      expect(catalog.streamCount).toBe(1);
      return operation.kind === 'sync' ? { code: 'EIO' } : undefined;
    };
    await expect(adding).rejects.toMatchObject({ code: 'POISONED' });
    expect(catalog.streamCount).toBe(1);
  });

  it('update() goes on in a new file after a failed write, without the failed change', async () => {
    for (const fault of [{ code: 'ENOSPC' }, { code: 'EIO', writtenBytes: 20 }]) {
      const files = new FaultyFiles();
      const catalog = await open(files);
      await add(catalog, stream('a'));
      failNext(files, 'write', fault);
      await expect(add(catalog, stream('b'))).rejects.toMatchObject({ name: 'LogError' });
      await add(catalog, stream('c'));
      const reopened = await open(files);
      expect(reopened.streams().map(({ name }) => name)).toEqual(['a', 'c']);
      expect(reopened.notices).toEqual([]);
      onlyFile(files);
    }
  });

  it('open() cuts a tail torn at any byte of the last change and says so', async () => {
    const whole = await twoStreams();
    const path = onlyFile(whole);
    const bytes = whole.raw(path).slice();
    const first = frameEnd(bytes, 16);
    for (let length = first + 1; length < bytes.length; length += 7) {
      const files = new MemoryFiles();
      await files.replace(path, bytes.slice(0, length));
      const catalog = await open(files);
      expect(catalog.streams().map(({ name }) => name)).toEqual(['a']);
      expect(catalog.notices).toHaveLength(1);
      await add(catalog, stream('c'));
      expect((await open(files)).streams().map(({ name }) => name)).toEqual(['a', 'c']);
    }
  });

  it('open() cuts a tail of zeros, as a power cut leaves it', async () => {
    const files = await twoStreams();
    const path = onlyFile(files);
    const bytes = files.raw(path).slice();
    await files.replace(path, new Uint8Array([...bytes, ...new Uint8Array(500)]));
    const catalog = await open(files);
    expect(catalog.streamCount).toBe(2);
    expect(catalog.notices).toHaveLength(1);
  });

  it('open() names file and position of damage before the last change', async () => {
    const whole = await twoStreams();
    const path = onlyFile(whole);
    const bytes = whole.raw(path).slice();
    for (let at = 16; at < frameEnd(bytes, 16); at += 11) {
      const files = new MemoryFiles();
      const broken = bytes.slice();
      broken[at]! ^= 1;
      await files.replace(path, broken);
      await expect(open(files)).rejects.toMatchObject({ code: 'CORRUPT', path, position: 16 });
    }
  });

  it('open() refuses a newer format and says what to do', async () => {
    const files = await twoStreams();
    const path = onlyFile(files);
    const bytes = files.raw(path).slice();
    const view = new DataView(bytes.buffer);
    view.setUint32(8, catalogFormat + 1);
    view.setUint32(12, nodeCrc32(bytes.subarray(0, 12)));
    await files.replace(path, bytes);
    await expect(open(files)).rejects.toMatchObject({
      code: 'FORMAT',
      message: expect.stringContaining('newer Shardscope'),
    });
  });

  it('update() rolls a long file into a snapshot and removes the old one', async () => {
    const files = new MemoryFiles();
    const catalog = await open(files);
    const many = Array.from({ length: 200 }, (_, index) => shard(index));
    await add(catalog, stream('a', many));
    const before = onlyFile(files);
    for (let round = 0; onlyFile(files) === before; round++) {
      expect(round).toBeLessThan(1000);
      await add(catalog, stream('a', many));
    }
    expect(files.raw(onlyFile(files)).length).toBeLessThan(256 * 1024);
    expect(files.openCount).toBe(1);
    expect((await open(files)).streams()).toEqual([stream('a', many)]);
  });
});

/** Where the frame at `start` ends. */
function frameEnd(bytes: Uint8Array, start: number): number {
  return start + 12 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(start);
}
