/** The Files port in memory. Every change is one plain operation, so that it can be recorded and replayed. */
import { assert } from '../../src/base/assert.ts';
import type { FileStat, Files, OpenFile } from '../../src/engine/log/files.ts';

/** One change of a file system. `file` names contents, not a path: it lives on when its name goes. */
export type Operation =
  | WriteOperation
  | { readonly kind: 'truncate'; readonly file: number; readonly size: number }
  | { readonly kind: 'sync'; readonly file: number }
  | { readonly kind: 'create'; readonly file: number; readonly path: string }
  | { readonly kind: 'rename' | 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'remove' | 'removeFolder' | 'makeFolder'; readonly path: string }
  | { readonly kind: 'syncFolder'; readonly path: string };

export interface WriteOperation {
  readonly kind: 'write';
  readonly file: number;
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** Names and contents, without anything open. */
export class Image {
  readonly names = new Map<string, number>();
  readonly folders = new Set<string>();
  private readonly contents = new Map<number, { bytes: Uint8Array; size: number }>();

  /** Above every file that ever was. */
  get nextFile(): number {
    return Math.max(-1, ...this.names.values(), ...this.contents.keys()) + 1;
  }

  copy(): Image {
    const copy = new Image();
    for (const [path, file] of this.names) copy.names.set(path, file);
    for (const path of this.folders) copy.folders.add(path);
    for (const [file, { bytes, size }] of this.contents) {
      copy.contents.set(file, { bytes: bytes.slice(), size });
    }
    return copy;
  }

  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'write':
        this.write(operation);
        break;
      case 'truncate':
        this.truncate(operation.file, operation.size);
        break;
      case 'create':
        this.names.set(operation.path, operation.file);
        break;
      case 'rename':
        this.rename(operation);
        break;
      case 'link':
        this.names.set(operation.to, this.fileAt(operation.path));
        break;
      case 'remove':
        this.names.delete(operation.path);
        break;
      case 'removeFolder':
        this.removeFolder(operation.path);
        break;
      case 'makeFolder':
        this.folders.add(operation.path);
        break;
      default:
    }
  }

  fileAt(path: string): number {
    const file = this.names.get(path);
    if (file === undefined) throw systemError('ENOENT', path);
    return file;
  }

  /** The bytes of a file; valid until the next change. */
  bytesOf(file: number): Uint8Array {
    const content = this.contents.get(file);
    return content ? content.bytes.subarray(0, content.size) : new Uint8Array(0);
  }

  private write({ file, position, bytes }: WriteOperation): void {
    const size = Math.max(this.bytesOf(file).length, position + bytes.length);
    this.resize(file, size).set(bytes, position);
  }

  private truncate(file: number, size: number): void {
    const before = this.bytesOf(file).length;
    const bytes = this.resize(file, size);
    if (size < before) bytes.fill(0, size);
  }

  private resize(file: number, size: number): Uint8Array {
    const content = this.contents.get(file) ?? { bytes: new Uint8Array(256), size: 0 };
    if (size > content.bytes.length) {
      const larger = new Uint8Array(Math.max(size, content.bytes.length * 2));
      larger.set(content.bytes.subarray(0, content.size));
      content.bytes = larger;
    }
    content.size = size;
    this.contents.set(file, content);
    return content.bytes;
  }

  private rename({ path, to }: { path: string; to: string }): void {
    if (!this.folders.has(path)) {
      this.names.set(to, this.fileAt(path));
      this.names.delete(path);
      return;
    }
    const moved = (name: string): string => to + name.slice(path.length);
    for (const [name, file] of [...this.names]) {
      if (name.startsWith(`${path}/`) && this.names.delete(name)) this.names.set(moved(name), file);
    }
    for (const folder of [...this.folders]) {
      const isMoved = folder === path || folder.startsWith(`${path}/`);
      if (isMoved && this.folders.delete(folder)) this.folders.add(moved(folder));
    }
  }

  private removeFolder(path: string): void {
    for (const name of this.names.keys()) if (name.startsWith(`${path}/`)) this.names.delete(name);
    for (const folder of this.folders) {
      if (folder === path || folder.startsWith(`${path}/`)) this.folders.delete(folder);
    }
  }
}

/** The first `length` bytes of a write. */
export function shortened(write: WriteOperation, length: number): WriteOperation {
  return { ...write, bytes: write.bytes.slice(0, length) };
}

