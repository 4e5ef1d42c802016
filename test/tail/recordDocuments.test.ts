import { describe, expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { PinnedDecoder } from '../../src/decode/pinnedDecoder.ts';
import { Masking } from '../../src/tail/masking.ts';
import {
  documentCharactersMax,
  documentsBytesMax,
  documentsMax,
  RecordDocuments,
} from '../../src/tail/recordDocuments.ts';
import type { HeldRecord } from '../../src/tail/rowStore.ts';
import { timeBox } from '../../src/worker/timeBox.ts';

const utf8 = new TextEncoder();
const held = (data: Uint8Array): HeldRecord => ({
  kind: 'record',
  id: 1,
  shardId: 'shardId-000000000000',
  partitionKey: 'key',
  sequenceNumber: '49680471723091059274005162501201421646625734457710087098',
  subSequenceNumber: undefined,
  arrivedMs: 5,
  data,
});
const documentsOf = () => new RecordDocuments(new Masking(timeBox));

describe('RecordDocuments', () => {
  test('has a record whole and indented, also when its row is gone', () => {
    const documents = documentsOf();
    const data = utf8.encode('{"a":[1]}');
    const { document, isJson } = documents.keep(held(data), plainDecoder);
    data.fill(0);
    expect(documents.text(document)).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(isJson).toBe(true);
  });

  test('has more of a record than the details show', () => {
    const documents = documentsOf();
    const text = 'x'.repeat(10 * 1024 * 1024);
    const { document, isJson } = documents.keep(held(utf8.encode(text)), plainDecoder);
    expect(documents.text(document)).toBe(text);
    expect(isJson).toBe(false);
  });

  test('ends a document at its bound, and says so', () => {
    const documents = documentsOf();
    const data = new Uint8Array(10 * 1024 * 1024).fill(0xff); // about 49 million characters in hex
    const { document } = documents.keep(held(data), plainDecoder);
    const text = documents.text(document)!;
    expect(text).toContain('… The record goes on: a document has its first 16,777,216 characters.');
    expect(text.length).toBeLessThan(documentCharactersMax + 200);
  });

  test('keeps so many records and so many bytes at most, the newest', () => {
    const documents = documentsOf();
    const small = Array.from({ length: documentsMax + 1 }, () =>
      documents.keep(held(utf8.encode('x')), plainDecoder),
    );
    const texts = small.map(({ document }) => documents.text(document));
    expect(texts.slice(0, 2)).toEqual([undefined, 'x']);
    const bytes = documentsBytesMax / 4;
    const large = Array.from({ length: 5 }, () =>
      documents.keep(held(new Uint8Array(bytes).fill(0x20)), plainDecoder),
    );
    expect(large.map(({ document }) => documents.text(document) === undefined)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    documents.release(large[4]!.document);
    expect(documents.text(large[4]!.document)).toBeUndefined();
  });

  test('shows a record as its stream is pinned now', () => {
    const documents = documentsOf();
    const decoder = new PinnedDecoder();
    const { document } = documents.keep(held(utf8.encode('{"a":1}')), decoder);
    decoder.pin(['hex']);
    expect(documents.text(document)).toMatch(/^00000000 {2}7b 22 61/);
    expect(decoder.pin(['json', 'gzip'])).toMatch(/^Only the last decoder/);
    expect(documents.text(document)).toBe('{\n  "a": 1\n}');
  });
});
