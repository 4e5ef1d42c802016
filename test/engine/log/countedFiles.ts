// Counts what is read through a Files port: bytes, calls, and how many of them were under way at once.
import type { Files } from '../../../src/engine/log/files.ts';

export interface ReadCount {
  bytes: number;
  reads: number;
  /** Most calls under way at once. */
  most: number;
  /** Bytes by the end of the file's name: `log`, `idx`, … */
  readonly byKind: Map<string, number>;
}

/** Counts from now on. */
export function countReads(files: Files): ReadCount {
  const count: ReadCount = { bytes: 0, reads: 0, most: 0, byKind: new Map() };
  let now = 0;
  const { open } = files;
  files.open = async (path, mode) => {
    const file = await open.call(files, path, mode);
    const kind = path.slice(path.lastIndexOf('.') + 1);
    return {
      ...file,
      read: async (target, position) => {
        now += 1;
        count.most = Math.max(count.most, now);
        const length = await file.read(target, position);
        now -= 1;
        count.bytes += length;
        count.reads += 1;
        count.byKind.set(kind, (count.byKind.get(kind) ?? 0) + length);
        return length;
      },
    };
  };
  return count;
}

/** Starts at nothing again. */
export function resetCount(count: ReadCount): void {
  Object.assign(count, { bytes: 0, reads: 0, most: 0 });
  count.byKind.clear();
}
