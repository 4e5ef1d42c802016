// An engine that ends anywhere in an import: its next start finds nothing of a stream, or all of it.
import { expect, test } from 'vitest';
import { ControlledBench, rejection } from '../engine/support/controlledBench.ts';
import { FaultyFiles } from '../support/faultyFiles.ts';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';
import { expected, fixture, importInto, recordsOf } from './support/importing.ts';

const file = fixture('kinesis-data.json');

/** Opens what is left and lets what is pending happen. */
async function restarted(files: MemoryFiles): Promise<ControlledBench> {
  const bench = await ControlledBench.open({ files, clock: new TestClock(expected.endedMs) });
  await bench.clock.advance(1_000);
  await bench.controlled.engine.settled();
  return bench;
}

/** Resolves to whether the import is there; it must be so as a whole. */
async function allOrNothing(files: MemoryFiles, place: string): Promise<boolean> {
  const bench = await restarted(files);
  const names = await bench.streamNames();
  expect(names, place).toContain('before');
  expect(await bench.read('before'), place).toEqual(['kept']);
  const isThere = names.includes('orders');
  expect(names.includes('clicks'), place).toBe(isThere);
  if (isThere) expect(await recordsOf(bench, 'orders'), place).toEqual(expected.orders.records);
  const folders = await bench.files.list('streams');
  expect(folders.length, place).toBe(isThere ? 2 : 1);
  if (!isThere) await importInto(bench, file);
  await bench.controlled.close();
  return isThere;
}

/** Puts wait for no disk here: that all is there in time is the import's own to see to. */
async function importedOn(files: FaultyFiles): Promise<number> {
  const clock = new TestClock(expected.endedMs);
  const bench = await ControlledBench.open({ files, clock });
  await bench.streams('before');
  await bench.put('before', 'kept');
  await bench.controlled.engine.quiet();
  const from = files.operations.length;
  await importInto(bench, file);
  return from;
}

test('a kill after each change of the disk', async () => {
  const files = new FaultyFiles();
  const from = await importedOn(files);
  const found: boolean[] = [];
  for (let count = from; count <= files.operations.length; count++) {
    found.push(await allOrNothing(files.afterKill(count), `kill after ${count}`));
    const half = files.afterKill(count, 20);
    await allOrNothing(half, `kill after ${count} and 20 bytes`);
  }
  expect(found.length).toBeGreaterThan(8);
  expect([found[0], found.at(-1)]).toEqual([false, true]);
  expect(found).toEqual([...found].sort());
});

test('a kill anywhere in the last write: a file of two streams is there as a whole, or not at all', async () => {
  const files = new FaultyFiles();
  const from = await importedOn(files);
  const last = files.operations.findLastIndex(({ kind }) => kind === 'write');
  expect(last).toBeGreaterThan(from);
  for (let bytes = 0; bytes < 6_000; bytes += 50) {
    await allOrNothing(files.afterKill(last, bytes), `${bytes} bytes`);
  }
});

test.each([1, 2, 3])('a power cut after each change of the disk (seed %i)', async (seed) => {
  const files = new FaultyFiles();
  const from = await importedOn(files);
  const random = seededRandom(seed);
  const found = new Set<boolean>();
  for (let count = from; count <= files.operations.length; count++) {
    found.add(await allOrNothing(files.afterPowerCut(count, random), `cut after ${count}`));
  }
  expect(await allOrNothing(files.afterPowerCut(files.operations.length, random), 'end')).toBe(
    true,
  );
  expect(found.has(false)).toBe(true);
});

test('a full disk refuses the import wherever it is met, and nothing is left', async () => {
  const probe = new FaultyFiles();
  const from = await importedOn(probe);
  const writes = probe.operations.slice(from).filter(({ kind }) => kind === 'write').length;
  expect(writes).toBeGreaterThan(3);
  for (let failing = 0; failing < writes; failing++) {
    const files = new FaultyFiles();
    const clock = new TestClock(expected.endedMs);
    const bench = await ControlledBench.open({ files, clock, settings: { durability: 'synced' } });
    await bench.streams('before');
    await bench.put('before', 'kept');
    let seen = 0;
    files.faultFor = ({ kind }) => {
      if (kind !== 'write' || seen++ !== failing) return undefined;
      return { code: 'ENOSPC' };
    };
    const outcome = await importInto(bench, file).then(
      () => 'imported',
      (error: Error) => error.name,
    );
    // Room that is written ahead is not needed.
    expect(['imported', 'LimitExceededException'], `write ${failing}`).toContain(outcome);
    const isThere = outcome === 'imported';
    expect((await bench.streamNames()).includes('orders'), `write ${failing}`).toBe(isThere);
    expect(await bench.files.list('streams'), `write ${failing}`).toHaveLength(isThere ? 2 : 1);
    if (!isThere) await importInto(bench, file);
    expect(await recordsOf(bench, 'orders')).toEqual(expected.orders.records);
    await bench.controlled.close();
  }
});

test('a disk that stays full refuses the import; what is left goes when there is room', async () => {
  const files = new FaultyFiles();
  const clock = new TestClock(expected.endedMs);
  const bench = await ControlledBench.open({ files, clock });
  let seen = 0;
  files.faultFor = ({ kind }) => (kind === 'write' && seen++ >= 3 ? { code: 'ENOSPC' } : undefined);
  const refusal = await rejection(importInto(bench, file));
  expect(refusal.name).toBe('LimitExceededException');
  expect(await bench.streamNames()).not.toEqual([]);
  files.faultFor = undefined;
  await clock.advance(2_000);
  await bench.controlled.engine.settled();
  expect(await bench.streamNames()).toEqual([]);
  await importInto(bench, file);
  expect(await recordsOf(bench, 'orders')).toEqual(expected.orders.records);
});

test('a folder at its size limit refuses the import, and nothing is left', async () => {
  const clock = new TestClock(expected.endedMs);
  const bench = await ControlledBench.open({ clock, settings: { folderBytesMax: 8_000 } });
  const refusal = await rejection(importInto(bench, file));
  expect([refusal.name, refusal.message]).toEqual([
    'LimitExceededException',
    expect.stringContaining('The local data folder is full'),
  ]);
  expect(await bench.streamNames()).toEqual([]);
});
