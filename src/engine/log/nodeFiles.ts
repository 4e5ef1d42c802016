/** The real file system behind the Files port. The only file below engine/ that may import Node. */
import { randomBytes } from 'node:crypto';
import { constants, read, writevSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { codeOf } from '../../base/errors.ts';
import type { CopierOf, Crc32, FileStat, Files, OpenFile } from './files.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** What Linux and macOS take in one call (IOV_MAX). */
const CHUNKS_MAX = 1024;
/** Bytes that are written on the caller's thread. */
const SHORT_BYTES_MAX = 128 * 1024;

export const nodeCrc32: Crc32 = (bytes, seed = 0) => crc32(bytes, seed);

/** Without a view of what is copied. */
export const nodeCopierOf: CopierOf = (from, into) => {
  const source = Buffer.from(from.buffer, from.byteOffset, from.length);
  return (start, end, at) => void source.copy(into, at, start, end);
};

/** `root`: an absolute path; created with mode 0700 by the first folder made in it. */
export function nodeFiles(root: string): Files {
  return new NodeFiles(root);
}

class NodeFile implements OpenFile {
  private readonly handle: fs.FileHandle;

  constructor(handle: fs.FileHandle) {
    this.handle = handle;
  }

  async write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    if (isShort(chunks)) this.writeNow(chunks, position);
    else await this.writeAside(chunks, position);
  }

  private writeNow(chunks: readonly Uint8Array[], position: number): void {
    let left = chunks;
    for (let at = position; left.length > 0; ) {
      const count = writevSync(this.handle.fd, left as Uint8Array[], at);
      at += count;
      left = behind(left, count);
    }
  }

  private async writeAside(chunks: readonly Uint8Array[], position: number): Promise<void> {
    let at = position;
    for (let start = 0; start < chunks.length; start += CHUNKS_MAX) {
      const part = chunks.length <= CHUNKS_MAX ? chunks : chunks.slice(start, start + CHUNKS_MAX);
      at += await this.writePart(part, at);
    }
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const length = target.length - done;
      const count = await readSome(this.handle.fd, { target, done, length, position });
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  sync(): Promise<void> {
    return this.handle.datasync();
  }

  truncate(size: number): Promise<void> {
    return this.handle.truncate(size);
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** All bytes of up to CHUNKS_MAX chunks; a write may take fewer than it was given. */
  private async writePart(chunks: readonly Uint8Array[], position: number): Promise<number> {
    let left = chunks;
    let done = 0;
    while (left.length > 0) {
      const { bytesWritten } = await this.handle.writev(left, position + done);
      done += bytesWritten;
      left = behind(left, bytesWritten);
    }
    return done;
  }
}

/**
 * Whether to write at once: bytes for the system's cache cost less than handing them to another thread
 * and being told of it. Longer ones must not keep everything else waiting.
 */
function isShort(chunks: readonly Uint8Array[]): boolean {
  let bytes = 0;
  for (const chunk of chunks) bytes += chunk.length;
  return bytes <= SHORT_BYTES_MAX && chunks.length <= CHUNKS_MAX;
}

/** One call; by descriptor, which costs two thirds of the handle's own `read`. */
function readSome(
  fd: number,
  at: { target: Uint8Array; done: number; length: number; position: number },
): Promise<number> {
  const { target, done, length, position } = at;
  return new Promise((resolve, reject) => {
    read(fd, target, done, length, position + done, (error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });
}

/** What of `chunks` lies behind their first `count` bytes. */
function behind(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skip = count;
  let first = 0;
  while (first < chunks.length && skip >= chunks[first]!.length) skip -= chunks[first++]!.length;
  const rest = chunks.slice(first);
  if (skip > 0) rest[0] = rest[0]!.subarray(skip);
  return rest;
}

class NodeFiles implements Files {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async open(name: string, mode: 'append' | 'read'): Promise<OpenFile> {
    const flags = mode === 'read' ? constants.O_RDONLY : constants.O_RDWR | constants.O_CREAT;
    return new NodeFile(await fs.open(this.at(name), flags, FILE_MODE));
  }

  async stat(name: string): Promise<FileStat | undefined> {
    const stat = await orMissing(fs.stat(this.at(name)));
    return stat && { size: stat.size, mtimeMs: stat.mtimeMs, isFolder: stat.isDirectory() };
  }

  async list(name: string): Promise<string[]> {
    return ((await orMissing(fs.readdir(this.at(name)))) ?? []).sort();
  }

  readAll(name: string): Promise<Uint8Array | undefined> {
    return orMissing(fs.readFile(this.at(name)));
  }

  async replace(name: string, bytes: Uint8Array): Promise<void> {
    const aside = `${name}.new`;
    await this.writeWhole(aside, bytes);
    await this.rename(aside, name);
    await this.syncFolder(path.posix.dirname(name));
  }

  async createExclusive(name: string, bytes: Uint8Array): Promise<boolean> {
    const aside = `${name}.${randomBytes(6).toString('hex')}.new`;
    await this.writeWhole(aside, bytes);
    try {
      await fs.link(this.at(aside), this.at(name));
      await this.syncFolder(path.posix.dirname(name));
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      if (hasNoLinks(error)) return await this.createUnlinked(name, bytes);
      throw error;
    } finally {
      await this.remove(aside);
    }
  }

  rename(from: string, to: string): Promise<void> {
    return patiently(() => fs.rename(this.at(from), this.at(to)));
  }

  async link(from: string, to: string): Promise<void> {
    try {
      await fs.link(this.at(from), this.at(to));
    } catch (error) {
      if (!hasNoLinks(error)) throw error;
      await fs.copyFile(this.at(from), this.at(to), constants.COPYFILE_EXCL);
      const copy = await fs.open(this.at(to), 'r+');
      await copy.datasync().finally(() => copy.close());
    }
  }

  async remove(name: string): Promise<void> {
    await orMissing(patiently(() => fs.unlink(this.at(name))));
  }

  removeFolder(name: string): Promise<void> {
    return fs.rm(this.at(name), { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  }

  async makeFolder(name: string): Promise<void> {
    const folder = this.at(name);
    const first = await fs.mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    if (first === undefined) return;
    // Every new name, from the deepest: else a power cut could take the folder and the files in it.
    for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
      await syncFolderAt(path.dirname(made)).catch((error: unknown) => {
        if (codeOf(error) !== 'EACCES') throw error; // one may make folders where one may not look
      });
    }
  }

  syncFolder(name: string): Promise<void> {
    return syncFolderAt(this.at(name));
  }

  async freeBytes(name: string): Promise<number> {
    const stat = await fs.statfs(this.at(name));
    return stat.bavail * stat.bsize;
  }

  /** File systems without links: not atomic in its content, but still only one creator wins. */
  private async createUnlinked(name: string, bytes: Uint8Array): Promise<boolean> {
    try {
      await fs.writeFile(this.at(name), bytes, { flag: 'wx', mode: FILE_MODE, flush: true });
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  }

  private async writeWhole(name: string, bytes: Uint8Array): Promise<void> {
    try {
      await fs.writeFile(this.at(name), bytes, { mode: FILE_MODE, flush: true });
    } catch (error) {
      await this.remove(name).catch(() => undefined);
      throw error;
    }
  }

  private at(name: string): string {
    return path.join(this.root, name);
  }
}

const isWindows = path.sep === '\\';

/** Windows has nothing of the kind. */
async function syncFolderAt(folder: string): Promise<void> {
  if (isWindows) return;
  const handle = await fs.open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function hasNoLinks(error: unknown): boolean {
  return ['ENOTSUP', 'ENOSYS', 'EPERM', 'EOPNOTSUPP'].includes(codeOf(error) ?? '');
}

async function orMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** On Windows a virus scanner or indexer may hold a file for a moment. */
async function patiently<T>(action: () => Promise<T>): Promise<T> {
  for (let left = 10; ; left--) {
    try {
      return await action();
    } catch (error) {
      const isHeld = ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error) ?? '');
      if (!isWindows || !isHeld || left === 0) throw error;
      await wait(20);
    }
  }
}
