/** One run through the containers around a record: bounded in depth and in bytes, with a report when wanted. */
import type { Container, OpenLimits } from './container.ts';
import type { Attempt } from './decoder.ts';
import { sizeOf } from './wording.ts';

/** How many containers are opened, one inside the other. */
export const containersMax = 4;
/** The most that is unpacked of one record, over all its containers; up to three times that is made on the way. */
export const unpackedBytesMax = 16 * 1024 * 1024;
/** With less room than this left, nothing is opened any more. */
const roomMin = 64 * 1024;

/** Bytes that were reached, outermost first. */
export interface Layer {
  readonly data: Uint8Array;
  /** True when there is more of it than was unpacked. */
  readonly isPart: boolean;
  /** What it came out of; undefined of the record's own data. */
  readonly container: Container | undefined;
  /** How many attempts had been noted before this container's own. */
  readonly attemptsBefore: number;
}

/** How much of each container is wanted. */
export type Wanted = Pick<OpenLimits, 'bytesMax' | 'enoughBytes'>;

export interface UnpackingOptions {
  readonly wanted: Wanted;
  readonly hasReport: boolean;
}

export class Unpacking {
  readonly layers: Layer[];
  /** Undefined when nobody reads it: the sentences would cost more than the rest. */
  readonly attempts: Attempt[] | undefined;
  private readonly wanted: Wanted;
  private room = unpackedBytesMax;

  constructor(data: Uint8Array, { wanted, hasReport }: UnpackingOptions) {
    this.layers = [{ data, isPart: false, container: undefined, attemptsBefore: 0 }];
    this.attempts = hasReport ? [] : undefined;
    this.wanted = wanted;
  }

  /** The innermost. */
  get layer(): Layer {
    return this.layers[this.layers.length - 1]!;
  }

  /** Opens whatever fits, until nothing does. */
  openAll(containers: readonly Container[]): void {
    while (containers.some((container) => this.tryOpen(container))) {
      // Each that opens is a layer more, and `containersMax` bounds these.
    }
  }

  /** True when it was opened. */
  tryOpen(container: Container): boolean {
    const { data } = this.layer;
    if (!container.claims(data)) {
      this.attempts?.push(this.attempt(container, 'notThis', container.refusal(data)));
      return false;
    }
    return this.open(container);
  }

  /** Without asking whether it claims to fit. */
  open(container: Container): boolean {
    const { layer } = this;
    const refusal = this.bound();
    if (refusal !== undefined) {
      this.attempts?.push(this.attempt(container, 'broken', refusal));
      return false;
    }
    const { enoughBytes } = this.wanted;
    const bytesMax = Math.min(this.wanted.bytesMax, this.room);
    const opened = container.open(layer.data, { bytesMax, enoughBytes, isHead: layer.isPart });
    const attemptsBefore = this.attempts?.length ?? 0;
    this.attempts?.push(this.attempt(container, opened.outcome, opened.why));
    if (opened.outcome !== 'read') return false;
    this.room -= opened.data.length;
    this.layers.push({ data: opened.data, isPart: opened.isPart, container, attemptsBefore });
    return true;
  }

  /** Takes the innermost opening back: nothing inside proved it. */
  undo(): void {
    const { container, attemptsBefore } = this.layers.pop()!;
    if (!this.attempts || !container) return;
    this.attempts.length = attemptsBefore;
    const why = 'the letters are Base64, but nothing proves what they stand for';
    this.attempts.push(this.attempt(container, 'notThis', why));
  }

  private bound(): string | undefined {
    if (this.layers.length > containersMax) {
      return `may be so, but lies in ${containersMax} others, and no more are opened`;
    }
    if (this.room >= roomMin) return undefined;
    return `may be so, but ${sizeOf(unpackedBytesMax)} were unpacked already`;
  }

  private attempt({ name }: Container, outcome: Attempt['outcome'], why: string): Attempt {
    return { decoder: name, outcome, why };
  }
}
