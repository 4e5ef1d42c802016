import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { FullRecord, TailShard, TextSpan } from '../../src/protocol/tail.ts';
import { base64Of, hexOf, textOf } from '../../webview/details/bytes.ts';
import {
  hasPutCommand,
  putCommand,
  recordJson,
  shellQuoted,
} from '../../webview/details/copyTexts.ts';
import { fieldPiecesOf, isJsonFormat, piecesOf } from '../../webview/grid/tokens.ts';
import { loadOf, segmentsOf } from '../../webview/strip/layout.ts';
import { makeShards } from './harness/page/shards.ts';

const utf8 = new TextEncoder();

function record(data: Uint8Array): FullRecord {
  return {
    row: {
      kind: 'record',
      position: 7,
      id: 1,
      shardId: 'shardId-000000000005',
      partitionKey: "O'Hare $(date)",
      sequenceNumber: '49680471723091059274005162501201421646625734457710087098',
      arrivedMs: Date.UTC(2026, 10, 23),
      size: data.length,
      preview: '',
      isCut: false,
      format: 'json',
      matches: [],
      keyMatches: [],
    },
    startingHashKey: '0',
    endingHashKey: '1',
    hashKey: '0',
    decoded: '',
    decodedIsCut: false,
    decodedMatches: [],
    steps: [],
    raw: data,
  };
}

const subject: PanelSubject = {
  stream: 'flights',
  connection: {
    id: 'local',
    kind: 'local',
    label: 'Local engine',
    region: 'us-east-1',
    place: 'port 4567',
    endpoint: 'http://127.0.0.1:4567',
    writable: true,
  },
  where: 'editor',
  timeZone: 'local',
};

