/** A bounded pool of files open for reading, shared by all logs of a folder. */
import type { Files, OpenFile } from './files.ts';

interface Handle {
  readonly file: Promise<OpenFile>;
  users: number;
}

export class ReadHandles {
  private readonly files: Files;
  private readonly limit: number;
  /** Least recently used first. */
  private readonly handles = new Map<string, Handle>();
  private readonly waiting: (() => void)[] = [];

  /** At most `limit` files are open at a time; further readers wait for one to be given back. */
  constructor(files: Files, limit = 64) {
    this.files = files;
    this.limit = limit;
  }

  get openCount(): number {
    return this.handles.size;
  }

  /** Calls `task` with `path` open; the file stays open until others need its place. Never nest. */
  async use<T>(path: string, task: (file: OpenFile) => Promise<T>): Promise<T> {
    const handle = await this.take(path);
    try {
      return await task(await handle.file);
    } catch (error) {
      await this.forgetFailed(path, handle);
      throw error;
    } finally {
      handle.users -= 1;
      for (const wake of this.waiting.splice(0)) wake();
    }
  }

  /** Closes `path` once nobody reads it, as it must be before its file is removed or renamed. */
  async drop(path: string): Promise<void> {
    for (;;) {
      const handle = this.handles.get(path);
      if (!handle) return;
      if (handle.users === 0) {
        await this.close(path, handle);
        return;
      }
      await this.giveBack();
    }
  }

  private async take(path: string): Promise<Handle> {
    for (;;) {
      const known = this.handles.get(path);
      if (known) return this.touch(path, known);
      const place = this.handles.size < this.limit ? Promise.resolve() : this.closeIdle();
      if (place) {
        return this.touch(path, {
          file: place.then(() => this.files.open(path, 'read')),
          users: 0,
        });
      }
      await this.giveBack();
    }
  }

  private touch(path: string, handle: Handle): Handle {
    this.handles.delete(path);
    this.handles.set(path, handle);
    handle.users += 1;
    return handle;
  }

  private giveBack(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Resolves when the file whose place is taken is closed; undefined while all are in use. */
  private closeIdle(): Promise<void> | undefined {
    for (const [path, handle] of this.handles) {
      if (handle.users === 0) return this.close(path, handle);
    }
    return undefined;
  }

  /** A file that could not be opened is no handle; the next reader tries again. */
  private async forgetFailed(path: string, handle: Handle): Promise<void> {
    const isOpen = await handle.file.then(
      () => true,
      () => false,
    );
    if (!isOpen && this.handles.get(path) === handle) this.handles.delete(path);
  }

  private async close(path: string, handle: Handle): Promise<void> {
    this.handles.delete(path);
    await handle.file.then((file) => file.close()).catch(() => undefined);
  }
}
