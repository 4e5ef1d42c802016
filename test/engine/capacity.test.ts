// The folder's size limit, the disk's, and what fails while writing.
import { describe, expect, it } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import { Capacity } from '../../src/engine/capacity.ts';
import { Catalog } from '../../src/engine/catalog.ts';
import { FolderSizes } from '../../src/engine/folderSizes.ts';
import { nodeCrc32 } from '../../src/engine/log/nodeFiles.ts';
import { OpenStreams } from '../../src/engine/openStreams.ts';
import { engineDefaults } from '../../src/engine/ports.ts';
import { FaultyFiles, failNext } from '../support/faultyFiles.ts';
import { MemoryFiles } from '../support/memoryFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { settle, TestClock } from '../support/testClock.ts';
import { bytesOf, dataOf, rejection, TestEngine } from './support/testEngine.ts';

const HOUR_MS = 3_600_000;
const MIB = 1024 ** 2;

describe('capacity', () => {
  /** An engine whose folder may hold 4 MiB. */
  const small = (more: object = {}) => TestEngine.open({ folderBytesMax: 4 * MIB, ...more });
  const block = 'x'.repeat(300 * 1024);

  it('putRecord() is refused with what to do when the folder is full; reading goes on', async () => {
    const test = await small();
    await test.stream('orders');
    const states: string[] = [];
    test.engine.onDidChange((change) => {
      if (change === 'status') states.push(test.engine.folderUse().state);
    });
    let stored = 0;
    let error: Error | undefined;
    while (!error) {
      expect(stored).toBeLessThan(20);
      await test.put('orders', 'k', block).then(
        () => stored++,
        (thrown: Error) => {
          error = thrown;
        },
      );
    }
    expect(error).toMatchObject({
      name: 'LimitExceededException',
      message:
        'The local data folder is full: it holds 3 MiB of the 4 MiB it may hold. ' +
        'Raise the setting shardscope.local.folderSizeLimit, or empty or delete a stream.',
    });
    expect(states).toEqual(['near', 'full']);
    expect((await test.read('orders', '0')).records).toHaveLength(stored);
    await test.stream('still-created');
    await test.engine.emptyStream('orders');
    expect(test.engine.folderUse().state).toBe('ok');
    await test.put('orders', 'k', block);
    expect((await test.read('orders', '0')).records).toHaveLength(1);
  });

  it('putRecords() is refused as a whole when the folder is full', async () => {
    const test = await small();
    await test.stream('orders');
    const Records = Array.from({ length: 15 }, () => ({ PartitionKey: 'k', Data: bytesOf(block) }));
    const error = await rejection(test.engine.putRecords({ StreamName: 'orders', Records }));
    expect(error.name).toBe('LimitExceededException');
    expect((await test.read('orders', '0')).records).toEqual([]);
  });

  it('whenFull dropOldest makes room by the oldest segments', async () => {
    const test = await small({ whenFull: 'dropOldest' });
    await test.stream('orders');
    for (let index = 0; index < 6; index++) await test.put('orders', 'k', block);
    // Segments close by age; only closed ones can go.
    await test.clock.advance(2 * HOUR_MS);
    for (let index = 0; index < 12; index++) {
      await test.put('orders', 'k', `${index}-${block}`);
      await test.clock.advance(2 * HOUR_MS);
    }
    const { records } = await test.read('orders', '0');
    expect(records.length).toBeGreaterThan(3);
    expect(records.at(-1)!.data.startsWith('11-')).toBe(true);
    expect(test.engine.folderUse().bytes).toBeLessThanOrEqual(4 * MIB);
  });

  it('whenFull dropOldest removes no more than puts that come together need', async () => {
    const test = await small({ whenFull: 'dropOldest' });
    await test.stream('orders');
    for (let index = 0; index < 13; index++) {
      await test.put('orders', 'k', `${index}-${block}`);
      await test.clock.advance(1.5 * HOUR_MS);
    }
    await test.put('orders', 'k', `13-${'x'.repeat(190 * 1024)}`);
    const names = ['14', '15', '16', '17', '18', '19', '20'];
    await Promise.all(names.map((name) => test.put('orders', 'k', name + 'x'.repeat(20 * 1024))));
    const { records } = await test.read('orders', '0');
    const kept = records.map(({ data }) => Number.parseInt(data, 10)).sort((a, b) => a - b);
    expect(kept).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('whenFull dropOldest takes from streams that nobody has touched since the start', async () => {
    const test = await small({ whenFull: 'dropOldest' });
    await test.stream('old');
    await test.stream('orders');
    for (let index = 0; index < 12; index++) {
      await test.put('old', 'k', block);
      await test.clock.advance(1.5 * HOUR_MS);
    }
    await test.reopen();
    for (let index = 0; index < 4; index++) await test.put('orders', 'k', block);
    expect((await test.read('orders', '0')).records).toHaveLength(4);
    expect((await test.read('old', '0')).records.length).toBeGreaterThan(6);
  });

  it('whenFull dropOldest makes room without waiting for the age of segments', async () => {
    const test = await TestEngine.open({ folderBytesMax: 8 * MIB, whenFull: 'dropOldest' });
    for (const name of ['a', 'b', 'c']) await test.stream(name);
    for (let index = 0; index < 20; index++) {
      for (const name of ['a', 'b', 'c']) await test.put(name, 'k', `${index}-${block}`);
    }
    for (const name of ['a', 'b', 'c']) {
      const { records } = await test.read(name, '0');
      expect(records.at(-1)!.data.slice(0, 3)).toBe('19-');
    }
    expect(test.engine.folderUse().bytes).toBeLessThanOrEqual(8 * MIB);
  });

  it('whenFull dropOldest takes the segment being written when no stream has another', async () => {
    const test = await TestEngine.open({ folderBytesMax: 4 * MIB, whenFull: 'dropOldest' });
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of names) await test.stream(name);
    for (const name of names)
      for (const text of ['1', '2']) await test.put(name, 'k', text + block);
    for (const path of test.files.paths.filter((name) => name.startsWith('streams/'))) {
      expect(path).toMatch(/0{16}\.log$/);
    }
    for (const text of ['3', '4', '5']) await test.put('a', 'k', text + block);
    expect((await test.read('a', '0')).records.at(-1)!.data[0]).toBe('5');
    const left = await Promise.all(names.map(async (name) => (await test.read(name, '0')).records));
    expect(left.flat().length).toBeGreaterThan(6);
    expect(test.engine.folderUse().bytes).toBeLessThanOrEqual(4 * MIB);
  });

  it('puts stop below 64 MiB of free disk, and go on by themselves', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    await test.put('orders', 'k', 'a');
    test.files.free = 63 * MIB;
    await test.clock.advance(10_000);
    await test.put('orders', 'k', 'notices');
    await test.settle();
    const error = await rejection(test.put('orders', 'k', 'b'));
    expect(error).toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringContaining('64 MiB free'),
    });
    expect(test.engine.folderUse().state).toBe('disk');
    test.files.free = 2 ** 40;
    await test.put('orders', 'k', 'c');
    expect(test.engine.folderUse().state).toBe('ok');
  });

  it('putRecord() that meets a full disk is refused, and the next one works', async () => {
    const files = new FaultyFiles();
    const test = await TestEngine.open({}, { files });
    await test.engine.createStream({ StreamName: 'orders', ShardCount: 1 });
    await test.settle();
    await test.put('orders', 'k', 'a');
    failNext(files, 'write', { code: 'ENOSPC', writtenBytes: 5 });
    const error = await rejection(test.put('orders', 'k', 'lost'));
    expect(error.name).toBe('LimitExceededException');
    await test.put('orders', 'k', 'b');
    expect(dataOf(await test.read('orders', '0'))).toEqual(['a', 'b']);
  });

  it('putRecord() goes on after a failed write, in a log opened again', async () => {
    const files = new FaultyFiles();
    const test = await TestEngine.open({}, { files });
    await test.engine.createStream({ StreamName: 'orders', ShardCount: 1 });
    await test.settle();
    const first = await test.put('orders', 'k', 'a');
    failNext(files, 'write', { code: 'EIO', writtenBytes: 5 });
    const error = await rejection(test.put('orders', 'k', 'lost'));
    expect(error.name).toBe('InternalFailure');
    const second = await test.put('orders', 'k', 'b');
    expect(BigInt(second.SequenceNumber)).toBeGreaterThan(BigInt(first.SequenceNumber));
    expect(dataOf(await test.read('orders', '0'))).toEqual(['a', 'b']);
  });
});

