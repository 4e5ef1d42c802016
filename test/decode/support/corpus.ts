// Payloads of many kinds, each with what it is, known by how it was made.
import { deflateSync, gzipSync } from 'node:zlib';
import { type SeededRandom, seededRandom } from '../../support/seededRandom.ts';
import { aggregateOf, bytes, magic, number, utf8 } from './aggregates.ts';

export interface Payload {
  readonly kind: string;
  readonly data: Uint8Array;
  /** The only right format. */
  readonly format: string;
}

type Make = (random: SeededRandom) => { data: Uint8Array | string; format: string };

const words = [
  'the quick brown fox jumps over a lazy dog, eyes Heat West 84 mails',
  'Größe Übermut naïve façade señor Žluťoučký kůň',
  'Съешь же ещё этих мягких французских булок да выпей чаю',
  'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία',
  'نص حكيم له سر قاطع وذو شأن عظيم',
  'דג סקרן שט בים מאוכזב ולפתע מצא חברה',
  'ऋषियों को सताने वाले दुष्ट राक्षसों के राजा',
  '視野無限廣，窗外有藍天 色は匂へど 散りぬるを',
  '키스의 고유조건은 입술끼리 만나야 하고',
  '🛫 🛬 👩‍👩‍👧 ✈️ 🇨🇭 𝒳',
].map((line) => line.split(' '));

/** Lengths as they are in streams: many short ones, some of some KiB. */
const lengthOf = (random: SeededRandom, max: number): number =>
  Math.floor(max ** random.fraction());

function prose(random: SeededRandom, max = 300): string {
  const script = random.pick(words);
  const count = lengthOf(random, max);
  return Array.from({ length: count }, () => random.pick(script)).join(
    random.pick([' ', ' ', '\n', '\t']),
  );
}

function value(random: SeededRandom, depth = 0): unknown {
  const kind = random.integer(0, depth > 3 ? 4 : 7);
  if (kind === 0) return random.integer(-1e9, 1e9);
  if (kind === 1) return random.fraction() * 10 ** random.integer(-9, 9);
  if (kind === 2) return random.pick([true, false, null]);
  if (kind < 5) return prose(random, 12);
  const items = Array.from({ length: random.integer(0, 6) }, () => value(random, depth + 1));
  return kind === 5 ? items : Object.fromEntries(items.map((item, at) => [`field ${at}`, item]));
}

function json(random: SeededRandom): string {
  const outer = Array.from({ length: lengthOf(random, 40) }, () => value(random));
  const inner = random.chance(0.5) ? outer : { at: 1, items: outer };
  return JSON.stringify(inner, undefined, random.pick([0, 0, 2, '\t']));
}

const base64 = (data: Uint8Array | string): string =>
  Buffer.from(data as string).toString('base64');
const hexadecimal = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const random32 = (random: SeededRandom): Uint8Array => random.bytes(random.integer(4, 400));

function binaryNumber(random: SeededRandom): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  const atMs = 1_600_000_000_000 + random.integer(0, 400_000_000) * 1000;
  const kind = random.integer(0, 5);
  if (kind === 0) view.setInt32(0, random.integer(-(2 ** 31), 2 ** 31 - 1));
  else if (kind === 1) view.setUint32(0, random.integer(0, 5000));
  else if (kind === 2) view.setBigInt64(0, BigInt(atMs));
  else if (kind === 3) view.setFloat64(0, random.fraction() * 1e6);
  else if (kind === 4) view.setFloat32(0, random.fraction() * 1e6, true);
  else view.setUint32(0, Math.floor(atMs / 1000), true);
  return new Uint8Array(view.buffer, 0, kind === 2 || kind === 3 ? 8 : 4);
}

function textNumber(random: SeededRandom): string {
  const number = random.integer(-1e9, 1e9);
  return random.pick([
    () => String(number),
    () => String(number / 1000),
    () => (number * 1e9).toExponential(),
    () => String(1_600_000_000_000 + random.integer(0, 4e8) * 1000),
    () => new Date(1_600_000_000_000 + random.integer(0, 4e8) * 1000).toISOString(),
    () => String(random.integer(0, 200)),
    () => random.pick(['true', 'false', 'null', '"text"', '-0', '1e5', 'NaN']),
  ])();
}

