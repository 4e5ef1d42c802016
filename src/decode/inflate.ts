/** Unpacks deflate in its two wrappers, always with a bound on what comes out. */
import { constants, type gunzipSync, type inflateRawSync, type inflateSync } from 'node:zlib';
import type { Opened, OpenLimits } from './container.ts';
import { counted, sizeOf } from './wording.ts';

/** What was unpacked, and of how many packed bytes. */
export interface Unpacked {
  readonly buffer: Uint8Array;
  readonly consumed: number;
}

/** A wrapper around deflate, and how a report speaks of it. */
export interface Wrapper {
  readonly run: typeof gunzipSync | typeof inflateSync | typeof inflateRawSync;
  /** `begins with 1f 8b` */
  readonly beginning: string;
  /** `CRC-32` */
  readonly checksum: string;
  /** Where `run` fails at other bytes behind the end. */
  readonly beforeOthers?: {
    /** What is proven before them; throws when nothing is, or when it is more than `bytesMax`. */
    proven(data: Uint8Array, bytesMax: number): Unpacked;
    /** Unpacks from `start` on and stops at the end. */
    readonly run: typeof inflateRawSync;
    start(data: Uint8Array): number;
  };
}

interface Limits extends OpenLimits {
  readonly wrapper: Wrapper;
}

/** Deflate packs 1032 to 1, so this many packed bytes keep `bytesMax`. @source documented: zlib */
const packingMax = 1032;
/** So often a beginning is unpacked, each time `bytesMax` at most, until it is neither too short nor too long. */
const triesMax = 12;
/** And so much is made of it together, a last try not counted. */
const madeMaxOf = (bytesMax: number): number => Math.max(4 * bytesMax, 256 * 1024);

/**
 * All that is inside when it is `bytesMax` or less, proven by the checksum; else its beginning. Of a head, what
 * it unpacks to.
 */
export function inflate(data: Uint8Array, limits: Limits): Opened {
  const { wrapper, isHead } = limits;
  if (isHead) return beginning(data, limits);
  try {
    return proven(data, { wrapper, unpacked: whole(data, limits) });
  } catch (thrown) {
    return isTooLarge(thrown) ? tooLarge(data, limits) : beforeOthers(data, { ...limits, thrown });
  }
}

function tooLarge(data: Uint8Array, limits: Limits): Opened {
  const { wrapper, bytesMax } = limits;
  const part = beginning(data, limits);
  if (part.outcome !== 'read') return part;
  const why = `${wrapper.beginning}, and holds more than ${sizeOf(bytesMax)}: its beginning only`;
  return { ...part, why };
}

function beforeOthers(
  data: Uint8Array,
  { thrown, ...limits }: Limits & { thrown: unknown },
): Opened {
  const { wrapper, bytesMax } = limits;
  const { beforeOthers: before } = wrapper;
  if (!before) return broken(thrown, wrapper);
  try {
    return proven(data, { wrapper, unpacked: before.proven(data, bytesMax) });
  } catch (inner) {
    // The first error is about all of the data.
    if (!isTooLarge(inner)) return broken(thrown, wrapper);
    const bare = { ...wrapper, run: before.run };
    return tooLarge(data.subarray(before.start(data)), { ...limits, wrapper: bare });
  }
}

function proven(
  data: Uint8Array,
  { wrapper, unpacked }: { wrapper: Wrapper; unpacked: Unpacked },
): Opened {
  const { buffer, consumed } = unpacked;
  const rest = data.length - consumed;
  const proof = `${wrapper.beginning}, and its ${wrapper.checksum} matches`;
  const sizes = `${sizeOf(consumed)} to ${sizeOf(buffer.length)}`;
  const after = rest > 0 ? `; ${counted(rest, 'byte')} after its end are left out` : '';
  return { outcome: 'read', data: buffer, isPart: false, why: `${proof}: ${sizes}${after}` };
}

function whole(data: Uint8Array, { wrapper, bytesMax }: Limits): Unpacked {
  return informed(wrapper.run(data, { maxOutputLength: bytesMax, info: true }));
}

/** The types do not know what `info` changes of an answer. */
export function informed(answer: unknown): Unpacked {
  const { buffer, engine } = answer as { buffer: Uint8Array; engine: { bytesWritten: number } };
  return { buffer, consumed: engine.bytesWritten };
}

/** Without a look at any checksum. */
function beginning(data: Uint8Array, limits: Limits): Opened {
  const { wrapper } = limits;
  try {
    const part = enough(data, limits);
    const why = `${wrapper.beginning}, and its head unpacks`;
    return { outcome: 'read', data: part, isPart: true, why };
  } catch (thrown) {
    return broken(thrown, wrapper);
  }
}

/**
 * Nothing says before how many packed bytes unpack to so many: more of them are tried after too few, fewer after
 * too many.
 */
function enough(data: Uint8Array, limits: Limits): Uint8Array {
  const { bytesMax, enoughBytes, isHead } = limits;
  let [tooFew, tooMany] = [0, isHead ? data.length + 1 : data.length];
  let part: Uint8Array = new Uint8Array(0);
  const first = Math.max(Math.floor(bytesMax / packingMax), Math.ceil(enoughBytes / 4));
  let count = Math.min(first, isHead ? data.length : data.length >> 1);
  let made = 0;
  for (let tries = 0; tries < triesMax && made < madeMaxOf(bytesMax); tries++) {
    if (tooMany - tooFew <= 1) break;
    const found = partOf(data.subarray(0, count), limits);
    made += found?.length ?? bytesMax;
    if (!found) tooMany = count;
    else if (found.length >= enoughBytes) return found;
    else [tooFew, part] = [count, found];
    // As if the rest packed as well as its beginning does.
    const likely = found?.length
      ? Math.ceil((count / found.length) * Math.sqrt(enoughBytes * bytesMax))
      : tooMany;
    const middle = Math.floor(Math.sqrt(Math.max(tooFew, 1) * tooMany));
    const next = tries === 0 && likely < tooMany ? likely : middle;
    count = Math.min(Math.max(next, tooFew + 1), tooMany - 1);
  }
  return part;
}

/** Undefined when it is more than `bytesMax`. */
function partOf(head: Uint8Array, { wrapper, bytesMax }: Limits): Uint8Array | undefined {
  try {
    const finish = { finishFlush: constants.Z_SYNC_FLUSH };
    return wrapper.run(head, { maxOutputLength: bytesMax, ...finish });
  } catch (thrown) {
    if (isTooLarge(thrown)) return undefined;
    throw thrown;
  }
}

function broken(thrown: unknown, { beginning }: Wrapper): Opened {
  const { message } = thrown as Error;
  return { outcome: 'broken', why: `${beginning}, but does not unpack: ${message}` };
}

/** An error of Node's: more than `maxOutputLength` would come out. */
export function isTooLarge(thrown: unknown): boolean {
  return (thrown as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
}
