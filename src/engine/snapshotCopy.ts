/**
 * Copies what an engine keeps - catalog, streams, clock - to another place while nothing is written to it.
 * Files that are written no more are linked where both places are in one folder; those that may grow
 * again are copied, so that neither place can change the other.
 */
import { clockPath } from './engineClockLine.ts';
import type { Files } from './log/files.ts';

/** A folder with the layout of a data folder. */
export interface DataPlace {
  readonly files: Files;
  /** '' for the root of `files`, else with a slash at the end. */
  readonly prefix: string;
}

const chunkBytes = 1024 * 1024;
const catalogName = /^\d{12}\.cat$/;
const segmentName = /\.log$/;
const streamFile = /\.(log|idx)$|\.log\.torn-\d+$/;

/** Resolves to the bytes of all files once they are on the disk in their place. */
export async function copyData(from: DataPlace, to: DataPlace): Promise<number> {
  let bytes = await copyCatalog(from, to);
  await to.files.makeFolder(`${to.prefix}streams`);
  for (const id of await from.files.list(`${from.prefix}streams`)) {
    bytes += await copyStream(`streams/${id}`, { from, to });
  }
  await to.files.syncFolder(`${to.prefix}streams`);
  const clock = { path: clockPath, from, to };
  if (await from.files.stat(from.prefix + clockPath)) bytes += await copyFile(clock);
  return bytes;
}

/** Only its newest file counts. */
async function copyCatalog(from: DataPlace, to: DataPlace): Promise<number> {
  await to.files.makeFolder(`${to.prefix}catalog`);
  const names = (await from.files.list(`${from.prefix}catalog`)).filter((it) =>
    catalogName.test(it),
  );
  const newest = names.at(-1);
  if (newest === undefined) return 0;
  const bytes = await copyFile({ path: `catalog/${newest}`, from, to });
  await to.files.syncFolder(`${to.prefix}catalog`);
  return bytes;
}

async function copyStream(
  folder: string,
  { from, to }: { from: DataPlace; to: DataPlace },
): Promise<number> {
  const names = (await from.files.list(from.prefix + folder)).filter((it) => streamFile.test(it));
  const active = names.filter((name) => segmentName.test(name)).at(-1);
  const mayLink = from.files === to.files;
  await to.files.makeFolder(to.prefix + folder);
  let bytes = 0;
  for (const name of names) {
    const path = `${folder}/${name}`;
    const file = { path, from, to };
    bytes += mayLink && name !== active ? await linkFile(file) : await copyFile(file);
  }
  await to.files.syncFolder(to.prefix + folder);
  return bytes;
}

interface Copy {
  readonly path: string;
  readonly from: DataPlace;
  readonly to: DataPlace;
}

async function linkFile({ path, from, to }: Copy): Promise<number> {
  await from.files.link(from.prefix + path, to.prefix + path);
  return (await from.files.stat(from.prefix + path))?.size ?? 0;
}

/** Resolves to its bytes, which are on the disk. */
async function copyFile({ path, from, to }: Copy): Promise<number> {
  const source = await from.files.open(from.prefix + path, 'read');
  try {
    const target = await to.files.open(to.prefix + path, 'append');
    try {
      let position = 0;
      for (;;) {
        const chunk = new Uint8Array(chunkBytes);
        const length = await source.read(chunk, position);
        if (length === 0) break;
        await target.write([chunk.subarray(0, length)], position);
        position += length;
      }
      await target.sync();
      return position;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
