/** MD5 (RFC 1321) of short inputs in plain code: it runs in the webview too, and beats a native call there. */

const shifts = Uint8Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
const sines = new Int32Array(64);
for (let i = 0; i < 64; i++) sines[i] = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0;

const words = new Int32Array(16);
const state = new Int32Array(4);

/** The sixteen bytes of the digest. Time grows with the input; meant for partition keys. */
export function md5(input: Uint8Array): Uint8Array<ArrayBuffer> {
  digest(input, input.length);
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i++) bytes[i] = state[i >>> 2]! >>> ((i & 3) * 8);
  return bytes;
}

/** The digest of the first `length` bytes as four words, the highest first, at `at` of `into`. */
export function md5Words(
  { bytes, length }: { bytes: Uint8Array; length: number },
  { into, at }: { into: Uint32Array; at: number },
): void {
  digest(bytes, length);
  for (let i = 0; i < 4; i++) {
    const word = state[i]!;
    into[at + i] = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
  }
}

function digest(input: Uint8Array, length: number): void {
  state[0] = 0x67452301;
  state[1] = 0xefcdab89 | 0;
  state[2] = 0x98badcfe | 0;
  state[3] = 0x10325476;
  const blocks = ((length + 8) >>> 6) + 1;
  for (let block = 0; block < blocks; block++) {
    loadBlock(input, { offset: block * 64, length });
    if (block === blocks - 1) {
      words[14] = (length << 3) | 0;
      words[15] = length >>> 29;
    }
    mixBlock();
  }
}

/** Sixteen little-endian words from `offset`; a 1 bit and zeros follow the input's end. */
function loadBlock(
  input: Uint8Array,
  { offset, length }: { offset: number; length: number },
): void {
  words.fill(0);
  const end = Math.min(length, offset + 64);
  for (let at = offset; at < end; at++) words[(at - offset) >>> 2]! |= input[at]! << ((at & 3) * 8);
  const mark = length - offset;
  if (mark >= 0 && mark < 64) words[mark >>> 2]! |= 0x80 << ((mark & 3) * 8);
}

/** Four rounds of sixteen steps, without calls: this is most of the time a put spends on its key. */
function mixBlock(): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let i = 0; i < 64; i++) {
    let mixed: number;
    let word: number;
    if (i < 16) {
      mixed = (b & c) | (~b & d);
      word = i;
    } else if (i < 32) {
      mixed = (d & b) | (~d & c);
      word = (5 * i + 1) & 15;
    } else if (i < 48) {
      mixed = b ^ c ^ d;
      word = (3 * i + 5) & 15;
    } else {
      mixed = c ^ (b | ~d);
      word = (7 * i) & 15;
    }
    const sum = (((a + mixed) | 0) + ((sines[i]! + words[word]!) | 0)) | 0;
    const shift = shifts[((i >>> 4) << 2) | (i & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
}
