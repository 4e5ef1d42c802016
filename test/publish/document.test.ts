// Lines of text and of files as records, and receipts on the disk.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { recordOfLine, recordsOfText } from '../../src/publish/document.ts';
import { fileLines } from '../../src/publish/files/fileLines.ts';
import { ReceiptFile } from '../../src/publish/files/receiptFile.ts';
import { seededRandom } from '../support/seededRandom.ts';

const random = seededRandom(1);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

function folder(): string {
  const made = mkdtempSync(path.join(os.tmpdir(), 'lines-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test('recordsOfText() leaves empty lines out and takes the key from a field', () => {
  const lines = '{"id":7}\r\n\n  \n{"id":"x","more":1}\n{"other":1}\nno json';
  const made = [...recordsOfText(lines, { keyField: 'id', random })];
  expect(made.map((record) => text(record.data))).toEqual([
    '{"id":7}',
    '{"id":"x","more":1}',
    '{"other":1}',
    'no json',
  ]);
  expect(made.slice(0, 2).map((record) => record.partitionKey)).toEqual(['7', 'x']);
  for (const { partitionKey } of made.slice(2)) expect(partitionKey).toMatch(/^[0-9a-f]{16}$/);
});

test('recordOfLine() never makes a key that no stream takes', () => {
  for (const id of ['', 'x'.repeat(257), null, {}, true]) {
    const record = recordOfLine(JSON.stringify({ id }), { keyField: 'id', random });
    expect(record!.partitionKey).toMatch(/^[0-9a-f]{16}$/);
  }
  const emoji = '😀'.repeat(256);
  const keyOf = (id: string) => recordOfLine(JSON.stringify({ id }), { keyField: 'id', random });
  expect(keyOf(emoji)!.partitionKey).toBe(emoji);
  expect(keyOf(`${emoji}x`)!.partitionKey).toMatch(/^[0-9a-f]{16}$/);
  const inherited = recordOfLine('{"a":1}', { keyField: 'constructor', random });
  expect(inherited!.partitionKey).toMatch(/^[0-9a-f]{16}$/);
});

test('a number is the key that its digits are, however many', () => {
  for (const [number, key] of [
    ['12345678901234567890', '12345678901234567890'],
    ['12345678901234567891', '12345678901234567891'],
    ['-0.1234567890123456789', '-0.1234567890123456789'],
    ['1e400', '1e400'],
    ['7.0', '7'],
    ['1e3', '1000'],
  ] as const) {
    const line = `{"more":{"id":1},"id":5,"i\\u0064": ${number} }`;
    for (const written of [line, new TextEncoder().encode(line)]) {
      expect(recordOfLine(written, { keyField: 'id', random })!.partitionKey).toBe(key);
    }
  }
});

test('fileLines() tells no byte order mark, and whether the last line has an end', async () => {
  const file = path.join(folder(), 'lines');
  for (const [content, expected] of [
    [
      '\ufeff{"id":1}\r\n\ufeffb',
      [
        ['{"id":1}', true],
        ['\ufeffb', false],
      ],
    ],
    ['\ufeff', [['', false]]],
    ['a\n', [['a', true]]],
  ] as const) {
    writeFileSync(file, content);
    const found: [string, boolean][] = [];
    for await (const { bytes, hasEnd } of fileLines(file)) {
      found.push([Buffer.from(bytes).toString(), hasEnd]);
    }
    expect(found).toEqual(expected);
  }
});

test('fileLines() gives the lines that splitting the whole file would', async () => {
  const file = path.join(folder(), 'lines');
  const line = fc.string({ unit: fc.constantFrom('a', 'ü', '🛫', ' ', '"'), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 50 }), fc.boolean(), async (lines, ends) => {
      writeFileSync(file, lines.join('\n') + (ends ? '\n' : ''));
      const whole = readFileSync(file, 'utf8').split('\n');
      if (whole.at(-1) === '') whole.pop();
      const found: string[] = [];
      for await (const { bytes } of fileLines(file)) found.push(text(bytes));
      expect(found).toEqual(whole);
    }),
  );
});

test('fileLines() crosses chunks, and refuses a line that no record can hold', async () => {
  const file = path.join(folder(), 'lines');
  writeFileSync(
    file,
    `${'x'.repeat(1_000_000)}\n${'y'.repeat(3)}\n${'z'.repeat(11 * 1024 * 1024)}`,
  );
  const found: number[] = [];
  const read = async (): Promise<void> => {
    for await (const { bytes } of fileLines(file)) found.push(bytes.length);
  };
  await expect(read()).rejects.toThrow(/^Line 3 of .* is longer than 10 MiB/);
  expect(found).toEqual([1_000_000, 3]);
});

test('ReceiptFile appends a line per record, at once', async () => {
  const file = path.join(folder(), 'receipts');
  const receipt = { shardId: 'shardId-000000000000', sequenceNumber: '1', partitionKey: 'k"' };
  for (const expected of [2, 4]) {
    const receipts = await ReceiptFile.open(file);
    await receipts.write([receipt, receipt]);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(new Array(expected).fill(receipt));
    await receipts.close();
  }
});
