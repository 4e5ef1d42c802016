// What completion knows of a stream, how its list opens and is used, and how the place of a problem is quoted.
import { describe, expect, test } from 'vitest';
import type { EventRow, RecordRow, TailRow, TailShard } from '../../src/protocol/tail.ts';
import type { CompletionContext } from '../../src/query/completeQuery.ts';
import { parseQuery } from '../../src/query/query.ts';
import { accepted, askedList, moved, typedList } from '../../webview/finding/completion.ts';
import { knownOf } from '../../webview/finding/known.ts';
import { problemsOf, problemsShownMax } from '../../webview/finding/problems.ts';
import { SeenRows, seenRowsMax } from '../../webview/finding/seenRows.ts';

function record(preview: string, patch: Partial<RecordRow> = {}): RecordRow {
  return {
    kind: 'record',
    position: 0,
    id: 0,
    shardId: 'shardId-000000000000',
    partitionKey: 'ATL',
    sequenceNumber: '1',
    arrivedMs: 0,
    size: preview.length,
    preview,
    isCut: false,
    format: preview.startsWith('{') ? 'json' : 'text',
    matches: [],
    keyMatches: [],
    ...patch,
  };
}

const event: EventRow = {
  kind: 'event',
  position: 0,
  id: 1,
  atMs: 0,
  tone: 'info',
  text: '{"no":1}',
};
const shard = { id: 'shardId-000000000005' } as TailShard;
const of = (tail: number, mask?: { patterns: number; revision: number }) => ({ tail, mask });

describe('knownOf()', () => {
  test('paths with their types and values, the frequent ones first; keys and formats, the newest first', () => {
    const seen = new SeenRows();
    const rows: TailRow[] = [
      record('{"delay":5,"items":[{"sku":"A"},{"sku":"B"}],"at":"x"}', { partitionKey: 'old' }),
      event,
      record('{"delay":"5","items":[{"sku":"B"}],"note":"cut o', {
        isCut: true,
        format: 'begins as json',
      }),
      record('delay 7', { partitionKey: '', subSequenceNumber: 0 }),
    ];
    seen.look(
      rows.map((row, id) => ({ ...row, id })),
      of(1),
    );
    const { paths, ...rest } = knownOf(seen.all(), [shard]);
    expect(rest).toEqual({
      shardIds: ['shardId-000000000005'],
      keys: ['ATL', 'old'],
      formats: ['text', 'json'],
      hasSubRecords: true,
    });
    expect(paths).toEqual([
      { path: '$.items[*].sku', type: 'string', values: ['B', 'A'] },
      { path: '$.delay', type: 'string or number', values: ['5', 5] },
      { path: '$.at', type: 'string', values: ['x'] },
    ]);
  });

  test('is bounded in rows, paths, values and their length', () => {
    const wide = (at: number): RecordRow =>
      record(
        `{"same":${at},"long":"${'x'.repeat(61)}","${at}":${JSON.stringify(Object.fromEntries(Array.from({ length: 99 }, (_, n) => [`n${n}`, n])))}}`,
        {
          partitionKey: `key ${at}`,
          format: 'json',
        },
      );
    const { keys, paths } = knownOf(
      Array.from({ length: 1000 }, (_, at) => wide(at)),
      [],
    );
    expect(keys).toHaveLength(200);
    expect(keys[0]).toBe('key 999');
    expect(paths).toHaveLength(500);
    const of = (path: string) => paths.find((known) => known.path === path)!;
    expect(of('$.same').values).toHaveLength(20);
    expect(of('$.long').values).toEqual([]);
  });
});

test('records that were seen are known still when a filter hides them; another tail has none of them', () => {
  const seen = new SeenRows();
  const rows = Array.from({ length: 500 }, (_, id) => record('x', { id }));
  const ids = (): number[] => seen.all().map(({ id }) => id);
  seen.look(rows, of(1));
  seen.look([], of(1));
  expect(ids()).toEqual(rows.slice(-seenRowsMax).map(({ id }) => id));
  seen.look([rows[490]!, record('y', { id: 7 })], of(1));
  expect(seen.all()).toHaveLength(seenRowsMax);
  expect(ids().slice(-2)).toEqual([490, 7]);
  seen.look([rows[0]!], of(2));
  expect(ids()).toEqual([0]);
});

test('what was seen before a mask came into force, or another one, is offered no more', () => {
  const seen = new SeenRows();
  const ids = (): number[] => seen.all().map(({ id }) => id);
  seen.look([record('secret', { id: 1 })], of(1));
  seen.look([record('•••', { id: 2 })], of(1, { patterns: 1, revision: 1 }));
  expect(ids()).toEqual([2]);
  seen.look([record('•••', { id: 3 })], of(1, { patterns: 1, revision: 1 }));
  expect(ids()).toEqual([2, 3]);
  seen.look([], of(1, { patterns: 1, revision: 2 }));
  expect(ids()).toEqual([]);
});

