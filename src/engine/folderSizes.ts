/**
 * How many bytes each stream's files take, kept from run to run, so that starting costs one look at each
 * stream and not one at each file. Only a cache: what it cannot vouch for is added up file by file.
 */
import { messageOf } from '../base/errors.ts';
import type { Files, OpenFile } from './log/files.ts';
import type { LogOpener } from './openStreams.ts';
import type { EnginePorts } from './ports.ts';

const path = 'catalog/sizes';
/** Folders that are looked at at once. */
const looksMax = 16;

interface FolderSize {
  readonly bytes: number;
  /** The file that grows, and its size then; undefined while there is no folder. */
  readonly newest?: { readonly path: string; readonly bytes: number } | undefined;
}

/** One line of the file: a folder's size, or that it may have changed since. */
type Line = readonly [folder: string, size: FolderSize | null];

const utf8 = new TextEncoder();
const text = new TextDecoder();

export class FolderSizes {
  private readonly ports: Pick<EnginePorts, 'files' | 'crc32' | 'logger'>;
  /** Of folders that nothing was done with since they were measured. */
  private known = new Map<string, FolderSize>();
  /** Bytes of the file; 0 while there is none that can be trusted. */
  private size = 0;
  private file: OpenFile | undefined;
  private queue: Promise<void> = Promise.resolve();

  constructor(ports: Pick<EnginePorts, 'files' | 'crc32' | 'logger'>) {
    this.ports = ports;
  }

  /** Bytes by folder. One stat a folder, but for those that were in use when an engine was killed. */
  async load(folders: readonly string[]): Promise<Map<string, number>> {
    const bytes = await this.read();
    this.known = this.parsed(text.decode(bytes));
    this.size = this.known.size > 0 ? bytes.length : 0;
    const sizes = await inGroups(folders, (folder) => this.checked(folder));
    return new Map(sizes.map(([folder, size]) => [folder, size.bytes]));
  }

  /** The file; one that cannot be read goes, for nothing could be told to it either. */
  private async read(): Promise<Uint8Array> {
    const { files, logger } = this.ports;
    try {
      return (await files.readAll(path)) ?? new Uint8Array();
    } catch (error) {
      logger.warn(`${path} is given up: ${messageOf(error)}`);
      await files.remove(path).catch(() => undefined);
      return new Uint8Array();
    }
  }

  /** `open`, telling the file first that the folder's size is no longer what it says. */
  around(open: LogOpener): LogOpener {
    return async (folder) => {
      await this.touch(folder);
      return open(folder);
    };
  }

  /** Keeps the sizes for the next start, once nothing writes any more. A failure is logged only. */
  async save(folders: readonly string[]): Promise<void> {
    const { files, logger } = this.ports;
    try {
      await this.queue;
      await this.file?.close();
      const sizes = await inGroups(folders, (folder) => this.sizeOf(folder));
      await files.replace(path, utf8.encode(sizes.map((line) => this.lineOf(line)).join('')));
    } catch (error) {
      logger.warn(`the sizes of folders were not kept: ${messageOf(error)}`);
    }
  }

  /** What is known of a folder, if its newest file still is what it was. */
  private async checked(folder: string): Promise<[string, FolderSize]> {
    const newest = this.known.get(folder)?.newest;
    const stat = await this.ports.files.stat(newest?.path ?? folder);
    if (stat?.size !== newest?.bytes) this.known.delete(folder);
    return this.sizeOf(folder);
  }

  private async sizeOf(folder: string): Promise<[string, FolderSize]> {
    const size = this.known.get(folder) ?? (await measure(this.ports.files, folder));
    this.known.set(folder, size);
    return [folder, size];
  }

  private touch(folder: string): Promise<void> {
    if (!this.known.delete(folder) || this.size === 0) return this.queue;
    this.queue = this.queue.then(() => this.append(this.lineOf([folder, null])));
    return this.queue;
  }

  /** Not synced: after a power cut a size may be wrong until the stream is opened. */
  private async append(line: string): Promise<void> {
    const { files, logger } = this.ports;
    const bytes = utf8.encode(line);
    try {
      this.file ??= await files.open(path, 'append');
      await this.file.write([bytes], this.size);
      this.size += bytes.length;
    } catch (error) {
      logger.warn(`${path} is given up: ${messageOf(error)}`);
      this.size = 0;
      await files.remove(path).catch(() => undefined);
    }
  }

  private lineOf(line: Line): string {
    const json = JSON.stringify(line);
    return `${this.checksum(json)} ${json}\n`;
  }

  private checksum(json: string): string {
    return this.ports.crc32(utf8.encode(json)).toString(16).padStart(8, '0');
  }

  /** Empty when any line is not whole: which folder it was about is not known. */
  private parsed(lines: string): Map<string, FolderSize> {
    const sizes = new Map<string, FolderSize>();
    for (const line of lines.split('\n').slice(0, -1)) {
      const json = line.slice(9);
      if (line.slice(0, 8) !== this.checksum(json)) return new Map();
      const [folder, size] = JSON.parse(json) as Line;
      if (size) sizes.set(folder, size);
      else sizes.delete(folder);
    }
    return lines === '' || lines.endsWith('\n') ? sizes : new Map();
  }
}

async function inGroups<T, U>(items: readonly T[], task: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (let start = 0; start < items.length; start += looksMax) {
    results.push(...(await Promise.all(items.slice(start, start + looksMax).map(task))));
  }
  return results;
}

/** Adds up a folder's files. */
async function measure(files: Files, folder: string): Promise<FolderSize> {
  let sum = 0;
  let newest: FolderSize['newest'];
  for (const name of await files.list(folder)) {
    const bytes = (await files.stat(`${folder}/${name}`))?.size ?? 0;
    sum += bytes;
    if (name.endsWith('.log')) newest = { path: `${folder}/${name}`, bytes };
  }
  return { bytes: sum, newest };
}
