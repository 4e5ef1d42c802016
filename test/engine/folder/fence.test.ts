// A holder that was stopped inside a write and goes on after another took over: nothing of it is seen.
import { expect, test } from 'vitest';
import { nullLogger } from '../../../src/base/logger.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { acquireLock, type LockPorts } from '../../../src/engine/folder/acquireLock.ts';
import { fencedFiles } from '../../../src/engine/folder/fencedFiles.ts';
import type { FolderLock } from '../../../src/engine/folder/folderLock.ts';
import { guardedFiles } from '../../../src/engine/folder/guardedFiles.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { HeldFiles } from '../../support/heldFiles.ts';
import type { Operation } from '../../support/memoryFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { settle, TestClock } from '../../support/testClock.ts';
import { bytesOf, rejection } from '../support/testEngine.ts';

/** One process after another on one disk; each has a clock of its own. */
interface Holder {
  readonly clock: TestClock;
  readonly lock: FolderLock;
  readonly engine: Engine;
}

async function holder(
  disk: HeldFiles,
  { pid, isGone = false }: { pid: number; isGone?: boolean },
): Promise<Holder> {
  const clock = new TestClock();
  const ports: LockPorts = {
    files: disk,
    clock,
    random: seededRandom(pid),
    logger: nullLogger,
    identity: { pid, bootId: '', pidSpace: '', version: '0.1.0' },
    probe: () => Promise.resolve(false),
    isGone: () => isGone,
  };
  const acquiring = acquireLock(ports);
  let lock: FolderLock | undefined;
  void acquiring.then((taken) => {
    lock = taken;
  });
  while (!lock) await clock.advance(100);
  const own = lock.mustFence ? fencedFiles(disk) : disk;
  const engine = await Engine.open({
    files: guardedFiles(own, lock),
    clock,
    random: seededRandom(pid),
    logger: nullLogger,
    crc32: nodeCrc32,
  });
  return { clock, lock, engine };
}

const put = (engine: Engine, data: string) =>
  engine.putRecord({ StreamName: 'orders', PartitionKey: 'k', Data: bytesOf(data) });

async function texts(engine: Engine): Promise<string[]> {
  const from = { StreamName: 'orders', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await engine.getShardIterator(from);
  const { Records } = await engine.getRecords({ ShardIterator: ShardIterator! });
  return Records.map(({ Data }) => new TextDecoder().decode(Data));
}

/** A holder with one record stored, stopped within the next change that `isMet`. */
async function stoppedHolder(disk: HeldFiles, isMet: (operation: Operation) => boolean) {
  const first = await holder(disk, { pid: 1 });
  await first.engine.createStream({ StreamName: 'orders', ShardCount: 1 });
  await first.clock.advance(100);
  await put(first.engine, 'before');
  return { first, goOn: disk.holdNext(isMet) };
}

test('a write that was under way reaches no file of the next holder, and is not acknowledged', async () => {
  const disk = new HeldFiles();
  const { first, goOn } = await stoppedHolder(disk, ({ kind }) => kind === 'write');
  const late = rejection(put(first.engine, 'late'));
  await settle();

  const second = await holder(disk, { pid: 2 });
  expect(second.lock.mustFence).toBe(true);
  await put(second.engine, 'after');
  first.clock.setWall(first.clock.now() + 60_000); // it wakes
  goOn();
  expect(await late).toMatchObject({ name: 'InternalFailure' });
  await put(second.engine, 'last');
  expect(await texts(second.engine)).toEqual(['before', 'after', 'last']);
  await second.engine.close();
  await second.lock.release();
  const third = await holder(disk, { pid: 3 });
  expect(third.lock.mustFence).toBe(false);
  expect(await texts(third.engine)).toEqual(['before', 'after', 'last']);
  expect(third.engine.damaged()).toEqual([]);
});

test('a change of the catalog that was under way is not seen by the next holder', async () => {
  const disk = new HeldFiles();
  const { first, goOn } = await stoppedHolder(disk, ({ kind }) => kind === 'write');
  const late = rejection(first.engine.createStream({ StreamName: 'late', ShardCount: 1 }));
  await settle();

  const second = await holder(disk, { pid: 2 });
  await second.engine.createStream({ StreamName: 'mine', ShardCount: 1 });
  await second.clock.advance(100);
  first.clock.setWall(first.clock.now() + 60_000);
  goOn();
  expect(await late).toMatchObject({ name: 'InternalFailure' });
  await second.engine.createStream({ StreamName: 'more', ShardCount: 1 });
  await second.clock.advance(100);
  await second.engine.close();
  await second.lock.release();
  const { engine } = await holder(disk, { pid: 3 });
  expect((await engine.listStreams({})).StreamNames).toEqual(['mine', 'more', 'orders']);
});

test('a file that was being replaced does not take its name any more', async () => {
  const disk = new HeldFiles();
  const { first, goOn } = await stoppedHolder(disk, ({ kind }) => kind === 'sync');
  const files = guardedFiles(disk, first.lock);
  const late = rejection(files.replace('port', bytesOf('1')));
  await settle();
  const second = await holder(disk, { pid: 2 });
  await guardedFiles(disk, second.lock).replace('port', bytesOf('2'));
  first.clock.setWall(first.clock.now() + 60_000);
  goOn();
  expect(await late).toMatchObject({ code: 'LOCKED' });
  expect(await disk.readAll('port')).toEqual(bytesOf('2'));
});

test('nothing is copied when the last holder is certainly dead', async () => {
  const disk = new HeldFiles();
  const { first } = await stoppedHolder(disk, () => false);
  const second = await holder(disk, { pid: 2, isGone: true });
  expect([first.lock.mustFence, second.lock.mustFence]).toEqual([false, false]);
  await second.engine.close();
});
