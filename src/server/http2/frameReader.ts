/** Cuts what a client sends into frames. It keeps no more than one short frame that is not whole yet. */
import {
  ConnectionError,
  errorCodes,
  type FrameHead,
  flags,
  frameTypes,
  headBytes,
  payloadBytesMin,
  preface,
} from './frames.ts';

/** A part of a frame. */
export interface Part {
  readonly bytes: Buffer;
  /** Nothing of the frame follows. */
  readonly isLast: boolean;
}

/** Payloads are to be looked at in the turn in which they come. */
export interface FrameSink {
  /** Every frame but DATA without padding. */
  frame(head: FrameHead, payload: Buffer): void;
  /** A part of such DATA, as it comes in; an empty frame has one part. */
  data(head: FrameHead, part: Part): void;
}

const nothing = Buffer.alloc(0);

export class FrameReader {
  private readonly sink: FrameSink;
  private rest: Buffer = nothing;
  /** The DATA that is under way, and how much of it is missing. */
  private data: FrameHead | undefined;
  private missing = 0;
  private isGreeted = false;

  constructor(sink: FrameSink) {
    this.sink = sink;
  }

  /** Nothing is begun and not whole. */
  get isIdle(): boolean {
    return this.isGreeted && this.rest.length === 0 && !this.data;
  }

  /** Throws ConnectionError. */
  take(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = nothing;
    let at = 0;
    for (;;) {
      const end = this.step(bytes, at);
      if (end === at) break;
      at = end;
    }
    if (at < bytes.length) this.rest = Buffer.from(bytes.subarray(at));
  }

  /** Where the next step begins; at the same place: there is too little. */
  private step(bytes: Buffer, at: number): number {
    if (!this.isGreeted) return this.greet(bytes);
    if (this.data) return this.goOn(bytes, at);
    if (bytes.length - at < headBytes) return at;
    const head = headAt(bytes, at);
    if (head.length > payloadBytesMin) {
      throw new ConnectionError(errorCodes.frameSize, `a frame of ${head.length} bytes`);
    }
    const from = at + headBytes;
    if (head.type === frameTypes.data && (head.flags & flags.padded) === 0) {
      this.begin(head);
      return from;
    }
    const to = from + head.length;
    if (to > bytes.length) return at;
    this.sink.frame(head, bytes.subarray(from, to));
    return to;
  }

  private greet(bytes: Buffer): number {
    const seen = bytes.toString('latin1', 0, preface.length); // of less than that, too
    if (!preface.startsWith(seen)) {
      throw new ConnectionError(errorCodes.protocol, 'no HTTP/2 follows its first bytes');
    }
    this.isGreeted = seen.length === preface.length;
    return this.isGreeted ? preface.length : 0;
  }

  private begin(head: FrameHead): void {
    this.missing = head.length;
    if (head.length === 0) this.sink.data(head, { bytes: nothing, isLast: true });
    else this.data = head;
  }

  private goOn(bytes: Buffer, at: number): number {
    const head = this.data!;
    const part = bytes.subarray(at, at + this.missing);
    if (part.length === 0) return at;
    this.missing -= part.length;
    const isLast = this.missing === 0;
    if (isLast) this.data = undefined;
    this.sink.data(head, { bytes: part, isLast });
    return at + part.length;
  }
}

const headAt = (bytes: Buffer, at: number): FrameHead => ({
  length: bytes.readUIntBE(at, 3),
  type: bytes[at + 3]!,
  flags: bytes[at + 4]!,
  stream: bytes.readUInt32BE(at + 5) & 0x7fff_ffff,
});
