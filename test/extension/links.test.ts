// A link leads where it says when we wrote it, and nowhere when anything of it is not as it must be.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatLink,
  linkProblem,
  linkStart,
  parseLink,
  type StreamLink,
} from '../../src/extension/links.ts';

const base = 'vscode://shardscope.shardscope';
const sequence = '49680471723091059274005162501201421646625734457710087098';

/** A link as the editor hands it over: its query was decoded once. */
function received(link: string): { path: string; query: string } {
  const { pathname: path, search } = new URL(link.replace('vscode:', 'http:'));
  return { path, query: decodeURIComponent(search.slice(1)) };
}

const query = (parts: Record<string, string>): { path: string; query: string } => ({
  path: '/stream',
  query: Object.entries({ connection: 'local', stream: 'flights', ...parts })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&'),
});

describe('formatLink() and parseLink()', () => {
  const start = fc.oneof(
    fc.constant({ type: 'LATEST' } as const),
    fc.constant({ type: 'TRIM_HORIZON' } as const),
    fc.constant({ type: 'AT_SEQUENCE_NUMBER', sequenceNumber: sequence } as const),
    fc
      .integer({ min: Date.UTC(2013, 0), max: Date.UTC(2100, 0) })
      .map((timestampMs) => ({ type: 'AT_TIMESTAMP', timestampMs }) as const),
  );
  const plain = (maxLength: number, minLength = 0) =>
    fc
      .string({ unit: 'grapheme', minLength, maxLength })
      .filter(
        (text) => text.length <= maxLength && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text),
      );
  const links: fc.Arbitrary<StreamLink> = fc.record({
    connection: plain(40, 1),
    stream: fc.stringMatching(/^[a-zA-Z0-9_.-]{1,128}$/),
    start,
    filter: plain(60),
  });

  test('what one writes the other reads, whatever is in it', () => {
    fc.assert(
      fc.property(links, (link) => {
        expect(parseLink(received(formatLink(base, link)))).toEqual(link);
      }),
    );
  });

  test.each<[string, Partial<StreamLink>]>([
    ['an emoji of several', { filter: '"\u{1f469}\u200d\u{1f4bb} logged in"' }],
    ['a word of Persian', { filter: '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645' }],
    ['a name with an emoji', { connection: 'aws:\u{1f469}\u200d\u{1f4bb} prod' }],
    [
      'as many characters as there may be',
      { connection: '注'.repeat(200), filter: '注'.repeat(1000) },
    ],
  ])('%s is opened as it was copied', (_, parts) => {
    const place = {
      connection: 'local',
      stream: 'x'.repeat(128),
      start: { type: 'LATEST' },
    } as const;
    const link = { ...place, filter: '', ...parts };
    expect(linkProblem(link)).toBeUndefined();
    expect(parseLink(received(formatLink(base, link)))).toEqual(link);
  });

  test('what nobody could open has a problem, and what has none can be opened', () => {
    const any = fc.record({
      connection: fc.string({ unit: 'binary', maxLength: 210 }),
      stream: fc.stringMatching(/^[a-zA-Z0-9_.-]{1,128}$/),
      start: fc.oneof(
        start,
        fc.constant({ type: 'AT_TIMESTAMP', timestampMs: Date.UTC(2012, 5) } as const),
      ),
      filter: fc.oneof(fc.constant('x'.repeat(1001)), fc.string({ unit: 'binary', maxLength: 40 })),
    });
    fc.assert(
      fc.property(any, (link) => {
        const problem = linkProblem(link);
        if (problem === undefined)
          expect(parseLink(received(formatLink(base, link)))).toEqual(link);
        else expect(problem).toMatch(/^it/);
      }),
      { numRuns: 500 },
    );
    const one = {
      connection: 'local',
      stream: 's',
      start: { type: 'LATEST' },
      filter: '\ud800',
    } as const;
    expect(linkProblem(one)).toBe('its filter is too long or has unseen characters');
  });

  test('a link without a place leads to the latest records', () => {
    expect(parseLink(query({}))).toEqual({
      connection: 'local',
      stream: 'flights',
      start: { type: 'LATEST' },
      filter: '',
    });
  });
});

describe('a hostile link', () => {
  test.each<[string, { path: string; query: string }]>([
    ['to something else', { ...query({}), path: '/putRecord' }],
    ['to a path below', { ...query({}), path: '/stream/../putRecord' }],
    ['without a connection', { path: '/stream', query: 'stream=flights' }],
    ['without a stream', { path: '/stream', query: 'connection=local' }],
    ['with an empty connection', query({ connection: '' })],
    ['with a connection of many lines', query({ connection: 'local\n\nClick Open' })],
    ['with a connection that turns the text', query({ connection: 'aws:\u202Edorp' })],
    ['with a long connection', query({ connection: 'x'.repeat(201) })],
    ['with a stream that is a path', query({ stream: '../../etc/passwd' })],
    ['with a stream that is markup', query({ stream: '<img src=x onerror=alert(1)>' })],
    ['with a stream that is a command', query({ stream: '[x](command:shardscope.resetEngine)' })],
    ['with a long stream', query({ stream: 'x'.repeat(129) })],
    ['with NUL', query({ stream: 'flights\0' })],
    ['with a word as its place', query({ at: 'LATEST; drop' })],
    ['with a time without its zone', query({ at: '2026-11-28T14:05:00' })],
    ['with a time that is none', query({ at: '2026-13-45T99:99:00Z' })],
    ['with a time before Kinesis', query({ at: '1970-01-01T00:00:00Z' })],
    ['with a time far off', query({ at: '9999-01-01T00:00:00Z' })],
    ['with a short number', query({ at: '12345' })],
    ['with a number too long', query({ at: '9'.repeat(130) })],
    ['with a long filter', query({ filter: 'x'.repeat(1001) })],
    ['with a filter of control characters', query({ filter: 'a\u001b[2J' })],
    [
      'with half a character',
      { path: '/stream', query: 'connection=local&stream=flights&filter=%E0%A4' },
    ],
  ])('%s is refused with a reason', (_, link) => {
    expect(parseLink(link)).toEqual(expect.stringMatching(/^it/));
  });

  test('with a part twice is refused: which one is meant nobody knows', () => {
    const { path, query: text } = query({});
    expect(parseLink({ path, query: `${text}&stream=orders` })).toBe('it has two parts `stream`');
  });

  test('that is very long is refused before it is looked at', () => {
    expect(parseLink({ path: '/stream', query: 'a&'.repeat(7000) })).toBe('it is too long');
  });

  test('never throws, and gives nothing unseen on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const name of ['connection', 'stream', 'at', 'filter']) {
          const link = parseLink({
            path: '/stream',
            query: `connection=a&stream=b&${name}x=${text}&${text}`,
          });
          if (typeof link !== 'string')
            expect(JSON.stringify(link)).not.toMatch(/(?![\u200c\u200d])\p{Cf}/u);
        }
      }),
    );
  });

  test('has parts that nobody knows, and these are ignored', () => {
    expect(
      parseLink(query({ command: 'shardscope.resetEngine', windowId: '_blank' })),
    ).toMatchObject({
      stream: 'flights',
    });
  });
});

test('linkStart() leaves out that a tail was opened again', () => {
  expect(linkStart({ type: 'AT_TIMESTAMP', timestampMs: 5, isResumed: true })).toEqual({
    type: 'AT_TIMESTAMP',
    timestampMs: 5,
  });
  expect(linkStart(undefined)).toEqual({ type: 'LATEST' });
});
