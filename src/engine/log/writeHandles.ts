/**
 * A bounded number of files open for appending, over all logs of a folder: a file that was not written to
 * lately is closed, and opened again by its next write. It never closes a file that is in use.
 */
import type { Files, OpenFile } from './files.ts';

/** One for each log that is written to; more of them take turns. */
const handlesMax = 64;

/** `files`, of which at most `limit` are open for appending at a time; further writers wait for one. */
export function boundedAppends(files: Files, limit: number = handlesMax): Files {
  const handles = new WriteHandles(files, limit);
  return {
    open: async (path, mode) => {
      if (mode === 'read') return files.open(path, mode);
      const file = new PooledFile(handles, path);
      await handles.use(file, async () => undefined);
      return file;
    },
    stat: (path) => files.stat(path),
    list: (path) => files.list(path),
    readAll: (path) => files.readAll(path),
    replace: (path, bytes) => files.replace(path, bytes),
    createExclusive: (path, bytes) => files.createExclusive(path, bytes),
    rename: (from, to) => files.rename(from, to),
    link: (from, to) => files.link(from, to),
    remove: (path) => files.remove(path),
    removeFolder: (path) => files.removeFolder(path),
    makeFolder: (path) => files.makeFolder(path),
    syncFolder: (path) => files.syncFolder(path),
    freeBytes: (path) => files.freeBytes(path),
  };
}

/** Open to those who hold it, whether or not the system has it open now. */
class PooledFile implements OpenFile {
  readonly path: string;
  private readonly handles: WriteHandles;

  constructor(handles: WriteHandles, path: string) {
    this.handles = handles;
    this.path = path;
  }

  write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    return this.handles.use(this, (file) => file.write(chunks, position));
  }

  read(target: Uint8Array, position: number): Promise<number> {
    return this.handles.use(this, (file) => file.read(target, position));
  }

  /** Brings to the disk also what was written through a handle that was closed since. */
  sync(): Promise<void> {
    return this.handles.use(this, (file) => file.sync());
  }

  truncate(size: number): Promise<void> {
    return this.handles.use(this, (file) => file.truncate(size));
  }

  close(): Promise<void> {
    return this.handles.close(this);
  }
}

interface Handle {
  readonly file: Promise<OpenFile>;
  users: number;
}

class WriteHandles {
  private readonly files: Files;
  private readonly limit: number;
  /** Least recently used first. */
  private readonly open = new Map<PooledFile, Handle>();
  private readonly waiting: (() => void)[] = [];

  constructor(files: Files, limit: number) {
    this.files = files;
    this.limit = limit;
  }

  async use<T>(owner: PooledFile, task: (file: OpenFile) => Promise<T>): Promise<T> {
    const handle = await this.take(owner);
    try {
      return await task(await this.opened(owner, handle));
    } finally {
      handle.users -= 1;
      this.waiting.shift()?.();
    }
  }

  async close(owner: PooledFile): Promise<void> {
    const handle = this.open.get(owner);
    if (!handle) return;
    this.open.delete(owner);
    this.waiting.shift()?.();
    await (await handle.file).close();
  }

  private async take(owner: PooledFile): Promise<Handle> {
    for (;;) {
      const handle = this.open.get(owner) ?? this.opening(owner);
      if (handle) {
        this.open.delete(owner);
        this.open.set(owner, handle);
        handle.users += 1;
        return handle;
      }
      await new Promise<void>((go) => this.waiting.push(go));
    }
  }

  /** Undefined while every handle is in use. */
  private opening(owner: PooledFile): Handle | undefined {
    const place = this.open.size < this.limit ? Promise.resolve() : this.closeIdle();
    return place && { file: place.then(() => this.files.open(owner.path, 'append')), users: 0 };
  }

  /** Resolves when the file whose place is taken is closed; undefined while all are in use. */
  private closeIdle(): Promise<void> | undefined {
    for (const [owner, { users, file }] of this.open) {
      if (users > 0) continue;
      this.open.delete(owner);
      return file.then((open) => open.close()).catch(() => undefined);
    }
    return undefined;
  }

  /** A file that could not be opened is no handle; the next write tries again. */
  private async opened(owner: PooledFile, handle: Handle): Promise<OpenFile> {
    try {
      return await handle.file;
    } catch (error) {
      if (this.open.get(owner) === handle) this.open.delete(owner);
      throw error;
    }
  }
}