export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/** Keeps everything, fails nothing. */
export class MemoryFiles implements Files {
  protected readonly image: Image;
  private nextFile: number;
  /** Bytes that `freeBytes` tells. */
  free = 2 ** 40;
  /** Files open now, to find those that nobody closed. */
  openCount = 0;

  constructor(image = new Image()) {
    this.image = image;
    this.nextFile = image.nextFile;
  }

  /** Every change goes through here. */
  protected async change(operation: Operation): Promise<void> {
    this.image.apply(operation);
  }

  async open(path: string, mode: 'append' | 'read'): Promise<OpenFile> {
    if (mode === 'append' && !this.image.names.has(path)) await this.create(path);
    const file = this.image.fileAt(path);
    this.openCount += 1;
    return this.opened(file);
  }

  async stat(path: string): Promise<FileStat | undefined> {
    if (this.image.folders.has(path)) return { size: 0, mtimeMs: 0, isFolder: true };
    const file = this.image.names.get(path);
    if (file === undefined) return undefined;
    return { size: this.image.bytesOf(file).length, mtimeMs: 0, isFolder: false };
  }

  async list(path: string): Promise<string[]> {
    const all = [...this.image.names.keys(), ...this.image.folders];
    const below = all.filter((name) => name.startsWith(`${path}/`));
    return [...new Set(below.map((name) => name.slice(path.length + 1).split('/')[0]!))].sort();
  }

  async readAll(path: string): Promise<Uint8Array | undefined> {
    const file = this.image.names.get(path);
    return file === undefined ? undefined : this.image.bytesOf(file).slice();
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    await this.writeWhole(`${path}.new`, bytes);
    await this.rename(`${path}.new`, path);
    await this.syncFolder(folderOf(path));
  }

  async createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
    const aside = `${path}.${this.nextFile}.new`;
    await this.writeWhole(aside, bytes);
    const isFree = !this.image.names.has(path);
    if (isFree) await this.change({ kind: 'link', path: aside, to: path });
    await this.remove(aside);
    return isFree;
  }

  async link(from: string, to: string): Promise<void> {
    if (this.image.names.has(to)) throw systemError('EEXIST', to);
    await this.change({ kind: 'link', path: from, to });
  }

  rename(from: string, to: string): Promise<void> {
    return this.change({ kind: 'rename', path: from, to });
  }

  remove(path: string): Promise<void> {
    return this.change({ kind: 'remove', path });
  }

  removeFolder(path: string): Promise<void> {
    return this.change({ kind: 'removeFolder', path });
  }

  makeFolder(path: string): Promise<void> {
    return this.change({ kind: 'makeFolder', path });
  }

  syncFolder(path: string): Promise<void> {
    return this.change({ kind: 'syncFolder', path });
  }

  async freeBytes(_path: string): Promise<number> {
    return this.free;
  }

  /** Paths of all files, sorted. */
  get paths(): string[] {
    return [...this.image.names.keys()].sort();
  }

  /** The file's own bytes for a test to look at or to damage in place. */
  raw(path: string): Uint8Array {
    return this.image.bytesOf(this.image.fileAt(path));
  }

  private async create(path: string): Promise<void> {
    await this.change({ kind: 'create', path, file: this.nextFile++ });
  }

  private async writeWhole(path: string, bytes: Uint8Array): Promise<void> {
    const handle = await this.open(path, 'append');
    try {
      await handle.truncate(0);
      await handle.write([bytes], 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  private opened(file: number): OpenFile {
    let isOpen = true;
    const change = (operation: Operation): Promise<void> => {
      assert(isOpen, 'the file is closed');
      return this.change(operation);
    };
    return {
      write: (chunks, position) => change({ kind: 'write', file, position, bytes: joined(chunks) }),
      read: async (target, position) => {
        assert(isOpen, 'the file is closed');
        const bytes = this.image.bytesOf(file).subarray(position, position + target.length);
        target.set(bytes);
        return bytes.length;
      },
      sync: () => change({ kind: 'sync', file }),
      truncate: (size) => change({ kind: 'truncate', file, size }),
      close: async () => {
        assert(isOpen, 'the file is closed');
        isOpen = false;
        this.openCount -= 1;
      },
    };
  }
}

/** An empty file system. */
export function memoryFiles(): MemoryFiles {
  return new MemoryFiles();
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
