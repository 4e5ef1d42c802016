// Who holds a data folder: one holder at a time, through crashes, hangs and clocks that jump.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nullLogger } from '../../../src/base/logger.ts';
import {
  acquireLock,
  FolderHeld,
  type LockPorts,
  lockPath,
  watchMs,
} from '../../../src/engine/folder/acquireLock.ts';
import { beatMs, type FolderLock } from '../../../src/engine/folder/folderLock.ts';
import { guardedFiles } from '../../../src/engine/folder/guardedFiles.ts';
import { decodeLock, encodeLock, lockFileBytes } from '../../../src/engine/folder/lockRecord.ts';
import { MemoryFiles } from '../../../src/engine/folder/memoryFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { TestClock } from '../../support/testClock.ts';

interface Bench {
  readonly files: MemoryFiles;
  readonly clock: TestClock;
  /** Ports of one more process; its clock is the bench's unless given. */
  process(pid: number, parts?: Partial<LockPorts>): LockPorts;
}

function bench(): Bench {
  const files = new MemoryFiles();
  const clock = new TestClock();
  const process = (pid: number, parts: Partial<LockPorts> = {}): LockPorts => ({
    files,
    clock,
    random: seededRandom(pid),
    logger: nullLogger,
    identity: { pid, bootId: 'boot', pidSpace: 'pid:[1]', version: '0.1.0' },
    probe: () => Promise.resolve(false),
    isGone: () => false,
    ...parts,
  });
  return { files, clock, process };
}

/** How `taken` ends, while time passes. */
async function outcome<T>(clock: TestClock, taken: Promise<T>): Promise<T | Error> {
  let result: T | Error | undefined;
  taken.then(
    (value) => {
      result = value;
    },
    (error: Error) => {
      result = error;
    },
  );
  for (let step = 0; result === undefined && step < 200; step++) await clock.advance(100);
  if (result === undefined) throw new Error('it does not end');
  return result;
}

/** A holder whose clock stands still from now on: killed, or suspended. */
async function deadHolder(made: Bench): Promise<FolderLock> {
  const lock = await acquireLock(made.process(1, { clock: new TestClock() }));
  await lock.setEndpoint('http://127.0.0.1:4567');
  return lock;
}

const read = async (files: MemoryFiles) => decodeLock((await files.readAll(lockPath))!)!;

describe('acquireLock()', () => {
  test('takes a free folder and says who it is', async () => {
    const made = bench();
    const lock = await acquireLock(made.process(7));
    await lock.setEndpoint('http://127.0.0.1:4567');
    expect((await made.files.readAll(lockPath))?.length).toBe(lockFileBytes);
    expect(await read(made.files)).toEqual({
      format: 1,
      nonce: lock.nonce,
      pid: 7,
      bootId: 'boot',
      pidSpace: 'pid:[1]',
      version: '0.1.0',
      endpoint: 'http://127.0.0.1:4567',
      heartbeat: 0,
    });
    await made.clock.advance(3 * beatMs);
    expect((await read(made.files)).heartbeat).toBe(3);
    await lock.release();
    expect(await made.files.list('')).toEqual([]);
  });

  test('is refused at once when the endpoint proves the nonce', async () => {
    const made = bench();
    const held = await deadHolder(made); // its heartbeat stands still: the answer alone counts
    const probed: string[] = [];
    const probe: LockPorts['probe'] = async ({ endpoint, nonce }) => {
      probed.push(`${endpoint} ${nonce}`);
      return true;
    };
    const refusal = acquireLock(made.process(2, { probe }));
    await expect(refusal).rejects.toBeInstanceOf(FolderHeld);
    await expect(refusal).rejects.toMatchObject({
      code: 'LOCKED',
      holder: { pid: 1, endpoint: 'http://127.0.0.1:4567', nonce: held.nonce },
      message: expect.stringContaining('http://127.0.0.1:4567'),
    });
    expect(probed).toEqual([`http://127.0.0.1:4567 ${held.nonce}`]);
  });

  test('is refused when only the heartbeat moves', async () => {
    const made = bench();
    const lock = await acquireLock(made.process(1));
    await lock.setEndpoint('http://10.0.0.1:4567');
    expect(await outcome(made.clock, acquireLock(made.process(2)))).toBeInstanceOf(FolderHeld);
    expect(await lock.stillOurs()).toBe(true);
  });

  test('waits for the endpoint of a holder that is starting', async () => {
    const made = bench();
    const lock = await acquireLock(made.process(1));
    made.clock.schedule(2_500, () => void lock.setEndpoint('http://127.0.0.1:4000'));
    const refusal = await outcome(made.clock, acquireLock(made.process(2)));
    expect(refusal).toMatchObject({ holder: { endpoint: 'http://127.0.0.1:4000' } });
  });

  test('takes over a lock whose heartbeat stands still, not before the time is up', async () => {
    const made = bench();
    const dead = await deadHolder(made);
    const startMs = made.clock.monotonic();
    const lock = (await outcome(made.clock, acquireLock(made.process(2)))) as FolderLock;
    expect(made.clock.monotonic() - startMs).toBeGreaterThanOrEqual(watchMs);
    expect((await read(made.files)).nonce).toBe(lock.nonce);
    expect(await dead.stillOurs()).toBe(false);
    expect(await made.files.list('')).toEqual([lockPath]);
  });

  test('takes over at once when the process is known to be dead', async () => {
    const made = bench();
    await deadHolder(made);
    const lock = await acquireLock(made.process(2, { isGone: ({ pid }) => pid === 1 }));
    expect((await read(made.files)).nonce).toBe(lock.nonce);
  });

  test('takes over an unreadable lock after watching it', async () => {
    const made = bench();
    await made.files.replace(lockPath, new TextEncoder().encode('not json'));
    const lock = (await outcome(made.clock, acquireLock(made.process(2)))) as FolderLock;
    expect((await read(made.files)).nonce).toBe(lock.nonce);
  });

  test('refuses the lock of a newer format', async () => {
    const made = bench();
    await deadHolder(made);
    await made.files.replace(
      lockPath,
      encodeLock({ ...(await read(made.files)), format: 2, version: '9.0.0' }),
    );
    await expect(acquireLock(made.process(2))).rejects.toMatchObject({
      code: 'FORMAT',
      message: expect.stringContaining('9.0.0'),
    });
  });

  test('takes the folder when its holder leaves meanwhile', async () => {
    const made = bench();
    const first = await acquireLock(made.process(1));
    made.clock.schedule(700, () => void first.release());
    const lock = (await outcome(made.clock, acquireLock(made.process(2)))) as FolderLock;
    expect((await read(made.files)).nonce).toBe(lock.nonce);
  });

  test('goes on when the one who displaced a stale lock died in between', async () => {
    const made = bench();
    const dead = await deadHolder(made);
    await made.files.createExclusive(`lock.claim-${dead.nonce}-0`, new Uint8Array());
    const lock = (await outcome(made.clock, acquireLock(made.process(2)))) as FolderLock;
    expect((await read(made.files)).nonce).toBe(lock.nonce);
    expect(await made.files.list('')).toEqual([lockPath]);
  });

  test('one of many wins, whatever the order of their steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, isKnownDead) => {
        const made = bench();
        await deadHolder(made);
        const files = scheduled(made.files, scheduler);
        const isGone: LockPorts['isGone'] = ({ pid }) => isKnownDead && pid === 1;
        const ends: (FolderLock | Error)[] = [];
        for (const pid of [2, 3, 4, 5]) {
          acquireLock(made.process(pid, { files, isGone })).then(
            (lock) => ends.push(lock),
            (error: Error) => ends.push(error),
          );
        }
        while (ends.length < 4) {
          while (scheduler.count() > 0) await scheduler.waitOne();
          await made.clock.advance(50);
        }
        const holders = ends.filter((end): end is FolderLock => !(end instanceof Error));
        expect(ends.filter((end) => end instanceof Error && !(end instanceof FolderHeld))).toEqual(
          [],
        );
        expect(holders.map((lock) => lock.nonce)).toEqual([(await read(made.files)).nonce]);
      }),
      { numRuns: 20 },
    );
  });
});

