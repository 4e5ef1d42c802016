/**
 * Memory for the bytes of rows: blocks that are filled one after the other and given up once nobody needs anything
 * in them. What is kept is copied once; buffers that bytes came in are not held by it.
 */
import { assert } from '../base/assert.ts';

/** Blocks of a tail at most this long, unless one row is longer. */
export const blockBytesMax = 1024 * 1024;

interface Block {
  readonly bytes: Uint8Array;
  used: number;
  /** Of what is used, so much is needed. */
  live: number;
}

interface Seen {
  readonly number: number;
  readonly bytes: Uint8Array;
}

const nothingSeen: Seen = { number: -1, bytes: new Uint8Array(0) };

/** Where bytes lie. */
export interface Place {
  readonly block: number;
  readonly at: number;
}

export class Arena {
  private readonly blockBytes: number;
  private readonly blocks = new Map<number, Block>();
  /** The block that was looked at last: the next one is mostly the same. */
  private seen: Seen = nothingSeen;
  private newest = -1;
  private byteCount = 0;
  private liveCount = 0;

  /** `blockBytes`: of a block; what is longer has one of its own. */
  constructor(blockBytes: number) {
    this.blockBytes = blockBytes;
  }

  /** Of all blocks, what is not used or not needed in them included. */
  get bytes(): number {
    return this.byteCount;
  }

  /** Of all blocks, what is not needed. */
  get wasted(): number {
    return this.byteCount - this.liveCount;
  }

  /** Less than half of the block is needed, and no more comes into it. */
  isSparse(number: number): boolean {
    const block = this.blocks.get(number);
    return block !== undefined && number !== this.newest && block.live * 2 < block.bytes.length;
  }

  /** Gives everything up. */
  clear(): void {
    this.blocks.clear();
    this.seen = nothingSeen;
    this.byteCount = this.liveCount = 0;
  }

  /** Room for so many bytes, to be written to at once. */
  take(length: number): Place {
    const current = this.blocks.get(this.newest);
    const block =
      current && current.used + length <= current.bytes.length ? current : this.add(length);
    const at = block.used;
    block.used += length;
    block.live += length;
    this.liveCount += length;
    return { block: this.newest, at };
  }

  /** All bytes of a block. */
  bytesOf(number: number): Uint8Array {
    if (number === this.seen.number) return this.seen.bytes;
    const found = this.blocks.get(number);
    assert(found, 'bytes that were given up');
    this.seen = { number, bytes: found.bytes };
    return found.bytes;
  }

  /** So many bytes that were taken in a block are needed no more. */
  release(number: number, length: number): void {
    const block = this.blocks.get(number);
    assert(block, 'bytes that were given up');
    block.live -= length;
    this.liveCount -= length;
    if (block.live > 0) return;
    if (number === this.newest && block.bytes.length <= this.blockBytes) block.used = 0;
    else this.drop(number, block);
  }

  private add(length: number): Block {
    const last = this.blocks.get(this.newest);
    if (last?.live === 0) this.drop(this.newest, last);
    const bytes = new Uint8Array(Math.max(length, this.blockBytes));
    const block = { bytes, used: 0, live: 0 };
    this.blocks.set(++this.newest, block);
    this.byteCount += bytes.length;
    return block;
  }

  private drop(number: number, block: Block): void {
    if (number === this.seen.number) this.seen = nothingSeen;
    this.blocks.delete(number);
    this.byteCount -= block.bytes.length;
  }
}
