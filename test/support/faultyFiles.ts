/** A file system that records every change, fails on demand and can be cut off at any point of its history. */
import { setImmediate } from 'node:timers/promises';
import {
  Image,
  MemoryFiles,
  type Operation,
  systemError,
  type WriteOperation,
} from './memoryFiles.ts';
import type { SeededRandom } from './seededRandom.ts';

export interface Fault {
  /** `ENOSPC`, `EIO`, … */
  readonly code: string;
  /** Of a write: how many of its bytes get through before it fails; none by default. */
  readonly writtenBytes?: number;
}

/** Every change takes a turn of the event loop and happens at its end, so that acting too early shows. */
export class FaultyFiles extends MemoryFiles {
  /** Everything that happened, in order. */
  readonly operations: Operation[] = [];
  /** Asked before each change; a fault makes it fail. */
  faultFor: ((operation: Operation) => Fault | undefined) | undefined;

  constructor(start = new Image()) {
    super(start);
  }

  protected override async change(operation: Operation): Promise<void> {
    await setImmediate();
    const fault = this.faultFor?.(operation);
    if (fault) {
      if (operation.kind === 'write') this.happen(shortened(operation, fault.writtenBytes ?? 0));
      throw systemError(fault.code, operation.kind);
    }
    this.happen(operation);
  }

  private happen(operation: Operation): void {
    this.operations.push(operation);
    this.image.apply(operation);
  }

  /**
   * What a killed process leaves after `count` operations: all of them, and the first `writtenBytes` of the
   * next one when that is a write.
   */
  afterKill(count: number, writtenBytes = 0): MemoryFiles {
    const image = new Image();
    for (const operation of this.operations.slice(0, count)) image.apply(operation);
    const next = this.operations[count];
    if (next?.kind === 'write' && writtenBytes > 0) image.apply(shortened(next, writtenBytes));
    return new MemoryFiles(image);
  }

  /**
   * What a power cut leaves after `count` operations: all that was synced, and of the rest, by chance and
   * file by file, a part of its beginning, with zeros where bytes were still missing.
   */
  afterPowerCut(count: number, random: SeededRandom): MemoryFiles {
    const done = this.operations.slice(0, count);
    const image = new Image();
    const names = done.filter(isName);
    const synced = names.findLastIndex(({ kind }) => kind === 'syncFolder') + 1;
    for (const name of names.slice(0, random.integer(synced, names.length))) {
      if (isPossible(image, name)) image.apply(name);
    }
    for (const file of new Set(image.names.values())) {
      const changes = done.filter((change) => isData(change) && change.file === file);
      for (const change of survivors(changes, random)) image.apply(change);
    }
    return new MemoryFiles(image);
  }
}

type DataChange = Extract<Operation, { file: number; kind: 'write' | 'truncate' | 'sync' }>;

function isData(operation: Operation): operation is DataChange {
  return ['write', 'truncate', 'sync'].includes(operation.kind);
}

function isName(operation: Operation): boolean {
  return !isData(operation);
}

function isPossible(image: Image, operation: Operation): boolean {
  const needsSource = operation.kind === 'rename' || operation.kind === 'link';
  return !needsSource || image.names.has(operation.path);
}

/** Of one file's changes: those up to the last sync, and a random part of what follows. */
function survivors(changes: readonly Operation[], random: SeededRandom): Operation[] {
  const synced = changes.findLastIndex(({ kind }) => kind === 'sync') + 1;
  const kept = random.integer(synced, changes.length);
  const next = changes[kept];
  const whole = changes.slice(0, kept);
  if (next?.kind !== 'write' || random.chance(0.3)) return whole;
  const part = shortened(next, random.integer(0, next.bytes.length));
  if (random.chance(0.5)) return [...whole, part];
  const bytes = new Uint8Array(next.bytes.length);
  bytes.set(part.bytes);
  return [...whole, { ...next, bytes }];
}

function shortened(write: WriteOperation, length: number): WriteOperation {
  return { ...write, bytes: write.bytes.slice(0, length) };
}

/** Fails the next change of a kind, once. */
export function failNext(files: FaultyFiles, kind: Operation['kind'], fault: Fault): void {
  files.faultFor = (operation) => {
    if (operation.kind !== kind) return undefined;
    files.faultFor = undefined;
    return fault;
  };
}
