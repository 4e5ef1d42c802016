// Snapshots: what they hold, that a restore brings all of it back or nothing, branches, bounds, crashes.
import { describe, expect, test } from 'vitest';
import { snapshotsMax } from '../../src/admin/controls.ts';
import { clockPath } from '../../src/engine/engineClockLine.ts';
import { FaultyFiles, failNext } from '../support/faultyFiles.ts';
import { HeldFiles } from '../support/heldFiles.ts';
import { MemoryFiles } from '../support/memoryFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { settle, TEST_EPOCH_MS, TestClock } from '../support/testClock.ts';
import { ControlledBench, rejection } from './support/controlledBench.ts';

const hourMs = 3_600_000;
const settings = { segmentBytesMax: 64 * 1024 };

/** A bench whose streams have sealed and active segments, some records above the snapshot `before`. */
async function benchWithSnapshot(files: MemoryFiles = new MemoryFiles()): Promise<ControlledBench> {
  const bench = await ControlledBench.open({ files, settings });
  await bench.streams('orders', 'clicks', 'empty');
  await putMany(bench, 'orders', 'old');
  await bench.put('clicks', 'old');
  await bench.controls.takeSnapshot('before');
  await putMany(bench, 'orders', 'new');
  await bench.api.deleteStream({ StreamName: 'clicks' });
  await bench.clock.advance(1000);
  await bench.streams('later');
  await bench.put('later', 'new');
  return bench;
}

/** More than two segments of records. */
async function putMany(bench: ControlledBench, stream: string, mark: string): Promise<void> {
  for (let i = 0; i < 30; i++) await bench.put(stream, `${mark} ${i} ${'x'.repeat(6000)}`);
}

interface State {
  readonly streams: string[];
  readonly orders: string[];
  readonly clicks: string[] | undefined;
}

/** What tells the snapshot's state from the later one. */
async function stateOf(bench: ControlledBench): Promise<State> {
  const streams = await bench.streamNames();
  const marks = async (stream: string): Promise<string[]> =>
    (await bench.read(stream)).map((data) => data.split(' x')[0]!);
  return {
    streams,
    orders: await marks('orders'),
    clicks: streams.includes('clicks') ? await marks('clicks') : undefined,
  };
}

const marked = (...marks: string[]): string[] =>
  marks.flatMap((mark) => Array.from({ length: 30 }, (_, i) => `${mark} ${i}`)).sort();

const before: State = {
  streams: ['clicks', 'empty', 'orders'],
  orders: marked('old'),
  clicks: ['old'],
};
const after: State = {
  streams: ['empty', 'later', 'orders'],
  orders: marked('old', 'new'),
  clicks: undefined,
};

