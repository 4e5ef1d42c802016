/** Makes the two ids that AWS puts on every answer, many at a time. */
import type { Random } from '../base/random.ts';
import type { AnswerIds } from './exchange.ts';

const uuidBytes = 16;
const hostIdBytes = 72;
const hostIdCharacters = 96;
const idsPerDraw = 64;

export class AnswerIdSource {
  private readonly random: Random;
  private requestIds = '';
  private hostIds = '';
  private next = idsPerDraw;

  constructor(random: Random) {
    this.random = random;
  }

  /** A random UUID (version 4), and 72 bytes in base64. */
  take(): AnswerIds {
    if (this.next === idsPerDraw) this.draw();
    const at = this.next++;
    return {
      requestId: uuidAt(this.requestIds, at * uuidBytes * 2),
      hostId: this.hostIds.slice(at * hostIdCharacters, (at + 1) * hostIdCharacters),
    };
  }

  private draw(): void {
    const bytes = Buffer.from(this.random.bytes((uuidBytes + hostIdBytes) * idsPerDraw));
    const end = uuidBytes * idsPerDraw;
    for (let at = 0; at < end; at += uuidBytes) {
      bytes[at + 6] = (bytes[at + 6]! & 0x0f) | 0x40;
      bytes[at + 8] = (bytes[at + 8]! & 0x3f) | 0x80;
    }
    this.requestIds = bytes.toString('hex', 0, end);
    this.hostIds = bytes.toString('base64', end);
    this.next = 0;
  }
}

function uuidAt(hex: string, at: number): string {
  const part = (from: number, to: number): string => hex.slice(at + from, at + to);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
}
