// `npm start` as a user has it on a machine without a desktop VS Code: the address it prints, what
// the window shows first, and that nothing of it stays, in whatever manner it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { chromiumOptions } from '../../tools/chromium.mjs';
import { outDir, root } from '../../tools/paths.mjs';

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/\?tkn=\S+(?=\n)/;
const ENDING = { timeout: 120_000, interval: 100 };

interface Started {
  child: ChildProcess;
  url: URL;
  /** In the environment of every process that belongs to this start. */
  stateDir: string;
}

/** The pids of Linux processes with this text in one of their files under /proc. */
function pidsWith(text: string, file: 'environ' | 'cmdline'): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && +name !== process.pid);
  const hasText = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(text);
    } catch {
      return false; // gone meanwhile
    }
  };
  return pids.filter(hasText).map(Number);
}

/** Starts; resolves when the address is printed. Whatever the test leaves is killed after it. */
async function start(command: string, args: string[]): Promise<Started> {
  mkdirSync(outDir, { recursive: true });
  const stateDir = mkdtempSync(path.join(outDir, 'start-test-'));
  const env = { ...process.env, SHARDSCOPE_START_DIR: stateDir };
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    for (const pid of pidsWith(stateDir, 'environ')) process.kill(pid, 'SIGKILL');
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  });
  const url = await new Promise<URL>((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      const address = ADDRESS.exec(printed);
      if (address) resolve(new URL(address[0]));
    });
    child.once('exit', (code) => reject(new Error(`npm start ended early (${code})`)));
  });
  return { child, url, stateDir };
}

async function waitUntilNothingIsLeft({ url, stateDir }: Started): Promise<void> {
  await vi.waitUntil(() => pidsWith(stateDir, 'environ').length === 0, ENDING);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
}

const statusOf = async (url: URL | string): Promise<number> =>
  (await fetch(url, { redirect: 'manual' })).status;

describe('npm start', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch(chromiumOptions());
  });
  afterAll(() => browser.close());

  test('opens on Shardscope behind a token; SIGTERM to npm ends all of it', async () => {
    const started = await start('npm', ['start', '--', '--web', '--no-build']);
    const token = started.url.searchParams.get('tkn') ?? '';
    expect(token).toMatch(/^[0-9a-f]{48}$/);
    expect(pidsWith(token, 'cmdline'), 'processes that show the token').toEqual([]);
    expect(await statusOf(started.url.origin)).toBe(403);
    expect(await statusOf(`${started.url.origin}/?tkn=wrong`)).toBe(403);

    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(120_000); // only what hangs is to be ended
    await page.goto(started.url.href);
    const title = page.locator('.sidebar .composite.title', { hasText: 'Kinesis' });
    await title.waitFor();
    await page.locator('.statusbar', { hasText: 'Restricted Mode' }).waitFor(); // trust is asked for
    mkdirSync(path.join(outDir, 'shots'), { recursive: true });
    await page.screenshot({ path: path.join(outDir, 'shots', 'start.png') });
    await page.close();

    started.child.kill('SIGTERM');
    await waitUntilNothingIsLeft(started);
  });

  test.each([
    ['itself', process.execPath, ['tools/start.mjs', '--web', '--no-build']],
    ['npm', 'npm', ['start', '--', '--web', '--no-build']],
  ])('SIGKILL of %s leaves nothing behind', async (_who, command, args) => {
    const started = await start(command, args);
    expect(pidsWith(started.stateDir, 'environ').length).toBeGreaterThan(1);
    started.child.kill('SIGKILL');
    await waitUntilNothingIsLeft(started);
  });
});