describe('a snapshot', () => {
  test('is listed with what it holds, and changes nothing', async () => {
    const bench = await benchWithSnapshot();
    const [info, ...others] = await bench.controls.snapshots();
    expect(others).toEqual([]);
    expect(info).toMatchObject({ name: 'before', takenMs: TEST_EPOCH_MS, streamCount: 3 });
    expect(info!.bytes).toBeGreaterThan(180_000);
    expect(info!.bytes).toBeLessThan(220_000);
    expect(await stateOf(bench)).toEqual(after);
  });

  test('has a copy of what may grow, and shares what is sealed', async () => {
    const files = new FaultyFiles();
    await benchWithSnapshot(files);
    const links = files.operations.filter(({ kind }) => kind === 'link');
    const written = files.operations.flatMap((operation) =>
      operation.kind === 'create' && operation.path.startsWith('snapshots/')
        ? [operation.path]
        : [],
    );
    expect(links.length).toBeGreaterThan(1);
    const logs = written.filter((path) => path.endsWith('.log'));
    // The active segment of the two streams that hold records.
    expect(logs).toHaveLength(2);
  });

  test('survives a restart; a restore brings everything back that it held', async () => {
    const bench = await (await benchWithSnapshot()).reopen(settings);
    await bench.controls.restoreSnapshot('before');
    expect(await stateOf(bench)).toEqual(before);
    const again = await bench.reopen(settings);
    expect(await stateOf(again)).toEqual(before);
  });

  test('is not touched by what is put after a restore: it can be restored again', async () => {
    const bench = await benchWithSnapshot();
    for (let round = 0; round < 3; round++) {
      await bench.controls.restoreSnapshot('before');
      expect(await stateOf(bench)).toEqual(before);
      await putMany(bench, 'orders', 'other');
      await bench.put('clicks', 'other');
      expect((await stateOf(bench)).clicks).toEqual(['old', 'other']);
    }
  });

  test('holds the clock, and a restore takes it back', async () => {
    const bench = await ControlledBench.open();
    await bench.streams('orders');
    await bench.controls.takeSnapshot('on time');
    await bench.controls.stepClock(2 * hourMs);
    await bench.controls.stopClock();
    await bench.controls.takeSnapshot('stopped');
    await bench.controls.startClock();
    await bench.controls.stepClock(hourMs);
    await bench.controls.restoreSnapshot('stopped');
    await bench.clock.advance(50);
    expect(await bench.controls.clock()).toMatchObject({
      nowMs: TEST_EPOCH_MS + 2 * hourMs,
      rate: 0,
    });
    await bench.controls.restoreSnapshot('on time');
    expect(await bench.controls.clock()).toMatchObject({ aheadMs: 0, rate: 1 });
    expect((await (await bench.reopen()).controls.clock()).aheadMs).toBe(0);
  });

  test('holds what is pending, and a restore carries it out', async () => {
    const bench = await ControlledBench.open({ settings: { stateDelays: 10_000 } });
    await bench.streams('orders');
    await bench.api.updateShardCount({
      StreamName: 'orders',
      TargetShardCount: 4,
      ScalingType: 'UNIFORM_SCALING',
    });
    await bench.controls.takeSnapshot('scaling');
    await bench.controls.reset();
    await bench.controls.restoreSnapshot('scaling');
    const open = async (): Promise<number | undefined> => {
      const summary = await bench.api.describeStreamSummary({ StreamName: 'orders' });
      return summary.StreamDescriptionSummary.OpenShardCount;
    };
    expect(await open()).toBe(2);
    await bench.controls.stepClock(10_000);
    expect(await open()).toBe(4);
  });

  test('waits for puts that are under way, and they are in it', async () => {
    const files = new HeldFiles();
    const bench = await ControlledBench.open({ files, settings });
    await bench.streams('orders');
    await bench.put('orders', 'first');
    const letGo = files.holdNext(({ kind }) => kind === 'write');
    const put = bench.put('orders', 'second');
    const taken = bench.controls.takeSnapshot('both');
    await settle();
    const late = bench.put('orders', 'third');
    letGo();
    await Promise.all([put, taken, late]);
    await bench.controls.restoreSnapshot('both');
    expect(await bench.read('orders')).toEqual(['first', 'second']);
  });

  test('waits for changes of shape that are under way, and they are in it', async () => {
    const files = new HeldFiles();
    const bench = await ControlledBench.open({ files, settings });
    await bench.streams('orders');
    const letGo = files.holdNext(({ kind }) => kind === 'write');
    const created = bench.api.createStream({ StreamName: 'created', ShardCount: 1 });
    const taken = bench.controls.takeSnapshot('both');
    await settle();
    letGo();
    await Promise.all([created, taken]);
    await bench.controls.restoreSnapshot('both');
    expect(await bench.streamNames()).toEqual(['created', 'orders']);
  });

  test('under load holds a put whole or not at all, and every one answered before it', async () => {
    const bench = await ControlledBench.open({ settings });
    await bench.streams('orders');
    const answered: string[] = [];
    let isOver = false;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; !isOver; i++) {
        const data = `${writer}-${i}`;
        await bench.put('orders', data);
        answered.push(data);
      }
    });
    const promised: string[][] = [];
    for (let snapshot = 0; snapshot < 5; snapshot++) {
      while (answered.length < (snapshot + 1) * 40) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      promised.push([...answered]);
      await bench.controls.takeSnapshot(`${snapshot}`);
    }
    isOver = true;
    await Promise.all(writers);
    for (const [snapshot, data] of promised.entries()) {
      await bench.controls.restoreSnapshot(`${snapshot}`);
      const held = new Set(await bench.read('orders'));
      expect(data.filter((record) => !held.has(record))).toEqual([]);
      expect(held.size).toBeLessThanOrEqual(data.length + 8);
    }
  });

  test('cannot be taken twice under a name, nor once too often', async () => {
    const bench = await ControlledBench.open();
    for (let i = 0; i < snapshotsMax; i++) await bench.controls.takeSnapshot(`${i}`);
    const again = await rejection(bench.controls.takeSnapshot('0'));
    expect(again.name).toBe('ResourceInUseException');
    const more = await rejection(bench.controls.takeSnapshot('more'));
    expect([more.name, more.message]).toEqual([
      'LimitExceededException',
      `There are ${snapshotsMax} snapshots already; delete one.`,
    ]);
    await bench.controls.deleteSnapshot('3');
    await bench.controls.takeSnapshot('more');
    expect(await bench.controls.snapshots()).toHaveLength(snapshotsMax);
  });

  test('is refused when all of them would hold more than the folder may', async () => {
    const bench = await ControlledBench.open({ settings: { folderBytesMax: 4 * 1024 ** 2 } });
    await bench.streams('orders');
    for (let i = 0; i < 30; i++) await bench.put('orders', `${i} ${'x'.repeat(50_000)}`);
    await bench.controls.takeSnapshot('one');
    await bench.controls.takeSnapshot('two');
    const error = await rejection(bench.controls.takeSnapshot('three'));
    expect([error.name, error.message]).toEqual([
      'LimitExceededException',
      expect.stringMatching(/^Snapshots may hold 4 MiB together.* they would hold 5 MiB\./),
    ]);
  });

  test('deleted is gone with its files; one that is not there is said', async () => {
    const bench = await benchWithSnapshot();
    await bench.controls.deleteSnapshot('before');
    expect(bench.files.paths.filter((path) => path.startsWith('snapshots/'))).toEqual([]);
    for (const call of [
      bench.controls.deleteSnapshot('before'),
      bench.controls.restoreSnapshot('before'),
      bench.controls.branchSnapshot({ name: 'before', folder: '/b' }),
    ]) {
      expect(await rejection(call)).toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'There is no snapshot "before".',
      });
    }
    expect(await stateOf(bench)).toEqual(after);
  });

  test('that finds the disk full leaves nothing, and the engine goes on', async () => {
    const files = new FaultyFiles();
    const bench = await ControlledBench.open({ files, settings });
    await bench.streams('orders');
    await putMany(bench, 'orders', 'old');
    files.faultFor = (operation) => (operation.kind === 'link' ? { code: 'ENOSPC' } : undefined);
    const error = await rejection(bench.controls.takeSnapshot('full'));
    expect(error.name).toBe('LimitExceededException');
    files.faultFor = undefined;
    expect(files.paths.filter((path) => path.startsWith('snapshots/'))).toEqual([]);
    await bench.put('orders', 'goes on');
    await bench.controls.takeSnapshot('full');
  });
});