/** The words a POSIX shell makes of a command. */
function shellWords(command: string): string[] {
  const script = `set -- ${command}\nfor word in "$@"; do printf '%s\\0' "$word"; done`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

test('putCommand() means to a shell exactly what the record holds, on the local engine', () => {
  const data = '{"delay": 84, "note": "it\'s `late`"}';
  const words = shellWords(putCommand(record(utf8.encode(data)), subject));
  expect(words.slice(0, 3)).toEqual(['aws', 'kinesis', 'put-record']);
  expect(words[words.indexOf('--partition-key') + 1]).toBe("O'Hare $(date)");
  expect(words[words.indexOf('--data') + 1]).toBe(data);
  expect(words[words.indexOf('--endpoint-url') + 1]).toBe('http://127.0.0.1:4567');
});

test('putCommand() names the profile and the endpoint of its connection, none of the local engine', () => {
  const { connection } = subject;
  const aws = {
    ...connection,
    kind: 'aws',
    profile: 'prod',
    endpoint: 'https://vpce.test',
  } as const;
  const words = shellWords(putCommand(record(utf8.encode('-x')), { ...subject, connection: aws }));
  expect(words[words.indexOf('--profile') + 1]).toBe('prod');
  expect(words[words.indexOf('--endpoint-url') + 1]).toBe('https://vpce.test');
  expect(words).toContain('--data=-x');
  expect(hasPutCommand(aws)).toBe(true);
  expect(hasPutCommand({ ...aws, endpoint: undefined })).toBe(true);
  expect(hasPutCommand({ ...connection, endpoint: undefined })).toBe(false);
});

const wordBehind = (words: readonly string[], option: string): string | undefined =>
  words[words.indexOf(option) + 1];

/** What the AWS CLI, version 2, would put by such a command. */
function putBy(command: string) {
  const words = shellWords(command.replaceAll(/ (--(?:data|partition-key))='/g, " $1 '"));
  const given = (option: string) =>
    words.includes(option) ? wordBehind(words, option) : undefined;
  const input: unknown = JSON.parse(given('--cli-input-json') ?? '{}');
  const isBase64 = given('--cli-binary-format') === 'base64';
  const data = Buffer.from(given('--data')!, isBase64 ? 'base64' : 'utf8');
  return { key: given('--partition-key'), ...(input as { PartitionKey?: string }), data };
}

const copied = (data: string | Uint8Array, partitionKey = 'k'): string => {
  const { row, ...rest } = record(typeof data === 'string' ? utf8.encode(data) : data);
  return putCommand({ ...rest, row: { ...row, partitionKey } }, subject);
};

test('putCommand() gives bytes that are no text as Base64', () => {
  const words = shellWords(putCommand(record(new Uint8Array([0, 255, 1])), subject));
  expect(wordBehind(words, '--cli-binary-format')).toBe('base64');
  expect(wordBehind(words, '--data')).toBe('AP8B');
});

test.each([
  'a\r\nb',
  'a\nb',
  'a\tb',
  'a\x7fb',
  'a\u009b201~b',
  'a\u202eb',
  'a\u2028b',
  "it's late!",
  'file:///etc/hostname',
  'https://example.com',
])('%j is pasted as nothing that a terminal, a shell or the AWS CLI changes', (text) => {
  expect(copied(text)).toContain('--cli-binary-format base64 ');
  expect(putBy(copied(text)).data.toString()).toBe(text);
  const command = copied('x', text);
  expect(command).not.toContain('--partition-key');
  expect(putBy(command).PartitionKey).toBe(text);
});

test('putCommand() puts the same key and bytes, from one line of printable characters, and reads no file', () => {
  const sign = fc.oneof(
    fc.constantFrom("'", '!', '\n', '\r', '\t', '-', '=', '\\', '"', '$(date)', '\u009b', '\u200d'),
    fc.string({ unit: 'grapheme', maxLength: 3 }),
  );
  const start = fc.constantFrom('', '', '-', '=', 'file://', 'fileb://', 'http://');
  const text = fc
    .tuple(start, fc.array(sign, { maxLength: 8 }))
    .map(([before, signs]) => before + signs.join(''));
  const keys = text.filter((one) => one !== '');
  const data = fc.oneof(
    text.map((one) => utf8.encode(one)),
    fc.uint8Array({ maxLength: 9 }),
  );
  fc.assert(
    fc.property(data, keys, (bytes, key) => {
      const command = copied(bytes, key);
      expect(command).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(command).not.toMatch(/[ =]'?(?:fileb?|https?):\/\/(?!127\.0\.0\.1:4567'$)/);
      const { key: plain, PartitionKey, data } = putBy(command);
      expect(PartitionKey ?? plain).toBe(key);
      expect(new Uint8Array(data)).toEqual(bytes);
    }),
    { numRuns: 60 },
  );
});

test('a word that zsh may know by another meaning is quoted', () => {
  expect(copied('=ls', 'G')).toContain(" --partition-key 'G' --data '=ls' ");
});

test('the explicit hash key of a record within an aggregate is copied with it, and its number there', () => {
  const { row, ...rest } = record(utf8.encode('hi'));
  const within = { ...rest, explicitHashKey: '1', row: { ...row, subSequenceNumber: 2 } };
  expect(wordBehind(shellWords(putCommand(within, subject)), '--explicit-hash-key')).toBe('1');
  const told = { SubSequenceNumber: 2, ExplicitHashKey: '1' };
  expect(JSON.parse(recordJson(within))).toMatchObject(told);
  const json: unknown = JSON.parse(recordJson(record(utf8.encode('hi'))));
  for (const name of Object.keys(told)) expect(json).not.toHaveProperty(name);
});

test('shellQuoted() survives every text', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  const clean = text.filter((value) => !value.includes('\0'));
  const [...samples] = fc.sample(clean, 50);
  expect(shellWords(samples.map(shellQuoted).join(' '))).toEqual(samples);
});

test('recordJson() holds the data as Base64', () => {
  expect(JSON.parse(recordJson(record(utf8.encode('hi'))))).toMatchObject({
    PartitionKey: "O'Hare $(date)",
    Data: 'aGk=',
    ShardId: 'shardId-000000000005',
  });
});

test('a record without a key is copied without one', () => {
  const { row, ...rest } = record(utf8.encode('hi'));
  const keyless = { ...rest, row: { ...row, partitionKey: '' }, hashKey: '' };
  expect(JSON.parse(recordJson(keyless))).not.toHaveProperty('PartitionKey');
  expect(putCommand(keyless, subject)).not.toContain('partition-key');
  expect(putCommand(keyless, subject)).toContain(" --stream-name 'flights' --data ");
});

test('textOf() takes UTF-8 without control characters only', () => {
  expect(textOf(utf8.encode('a\tü\n'))).toBe('a\tü\n');
  expect(textOf(new Uint8Array([0xff, 0xfe]))).toBeUndefined();
  expect(textOf(new Uint8Array([0x41, 0x00]))).toBeUndefined();
});

test('hexOf() shows sixteen bytes a line', () => {
  const lines = hexOf(utf8.encode('Kinesis streams!?')).split('\n');
  expect(lines[0]).toBe(
    '00000  4b 69 6e 65 73 69 73 20  73 74 72 65 61 6d 73 21  Kinesis streams!',
  );
  expect(lines[1]).toMatch(/^00010 {2}3f .* \?$/);
  expect(base64Of(new Uint8Array([1, 2]))).toBe('AQI=');
});

test('piecesOf() loses no character, whatever the text and the matches are', () => {
  const spans = fc.array(fc.tuple(fc.nat(60), fc.nat(20)), { maxLength: 4 });
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), spans, fc.boolean(), (text, pairs, isJson) => {
      const matches = pairs
        .map(([start, length]) => ({ start, end: start + length }))
        .sort((left, right) => left.start - right.start);
      const pieces = piecesOf(text, { isJson, matches });
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    }),
  );
});

