// Packed records are written as their objects would be, and their memory is used again only when nobody has it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogPage } from '../../src/engine/log/log.ts';
import { PageBuffers } from '../../src/engine/log/pageBuffers.ts';
import { OpenedPage } from '../../src/engine/openedPage.ts';
import { PackedPage } from '../../src/engine/packedPage.ts';
import { type GetRecordsOutput, getRecords } from '../../src/kinesis/operations/getRecords.ts';
import { packedOf, packedOutput } from '../../src/kinesis/packedOutput.ts';
import { packedLength, packRecords } from '../../src/kinesis/packedRecords.ts';
import { encoderOf as cborEncoderOf } from '../../src/server/cbor/encode.ts';
import { pageBytes as cborPageBytes } from '../../src/server/cbor/pageBytes.ts';
import { writeBase64 } from '../../src/server/json/base64Bytes.ts';
import { encoderOf } from '../../src/server/json/encode.ts';
import { pageBytes } from '../../src/server/json/pageBytes.ts';
import { open } from '../engine/log/support.ts';

const encodeCbor = cborEncoderOf(getRecords.output) as (output: GetRecordsOutput) => string;
const encode = encoderOf(getRecords.output) as (output: GetRecordsOutput) => string;

const shard = { index: 7, parents: [], createdSeconds: 1_700_000_000, startKey: 0 };
const owner = { ...shard, range: { start: 0n, end: 5n } };
const firstMs = 1_699_999_999_000;

const content = fc.record({
  keyStep: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 2 ** 40 })),
  timeStep: fc.oneof(fc.constant(0), fc.nat(2000)),
  partitionKey: fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }),
    fc.constant(''), // it has none
  ),
  explicitHashKey: fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined }),
  data: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 500, size: 'max' })),
});
type Content = typeof content extends fc.Arbitrary<infer T> ? T : never;

/** A page of these records, from a log without memory of its own, in runs of some records each. */
async function pageOf(contents: readonly Content[], buffers = new PageBuffers()): Promise<LogPage> {
  const { log } = await open({ cacheBytesMax: 0, pageBuffers: buffers });
  let [key, timeMs] = [0, firstMs];
  let written: Promise<void> | undefined;
  for (const [place, { keyStep, timeStep, ...record }] of contents.entries()) {
    [key, timeMs] = [key + keyStep, timeMs + timeStep];
    const length = new TextEncoder().encode(record.partitionKey).length;
    const { bytes } = packRecords([record], packedLength(record, length));
    written = log.append({ lane: 0, key, timeMs, bytes });
    if (place % 7 === 6) await written;
  }
  await written;
  const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 10_000, bytesMax: 2 ** 30 };
  return log.read(all);
}

const rest = { NextShardIterator: 'next', MillisBehindLatest: 5 };
const outputOf = (page: LogPage): GetRecordsOutput =>
  packedOutput(new PackedPage(page, owner), rest);

/** Exactly as long as was asked for, and full of what must not stay. */
const take = (length: number): Buffer => Buffer.alloc(length, 0xee);