describe('a restore', () => {
  test('tells listeners, and callers wait for it', async () => {
    const bench = await benchWithSnapshot();
    const told: string[] = [];
    bench.controlled.onDidChange((change) => told.push(change));
    const restored = bench.controls.restoreSnapshot('before');
    await settle(1);
    const names = bench.streamNames();
    await restored;
    expect(new Set(told)).toEqual(new Set(['streams', 'status']));
    expect((await names).length).toBe(3);
    await bench.streams('created-after');
    expect(told.length).toBeGreaterThan(2);
  });

  test('is finished before the engine ends', async () => {
    const files = new FaultyFiles();
    const bench = await benchWithSnapshot(files);
    const restored = bench.controls.restoreSnapshot('before');
    await settle(1);
    await bench.controlled.close();
    await restored;
    const count = files.operations.length;
    await settle();
    expect(files.operations.length).toBe(count);
    expect(await stateOf(await bench.reopen(settings))).toEqual(before);
  });

  test('that fails before it is decided changes nothing', async () => {
    const files = new FaultyFiles();
    const bench = await benchWithSnapshot(files);
    failNext(files, 'link', { code: 'EIO' });
    await expect(bench.controls.restoreSnapshot('before')).rejects.toThrow('EIO');
    expect(await stateOf(bench)).toEqual(after);
    await bench.controls.restoreSnapshot('before');
    expect(await stateOf(bench)).toEqual(before);
  });

  test('that fails after it was decided refuses every call until the next start finishes it', async () => {
    const files = new FaultyFiles();
    const bench = await benchWithSnapshot(files);
    files.faultFor = (operation) =>
      operation.kind === 'removeFolder' && operation.path === 'streams'
        ? { code: 'EIO' }
        : undefined;
    await expect(bench.controls.restoreSnapshot('before')).rejects.toThrow('EIO');
    files.faultFor = undefined;
    const refused = await rejection(bench.streamNames());
    expect([refused.name, refused.message]).toEqual([
      'InternalFailure',
      expect.stringMatching(/could not be opened again: .*EIO.* Restart it\./),
    ]);
    expect(await stateOf(await bench.reopen(settings))).toEqual(before);
  });

  test('killed after any change leaves the old state or the new one, and both occur', async () => {
    const files = new FaultyFiles();
    const bench = await benchWithSnapshot(files);
    const start = files.operations.length;
    await bench.controls.restoreSnapshot('before');
    const end = files.operations.length;
    expect(end - start).toBeGreaterThan(40);
    const outcomes = { before: 0, after: 0 };
    for (let count = start; count <= end; count++) {
      const state = await reopened(files.afterKill(count));
      outcomes[isBefore(state) ? 'before' : 'after']++;
      expect(state, `${count - start} changes into the restore`).toEqual(
        isBefore(state) ? before : after,
      );
    }
    expect([outcomes.before > 10, outcomes.after > 10]).toEqual([true, true]);
  });

  test('cut off by a power failure leaves the old state or the new one', async () => {
    const files = new FaultyFiles();
    const bench = await ControlledBench.open({
      files,
      settings: { ...settings, durability: 'synced' },
    });
    await bench.streams('orders', 'clicks', 'empty');
    await putMany(bench, 'orders', 'old');
    await bench.put('clicks', 'old');
    await bench.controls.takeSnapshot('before');
    await putMany(bench, 'orders', 'new');
    await bench.api.deleteStream({ StreamName: 'clicks' });
    await bench.clock.advance(1000);
    await bench.streams('later');
    await bench.put('later', 'new');
    const start = files.operations.length;
    await bench.controls.restoreSnapshot('before');
    const end = files.operations.length;
    for (let count = start; count <= end; count++) {
      for (const seed of [1, 2, 3]) {
        const state = await reopened(files.afterPowerCut(count, seededRandom(seed * 1000 + count)));
        expect(state, `seed ${seed}, ${count - start} changes into the restore`).toEqual(
          isBefore(state) ? before : after,
        );
      }
    }
  });

  test('a snapshot killed after any change is there whole, or not at all', async () => {
    const files = new FaultyFiles();
    const bench = await ControlledBench.open({ files, settings });
    await bench.streams('orders');
    await putMany(bench, 'orders', 'old');
    const start = files.operations.length;
    await bench.controls.takeSnapshot('before');
    const end = files.operations.length;
    let found = 0;
    for (let count = start; count <= end; count++) {
      const next = await ControlledBench.open({
        files: files.afterKill(count),
        clock: new TestClock(),
        settings,
      });
      const names = (await next.controls.snapshots()).map(({ name }) => name);
      if (names.length === 0) {
        expect(next.files.paths.filter((path) => path.startsWith('snapshots/'))).toEqual([]);
      } else {
        found++;
        await next.controls.reset();
        await next.controls.restoreSnapshot('before');
        expect((await next.read('orders')).length).toBe(30);
      }
    }
    expect([found > 0, found < end - start]).toEqual([true, true]);
  });

  test('that a newer version began is refused, with what to do', async () => {
    const files = new MemoryFiles();
    await files.replace('restore.json', new TextEncoder().encode('{"format":2,"phase":"swap"}'));
    const error = await rejection(ControlledBench.open({ files }));
    expect(error).toMatchObject({ name: 'LogError', code: 'FORMAT' });
  });
});

