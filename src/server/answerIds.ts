/** The two ids that AWS puts on every answer. */
import type { Random } from '../base/random.ts';

const uuidBytes = 16;
const hostIdBytes = 72;
const answersPerDraw = 64;

/** Makes the id headers of answers; draws chance for many at a time. */
export class AnswerIds {
  private readonly random: Random;
  private pool: Buffer = Buffer.alloc(0);
  private used = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** `x-amzn-RequestId`, a random UUID, and `x-amz-id-2`, base64 of 72 bytes. */
  next(): { 'x-amzn-RequestId': string; 'x-amz-id-2': string } {
    return {
      'x-amzn-RequestId': uuid(this.take(uuidBytes)),
      'x-amz-id-2': this.take(hostIdBytes).toString('base64'),
    };
  }

  private take(count: number): Buffer {
    if (this.used + count > this.pool.length) {
      this.pool = Buffer.from(this.random.bytes((uuidBytes + hostIdBytes) * answersPerDraw));
      this.used = 0;
    }
    this.used += count;
    return this.pool.subarray(this.used - count, this.used);
  }
}

/** Sixteen random bytes as a version 4 UUID. */
function uuid(bytes: Buffer): string {
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  const ends = [8, 12, 16, 20, 32];
  return ends.map((end, index) => hex.slice(ends[index - 1] ?? 0, end)).join('-');
}
