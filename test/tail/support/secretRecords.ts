// Random records in which a secret was planted, each with a mask that names it in one way or another.
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { messageOf, type Put, sealed } from '../../decode/support/aggregates.ts';

export interface SecretRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Of `shardscope.tail.mask`. */
  readonly patterns: readonly string[];
  /** Signs that are to be seen nowhere: no other text here has capitals or digits in such a row. */
  readonly secrets: readonly string[];
  readonly pinned: readonly string[];
}

/** A text with the secret in it, as it stands in the record, and how it is named. */
interface Planted {
  readonly text: string;
  readonly patterns: readonly string[];
  readonly secrets: readonly string[];
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const word = fc.string({ unit: fc.constantFrom(...'abcxyz äß-_'), maxLength: 8 });
// No 0: ids of shards have rows of it.
const sign = fc.constantFrom(...'QXZ7835Ü');
const token = fc.string({ unit: sign, minLength: 6, maxLength: 12 });
/** Two words with something between them that a row or an indentation changes. */
const gap = fc.constantFrom('', ' ', '  ', '\t', '\n', ' \r\n ', '\u00a0', '\u0001');

/** So long that ends of rows, of heads and of what is looked through fall into a secret, or before or behind it. */
const padding = fc
  .tuple(
    fc.constantFrom(0, 0, 0, 500, 512, 2560, 4608, 9216, 18_432, 34_000, 65_536),
    fc.integer({ min: -30, max: 30 }),
  )
  .map(([length, more]) => 'x'.repeat(Math.max(0, length + more)));

/** The secret, some of what stands around it, and whole lines: all of it as it stands. */
function expressionOf(text: string, secret: string, around: readonly [number, number]): string {
  const at = text.indexOf(secret);
  const [before, after] = around;
  const start = Math.max(0, at - before);
  const named = text.slice(start, at + secret.length + after);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const isLine = lineStart === start && (text[start + named.length] ?? '\n') === '\n';
  return isLine ? `/^${escaped(named)}$/m` : `/${escaped(named)}/`;
}

const around = fc.tuple(fc.nat(12), fc.nat(12));

const lines = fc
  .record({
    first: token,
    gap,
    second: token,
    before: fc.array(word),
    after: word,
    padding,
    around,
  })
  .map(({ first, gap, second, before, after, padding, around }): Planted => {
    const secret = `${first}${gap}${second}`;
    const text = `${[padding, ...before].join('\n')}\nkey=${secret}\n${after}`;
    return { text, patterns: [expressionOf(text, secret, around)], secrets: [first, second] };
  });

/** Values in which no capital is. */
const { value: plain } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    word,
    fc.constantFrom(null, true, 12, 0.5),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 3 }),
  ),
}));

const indent = fc.constantFrom(0, 0, 2, 3, '\t');
const names = fc.array(fc.constantFrom('user', 'cards', 'odd name', 'ä'), { maxLength: 3 });

interface Member {
  readonly json: string;
  readonly path: readonly string[];
  readonly secrets: readonly string[];
}

/** An object with a member `pin` somewhere, whose value is or holds the secrets. */
const member = fc
  .record({ secrets: fc.tuple(token, token), gap, form: fc.nat(4), names, plain, padding, indent })
  .map(({ secrets, gap, form, names, plain, padding, indent }): Member => {
    const [first, second] = secrets;
    const text = `${first}${gap}${second}`;
    const forms = [
      text,
      `"${text}`,
      [first, { deep: second }],
      { a: { b: [text] } },
      JSON.stringify({ text }),
    ];
    let value: object = { pin: forms[form], z: plain };
    for (const name of names.toReversed()) value = { [name]: value, plain };
    const whole = { padding, ...value, more: plain };
    return { json: JSON.stringify(whole, undefined, indent), path: [...names, 'pin'], secrets };
  });

const naming = fc.constantFrom('expression', 'structure', 'name', 'path', 'any');

const pathOf = (names: readonly string[], isAny: boolean): string =>
  `$${names.map((name, at) => (isAny && at < names.length - 1 ? '.*' : `['${name}']`)).join('')}`;

const objects = fc
  .record({ member, naming, around })
  .map(({ member: { json, path, secrets }, naming, around }): Planted => {
    const [first, last] = [json.indexOf(secrets[0]!), json.indexOf(secrets[1]!)];
    const secret = json.slice(first, last + secrets[1]!.length);
    const patterns = {
      expression: expressionOf(json, secret, around),
      structure: `/"pin"${/^\s*:\s*/.exec(json.slice(json.lastIndexOf('"pin"') + 5))![0]}[^]*${escaped(secrets[1]!)}/`,
      name: 'pin',
      path: pathOf(path, false),
      any: pathOf(path, true),
    };
    return { text: json, patterns: [patterns[naming]], secrets };
  });