describe('pageBytes() of packed records', () => {
  test('equals the general way, whatever the records', async () => {
    const property = fc.asyncProperty(
      fc.array(content, { maxLength: 60, size: 'max' }),
      async (contents) => {
        const page = await pageOf(contents);
        const packed = outputOf(page);
        const plain = { ...outputOf(page) };
        expect([packedOf(packed)?.count, packedOf(plain)]).toEqual([contents.length, undefined]);
        expect(pageBytes(packed, take).toString('utf8')).toBe(
          Buffer.from(encode(plain)).toString('utf8'),
        );
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  test('equals the general way in CBOR, in no more room than it asks for', async () => {
    const property = fc.asyncProperty(
      fc.array(content, { maxLength: 60, size: 'max' }),
      fc.constantFrom(0, 30, 300, 70_000),
      async (contents, length) => {
        const data = new Uint8Array(length).fill(length);
        const changed = contents.map((one, place) => (place === 3 ? { ...one, data } : one));
        const page = await pageOf(changed);
        const plain = { ...outputOf(await pageOf(changed)) };
        const output = outputOf(page);
        const written = cborPageBytes(output, take);
        expect(written.equals(Buffer.from(encodeCbor(plain), 'latin1'))).toBe(true);
        const again = () => cborPageBytes(output, take);
        if (contents.length > 0) expect(again).toThrow('a page that was released');
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  test('equals the general way where some records lay sealed, in no more room than it asks for', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.tuple(content, fc.boolean()), { maxLength: 30, size: 'max' }),
      async (contents) => {
        const { entries } = await pageOf(contents.map(([one]) => one));
        const opened = entries.map((entry, place) => ({ ...entry, isSealed: contents[place]![1] }));
        const output = packedOutput(new OpenedPage(opened, owner), rest);
        const plain = { ...output };
        expect(packedOf(output)?.count).toBe(contents.length);
        expect(plain.Records.map((one) => one.EncryptionType)).toEqual(
          contents.map(([, isSealed]) => (isSealed ? 'KMS' : undefined)),
        );
        expect(pageBytes(output, take).toString('utf8')).toBe(
          Buffer.from(encode(plain)).toString('utf8'),
        );
        const inCbor = Buffer.from(encodeCbor(plain), 'latin1');
        expect(cborPageBytes(output, take).equals(inCbor)).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  test('needs no more room than it asks for where every byte of a key is escaped', async () => {
    const worst = { keyStep: 2 ** 40, timeStep: 1, explicitHashKey: undefined };
    const contents = Array.from({ length: 200 }, () => ({
      ...worst,
      partitionKey: '\u0001'.repeat(256),
      data: Uint8Array.of(255),
    }));
    const page = await pageOf(contents);
    const plain = encode({ ...outputOf(page) });
    expect(pageBytes(outputOf(page), take).toString('utf8')).toBe(plain);
    const entries = page.entries.map((entry) => ({ ...entry, isSealed: true }));
    const opened = packedOutput(new OpenedPage(entries, owner), rest);
    expect(pageBytes(opened, take).toString('utf8')).toBe(encode({ ...opened }));
  });
});

describe('writeBase64()', () => {
  test("equals Node's, from any place to any place", () => {
    const bytes = fc.uint8Array({ maxLength: 600, size: 'max' });
    fc.assert(
      fc.property(bytes, fc.nat(9), fc.nat(9), (source, skipped, at) => {
        const start = Math.min(skipped, source.length);
        const text = Buffer.from(source.subarray(start)).toString('base64');
        const buffer = Buffer.alloc(at + text.length + 1, 0xee);
        const view = new DataView(source.buffer, source.byteOffset, source.length);
        const to = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
        const from = { bytes: source, view, start, end: source.length };
        expect(writeBase64(from, { buffer, view: to, at })).toBe(at + text.length);
        expect(buffer.latin1Slice(at, at + text.length)).toBe(text);
        expect([buffer.at(-1), ...buffer.subarray(0, at)]).toEqual(Array(at + 1).fill(0xee));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the memory of a page', () => {
  const contents = Array.from({ length: 40 }, (_, place) => ({
    keyStep: 1,
    timeStep: 0,
    partitionKey: `k${place}`,
    explicitHashKey: undefined,
    data: new Uint8Array(1000).fill(place),
  }));

  /** Counts what is given back. */
  class CountedBuffers extends PageBuffers {
    given = 0;
    override give(buffer: Uint8Array): void {
      this.given += buffer.length;
      super.give(buffer);
    }
  }

  test('is used again once its records are written, not twice', async () => {
    const buffers = new CountedBuffers();
    const page = await pageOf(contents, buffers);
    const output = outputOf(page);
    expect(buffers.given).toBe(0);
    pageBytes(output, take);
    const { given } = buffers;
    expect(given).toBeGreaterThan(40_000);
    expect(given).toBeLessThan(80_000);
    page.release();
    expect(buffers.given).toBe(given);
    expect(() => pageBytes(output, take)).toThrow('a page that was released');
    expect(() => output.Records).toThrow('a page that was released');
  });

  test('is left to who has records as objects', async () => {
    const buffers = new CountedBuffers();
    const output = outputOf(await pageOf(contents, buffers));
    const { Records } = output;
    expect(output.Records).toBe(Records);
    pageBytes(output, take);
    await pageOf(contents.toReversed(), buffers);
    expect(buffers.given).toBe(0);
    expect(Records.map(({ Data }) => Data[999])).toEqual(contents.map((_, place) => place));
  });
});
