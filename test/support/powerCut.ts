/**
 * What a power cut leaves of a history of changes: all that was synced, and of the rest a part by chance,
 * file by file and folder by folder. It decides nothing about what ought to be there.
 */
import { type Image, type Operation, shortened, type WriteOperation } from './memoryFiles.ts';
import type { SeededRandom } from './seededRandom.ts';

/** A disk writes a sector whole or not at all. */
export const SECTOR_BYTES = 512;
/** A system writes back a page whole, as it is then, and in an order of its own. Some have small ones. */
const pageBytes = [SECTOR_BYTES, 4096];

/** A change, and how many changes there were when it was asked for: a sync covers those only. */
export interface Happened {
  readonly operation: Operation;
  readonly asked: number;
}

export interface PowerCut {
  /** What was there, all on the disk, before the first change. */
  readonly start: Image;
  /** Everything that had happened, in order. */
  readonly history: readonly Happened[];
  readonly random: SeededRandom;
  /**
   * What of the writes since the last sync of their file: `end`, the last ones and sectors of the one before
   * them, by default; `pages`, of any page all that came to it since some moment.
   */
  readonly loses?: Loss;
}

export type Loss = 'end' | 'pages';

/** Each call with fresh randomness is another possible outcome. */
export function afterPowerCut(cut: PowerCut): Image {
  const image = cut.start.copy();
  for (const { operation, isSynced } of survivingNames(cut)) {
    if (isSynced) applyWhole(image, operation);
    else applyName(image, { operation, random: cut.random });
  }
  const changes = changesByFile(cut.history);
  for (const file of new Set(image.names.values())) {
    for (const change of survivingData(changes.get(file) ?? [], cut)) image.apply(change);
  }
  return image;
}

const dataKinds: ReadonlySet<string> = new Set(['write', 'truncate', 'sync']);

