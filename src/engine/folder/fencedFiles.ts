/**
 * The file system of a folder whose last holder may still be alive, stopped in the middle of a write. A
 * file is copied before it is first appended to: what the other one still writes goes to a file that has
 * no name any more. It must never be used for files that somebody already reads.
 */
import type { Files } from '../log/files.ts';

/** `files`, where what others may have open for writing is replaced by a copy when it is opened so. */
export function fencedFiles(files: Files): Files {
  /** Files of our own; no more than there are files to append to. */
  const own = new Set<string>();
  const fence = async (path: string): Promise<void> => {
    if (own.has(path)) return;
    const bytes = await files.readAll(path);
    if (bytes) await files.replace(path, bytes);
    own.add(path);
  };
  return {
    open: async (path, mode) => {
      if (mode === 'append') await fence(path);
      return files.open(path, mode);
    },
    stat: (path) => files.stat(path),
    list: (path) => files.list(path),
    readAll: (path) => files.readAll(path),
    replace: (path, bytes) => files.replace(path, bytes),
    createExclusive: (path, bytes) => files.createExclusive(path, bytes),
    rename: (from, to) => {
      if (own.delete(from)) own.add(to);
      else own.delete(to);
      return files.rename(from, to);
    },
    link: (from, to) => files.link(from, to),
    remove: (path) => {
      own.delete(path);
      return files.remove(path);
    },
    removeFolder: (path) => {
      for (const name of own) if (name.startsWith(`${path}/`)) own.delete(name);
      return files.removeFolder(path);
    },
    makeFolder: (path) => files.makeFolder(path),
    syncFolder: (path) => files.syncFolder(path),
    freeBytes: (path) => files.freeBytes(path),
  };
}
