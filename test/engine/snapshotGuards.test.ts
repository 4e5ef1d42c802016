// What snapshots, restores and branches must leave alone: folders that are not theirs, a restore that was
// decided and waits for the next start, and changes that are still being written.
import { describe, expect, test } from 'vitest';
import { FaultyFiles, failNext } from '../support/faultyFiles.ts';
import { HeldFiles } from '../support/heldFiles.ts';
import { MemoryFiles } from '../support/memoryFiles.ts';
import { settle } from '../support/testClock.ts';
import { type BenchOptions, ControlledBench, rejection } from './support/controlledBench.ts';

const bytes = new TextEncoder().encode('somebody else wrote this');

async function benchWithSnapshot(options: BenchOptions = {}): Promise<ControlledBench> {
  const bench = await ControlledBench.open(options);
  await bench.streams('orders');
  await bench.put('orders', 'old');
  await bench.controls.takeSnapshot('before');
  await bench.put('orders', 'new');
  return bench;
}

describe('a branch', () => {
  const branching = (other: MemoryFiles) =>
    benchWithSnapshot({
      branchTarget: (folder) => ({ files: other, name: folder.split('/').at(-1)! }),
    });
  const branch = (bench: ControlledBench) =>
    bench.controls.branchSnapshot({ name: 'before', folder: '/branches/mine' });

  test('removes no folder that was there, whatever its name', async () => {
    const other = new MemoryFiles();
    const bench = await branching(other);
    await other.makeFolder('mine.new');
    await other.replace('mine.new/precious', bytes);
    const error = await rejection(branch(bench));
    expect([error.name, error.message]).toEqual([
      'InvalidArgumentException',
      expect.stringMatching(/^\/branches\/mine\.new is there already: .* Remove it/),
    ]);
    expect(other.raw('mine.new/precious')).toEqual(bytes);
    expect(other.paths).toEqual(['mine.new/precious']);
  });

  test('that fails takes away what it has begun, and can be made again', async () => {
    const other = new FaultyFiles();
    const bench = await branching(other);
    failNext(other, 'write', { code: 'ENOSPC' });
    await expect(branch(bench)).rejects.toThrow('ENOSPC');
    expect(other.paths).toEqual([]);
    await branch(bench);
    expect(other.paths.some((path) => path.startsWith('mine/catalog/'))).toBe(true);
  });
});

test('after a restore that failed half way neither a snapshot nor a restore touches what is there', async () => {
  const files = new FaultyFiles();
  const bench = await benchWithSnapshot({ files });
  await bench.controls.takeSnapshot('other');
  files.faultFor = (operation) =>
    operation.kind === 'rename' && operation.to.startsWith('streams/')
      ? { code: 'EIO' }
      : undefined;
  await expect(bench.controls.restoreSnapshot('before')).rejects.toThrow('EIO');
  files.faultFor = undefined;
  const paths = files.paths;
  for (const call of [
    bench.controls.takeSnapshot('half'),
    bench.controls.restoreSnapshot('other'),
    bench.controls.reset(),
  ]) {
    expect((await rejection(call)).message).toMatch(/could not be opened again: .* Restart it\.$/);
  }
  expect(files.paths).toEqual(paths);
  const next = await bench.reopen();
  expect(await next.read('orders')).toEqual(['old']);
});

test.each([
  ['its files cannot be copied', 'write', 'restore'],
  ['what was told cannot be kept', 'rename', 'keys'],
  ['it cannot be decided', 'rename', 'restore.json'],
  ['nobody knows whether it is decided', 'syncFolder', 'restore.json'],
])(
  'a restore that finds the disk full when %s changes nothing, also for the next start',
  async (_, kind, path) => {
    const files = new FaultyFiles();
    const bench = await benchWithSnapshot({ files });
    let isThere = false;
    files.faultFor = (operation) => {
      if (operation.kind === 'makeFolder') isThere ||= operation.path === path;
      if (operation.kind === 'rename') isThere ||= operation.to === path;
      if (operation.kind !== kind || !isThere) return undefined;
      files.faultFor = undefined;
      return { code: 'ENOSPC' };
    };
    const restored = bench.controls.restoreSnapshot('before');
    const error = await rejection(restored);
    expect([error.name, error.message]).toEqual([
      'LimitExceededException',
      expect.stringMatching(/^The disk has no room for the restore: /),
    ]);
    expect(files.faultFor).toBe(undefined);
    await bench.put('orders', 'newer');
    expect(await bench.read('orders')).toEqual(['new', 'newer', 'old']);
    const killed = await ControlledBench.open({ files: files.afterKill(files.operations.length) });
    expect(await killed.read('orders')).toEqual(['new', 'newer', 'old']);
    await bench.controls.restoreSnapshot('before');
    expect(await bench.read('orders')).toEqual(['old']);
  },
);

test('a snapshot waits for a change that the engine makes by itself', async () => {
  const files = new HeldFiles();
  const bench = await ControlledBench.open({ files });
  await bench.api.createStream({ StreamName: 'orders' });
  await bench.clock.advance(1000);
  const fill = () =>
    bench.api.putRecords({
      StreamName: 'orders',
      Records: Array.from({ length: 500 }, (_, i) => ({
        PartitionKey: `${i}`,
        Data: new Uint8Array(8000),
      })),
    });
  for (let second = 0; second < 59; second++) {
    await fill();
    await bench.clock.advance(1000);
  }
  await bench.clock.advance(60_000);
  // The first put after a busy minute has the stream scaled.
  const catalogFile = files.paths.find((path) => path.endsWith('.cat'))!;
  const size = files.raw(catalogFile).length;
  const letGo = files.holdNext(
    (operation) => operation.kind === 'write' && operation.position === size,
  );
  await fill();
  const start = files.operations.length;
  const taken = bench.controls.takeSnapshot('scaling');
  await settle();
  const early = files.operations.slice(start).filter(({ kind }) => kind !== 'sync');
  letGo();
  await taken;
  expect(early).toEqual([]);
  await bench.controls.restoreSnapshot('scaling');
  await bench.clock.advance(1000);
  const summary = await bench.api.describeStreamSummary({ StreamName: 'orders' });
  expect(summary.StreamDescriptionSummary.OpenShardCount).toBeGreaterThan(4);
});
