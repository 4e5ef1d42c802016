/** A tick in bytes on its way from the worker to a panel: the extension host between them hands it on unread. */
import type { TailPage, TailTick } from './tail.ts';

export interface PackedTick {
  readonly tail: number;
  readonly tick: Uint8Array;
  /** The rows that came since the tick before, as a page, where a panel follows them. */
  readonly newest?: Uint8Array | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const packed = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

export function packTick(tick: TailTick, newest?: TailPage): PackedTick {
  const { tail } = tick;
  return { tail, tick: packed(tick), ...(newest && { newest: packed(newest) }) };
}

export function unpackTick({ tick }: Pick<PackedTick, 'tick'>): TailTick {
  return JSON.parse(decoder.decode(tick)) as TailTick;
}

export function unpackNewest({ newest }: PackedTick): TailPage | undefined {
  return newest && (JSON.parse(decoder.decode(newest)) as TailPage);
}