/** JSON in other text, in which odd quotation marks and brackets may be. */
const logged = fc
  .record({
    object: objects,
    before: fc.constantFrom('a 5" disk ', '12:00 [x ', '{"a":1}\n', '} ', '"'),
  })
  .map(({ object, before }): Planted => ({ ...object, text: before + object.text }));

type Encoding = 'utf8' | 'latin1' | 'utf16le' | 'utf16be';
const encoding = fc.constantFrom<Encoding>('utf8', 'latin1', 'utf16le', 'utf16be');

function encoded(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf16be') return Buffer.from(text, 'utf16le').swap16();
  return Buffer.from(text, encoding);
}

const planted = fc.oneof(lines, objects, logged);
type Data = Omit<SecretRecord, 'partitionKey' | 'pinned'>;

const texts = planted.map(({ text, ...rest }): Data => ({ ...rest, data: Buffer.from(text) }));

const binary = fc
  .record({
    planted,
    encoding,
    before: fc.uint8Array({ maxLength: 5 }),
    after: fc.uint8Array({ maxLength: 5 }),
  })
  .map(({ planted: { text, ...rest }, encoding, before, after }): Data => {
    const data = Buffer.concat([before, Uint8Array.of(0xff), encoded(text, encoding), after]);
    return { ...rest, data };
  });

const key = fc.record({ partitionKey: token, text: word, isBroken: fc.boolean() });

/** In gzip, or it would be taken apart: an aggregate whose user record's data or key is the secret. */
const aggregates = fc
  .record({ planted, key, isKey: fc.boolean() })
  .map(({ planted, key, isKey }): Data => {
    const { partitionKey, text, isBroken } = key;
    const put = (partitionKey: string, data: string): Put => ({
      partitionKey,
      data: Buffer.from(data),
    });
    const puts = [put('a', text), isKey ? put(partitionKey, text) : put('b', planted.text)];
    const data = sealed(messageOf(puts));
    if (isBroken) data[data.length - 1]! ^= 1;
    const { patterns, secrets } = planted;
    return isKey
      ? { data, patterns: ['PartitionKey'], secrets: [partitionKey] }
      : { data, patterns, secrets };
  })
  .map((data) => ({ ...data, data: gzipSync(data.data) }));

type Wrap = (data: Uint8Array) => Uint8Array;
const base64: Wrap = (data) => Buffer.from(Buffer.from(data).toString('base64'));
const wraps = fc.constantFrom<Wrap>(
  (data) => data,
  gzipSync,
  deflateSync,
  (data) => base64(gzipSync(data)),
);

const wrapped = fc
  .record({ inner: fc.oneof(texts, texts, binary, aggregates), wrap: wraps })
  .map(({ inner, wrap }): Data => ({ ...inner, data: wrap(inner.data) }));

/** Base64 of other text is not seen through. */
const inBase64 = objects.map(
  ({ text, ...rest }): Data => ({ ...rest, data: base64(Buffer.from(text)) }),
);

/** gzip whose header names a file. */
const named = fc.record({ token, text: word }).map(({ token, text }): Data => {
  const packed = gzipSync(text);
  packed[3] = 8;
  const name = Buffer.from(`${token}\0`, 'latin1');
  const data = Buffer.concat([packed.subarray(0, 10), name, packed.subarray(10)]);
  return { data, patterns: [`/${token}/`], secrets: [token] };
});

const keyed = fc
  .record({ token, text: word, isAll: fc.boolean() })
  .map(({ token, text, isAll }) => {
    const patterns = [isAll ? 'PartitionKey' : `/${token}/`];
    return { partitionKey: `k ${token}`, data: Buffer.from(text), patterns, secrets: [token] };
  });

const pins = fc.constantFrom<readonly string[]>(
  [],
  [],
  [],
  ['text'],
  ['hex'],
  ['json'],
  ['gzip', 'text'],
  ['base64'],
);

export const secretRecords: fc.Arbitrary<SecretRecord> = fc
  .tuple(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc
          .oneof(wrapped, wrapped, wrapped, inBase64)
          .map((data) => ({ ...data, partitionKey: 'key' })),
      },
      { weight: 1, arbitrary: named.map((data) => ({ ...data, partitionKey: 'key' })) },
      { weight: 1, arbitrary: keyed },
    ),
    pins,
  )
  .map(([record, pinned]) => ({ ...record, pinned }));