describe('a branch', () => {
  test('is a data folder of its own, that neither side changes for the other', async () => {
    const other = new MemoryFiles();
    const bench = await branching(other);
    await bench.controls.branchSnapshot({ name: 'before', folder: '/branches/mine' });
    const branch = await ControlledBench.open({ files: below(other, 'mine'), settings });
    expect(await stateOf(branch)).toEqual(before);
    expect((await branch.controls.clock()).aheadMs).toBe(0);
    await putMany(branch, 'orders', 'branch');
    await bench.controls.restoreSnapshot('before');
    await putMany(bench, 'orders', 'main');
    expect((await stateOf(branch)).orders).toEqual(marked('old', 'branch'));
    expect((await stateOf(bench)).orders).toEqual(marked('old', 'main'));
  });

  test('is not made where something is, and not by an engine in memory', async () => {
    const other = new MemoryFiles();
    const bench = await branching(other);
    await other.makeFolder('mine');
    const taken = await rejection(
      bench.controls.branchSnapshot({ name: 'before', folder: '/branches/mine' }),
    );
    expect(taken.message).toBe('/branches/mine is there already.');
    const memory = await benchWithSnapshot();
    const error = await rejection(
      memory.controls.branchSnapshot({ name: 'before', folder: '/branches/mine' }),
    );
    expect(error.name).toBe('InvalidArgumentException');
  });

  test('killed on the way is not there under its name', async () => {
    const other = new FaultyFiles();
    const bench = await branching(other);
    await bench.controls.branchSnapshot({ name: 'before', folder: '/branches/mine' });
    const last = other.operations.findIndex(({ kind }) => kind === 'rename');
    for (let count = 0; count <= last; count++) {
      const paths = other.afterKill(count).paths.filter((path) => path.startsWith('mine/'));
      expect(paths).toEqual([]);
    }
    expect(last).toBeGreaterThan(10);
  });
});

