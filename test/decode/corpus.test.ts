// Ten thousand payloads of every kind: what is claimed is true, and what is true is found.
import { describe, expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { beginsAs } from '../../src/decode/decoder.ts';
import { corpusOf, type Payload } from './support/corpus.ts';

const seed = 20_261_128;
const count = 10_000;
const corpus = corpusOf({ seed, count });

/**
 * Bytes that are readable text by chance, as one random byte in three is: nobody can tell them from text, so
 * both answers are right. Looked for without the decoder's own rules.
 */
function isTextByChance({ data, format }: Payload): boolean {
  if (format !== 'binary') return false;
  const text = Buffer.from(data).toString('utf8');
  const isUtf8 = Buffer.from(text).equals(Buffer.from(data));
  return (
    isUtf8 &&
    [...data].every((byte) => (byte >= 32 ? byte !== 127 : [9, 10, 12, 13, 27].includes(byte)))
  );
}

const isRight = (payload: Payload, format: string): boolean =>
  format === payload.format || (format === 'text' && isTextByChance(payload));

/** Text and bytes are what is left when nothing is proven; anything else is a claim. */
const isClaim = (format: string): boolean => !/^(text|binary|empty)$/.test(format);

const told = (payload: Payload, format: string): string =>
  `${payload.kind}, ${payload.data.length} B: ${format}, is ${payload.format}`;

function wrongOf(payloads: readonly Payload[], formatOf: (payload: Payload) => string): string[] {
  return payloads.flatMap((payload) => {
    const format = payload.data.length === 0 ? payload.format : formatOf(payload);
    return isRight(payload, format) ? [] : [told(payload, format)];
  });
}

describe('the corpus', () => {
  const chance = corpus.filter(isTextByChance);

  test('has as many payloads as are asked for, of every kind', () => {
    expect(corpus).toHaveLength(count);
    expect(new Set(corpus.map(({ kind }) => kind)).size).toBe(31);
    expect(corpus.filter(({ format }) => isClaim(format)).length).toBeGreaterThan(2000);
    expect(chance.length).toBeLessThan(count / 50);
  });

  test('full() claims nothing false and finds everything true', () => {
    const formatOf = ({ data }: Payload): string => plainDecoder.full(data, 1000).format;
    const wrong = wrongOf(corpus, formatOf);
    const figures = `${wrong.length} of ${count} wrong, ${chance.length} are text by chance`;
    process.stdout.write(`full(), seed ${seed}: ${figures}\n`);
    // One in a thousand is what is promised; this seed has none.
    expect(wrong).toEqual([]);
    const missed = corpus.filter(
      (payload) => isClaim(payload.format) && formatOf(payload) !== payload.format,
    );
    expect(missed.map((payload) => told(payload, 'missed'))).toEqual([]);
  });

  test('preview() says the same of what it can look at whole, and no more than the head proves of the rest', () => {
    const formatOf = ({ data }: Payload): string => plainDecoder.preview(data, 512).format;
    const isWhole = (payload: Payload): boolean => !formatOf(payload).startsWith(beginsAs);
    const whole = corpus.filter(isWhole);
    const heads = corpus.filter((payload) => !isWhole(payload));
    const wrong = wrongOf(whole, formatOf);
    const wrongHeads = wrongOf(heads, (payload) => formatOf(payload).slice(beginsAs.length));
    expect(heads.length).toBeLessThan(count / 50);
    const figures = `${wrong.length} of ${whole.length} wrong, of ${heads.length} heads ${wrongHeads.length}`;
    process.stdout.write(`preview(), seed ${seed}: ${figures}\n`);
    expect(wrong).toEqual([]);
    // What begins as JSON and goes wrong later is told by `full` alone.
    expect(
      wrongHeads.filter((one) => !/^(Base64 of spoiled JSON|JSON, spoiled),/.test(one)),
    ).toEqual([]);
  });
});
