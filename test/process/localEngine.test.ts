// The life of the engine as windows see it, against the built engine: shared, mended, replaced.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EngineStatus } from '../../src/admin/adminApi.ts';
import type { Clock } from '../../src/base/clock.ts';
import { nullLogger } from '../../src/base/logger.ts';
import { postAdmin } from '../../src/extension/engine/engineConnection.ts';
import { readLock } from '../../src/extension/engine/engineLock.ts';
import { type EngineState, LocalEngine } from '../../src/extension/engine/localEngine.ts';
import { systemClock } from '../../src/extension/systemClock.ts';

const version = process.env.SHARDSCOPE_VERSION ?? '';
const engineScript = path.resolve('dist/engine.cjs');
const waits = { timeout: 60_000, interval: 25 };

describe('LocalEngine', () => {
  let dir = '';
  let port = 0;
  let windows: LocalEngine[] = [];

  beforeEach(async () => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'shardscope-window-'));
    port = await freePort();
    windows = [];
  });

  afterEach(async () => {
    for (const window of windows) window.dispose();
    const lock = await readLock(path.join(dir, 'data'));
    if (lock) await postAdmin(lock, { route: 'stop' }).catch(() => undefined);
    await vi.waitUntil(async () => !(await readLock(path.join(dir, 'data'))), waits);
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  interface WindowOptions {
    version?: string;
    seeds?: { name: string; shards: number }[];
    clock?: Clock;
    script?: string;
  }

  function window(over: WindowOptions = {}) {
    const opened = new LocalEngine({
      options: () => ({
        folder: path.join(dir, 'data'),
        port,
        durability: 'written',
        limits: 'warn',
        sizeLimit: '1 GiB',
        whenFull: 'refuse',
        stateDelays: 'short',
        scalingPolicy: 'splitAndMerge',
        namespaces: 'one',
        auth: 'any',
        idleExitSeconds: 60,
      }),
      seeds: () => over.seeds ?? [],
      program: { script: over.script ?? engineScript, logFile: path.join(dir, 'engine.log') },
      version: over.version ?? version,
      logger: nullLogger,
      clock: over.clock ?? systemClock,
    });
    windows.push(opened);
    return opened;
  }

  const pidOf = ({ state }: LocalEngine): number | undefined =>
    state.type === 'running' ? state.status.pid : undefined;

  test('starts one engine for two windows that start at once', async () => {
    const [first, second] = [window(), window()];
    const [one, other] = await Promise.all([first.start(), second.start()]);
    expect(one.pid).toBe(other.pid);
    expect(one.endpoint).toBe(`http://127.0.0.1:${port}`);
    await vi.waitUntil(() => windowCount(first) === 2, waits);
  });

  test('finds a running engine without starting one', async () => {
    const idle = window();
    await idle.probe();
    expect(idle.state).toEqual({ type: 'stopped' });
    const { pid } = await window().start();
    await idle.probe();
    expect(pidOf(idle)).toBe(pid);
  });

  test('outlives its windows and is found again', async () => {
    const first = window();
    const { pid } = await first.start();
    first.dispose();
    expect((await window().start()).pid).toBe(pid);
  });

  test('creates the streams that the workspace declares', async () => {
    const { streamCount } = await window({ seeds: [{ name: 'orders', shards: 2 }] }).start();
    const again = window();
    expect((await again.start()).streamCount).toBe(1);
    expect(streamCount).toBeLessThanOrEqual(1);
  });

  test('comes back in every window after it was killed', async () => {
    const [first, second] = [window(), window()];
    const { pid } = await first.start();
    await second.start();
    const seen: EngineState[] = [];
    first.onState((state) => seen.push(state));
    process.kill(pid, 'SIGKILL');
    const isBack = (each: LocalEngine): boolean => (pidOf(each) ?? pid) !== pid;
    await vi.waitUntil(() => isBack(first) && isBack(second), waits);
    expect(pidOf(first)).toBe(pidOf(second));
    expect(seen.some((state) => state.type === 'starting' && state.reason)).toBe(true);
  });

  test('stays stopped in all windows when one of them stops it', async () => {
    const [first, second] = [window(), window()];
    await first.start();
    await second.start();
    await first.stop();
    await vi.waitUntil(() => second.state.type === 'stopped', waits);
    expect(second.state).toMatchObject({ reason: expect.stringContaining('outside this window') });
    expect(first.state).toEqual({ type: 'stopped' });
  });

  test('comes back where the lock was just taken by who starts it', async () => {
    const first = window();
    const { pid } = await first.start();
    const lock = path.join(dir, 'data', 'lock');
    let taken = false;
    first.onState(({ type }) => {
      if (type === 'starting' && !taken) rewrite(lock, { endpoint: '' });
      taken ||= type === 'starting';
    });
    process.kill(pid, 'SIGKILL');
    await vi.waitUntil(() => (pidOf(first) ?? pid) !== pid, waits);
    expect(taken).toBe(true);
  });

  test('waits for the engine that another window starts, however long that takes', async () => {
    const { pid } = await window().start();
    const lock = path.join(dir, 'data', 'lock');
    const started = readFileSync(lock, 'utf8');
    let second: Promise<EngineStatus> | undefined;
    const [script, starts] = [path.join(dir, 'locked.cjs'), path.join(dir, 'starts')];
    writeFileSync(
      script,
      `require('node:fs').appendFileSync(${JSON.stringify(starts)}, 'x');
       process.send({ failed: true, code: 'LOCKED', message: 'It is starting.' });`,
    );
    const hasty = hastyClock();
    process.kill(pid, 'SIGSTOP'); // or it says again where it answers
    try {
      rewrite(lock, { endpoint: '' });
      second = window({ clock: hasty, script }).start();
      await vi.waitUntil(() => hasty.waits > 50, waits);
      writeFileSync(lock, started);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect((await second)?.pid).toBe(pid);
    expect(readFileSync(starts, 'utf8')).toBe('x');
  });

  test('does not bring back one that takes its time to stop', async () => {
    const hasty = hastyClock();
    const looking = window({ clock: hasty });
    const { pid } = await looking.start();
    const lock = path.join(dir, 'data', 'lock');
    const seen: EngineState['type'][] = [];
    looking.onState(({ type }) => {
      seen.push(type);
      if (type === 'starting') rewrite(lock, { pid: process.pid }); // silent, and alive
    });
    const before = hasty.waits;
    process.kill(pid, 'SIGKILL');
    await vi.waitUntil(() => hasty.waits > before + 5, waits);
    rmSync(lock);
    await vi.waitUntil(() => looking.state.type === 'stopped', waits);
    expect(seen).toEqual(['starting', 'stopped']);
  });

  test('replaces an older engine that nobody uses, and shares one that is used', async () => {
    const first = window();
    const { pid } = await first.start();
    expect((await window({ version: '99.0.0' }).start()).pid).toBe(pid);
    for (const each of windows) each.dispose();
    const next = window({ version: '99.0.0' });
    await vi.waitUntil(async () => (await windowsOf(dir)) === 0, waits);
    expect((await next.start()).pid).not.toBe(pid);
  });

  test('says who has the port, and which setting chooses another', async () => {
    const server = createServer().listen(port, '127.0.0.1');
    await vi.waitUntil(() => server.listening, waits);
    const failed = window();
    await expect(failed.start()).rejects.toThrow(
      new RegExp(`Port ${port} is taken by .*shardscope\\.local\\.port`),
    );
    expect(failed.state.type).toBe('failed');
    server.close();
    expect((await failed.start()).endpoint).toContain(String(port));
  });
});

/** Waits for no time, and counts how often. */
function hastyClock(): Clock & { waits: number } {
  return {
    ...systemClock,
    waits: 0,
    schedule(_delayMs, task) {
      this.waits++;
      return systemClock.schedule(0, task);
    },
  };
}

/** Has a lock say something else. */
function rewrite(lock: string, change: { pid: number } | { endpoint: string }): void {
  const held = JSON.parse(readFileSync(lock, 'utf8')) as object;
  writeFileSync(lock, JSON.stringify({ ...held, ...change }));
}

const windowCount = ({ state }: LocalEngine): number =>
  state.type === 'running' ? state.status.windowCount : 0;

async function windowsOf(dir: string): Promise<number> {
  const lock = await readLock(path.join(dir, 'data'));
  if (!lock) return -1;
  return (await postAdmin<{ windowCount: number }>(lock, { route: 'status' })).windowCount;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