const wordsOf = (text: string, matches: TextSpan[] = []): string =>
  fieldPiecesOf(text, matches)
    .map((piece) => piece.text)
    .join('');

test.each([
  ['{"delay":62,"origin":"JFK"}', 'delay 62  origin JFK'],
  ['{ "delay" : 62, "at": "2001/02/14 12:26" }', 'delay 62  at 2001/02/14 12:26'],
  ['{"a":"62","b":"null","c":null,"d":"","e":"-1e3"}', 'a "62"  b "null"  c null  d ""  e "-1e3"'],
  ['{"a":"b c","d":"e  f","g h":"i, j"}', 'a b c  d "e  f"  "g h" "i, j"'],
  ['{"a":{"b":[1,"x"]},"c d":true}', 'a {b [1, x]}  "c d" true'],
  ['{"text":"a, {b}: \\"c\\"","n":1', 'text "a, {b}: \\"c\\""  n 1'],
  ['{}', '{}'],
  ['[{"a":1}]', '[{"a":1}]'],
])('fieldPiecesOf() draws %s as %s', (text, words) => {
  expect(wordsOf(text)).toBe(words);
});

test('fieldPiecesOf() draws whatever a match lies on as it is', () => {
  const text = '{"delay":62, "origin":"JFK"}';
  expect(wordsOf(text, [{ start: 0, end: text.length }])).toBe(text);
  const marked = fieldPiecesOf(text, [{ start: 7, end: 9 }]).filter(({ isMatch }) => isMatch);
  expect(marked.map((piece) => piece.text).join('')).toBe('":');
});

test('piecesOf() tells names from strings and marks a match across both', () => {
  const pieces = piecesOf('{"a":"b","n":-1.5e3}', {
    isJson: true,
    matches: [{ start: 2, end: 7 }],
  });
  expect(
    pieces.map(({ text, kind, isMatch }) => `${text} ${kind}${isMatch ? ' match' : ''}`),
  ).toEqual([
    '{ plain',
    '" name',
    'a" name match',
    ': plain match',
    '"b string match',
    '" string',
    ', plain',
    '"n" name',
    ': plain',
    '-1.5e3 number',
    '} plain',
  ]);
  expect(isJsonFormat('gzip json')).toBe(true);
});

test('segmentsOf() has the open shards in order of their ranges, a split pair in its parent’s place', () => {
  const segments = segmentsOf(makeShards(4, true));
  const ids = segments.map(({ shard }) => Number(shard?.id.slice(-2)));
  expect(ids).toEqual([0, 4, 5, 2, 3]);
  expect(segments.map(({ share }) => Math.round(share * 1000))).toEqual([250, 125, 125, 250, 250]);
  expect(segments[1]).toMatchObject({ isHot: true });
  expect(segments.at(-1)?.next).toBeUndefined();
});

test('segmentsOf() leaves a hole where no open shard is known, and nothing merges across it', () => {
  const segments = segmentsOf(makeShards(4, false).filter((_, index) => index !== 1));
  expect(segments.map(({ shard }) => shard !== undefined)).toEqual([true, false, true, true]);
  expect(segments[0]?.next).toBeUndefined();
});

test('loadOf() takes the nearer of both limits', () => {
  const shard = { recordsPerSecond: 100, bytesPerSecond: 512 * 1024 } as TailShard;
  expect(loadOf(shard)).toBe(0.5);
  expect(loadOf({ ...shard, recordsPerSecond: 900 })).toBe(0.9);
});
