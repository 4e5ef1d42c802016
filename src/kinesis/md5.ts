/** MD5 (RFC 1321) of short inputs in plain code: it runs in the webview too, and beats a native call there. */

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = new Uint32Array(64);
for (let i = 0; i < 64; i++) sines[i] = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32);

const words = new Uint32Array(16);
const state = new Uint32Array(4);

/** The sixteen bytes of the digest. Time grows with the input; meant for partition keys. */
export function md5(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = pad(input);
  const view = new DataView(padded.buffer);
  state.set([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(block + i * 4, true);
    mixBlock();
  }
  const digest = new Uint8Array(16);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 4; i++) out.setUint32(i * 4, state[i]!, true);
  return digest;
}

/** The input, a 1 bit, zeros, and the bit length in 64 bits. */
function pad(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(((input.length + 8) >>> 6) * 64 + 64);
  padded.set(input);
  padded[input.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, (input.length << 3) >>> 0, true);
  view.setUint32(padded.length - 4, input.length >>> 29, true);
  return padded;
}

function mixBlock(): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let i = 0; i < 64; i++) {
    const round = i >>> 4;
    const [mixed, word] = roundOf(round, i, b, c, d);
    const sum = (a + mixed + sines[i]! + words[word]!) | 0;
    const shift = shifts[round * 4 + (i & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
}

function roundOf(round: number, i: number, b: number, c: number, d: number): [number, number] {
  if (round === 0) return [(b & c) | (~b & d), i];
  if (round === 1) return [(d & b) | (~d & c), (5 * i + 1) & 15];
  if (round === 2) return [b ^ c ^ d, (3 * i + 5) & 15];
  return [c ^ (b | ~d), (7 * i) & 15];
}