async function branching(other: MemoryFiles): Promise<ControlledBench> {
  const branchTarget = (folder: string) => ({ files: other, name: folder.split('/').at(-1)! });
  const bench = await ControlledBench.open({ settings, branchTarget });
  await bench.streams('orders', 'clicks', 'empty');
  await putMany(bench, 'orders', 'old');
  await bench.put('clicks', 'old');
  await bench.controls.takeSnapshot('before');
  return bench;
}

/** A folder of a file system as one of its own. */
function below(files: MemoryFiles, folder: string): MemoryFiles {
  const inner = new MemoryFiles();
  for (const path of files.paths) {
    if (path.startsWith(`${folder}/`)) {
      void inner.replace(path.slice(folder.length + 1), files.raw(path).slice());
    }
  }
  return inner;
}

const isBefore = (state: State): boolean => state.streams.includes('clicks');

async function reopened(files: MemoryFiles): Promise<State> {
  const bench = await ControlledBench.open({ files, clock: new TestClock(), settings });
  const state = await stateOf(bench);
  const leftovers = files.paths.filter((path) => /^restore(\/|\.json$)/.test(path));
  expect(leftovers).toEqual([]);
  expect(files.paths.includes(clockPath)).toBe(isBefore(state));
  await bench.controlled.close();
  return state;
}