/** The folder whose sync makes a change of names last. */
function folderOf(operation: Operation): string {
  if (!('path' in operation)) return '';
  const name = operation.kind === 'link' ? operation.to : operation.path;
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

interface SurvivingName {
  readonly operation: Operation;
  readonly isSynced: boolean;
}

/** Names that survive, in their order: the synced ones of each folder and some of the others. */
function survivingNames({ history, random }: PowerCut): SurvivingName[] {
  const lastSync = new Map<string, number>();
  for (const { operation, asked } of history) {
    if (operation.kind !== 'syncFolder') continue;
    lastSync.set(operation.path, Math.max(asked, lastSync.get(operation.path) ?? 0));
  }
  const rest = new Map<string, (at: number) => boolean>();
  return history.flatMap(({ operation }, at): SurvivingName[] => {
    if (dataKinds.has(operation.kind) || operation.kind === 'syncFolder') return [];
    const folder = folderOf(operation);
    // Making a folder includes the syncs that make it last.
    if (operation.kind === 'makeFolder' || at < (lastSync.get(folder) ?? 0)) {
      return [{ operation, isSynced: true }];
    }
    if (!rest.has(folder)) rest.set(folder, unsynced({ history, folder, random }));
    return rest.get(folder)!(at) ? [{ operation, isSynced: false }] : [];
  });
}

/** Which of a folder's changes that were not synced survive: a beginning of them, or any of them. */
function unsynced(of: {
  history: readonly Happened[];
  folder: string;
  random: SeededRandom;
}): (at: number) => boolean {
  const { history, folder, random } = of;
  if (random.chance(0.3)) return () => random.chance(0.5);
  const places = history.flatMap(({ operation }, at) =>
    folderOf(operation) === folder ? [at] : [],
  );
  const end = random.pick([...places, history.length]);
  return (at) => at < end;
}

function applyName(
  image: Image,
  { operation, random }: { operation: Operation; random: SeededRandom },
): void {
  if (operation.kind === 'removeFolder' && random.chance(0.5)) {
    for (const path of [...image.names.keys()]) {
      const isInside = path.startsWith(`${operation.path}/`);
      if (isInside && random.chance(0.5)) image.apply({ kind: 'remove', path });
    }
    return;
  }
  applyWhole(image, operation);
}

function applyWhole(image: Image, operation: Operation): void {
  const needsSource = operation.kind === 'rename' || operation.kind === 'link';
  if (!needsSource || image.names.has(operation.path)) image.apply(operation);
}

type DataChange = Extract<Operation, { kind: 'write' | 'truncate' | 'sync' }>;
type AskedChange = { readonly change: DataChange; readonly at: number; readonly asked: number };

function changesByFile(history: readonly Happened[]): Map<number, AskedChange[]> {
  const byFile = new Map<number, AskedChange[]>();
  history.forEach(({ operation, asked }, at) => {
    if (!dataKinds.has(operation.kind)) return;
    const change = operation as DataChange;
    const changes = byFile.get(change.file);
    if (changes) changes.push({ change, at, asked });
    else byFile.set(change.file, [{ change, at, asked }]);
  });
  return byFile;
}

/** Of one file's changes: those that a sync covers, a beginning of the others, and part of the next write. */
function survivingData(changes: readonly AskedChange[], cut: PowerCut): Operation[] {
  const { random, loses = 'end' } = cut;
  let covered = 0;
  for (const { change, asked } of changes) {
    if (change.kind === 'sync') covered = Math.max(covered, asked);
  }
  const synced = changes.filter(({ at }) => at < covered).map(({ change }) => change);
  const rest = changes
    .filter(({ at, change }) => at >= covered && change.kind !== 'sync')
    .map(({ change }) => change);
  if (loses === 'pages') return [...synced, ...writtenBack(rest, random)];
  const count = random.integer(0, rest.length);
  const kept = rest.slice(0, count);
  const next = rest[count];
  return [...synced, ...kept, ...(next ? torn(next, random) : [])];
}

/** Of changes that nothing was synced after: each page as it was when it was last written back, if ever. */
function writtenBack(changes: readonly DataChange[], random: SeededRandom): Operation[] {
  const size = random.pick(pageBytes);
  // How many of the changes a page has seen, by its number; -1 is what the disk knows of the file's size.
  const seen = new Map<number, number>();
  const share = random.pick([0, 0.2, 0.5, 0.9]);
  const seenUpTo = (page: number): number => {
    const known = seen.get(page);
    if (known !== undefined) return known;
    const count = random.chance(share) ? changes.length : random.integer(0, changes.length);
    seen.set(page, random.chance(0.2) ? 0 : count);
    return seen.get(page)!;
  };
  const sizes = seenUpTo(-1);
  return changes.flatMap((change, at): Operation[] => {
    if (change.kind !== 'write') return at < sizes ? [change] : [];
    const end = { ...change, position: change.position + change.bytes.length, bytes: noBytes };
    const pieces = piecesOf(change, size);
    const kept = pieces.filter(({ position }) => at < seenUpTo(Math.floor(position / size)));
    return at < sizes ? [end, ...kept] : kept;
  });
}

/** The sectors of a write that reached the disk; where others are missing before them there are zeros. */
function torn(change: DataChange, random: SeededRandom): Operation[] {
  if (change.kind !== 'write') return random.chance(0.5) ? [change] : [];
  const share = random.pick([0, 0.5, 0.9, 1]);
  const pieces = piecesOf(change, SECTOR_BYTES).filter(() => random.chance(share));
  // The length may be known to the file system before the bytes are there.
  const grows = random.chance(0.3);
  const end = { ...change, position: change.position + change.bytes.length, bytes: noBytes };
  return grows ? [end, ...pieces] : pieces;
}

const noBytes = new Uint8Array(0);

/** A write in parts that lie in one sector or page each. */
function piecesOf(write: WriteOperation, size: number): WriteOperation[] {
  const pieces: WriteOperation[] = [];
  for (let at = 0; at < write.bytes.length; ) {
    const length = size - ((write.position + at) % size);
    const rest = { ...write, position: write.position + at, bytes: write.bytes.subarray(at) };
    pieces.push(shortened(rest, length));
    at += length;
  }
  return pieces;
}
