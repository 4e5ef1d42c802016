/** A file system that records every change, fails on demand and can be cut off at any point of its history. */
import { setImmediate } from 'node:timers/promises';
import { Image, MemoryFiles, type Operation, shortened, systemError } from './memoryFiles.ts';
import { afterPowerCut, type Loss } from './powerCut.ts';
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
  private readonly start: Image;
  /** For each operation, how many there were when it was asked for. */
  private readonly asked: number[] = [];

  constructor(start = new Image()) {
    super(start.copy());
    this.start = start;
  }

  protected override async change(operation: Operation): Promise<void> {
    const asked = this.operations.length;
    await setImmediate();
    const fault = this.faultFor?.(operation);
    if (fault) {
      const written = fault.writtenBytes ?? 0;
      if (operation.kind === 'write') this.happen(shortened(operation, written), asked);
      throw systemError(fault.code, operation.kind);
    }
    this.happen(operation, asked);
  }

  private happen(operation: Operation, asked: number): void {
    this.operations.push(operation);
    this.asked.push(asked);
    this.image.apply(operation);
  }

  /**
   * What a killed process leaves after `count` operations: all of them, and the first `writtenBytes` of the
   * next one when that is a write.
   */
  afterKill(count: number, writtenBytes = 0): MemoryFiles {
    const image = this.start.copy();
    for (const operation of this.operations.slice(0, count)) image.apply(operation);
    const next = this.operations[count];
    if (next?.kind === 'write' && writtenBytes > 0) image.apply(shortened(next, writtenBytes));
    return new MemoryFiles(image);
  }

  /** What a power cut leaves after `count` operations, one possible outcome of many; see powerCut.ts. */
  afterPowerCut(count: number, random: SeededRandom, loses: Loss = 'end'): MemoryFiles {
    const history = this.operations
      .slice(0, count)
      .map((operation, at) => ({ operation, asked: this.asked[at]! }));
    return new MemoryFiles(afterPowerCut({ start: this.start, history, random, loses }));
  }
}

/** Fails the next change of a kind, once. */
export function failNext(files: FaultyFiles, kind: Operation['kind'], fault: Fault): void {
  files.faultFor = (operation) => {
    if (operation.kind !== kind) return undefined;
    files.faultFor = undefined;
    return fault;
  };
}
