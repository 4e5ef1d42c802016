// A value that a row shows in part, or with other white space, is copied and asked for as its record has it.
import { expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import type { FullRecord, RecordRow } from '../../src/protocol/tail.ts';
import { narrow } from '../../src/query/narrow.ts';
import { maskText } from '../../webview/finding/masked.ts';
import { type ShownValue, valuesOf } from '../../webview/finding/shownValues.ts';
import { useWhole } from '../../webview/finding/wholeValue.ts';
import type { ShownRecord } from '../../webview/state/rowCache.ts';

function recordOf(data: string | Uint8Array): FullRecord {
  const raw = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  const decoded = plainDecoder.full(raw, 1e6);
  const { text: preview, isCut } = plainDecoder.preview(raw, 512);
  const row: RecordRow = {
    kind: 'record',
    position: 7,
    id: 70,
    shardId: 'shardId-000000000005',
    partitionKey: 'k',
    sequenceNumber: '495',
    arrivedMs: 0,
    size: raw.length,
    format: decoded.format,
    matches: [],
    keyMatches: [],
    preview,
    isCut,
  };
  return {
    row,
    startingHashKey: '0',
    endingHashKey: '1',
    hashKey: '0',
    decoded: decoded.text,
    decodedIsCut: decoded.isCut,
    decodedMatches: [],
    steps: [],
    raw,
  };
}

/** What comes of the first of `values`, and what the record was asked for with. */
async function used([value]: readonly ShownValue[], answer: FullRecord | undefined) {
  const asked: unknown[] = [];
  const told: (ShownValue | string)[] = [];
  const by = {
    record: async (params: unknown) => {
      asked.push(params);
      return answer;
    },
    refuse: (sentence: string) => void told.push(sentence),
  };
  const use = (whole: ShownValue) => void told.push(whole);
  await useWhole(by, { value: value!, failure: 'Nothing was copied', use });
  expect(told).toHaveLength(1);
  return { asked, told: told[0]! };
}

const copied = async (values: readonly ShownValue[], answer: FullRecord | undefined) => {
  const { told } = await used(values, answer);
  return typeof told === 'string' ? told : told.text;
};

const columnOf = (record: FullRecord, path: string, cell: string): ShownRecord => ({
  ...record.row,
  ...{ paths: [path], cells: [cell], cellValues: [null] },
});

test.each([
  ['cut', `first line\n\n  second   line ${'y'.repeat(600)} END`],
  ['of several lines', 'a  b\r\n\tc\n'],
])('text that a row shows %s is copied as it is', async (_, text) => {
  const record = recordOf(text);
  const values = valuesOf(record.row, { column: 'value' });
  expect(await used(values, record)).toMatchObject({
    asked: [{ position: 7, id: 70 }],
    told: { text },
  });
});

test('binary data is copied as the details show it', async () => {
  const record = recordOf(Uint8Array.from({ length: 600 }, (_, at) => at));
  const values = valuesOf(record.row, { column: 'value' });
  expect(await copied(values, record)).toBe(record.decoded);
});

test('a cell that is cut is copied whole', async () => {
  const note = 'z  '.repeat(400);
  const record = recordOf(
    JSON.stringify({ pad: 'p'.repeat(600), note, list: [1, { 'a b': 'c  d' }] }),
  );
  const of = (path: string, cell: string) =>
    copied(valuesOf(columnOf(record, path, cell), { column: path }), record);
  expect(await of('$.note', 'z z…')).toBe(note);
  expect(await of('$.list', '[1,{"a b":"c d"}]')).toBe('[1,{"a b":"c  d"}]');
  expect(await of('$.list[*]', '1, {"a b":"c d"}')).toBe('1\n{"a b":"c  d"}');
});

test('what a mask has left of a cell is all that is copied of it', async () => {
  const record = recordOf('{"a":"x"}');
  const { asked, told } = await used(
    valuesOf(columnOf(record, '$.a', maskText), { column: '$.a' }),
    record,
  );
  expect([asked, told]).toEqual([[], expect.objectContaining({ text: maskText })]);
});

test('a value of JSON is asked for by the record where the row shows other white space or a part', async () => {
  const asks = async (json: string, at: string) => {
    const record = recordOf(json);
    const values = valuesOf(record.row, { column: 'value', offset: json.indexOf(at) });
    const { asked, told } = await used(values, record);
    const query = typeof told === 'string' || !told.cell ? told : narrow('', told.cell, 'filter');
    return [asked.length, query];
  };
  expect(await asks('{"a":"x  y"}', 'x')).toEqual([1, '$.a = "x  y"']);
  expect(await asks('{"a":"xy"}', 'x')).toEqual([0, '$.a = "xy"']);
  expect(await asks(`{"a":1,"b":"${'p'.repeat(600)}"}`, '1')).toEqual([1, '$.a = 1']);
});

test.each(['2', '[1]', '"1 "'])(
  'a value is not used for another one, %s, that its name has further on',
  async (again) => {
    const json = `{"a":1,"b":"${'p'.repeat(600)}","a":${again}}`;
    const record = recordOf(json);
    const values = valuesOf(record.row, { column: 'value', offset: json.indexOf('1') });
    expect(await copied(values, record)).toBe(
      'Nothing was copied: $.a comes again further on in the record, and the last one counts.',
    );
  },
);

test('nor for one that the row itself shows further on', async () => {
  const json = '{"a":"1  2","a":"3"}';
  const record = recordOf(json);
  const of = (at: string) =>
    copied(
      valuesOf(record.row, { column: 'value', offset: record.row.preview.indexOf(at) }),
      record,
    );
  expect(await of('1')).toMatch(/^Nothing was copied: \$\.a comes again further on/);
  expect(await of('3')).toBe('3');
});

test('what a mask has left of a value in a row is copied as it is shown', async () => {
  const record = recordOf(`{"a":"${maskText} x","b":"${'p'.repeat(600)}"}`);
  const row = { ...record.row, isMasked: true };
  const values = valuesOf(row, { column: 'value', offset: record.row.preview.indexOf('x') });
  expect(await used(values, record)).toMatchObject({ asked: [], told: { text: `${maskText} x` } });
  const [whole] = valuesOf(row, { column: 'value' });
  expect(await copied([whole!], record)).toBe(record.decoded);
});

test('a value of which not all can be had is not used, and the reason is told', async () => {
  const record = recordOf('{"a":"x  y"}');
  const values = valuesOf(record.row, { column: 'value' });
  const reasons = [
    await copied(values, undefined),
    await copied(values, { ...record, decodedIsCut: true }),
    await copied(values.slice(1), recordOf('{"b":1}')),
    await copied(values.slice(1), recordOf('{"a":1}\n{"a":2}')),
  ];
  expect(reasons.map((reason) => reason.replace('Nothing was copied: ', ''))).toEqual([
    'the record is held here no longer.',
    'only the beginning of the record is here; open it in the editor for all of it.',
    'the record has nothing at $.a.',
    'the record as a whole is no JSON.',
  ]);
});