const context: CompletionContext = {
  shardIds: ['shardId-000000000005'],
  keys: ['ATL', 'LAX'],
  formats: [],
  paths: [{ path: '$.delay', type: 'number', values: [62, 5] }],
};
const at = (marked: string) => ({ text: marked.replace('|', ''), caret: marked.indexOf('|') });
const typed = (marked: string): string[] | undefined =>
  typedList(at(marked), () => context)?.items.map(({ label }) => label);

describe('the list', () => {
  test.each([
    ['$.|', ['$.delay']],
    ['key:|', ['ATL', 'LAX']],
    ['key:l|', ['ATL', 'LAX']],
    ['key:LA|', ['LAX']],
    ['$.delay > |', ['62', '5']],
    ['$.delay >|', ['62', '5']],
    // Nothing is offered in an empty box, behind a word that is done, or of what stands there.
    ['|', undefined],
    ['late |', undefined],
    ['key:LAX|', undefined],
    ['"a phrase $.|', undefined],
  ])('opens by itself while typing %s', (marked, expected) => {
    expect(typed(marked)).toEqual(expected);
  });

  test('a path that is done goes on with operators', () => {
    expect(typed('$.delay |')?.slice(0, 3)).toEqual([':', '=', '!=']);
  });

  test('opens anywhere when asked for, with the first item chosen; typing chooses none', () => {
    expect(askedList(at('|'), () => context)).toMatchObject({ chosen: 0 });
    expect(askedList(at('late |'), () => context)!.items.map(({ label }) => label)).toContain(
      'and',
    );
    expect(typedList(at('$.|'), () => context)).toMatchObject({ chosen: undefined });
  });

  test('what is known is not looked up where nothing can be offered', () => {
    const unasked = (): never => expect.fail('looked up');
    expect(typedList(at('late |'), unasked)).toBeUndefined();
  });

  test('arrows go around its ends', () => {
    const list = typedList(at('key:|'), () => context)!;
    const [down, up] = [moved(list, 1), moved(list, -1)];
    expect([down.chosen, up.chosen]).toEqual([0, 1]);
    expect([moved(up, 1).chosen, moved(down, -1).chosen]).toEqual([0, 1]);
  });

  test('a choice takes the place of its term, the caret behind it', () => {
    const choose = (marked: string, label: string): string => {
      const { items } = askedList(at(marked), () => context)!;
      const { text, caret } = accepted(
        at(marked).text,
        items.find((item) => item.label === label)!,
      );
      return `${text.slice(0, caret)}|${text.slice(caret)}`;
    };
    expect(choose('a $.d| key:x', '$.delay')).toBe('a $.delay| key:x');
    expect(choose('a $.delay| b', '>')).toBe('a $.delay > |b');
    expect(choose('key:l| b', 'LAX')).toBe('key:LAX| b');
  });
});

describe('problemsOf()', () => {
  const quoted = (text: string, told: string): string[] =>
    problemsOf(text, told).map(({ quote }) =>
      quote ? `${quote.before}[${quote.marked}]${quote.after}` : '',
    );
  const toldOf = (text: string): string => parseQuery(text).problem ?? expect.fail('no problem');

  test('quotes the place of each, with a little around it', () => {
    const text = 'late $.delay > and size>abc';
    const shown = problemsOf(text, toldOf(text));
    expect(shown.map(({ message }) => message)).toEqual([expect.stringContaining('size')]);
    expect(quoted(text, toldOf(text))).toEqual(['late $.delay > and [size>abc]']);
    const long = `${'x'.repeat(50)} size>abc ${'y'.repeat(50)}`;
    expect(quoted(long, toldOf(long))).toEqual([
      `…${'x'.repeat(23)} [size>abc] ${'y'.repeat(23)}…`,
    ]);
  });

  test('quotes nothing when all of a short query is wrong, nor of what has no place', () => {
    expect(quoted('size>abc', toldOf('size>abc'))).toEqual(['']);
    expect(problemsOf('/(a+)+$/', 'It takes too long.')).toEqual([
      { message: 'It takes too long.', quote: undefined },
    ]);
  });

  test('tells a few of many, and a little of what is long', () => {
    const many = 'size>a size>b size>c size>d';
    expect(problemsOf(many, toldOf(many))).toHaveLength(problemsShownMax);
    const long = `a size>${'x'.repeat(900)}`;
    expect(quoted(long, toldOf(long))[0]).toMatch(/^a \[size>x{55}…\]$/);
  });
});