describe('Capacity', () => {
  it('reserve() makes puts wait over 64 MiB, in order, and lets a single larger one through', async () => {
    const files = new MemoryFiles();
    const clock = new TestClock();
    const ports = { files, clock, random: seededRandom(1), logger: nullLogger, crc32: nodeCrc32 };
    const catalog = await Catalog.open(ports);
    const openLog = () => Promise.reject(new Error('no log here'));
    const streams = new OpenStreams({ ports, catalog, openLog, keyFloor: 0 });
    const sizes = new FolderSizes(ports);
    const capacity = new Capacity({ ports, settings: engineDefaults, catalog, streams, sizes });
    const passed: number[] = [];
    const enter = (id: number, bytes: number): void => {
      const waiting = capacity.reserve(bytes);
      if (waiting) void waiting.then(() => passed.push(id));
      else passed.push(id);
    };
    for (let id = 1; id <= 5; id++) enter(id, 30 * MIB);
    enter(6, MIB);
    await settle();
    expect(passed).toEqual([1, 2]);
    capacity.release(30 * MIB);
    await settle();
    expect(passed).toEqual([1, 2, 3]);
    for (let count = 0; count < 4; count++) capacity.release(30 * MIB);
    await settle();
    expect(passed).toEqual([1, 2, 3, 4, 5, 6]);
    capacity.release(MIB);
    enter(7, 100 * MIB);
    expect(passed.at(-1)).toBe(7);
  });
});
