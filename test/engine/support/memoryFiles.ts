/** A file system in memory. Its bytes outlive the engine that wrote them, as a disk's would. */
import type { Files, OpenFile } from '../../../src/engine/log/files.ts';

export class MemoryFiles implements Files {
  readonly content = new Map<string, Uint8Array>();
  free = 1024 ** 4;
  /** Throws from here to fail a write or a sync; told the path. */
  beforeWrite: (path: string) => void = () => undefined;

  async open(path: string, mode: 'append' | 'read'): Promise<OpenFile> {
    if (!this.content.has(path)) {
      if (mode === 'read') throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
      this.content.set(path, new Uint8Array());
    }
    const get = () => this.content.get(path) ?? new Uint8Array();
    return {
      write: async (chunks, position) => {
        this.beforeWrite(path);
        const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        const bytes = new Uint8Array(Math.max(get().length, position + size));
        bytes.set(get());
        let at = position;
        for (const chunk of chunks) {
          bytes.set(chunk, at);
          at += chunk.length;
        }
        this.content.set(path, bytes);
      },
      read: async (target, position) => {
        const part = get().subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      sync: async () => this.beforeWrite(path),
      truncate: async (size) => void this.content.set(path, get().slice(0, size)),
      close: async () => undefined,
    };
  }

  async stat(path: string) {
    const bytes = this.content.get(path);
    return bytes && { size: bytes.length, mtimeMs: 0, isFolder: false };
  }

  async list(path: string): Promise<string[]> {
    const names = [...this.content.keys()]
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => name.slice(path.length + 1).split('/')[0]!);
    return [...new Set(names)].sort();
  }

  async readAll(path: string): Promise<Uint8Array | undefined> {
    return this.content.get(path)?.slice();
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    this.beforeWrite(path);
    this.content.set(path, bytes.slice());
  }

  async createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
    if (this.content.has(path)) return false;
    this.content.set(path, bytes.slice());
    return true;
  }

  async rename(from: string, to: string): Promise<void> {
    this.content.set(to, this.content.get(from)!);
    this.content.delete(from);
  }

  async remove(path: string): Promise<void> {
    this.content.delete(path);
  }

  async removeFolder(path: string): Promise<void> {
    for (const name of [...this.content.keys()]) {
      if (name.startsWith(`${path}/`)) this.content.delete(name);
    }
  }

  async makeFolder(): Promise<void> {}
  async syncFolder(): Promise<void> {}

  async freeBytes(): Promise<number> {
    return this.free;
  }
}
