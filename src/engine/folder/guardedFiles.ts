/**
 * The file system of a folder that we hold: nothing is written once the lock is another's. Log, catalog
 * and port file all write through it; it is the only place that asks.
 */
import type { Files, OpenFile } from '../log/files.ts';

/** What is asked of the lock. */
export interface WriteGuard {
  /** True while writing needs no look at the lock. */
  readonly isFresh: boolean;
  /** Rejects when the folder is not ours any more. */
  assertOurs(): Promise<void>;
}

/** `files` whose every change first asks `guard`; reading does not. */
export function guardedFiles(files: Files, guard: WriteGuard): Files {
  const when = <T>(change: () => Promise<T>): Promise<T> =>
    guard.isFresh ? change() : guard.assertOurs().then(change);
  return {
    open: async (path, mode) => {
      if (mode === 'read') return files.open(path, mode);
      return guardedFile(await when(() => files.open(path, mode)), when);
    },
    stat: (path) => files.stat(path),
    list: (path) => files.list(path),
    readAll: (path) => files.readAll(path),
    replace: (path, bytes) => when(() => files.replace(path, bytes)),
    createExclusive: (path, bytes) => when(() => files.createExclusive(path, bytes)),
    rename: (from, to) => when(() => files.rename(from, to)),
    remove: (path) => when(() => files.remove(path)),
    removeFolder: (path) => when(() => files.removeFolder(path)),
    makeFolder: (path) => when(() => files.makeFolder(path)),
    syncFolder: (path) => files.syncFolder(path),
    freeBytes: (path) => files.freeBytes(path),
  };
}

function guardedFile(file: OpenFile, when: <T>(change: () => Promise<T>) => Promise<T>): OpenFile {
  return {
    write: (chunks, position) => when(() => file.write(chunks, position)),
    truncate: (size) => when(() => file.truncate(size)),
    read: (target, position) => file.read(target, position),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}