/** Files whose calls of several processes run in an order that fast-check chooses. */
function scheduled(files: MemoryFiles, scheduler: fc.Scheduler): MemoryFiles {
  return new Proxy(files, {
    get: (target, name) => {
      const method = target[name as keyof MemoryFiles] as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        await scheduler.schedule(Promise.resolve(), String(name));
        return method.apply(target, given);
      };
    },
  });
}

describe('FolderLock', () => {
  test('a holder that slept through its end writes no more and says so', async () => {
    const made = bench();
    const sleeping = new TestClock();
    const lock = await acquireLock(made.process(1, { clock: sleeping }));
    const files = guardedFiles(made.files, lock);
    const file = await files.open('data', 'append');
    await file.write([new Uint8Array([1])], 0);
    let losses = 0;
    lock.onLost(() => losses++);
    await outcome(made.clock, acquireLock(made.process(2)));

    sleeping.setWall(sleeping.now() + 60_000); // it wakes: only the wall clock has moved
    await expect(file.write([new Uint8Array([2])], 1)).rejects.toMatchObject({ code: 'LOCKED' });
    await expect(files.replace('port', new Uint8Array())).rejects.toMatchObject({ code: 'LOCKED' });
    expect([await lock.stillOurs(), losses]).toEqual([false, 1]);
    expect(await made.files.readAll('data')).toEqual(new Uint8Array([1]));
    await lock.release();
    expect((await read(made.files)).pid).toBe(2);
  });

  test('its beat never reaches the lock of another', async () => {
    const made = bench();
    const sleeping = new TestClock();
    await acquireLock(made.process(1, { clock: sleeping }));
    await outcome(made.clock, acquireLock(made.process(2)));
    await sleeping.advance(10 * beatMs);
    expect((await read(made.files)).pid).toBe(2);
    expect(sleeping.pendingTimers).toBe(0);
  });

  test('writing looks at the lock once a second at most', async () => {
    const made = bench();
    const still = new TestClock();
    const lock = await acquireLock(made.process(1, { clock: still }));
    let looks = 0;
    const readAll = made.files.readAll.bind(made.files);
    made.files.readAll = (path) => {
      if (path === lockPath) looks++;
      return readAll(path);
    };
    const file = await guardedFiles(made.files, lock).open('data', 'append');
    for (let i = 0; i < 100; i++) await file.write([new Uint8Array(1)], i);
    expect(looks).toBe(0);
    still.setWall(still.now() + 5_000);
    for (let i = 0; i < 100; i++) await file.write([new Uint8Array(1)], i);
    expect(looks).toBe(1);
  });

  test('a lock file that is seen half written is looked at again', async () => {
    const made = bench();
    const lock = await acquireLock(made.process(1));
    const readAll = made.files.readAll.bind(made.files);
    made.files.readAll = async (path) => {
      made.files.readAll = readAll;
      return (await readAll(path))!.slice(0, 100);
    };
    expect(await lock.stillOurs()).toBe(true);
  });

  test('a lock file that was removed ends the holder', async () => {
    const made = bench();
    const lock = await acquireLock(made.process(1));
    await made.files.remove(lockPath);
    await made.clock.advance(beatMs);
    expect(lock.isLost).toBe(true);
    await expect(lock.assertOurs()).rejects.toMatchObject({ code: 'LOCKED' });
  });
});
