/** The file system as the log, the catalog and the lock see it: a port, so that tests can fail any call. */

export interface FileStat {
  readonly size: number;
  readonly mtimeMs: number;
  readonly isFolder: boolean;
}

/**
 * Copies bytes from `start` to before `end` of one array to another, where they begin at `at`. Made for two
 * arrays: a view of a record costs more than copying it.
 */
export type Copy = (start: number, end: number, at: number) => void;
export type CopierOf = (from: Uint8Array, into: Uint8Array) => Copy;

export const plainCopierOf: CopierOf = (from, into) => (start, end, at) =>
  into.set(from.subarray(start, end), at);

/** An open file. Every call rejects with the system's error (`code`: ENOSPC, EIO, …). */
export interface OpenFile {
  /**
   * Appends all of `chunks` at `position` in one write. Resolved: every byte is in the operating system.
   * Rejected: any prefix of them may be.
   */
  write(chunks: readonly Uint8Array[], position: number): Promise<void>;
  /** Fills as much of `target` as the file has from `position`; resolves to the number of bytes read. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Resolved: the bytes written before the call are on the disk. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** Paths are `/`-joined and relative to the root the port was made for. Folders are mode 0700, files 0600. */
export interface Files {
  /** `append`: created when missing; `read`: rejects with ENOENT. */
  open(path: string, mode: 'append' | 'read'): Promise<OpenFile>;
  /** Undefined when nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Names in a folder, sorted; empty when the folder does not exist. */
  list(path: string): Promise<string[]>;
  readAll(path: string): Promise<Uint8Array | undefined>;
  /** Replaces `path` as a whole: written aside, synced, renamed. A crash leaves the old or the new. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Creates `path` with `bytes` only if nothing is there (link of a finished file); false when it exists. */
  createExclusive(path: string, bytes: Uint8Array): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  /**
   * Gives a file that is written no more a second name, which must be free; where the system has no links,
   * a copy of it. The bytes stay until both names are gone.
   */
  link(from: string, to: string): Promise<void>;
  /** Nothing there is no error. */
  remove(path: string): Promise<void>;
  /** A folder and everything in it; nothing there is no error. */
  removeFolder(path: string): Promise<void>;
  /** With the folders above it; resolved: those that are new survive a power cut, where the system can. */
  makeFolder(path: string): Promise<void>;
  /** Makes created, renamed and removed names in a folder survive a power cut, where the system can. */
  syncFolder(path: string): Promise<void>;
  /** Bytes free for us on the disk that holds `path`. */
  freeBytes(path: string): Promise<number>;
}

/** CRC-32 (IEEE) of `bytes`, continued from `seed`. A port: the native one is five times faster. */
export type Crc32 = (bytes: Uint8Array, seed?: number) => number;
