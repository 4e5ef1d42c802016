/**
 * Puts a copy of a data folder in the place of what is there, whole or not at all: a crash at any point
 * leaves the old state, or what the next start finishes to the new one. The engine must be closed.
 */
import { clockPath } from './engineClockLine.ts';
import type { Files } from './log/files.ts';
import { LogError } from './log/logError.ts';
import { copyData, type DataPlace } from './snapshotCopy.ts';

const staging = 'restore';
/** While it exists the restore is decided, and only goes forward. */
const intentPath = 'restore.json';
const intentFormat = 1;

/** `clear`: the old streams go; `move`: they are gone, and the new ones take their place. */
type Phase = 'clear' | 'move';

/** Copies `from` beside the data. Nothing that counts has changed yet. */
export async function stageRestore(files: Files, from: DataPlace): Promise<void> {
  await files.removeFolder(staging);
  await files.makeFolder(staging);
  await copyData(from, { files, prefix: `${staging}/` });
  await files.syncFolder(staging);
}

/**
 * Undefined: what was staged is decided to become the data folder's content, and `finishRestore` makes it so.
 * Else why not, and nothing has changed. Rejects when nobody knows: the next start will.
 */
export async function decideRestore(files: Files): Promise<unknown> {
  try {
    await setPhase(files, 'clear');
    return undefined;
  } catch (error) {
    // It may be there all the same.
    await files.remove(intentPath);
    await files.syncFolder('');
    await files.removeFolder(staging);
    return error;
  }
}

/** Finishes a restore that was decided, and takes back one that was not. Before an engine is opened. */
export async function finishRestore(files: Files): Promise<void> {
  const phase = await phaseOf(files);
  if (phase === undefined) {
    if (await files.stat(staging)) await files.removeFolder(staging);
    return;
  }
  if (phase === 'clear') await clear(files);
  await move(files);
  await files.remove(intentPath);
  await files.syncFolder('');
  await files.removeFolder(staging);
}

async function clear(files: Files): Promise<void> {
  await files.removeFolder('catalog');
  await files.removeFolder('streams');
  await files.remove(clockPath);
  await files.syncFolder('');
  await setPhase(files, 'move');
}

/** What has moved already is not staged any more, so that it can begin again anywhere. */
async function move(files: Files): Promise<void> {
  const folders = ['catalog', 'streams'];
  for (const id of await files.list(`${staging}/streams`)) folders.push(`streams/${id}`);
  for (const folder of folders) {
    await files.makeFolder(folder);
    if (folder !== 'streams') await moveFiles(files, folder);
  }
  if (await files.stat(`${staging}/${clockPath}`)) {
    await files.rename(`${staging}/${clockPath}`, clockPath);
  }
  await files.syncFolder(staging);
  await files.syncFolder('');
}

async function moveFiles(files: Files, folder: string): Promise<void> {
  const staged = `${staging}/${folder}`;
  for (const name of await files.list(staged)) {
    await files.rename(`${staged}/${name}`, `${folder}/${name}`);
  }
  // Some systems keep a move only once both ends of it are kept.
  await files.syncFolder(staged);
  await files.syncFolder(folder);
}

function setPhase(files: Files, phase: Phase): Promise<void> {
  const text = `${JSON.stringify({ format: intentFormat, phase })}\n`;
  return files.replace(intentPath, new TextEncoder().encode(text));
}

async function phaseOf(files: Files): Promise<Phase | undefined> {
  const bytes = await files.readAll(intentPath);
  if (!bytes) return undefined;
  const { format, phase } = parse(bytes) as { format?: unknown; phase?: unknown };
  if (format === intentFormat && (phase === 'clear' || phase === 'move')) return phase;
  throw new LogError(
    typeof format === 'number' && format > intentFormat ? 'FORMAT' : 'CORRUPT',
    `A restore of this data folder was begun, and ${intentPath}, which says how far it came, cannot be ` +
      'read by this version. Finish it with the version of Shardscope that began it.',
    { path: intentPath },
  );
}

function parse(bytes: Uint8Array): object {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as object;
  } catch {
    return {};
  }
}
