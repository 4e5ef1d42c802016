/** A folder of its own for one test, removed when the test has ended. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Resolves to the absolute path of a new empty folder. Call it inside a test. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'shardscope-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}
