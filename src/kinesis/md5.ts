/** MD5 (RFC 1321) in plain code: it runs in the webview too, and beats a native call for short inputs. */

const sines = new Int32Array(64);
for (let i = 0; i < 64; i++) sines[i] = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0;

const words = new Int32Array(16);
const state = new Int32Array(4);

/** The sixteen bytes of the digest. Time grows with the input: 3 us a KiB, twice what a native call takes. */
export function md5(input: Uint8Array): Uint8Array<ArrayBuffer> {
  digest({ bytes: input, start: 0, length: input.length });
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i++) bytes[i] = state[i >>> 2]! >>> ((i & 3) * 8);
  return bytes;
}

/** The digest of `length` bytes from `start` as four words, the highest first, at `at` of `into`. */
export function md5Words(
  input: { bytes: Uint8Array; start: number; length: number },
  { into, at }: { into: Uint32Array; at: number },
): void {
  digest(input);
  for (let i = 0; i < 4; i++) {
    const word = state[i]!;
    into[at + i] = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
  }
}

interface Input {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
}

function digest(input: Input): void {
  const { length } = input;
  state[0] = 0x67452301;
  state[1] = 0xefcdab89 | 0;
  state[2] = 0x98badcfe | 0;
  state[3] = 0x10325476;
  const wholeBlocks = length >>> 6;
  for (let block = 0; block < wholeBlocks; block++) {
    loadWhole(input.bytes, input.start + block * 64);
    mixBlock();
  }
  const blocks = ((length + 8) >>> 6) + 1;
  for (let block = wholeBlocks; block < blocks; block++) {
    loadBlock(input, block * 64);
    if (block === blocks - 1) {
      words[14] = (length << 3) | 0;
      words[15] = length >>> 29;
    }
    mixBlock();
  }
}

/** Sixty-four bytes that are all there: written out, as long inputs spend most of their time here. */
function loadWhole(bytes: Uint8Array, from: number): void {
  for (let word = 0, at = from; word < 16; word++, at += 4) {
    words[word] =
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }
}

/** Sixteen little-endian words from `offset`; a 1 bit and zeros follow the input's end. */
function loadBlock({ bytes, start, length }: Input, offset: number): void {
  words.fill(0);
  const from = start + offset;
  const count = length - offset;
  for (let at = 0; at < count; at++) words[at >>> 2]! |= bytes[from + at]! << ((at & 3) * 8);
  if (count >= 0) words[count >>> 2]! |= 0x80 << ((count & 3) * 8);
}

/**
 * Four rounds of sixteen steps, without calls: this is most of the time a put spends on its key. Each step
 * waits for the one before; four are written out, so that nothing else has to wait for them.
 */
function mixBlock(): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let i = 0; i < 16; i += 4) {
    a = (a + (d ^ (b & (c ^ d))) + (sines[i]! + words[i]!)) | 0;
    a = (b + ((a << 7) | (a >>> 25))) | 0;
    d = (d + (c ^ (a & (b ^ c))) + (sines[i + 1]! + words[i + 1]!)) | 0;
    d = (a + ((d << 12) | (d >>> 20))) | 0;
    c = (c + (b ^ (d & (a ^ b))) + (sines[i + 2]! + words[i + 2]!)) | 0;
    c = (d + ((c << 17) | (c >>> 15))) | 0;
    b = (b + (a ^ (c & (d ^ a))) + (sines[i + 3]! + words[i + 3]!)) | 0;
    b = (c + ((b << 22) | (b >>> 10))) | 0;
  }
  for (let i = 16, word = 1; i < 32; i += 4, word += 20) {
    a = (a + (c ^ (d & (b ^ c))) + (sines[i]! + words[word & 15]!)) | 0;
    a = (b + ((a << 5) | (a >>> 27))) | 0;
    d = (d + (b ^ (c & (a ^ b))) + (sines[i + 1]! + words[(word + 5) & 15]!)) | 0;
    d = (a + ((d << 9) | (d >>> 23))) | 0;
    c = (c + (a ^ (b & (d ^ a))) + (sines[i + 2]! + words[(word + 10) & 15]!)) | 0;
    c = (d + ((c << 14) | (c >>> 18))) | 0;
    b = (b + (d ^ (a & (c ^ d))) + (sines[i + 3]! + words[(word + 15) & 15]!)) | 0;
    b = (c + ((b << 20) | (b >>> 12))) | 0;
  }
  for (let i = 32, word = 5; i < 48; i += 4, word += 12) {
    a = (a + (b ^ c ^ d) + (sines[i]! + words[word & 15]!)) | 0;
    a = (b + ((a << 4) | (a >>> 28))) | 0;
    d = (d + (a ^ b ^ c) + (sines[i + 1]! + words[(word + 3) & 15]!)) | 0;
    d = (a + ((d << 11) | (d >>> 21))) | 0;
    c = (c + (d ^ a ^ b) + (sines[i + 2]! + words[(word + 6) & 15]!)) | 0;
    c = (d + ((c << 16) | (c >>> 16))) | 0;
    b = (b + (c ^ d ^ a) + (sines[i + 3]! + words[(word + 9) & 15]!)) | 0;
    b = (c + ((b << 23) | (b >>> 9))) | 0;
  }
  for (let i = 48, word = 0; i < 64; i += 4, word += 28) {
    a = (a + (c ^ (b | ~d)) + (sines[i]! + words[word & 15]!)) | 0;
    a = (b + ((a << 6) | (a >>> 26))) | 0;
    d = (d + (b ^ (a | ~c)) + (sines[i + 1]! + words[(word + 7) & 15]!)) | 0;
    d = (a + ((d << 10) | (d >>> 22))) | 0;
    c = (c + (a ^ (d | ~b)) + (sines[i + 2]! + words[(word + 14) & 15]!)) | 0;
    c = (d + ((c << 15) | (c >>> 17))) | 0;
    b = (b + (d ^ (c | ~a)) + (sines[i + 3]! + words[(word + 21) & 15]!)) | 0;
    b = (c + ((b << 21) | (b >>> 11))) | 0;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
}
