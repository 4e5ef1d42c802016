// Folders of a run: on a disk, and gone with the run, however it ends.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const made = new Set<string>();

/** A new folder on a disk, not in memory, for `synced` to mean something. */
export function newFolder(name: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), `shardscope-bench-${name}-`));
  made.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  made.delete(folder);
}

/** For the way out after a failure. */
export function removeFolders(): void {
  for (const folder of made) removeFolder(folder);
}
