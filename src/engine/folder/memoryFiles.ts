/** A file system in memory, for engines that keep nothing. It behaves like the real one, without a disk. */
import type { FileStat, Files, OpenFile } from '../log/files.ts';

/** What Node's errors look like to those who ask for their code. */
class SystemError extends Error {
  readonly code: string;

  constructor(code: string, path: string) {
    super(`${code}: ${path}`);
    this.code = code;
  }
}

/** A file that grows by doubling. */
class Content {
  private bytes = new Uint8Array(256);
  size = 0;

  read(target: Uint8Array, position: number): number {
    const part = this.bytes.subarray(position, Math.min(this.size, position + target.length));
    target.set(part);
    return part.length;
  }

  write(chunk: Uint8Array, position: number): void {
    this.grow(position + chunk.length);
    this.bytes.set(chunk, position);
  }

  truncate(size: number): void {
    if (size < this.size) this.bytes.fill(0, size, this.size);
    else this.grow(size);
    this.size = size;
  }

  copy(): Uint8Array {
    return this.bytes.slice(0, this.size);
  }

  private grow(size: number): void {
    if (size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(size, this.bytes.length * 2));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.size = Math.max(this.size, size);
  }
}

class MemoryFile implements OpenFile {
  private readonly content: Content;

  constructor(content: Content) {
    this.content = content;
  }

  async write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    let at = position;
    for (const chunk of chunks) {
      this.content.write(chunk, at);
      at += chunk.length;
    }
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    return this.content.read(target, position);
  }

  async truncate(size: number): Promise<void> {
    this.content.truncate(size);
  }

  async sync(): Promise<void> {}
  async close(): Promise<void> {}
}

/** `bytesMax`: what `freeBytes` counts down from; it refuses nothing by itself. */
export class MemoryFiles implements Files {
  private readonly files = new Map<string, Content>();
  private readonly folders = new Set<string>(['']);
  private readonly bytesMax: number;

  constructor(bytesMax = 1024 ** 4) {
    this.bytesMax = bytesMax;
  }

  async open(path: string, mode: 'append' | 'read'): Promise<OpenFile> {
    const found = this.files.get(path);
    if (found) return new MemoryFile(found);
    if (mode === 'read') throw new SystemError('ENOENT', path);
    return new MemoryFile(this.create(path));
  }

  async stat(path: string): Promise<FileStat | undefined> {
    if (this.folders.has(path)) return { size: 0, mtimeMs: 0, isFolder: true };
    const found = this.files.get(path);
    return found && { size: found.size, mtimeMs: 0, isFolder: false };
  }

  async list(path: string): Promise<string[]> {
    const prefix = path === '' ? '' : `${path}/`;
    const below = [...this.files.keys(), ...this.folders].filter(
      (name) => name !== '' && name.startsWith(prefix),
    );
    return [...new Set(below.map((name) => name.slice(prefix.length).split('/')[0]!))].sort();
  }

  async readAll(path: string): Promise<Uint8Array | undefined> {
    return this.files.get(path)?.copy();
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    this.create(path).write(bytes, 0);
  }

  async createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
    if (this.files.has(path)) return false;
    this.create(path).write(bytes, 0);
    return true;
  }

  async rename(from: string, to: string): Promise<void> {
    const found = this.files.get(from);
    if (found) {
      this.files.delete(from);
      this.files.set(to, found);
    } else if (this.folders.has(from)) {
      this.renameFolder(from, to);
    } else {
      throw new SystemError('ENOENT', from);
    }
  }

  async link(from: string, to: string): Promise<void> {
    const found = this.files.get(from);
    if (!found) throw new SystemError('ENOENT', from);
    if (this.files.has(to)) throw new SystemError('EEXIST', to);
    this.files.set(to, found);
  }

  async remove(path: string): Promise<void> {
    this.files.delete(path);
  }

  async removeFolder(path: string): Promise<void> {
    const isBelow = (name: string): boolean => name === path || name.startsWith(`${path}/`);
    for (const name of [...this.files.keys()]) if (isBelow(name)) this.files.delete(name);
    for (const name of [...this.folders]) if (isBelow(name)) this.folders.delete(name);
  }

  async makeFolder(path: string): Promise<void> {
    const parts = path.split('/');
    for (let depth = 1; depth <= parts.length; depth++) {
      this.folders.add(parts.slice(0, depth).join('/'));
    }
  }

  async syncFolder(): Promise<void> {}

  async freeBytes(): Promise<number> {
    let used = 0;
    for (const content of this.files.values()) used += content.size;
    return Math.max(0, this.bytesMax - used);
  }

  private create(path: string): Content {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    if (!this.folders.has(folder)) throw new SystemError('ENOENT', path);
    const content = new Content();
    this.files.set(path, content);
    return content;
  }

  private renameFolder(from: string, to: string): void {
    const moved = (name: string): string => to + name.slice(from.length);
    for (const name of [...this.folders].filter((it) => it === from || it.startsWith(`${from}/`))) {
      this.folders.delete(name);
      this.folders.add(moved(name));
    }
    for (const [name, content] of [...this.files].filter(([it]) => it.startsWith(`${from}/`))) {
      this.files.delete(name);
      this.files.set(moved(name), content);
    }
  }
}
