/** Unpacks deflate in its two wrappers, always with a bound on what comes out. */
import { constants, type gunzipSync, type inflateSync } from 'node:zlib';
import type { Opened, OpenLimits } from './container.ts';
import { counted, sizeOf } from './wording.ts';

/** A wrapper around deflate, and how a report speaks of it. */
export interface Wrapper {
  readonly run: typeof gunzipSync | typeof inflateSync;
  /** `begins with 1f 8b` */
  readonly beginning: string;
  /** `CRC-32` */
  readonly checksum: string;
}

/** Deflate packs 1032 to 1 at most, so this many packed bytes keep `bytesMax`. @source documented: zlib */
const packingMax = 1032;

/**
 * All that is inside when it is `bytesMax` or less, proven by the checksum; else its beginning. Of a head, what
 * it unpacks to. At most twice `bytesMax` are made on the way.
 */
export function inflate(data: Uint8Array, limits: OpenLimits & { wrapper: Wrapper }): Opened {
  const { wrapper, bytesMax, isHead } = limits;
  if (isHead) return beginning(data, limits);
  try {
    const { buffer, consumed } = whole(data, limits);
    const rest = data.length - consumed;
    const proof = `${wrapper.beginning}, and its ${wrapper.checksum} matches`;
    const sizes = `${sizeOf(data.length)} to ${sizeOf(buffer.length)}`;
    const after = rest > 0 ? `; ${counted(rest, 'byte')} after its end are left out` : '';
    return { outcome: 'read', data: buffer, isPart: false, why: `${proof}: ${sizes}${after}` };
  } catch (thrown) {
    if (codeOf(thrown) !== 'ERR_BUFFER_TOO_LARGE') return broken(thrown, wrapper);
    const part = beginning(data, limits);
    if (part.outcome !== 'read') return part;
    const why = `${wrapper.beginning}, and holds more than ${sizeOf(bytesMax)}: its beginning only`;
    return { ...part, why };
  }
}

function whole(
  data: Uint8Array,
  { wrapper, bytesMax }: OpenLimits & { wrapper: Wrapper },
): { buffer: Uint8Array; consumed: number } {
  // The types do not know what `info` changes.
  const answer = wrapper.run(data, { maxOutputLength: bytesMax, info: true }) as unknown as {
    buffer: Uint8Array;
    engine: { bytesWritten: number };
  };
  return { buffer: answer.buffer, consumed: answer.engine.bytesWritten };
}

/** Without a look at any checksum. */
function beginning(
  data: Uint8Array,
  { wrapper, bytesMax }: OpenLimits & { wrapper: Wrapper },
): Opened {
  const head = data.subarray(0, Math.floor(bytesMax / packingMax));
  const finish = { finishFlush: constants.Z_SYNC_FLUSH };
  try {
    const part = wrapper.run(head, { maxOutputLength: bytesMax, ...finish });
    const why = `${wrapper.beginning}, and its head unpacks`;
    return { outcome: 'read', data: part, isPart: true, why };
  } catch (thrown) {
    return broken(thrown, wrapper);
  }
}

function broken(thrown: unknown, { beginning }: Wrapper): Opened {
  const { message } = thrown as Error;
  return { outcome: 'broken', why: `${beginning}, but does not unpack: ${message}` };
}

function codeOf(thrown: unknown): string | undefined {
  return (thrown as { code?: string }).code;
}
