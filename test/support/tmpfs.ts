/** A small disk of its own for one test: a tmpfs, which needs the right to mount. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { messageOf } from '../../src/base/errors.ts';

/**
 * An empty disk with room for `sizeKib`; gone after the test. Throws a sentence on what is missing where
 * nothing may be mounted: a full disk that is only pretended would show nothing.
 */
export function smallDisk(sizeKib: number): string {
  const root = mkdtempSync(path.join(tmpdir(), 'shardscope-disk-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = path.join(root, 'disk');
  mkdirSync(folder);
  try {
    const options = `size=${sizeKib}k,mode=0700`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(
      'This test needs a small disk: Linux, and the right to mount a tmpfs (root, or a container with ' +
        `CAP_SYS_ADMIN). ${messageOf(error)}`,
    );
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

/** What the disk of `folder` has left, in bytes. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Somebody else's file that leaves `left` bytes of the disk; its path. */
export function fillDisk(folder: string, left: number): string {
  const file = path.join(folder, 'filler');
  writeFileSync(file, new Uint8Array(freeBytes(folder) - left));
  return file;
}