function uuid(random: SeededRandom): string {
  const hex = hexadecimal(random.bytes(16));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function protobuf(random: SeededRandom): Uint8Array {
  const fields = Array.from({ length: random.integer(1, 8) }, (_, at) =>
    random.chance(0.5)
      ? number(at + 1, random.integer(0, 1e9))
      : bytes(
          at + 1,
          random.chance(0.5) ? utf8(prose(random, 6)) : [...random.bytes(random.integer(0, 20))],
        ),
  );
  return Uint8Array.from(fields.flat());
}

function cbor(random: SeededRandom): Uint8Array {
  const count = random.integer(1, 10);
  const pairs = Array.from({ length: count }, (_, at) => {
    const name = utf8(`field${at}`);
    const content = random.chance(0.5)
      ? [0x1a, ...random.bytes(4)]
      : [0x58, 20, ...random.bytes(20)];
    return [0x60 + name.length, ...name, ...content];
  });
  return Uint8Array.from([0xa0 + count, ...pairs.flat()]);
}

/** JSON with one mistake. */
function spoiled(random: SeededRandom): string {
  const text = json(random);
  return random.pick([
    () => text.slice(0, -1),
    () => `${text},`,
    () => `${text}\n${text}`,
    () => `INFO ${text}`,
    () => "{'a': 1, 'b': None}",
    () => '{a: 1}',
    () => `[1, 2, no ${prose(random)}]`,
    () => text.replace(/[,:[]/, '|').replace(/^\|/, '[|'),
  ])();
}

/** One bit of the last four bytes, which are a checksum or a length. */
function flipped(data: Uint8Array, random: SeededRandom): Uint8Array {
  const at = data.length - 1 - random.integer(0, 3);
  return data.map((byte, index) => (index === at ? byte ^ (1 << random.integer(0, 7)) : byte));
}

const cutShort = (data: Uint8Array, random: SeededRandom): Uint8Array =>
  data.subarray(0, random.integer(12, data.length - 1));
const after = (head: readonly number[], random: SeededRandom, max = 2000): Uint8Array =>
  Uint8Array.from([...head, ...random.bytes(lengthOf(random, max))]);

function zlibHeader(random: SeededRandom): number[] {
  const first = random.integer(0, 7) * 16 + 8;
  const level = random.integer(0, 7) * 32;
  return [first, level + ((31 - ((first * 256 + level) % 31)) % 31)];
}

const csv = (random: SeededRandom): string =>
  Array.from({ length: random.integer(1, 20) }, () =>
    [uuid(random), textNumber(random), random.pick(random.pick(words))].join(','),
  ).join('\n');
const html = (random: SeededRandom): string =>
  `<!doctype html><p class="x">${prose(random)}</p><script>{"a":${random.integer(0, 9)}}</script>`;
const token = (random: SeededRandom): string =>
  [base64('{"alg":"HS256","typ":"JWT"}'), base64(json(random)), base64(random.bytes(32))].join('.');
const put = (random: SeededRandom) => ({ partitionKey: uuid(random), data: random.bytes(9) });
const puts = (random: SeededRandom) =>
  aggregateOf(Array.from({ length: random.integer(1, 20) }, () => put(random)));
const packed = (random: SeededRandom): Uint8Array =>
  (random.chance(0.5) ? gzipSync : deflateSync)(`${prose(random)} ${uuid(random)}`);

const text =
  (make: (random: SeededRandom) => string): Make =>
  (random) => ({ data: make(random), format: 'text' });
const binary =
  (make: (random: SeededRandom) => Uint8Array): Make =>
  (random) => ({
    data: make(random),
    format: 'binary',
  });
const known =
  (format: string, make: (random: SeededRandom) => Uint8Array | string): Make =>
  (random) => ({
    data: make(random),
    format,
  });

const makers: Readonly<Record<string, Make>> = {
  'random bytes': binary((random) => random.bytes(lengthOf(random, 8000))),
  'short random bytes': binary((random) => random.bytes(random.integer(1, 16))),
  'binary number': binary(binaryNumber),
  'random after a zlib header': binary((random) => after(zlibHeader(random), random, 9000)),
  'random after a gzip magic': binary((random) =>
    after([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], random, 9000),
  ),
  'random after the KPL magic': binary((random) => after(magic, random)),
  Protobuf: binary(protobuf),
  CBOR: binary(cbor),
  'gzip or zlib, cut': binary((random) => cutShort(packed(random), random)),
  'gzip or zlib, flipped': binary((random) => flipped(packed(random), random)),
  'KPL, flipped': binary((random) => flipped(puts(random), random)),
  prose: text(prose),
  'number or word': text(textNumber),
  UUID: text(uuid),
  CSV: text(csv),
  HTML: text(html),
  hexadecimal: text((random) => hexadecimal(random.bytes(random.integer(1, 60)))),
  'Base64 of bytes': text((random) => base64(random32(random))),
  'Base64 of text': text((random) => base64(prose(random))),
  'Base64 of spoiled JSON': text((random) => base64(spoiled(random))),
  'Base64 of a zlib header': text((random) => base64(after(zlibHeader(random), random, 300))),
  JWT: text(token),
  'JSON, spoiled': text(spoiled),
  JSON: known('json', json),
  'gzip of JSON': known('gzip json', (random) => gzipSync(json(random))),
  'zlib of JSON': known('zlib json', (random) =>
    deflateSync(json(random), { level: random.integer(0, 9) }),
  ),
  'gzip of text': known('gzip text', (random) => gzipSync(prose(random))),
  'zlib of bytes': known('zlib binary', (random) => deflateSync(after([0], random))),
  KPL: known('kpl', puts),
  'Base64 of JSON': known('base64 json', (random) => base64(`{"items":${json(random)}}`)),
  'Base64 of gzip': known('base64 gzip text', (random) => base64(gzipSync(prose(random)))),
};

/** The same `count` payloads for the same seed, all kinds in turn. */
export function corpusOf({ seed, count }: { seed: number; count: number }): Payload[] {
  const random = seededRandom(seed);
  const kinds = Object.entries(makers);
  return Array.from({ length: count }, (_, at) => {
    const [kind, make] = kinds[at % kinds.length]!;
    const { data, format } = make(random);
    return { kind, format, data: typeof data === 'string' ? new TextEncoder().encode(data) : data };
  });
}
