/**
 * The file system of a folder that we hold: nothing is written once the lock is another's, and nothing
 * counts as written that may have come too late. Log, catalog and port file all write through it; it is
 * the only place that asks.
 */
import type { Files, OpenFile } from '../log/files.ts';

/** What is asked of the lock. */
export interface WriteGuard {
  /** True while writing needs no look at the lock. */
  readonly isFresh: boolean;
  /** Rejects when the folder is not ours any more. */
  assertOurs(): Promise<void>;
}

/** Does a change between two looks at the lock; each is needed only when the last one is too old. */
type When = <T>(change: () => Promise<T>) => Promise<T>;

/** `files` whose every change asks `guard`, before and after; reading does not. */
export function guardedFiles(files: Files, guard: WriteGuard): Files {
  // A process may be stopped at any point: a change that took long may have reached another's folder.
  const check = <T>(result: T): T | Promise<T> =>
    guard.isFresh ? result : guard.assertOurs().then(() => result);
  const when: When = (change) =>
    (guard.isFresh ? change() : guard.assertOurs().then(change)).then(check);
  return {
    open: async (path, mode) => {
      if (mode === 'read') return files.open(path, mode);
      return guardedFile(await when(() => files.open(path, mode)), when);
    },
    stat: (path) => files.stat(path),
    list: (path) => files.list(path),
    readAll: (path) => files.readAll(path),
    replace: (path, bytes) => replaceInSteps(files, { when, path, bytes }),
    createExclusive: (path, bytes) => when(() => files.createExclusive(path, bytes)),
    rename: (from, to) => when(() => files.rename(from, to)),
    link: (from, to) => when(() => files.link(from, to)),
    remove: (path) => when(() => files.remove(path)),
    removeFolder: (path) => when(() => files.removeFolder(path)),
    makeFolder: (path) => when(() => files.makeFolder(path)),
    syncFolder: (path) => files.syncFolder(path),
    freeBytes: (path) => files.freeBytes(path),
  };
}

function guardedFile(file: OpenFile, when: When): OpenFile {
  return {
    write: (chunks, position) => when(() => file.write(chunks, position)),
    truncate: (size) => when(() => file.truncate(size)),
    read: (target, position) => file.read(target, position),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

/** Written aside and synced, which takes long; the lock is looked at again before the name is taken. */
async function replaceInSteps(
  files: Files,
  { when, path, bytes }: { when: When; path: string; bytes: Uint8Array },
): Promise<void> {
  const aside = `${path}.new`;
  await when(() => writeAside(files, { path: aside, bytes }));
  await when(() => files.rename(aside, path));
  await files.syncFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
}

async function writeAside(
  files: Files,
  { path, bytes }: { path: string; bytes: Uint8Array },
): Promise<void> {
  const file = await files.open(path, 'append');
  try {
    await file.truncate(0);
    await file.write([bytes], 0);
    await file.sync();
  } catch (error) {
    await file.close();
    await files.remove(path).catch(() => undefined);
    throw error;
  }
  await file.close();
}
