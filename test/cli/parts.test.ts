// The parts of the engine process, one by one: port, log file, idleness, who is dead.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenOnChosenPort, type PortChoice } from '../../src/cli/choosePort.ts';
import { BoundedFile, engineLogBytesMax, lineLogger } from '../../src/cli/engineLog.ts';
import { ownerLookMs, watchIdle, watchOwner } from '../../src/cli/lifeWatch.ts';
import { isCertainlyGone, ownIdentity } from '../../src/cli/processIdentity.ts';
import { MemoryFiles } from '../../src/engine/folder/memoryFiles.ts';
import { isAlive } from '../../src/process/alive.ts';
import type { RunningServer } from '../../src/server/server.ts';
import { settle, TestClock } from '../support/testClock.ts';

describe('listenOnChosenPort()', () => {
  interface Bench {
    readonly clock: TestClock;
    readonly files: MemoryFiles;
    readonly taken: Set<number>;
    readonly tried: number[];
    choose(wanted: number | undefined, mayMove?: boolean): Promise<RunningServer>;
  }

  function bench(): Bench {
    const [clock, files] = [new TestClock(), new MemoryFiles()];
    const taken = new Set<number>();
    const tried: number[] = [];
    const listen: PortChoice['listen'] = async (port) => {
      tried.push(port);
      if (taken.has(port)) throw Object.assign(new Error('taken'), { code: 'EADDRINUSE' });
      return { port: port || 50_000 } as RunningServer;
    };
    const choose = (wanted: number | undefined, mayMove = false) =>
      listenOnChosenPort({ files, clock, wanted, mayMove, listen });
    return { clock, files, taken, tried, choose };
  }

  test('takes 4567 first, and keeps what it got', async () => {
    const made = bench();
    expect((await made.choose(undefined)).port).toBe(4567);
    expect((await made.choose(4000)).port).toBe(4000);
    expect((await made.choose(undefined)).port).toBe(4000);
  });

  test('any free port is kept too, and the kept one comes first', async () => {
    const made = bench();
    expect((await made.choose(0)).port).toBe(50_000);
    expect((await made.choose(0)).port).toBe(50_000);
    expect(made.tried).toEqual([0, 50_000]);
    made.taken.add(50_000);
    await made.choose(0);
    expect(made.tried).toEqual([0, 50_000, 50_000, 0]);
  });

  test('refuses at once when another port was wished for and is taken', async () => {
    const made = bench();
    made.taken.add(4000);
    const refusal = expect(made.choose(4000)).rejects;
    await refusal.toMatchObject({ code: 'PORT_TAKEN', exitCode: 4 });
    expect(made.tried).toEqual([4000]);
  });

  test('waits five seconds for the port of the folder', async () => {
    const made = bench();
    await made.choose(4000);
    made.taken.add(4000);
    made.clock.schedule(3_000, () => made.taken.delete(4000));
    const server = made.choose(undefined);
    await made.clock.advance(3_200);
    expect((await server).port).toBe(4000);
    made.taken.add(4000);
    const refusal = expect(made.choose(undefined)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    await made.clock.advance(5_200);
    await refusal;
  });

  test('moves from a taken 4567 when it may, and only without a port of its own', async () => {
    const made = bench();
    made.taken.add(4567);
    await expect(made.choose(undefined)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    expect((await made.choose(undefined, true)).port).toBe(50_000);
    made.taken.add(50_000);
    const refusal = expect(made.choose(undefined, true)).rejects.toThrow('Port 50000 is taken');
    await made.clock.advance(5_200);
    await refusal;
  });
});

describe('engine.log', () => {
  test('never holds more than two files of 1 MiB', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'shardscope-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = new BoundedFile(folder);
    const line = `${'x'.repeat(1023)}\n`;
    for (let i = 0; i < 3000; i++) file.write(line);
    file.write('last\n');
    file.close();
    const names = ['engine.log', 'engine.log.1'].map((name) => path.join(folder, name));
    for (const name of names) expect(statSync(name).size).toBeLessThanOrEqual(engineLogBytesMax);
    expect(readFileSync(names[0]!, 'utf8').endsWith('last\n')).toBe(true);
    expect(statSync(names[0]!).mode & 0o777).toBe(0o600);
  });

  test('a folder that cannot be written ends nothing', () => {
    const file = new BoundedFile('/nowhere/at/all');
    file.write('line\n');
    file.close();
  });

  test('lineLogger() says its level and above, each message as one entry', () => {
    const lines: string[] = [];
    const logger = lineLogger('warn', (line) => lines.push(line));
    logger.debug('a');
    logger.info('b');
    logger.warn('c\nd');
    logger.error('e');
    expect(lines.map((line) => line.slice(25))).toEqual(['warn  c\n  d\n', 'error e\n']);
  });
});

describe('life', () => {
  test('watchIdle() ends once nothing has happened for the limit', async () => {
    const clock = new TestClock();
    let idleSinceMs: number | undefined = 0;
    let ended = 0;
    const onIdle = () => ended++;
    watchIdle({ clock, limitMs: 1000, idleSinceMs: () => idleSinceMs, onIdle });
    await clock.advance(900);
    idleSinceMs = 900; // a call
    await clock.advance(900);
    idleSinceMs = undefined; // a window
    await clock.advance(5000);
    expect(ended).toBe(0);
    idleSinceMs = clock.monotonic();
    await clock.advance(2000);
    expect(ended).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  test('watchOwner() ends once the owner is gone, unless disposed', async () => {
    const clock = new TestClock();
    let alive = true;
    let ended = 0;
    const watch = () => watchOwner({ clock, isAlive: () => alive, onGone: () => ended++ });
    watch();
    const given = watch();
    await clock.advance(3 * ownerLookMs);
    given.dispose();
    alive = false;
    await clock.advance(ownerLookMs);
    expect([ended, clock.pendingTimers]).toEqual([1, 0]);
  });

  test('isCertainlyGone() trusts a process number only of the same boot and container', async () => {
    const own = { pid: 1, bootId: 'boot', pidSpace: 'pid:[1]', version: '' };
    const holder = { ...own, pid: 2 ** 30, format: 1, nonce: '', endpoint: '', heartbeat: 0 };
    expect(isCertainlyGone(holder, own)).toBe(true);
    expect(isCertainlyGone({ ...holder, pid: process.pid }, own)).toBe(false);
    if (process.platform === 'linux') {
      // A shell that has replaced itself never collects its child, which stays a zombie.
      const script = 'cat <&3 & echo $!; exec cat 3<&-';
      const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
      onTestFinished(() => void parent.kill());
      const [input, output] = [parent.stdin!, parent.stdout!];
      const [line] = (await once(output, 'data')) as [Buffer];
      const pid = Number(line.toString());
      input.write('replaced');
      await once(output, 'data');
      (parent.stdio[3] as Writable).end(); // what the child waits for
      while (!isCertainlyGone({ ...holder, pid }, own)) await settle();
      expect(() => process.kill(pid, 0)).not.toThrow(); // its number is still taken
      expect(isAlive(pid)).toBe(false);
    }
    expect(isCertainlyGone({ ...holder, bootId: 'other' }, own)).toBe(false);
    expect(isCertainlyGone({ ...holder, pidSpace: 'pid:[2]' }, own)).toBe(false);
    const unknown = { bootId: '', pidSpace: '' };
    expect(isCertainlyGone({ ...holder, ...unknown }, { ...own, ...unknown })).toBe(false);
    expect(ownIdentity('1').pid).toBe(process.pid);
  });
});
