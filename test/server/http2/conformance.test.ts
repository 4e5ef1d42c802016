// What RFC 9113 and RFC 7541 say that a server must do, one case for each sentence, as raw frames.
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../../src/server/http2/frames.ts';
import {
  block,
  frame,
  opening,
  type RawHeaders,
  setting,
  word,
} from '../../support/http2Frames.ts';
import { type Code, expectOutcome, type Outcome } from '../support/http2Outcome.ts';
import { call, callHeaders, Http2Client } from '../support/rawHttp2.ts';
import { signal } from '../support/signal.ts';
import { testServer } from '../support/testServer.ts';

type Case = readonly [section: string, title: string, sent: Buffer, outcome: Outcome];

const connection = (code: Code): Outcome => ({ connection: code });
const stream = (code: Code): Outcome => ({ stream: code });

const END = 1;
const WHOLE = 4;
const head = (headers: RawHeaders = callHeaders, flags = WHOLE, id = 1): Buffer =>
  frame({ type: 1, flags, stream: id, payload: block(headers) });
const data = (payload: Buffer | string, flags = END): Buffer =>
  frame({ type: 0, flags, stream: 1, payload });
const hpack = (hex: string): Buffer =>
  frame({ type: 1, flags: WHOLE | END, stream: 1, payload: Buffer.from(hex, 'hex') });
const all = (...parts: Buffer[]): Buffer => Buffer.concat(parts);
const without = (name: string): RawHeaders => callHeaders.filter(([one]) => one !== name);
const besides = (...more: RawHeaders): RawHeaders => [...callHeaders, ...more];
/** A call whose answer the client does not take yet. */
const held = all(frame({ type: 4, payload: setting(4, 0) }), call(1));

const connectionCases: readonly Case[] = [
  ['3.4', 'SETTINGS that are not first', all(call(1)), connection('protocol')],
  ['4.1', 'a frame of a type that is not known', frame({ type: 0x16, payload: 'x' }), 'taken'],
  [
    '4.1',
    'flags that are not known',
    frame({ type: 6, flags: 0x16, payload: '12345678' }),
    'taken',
  ],
  [
    '4.1',
    'a bit before the stream',
    frame({ type: 6, stream: 2 ** 31, payload: '12345678' }),
    'taken',
  ],
  [
    '4.2',
    'HEADERS that are too long',
    frame({ type: 1, flags: 5, stream: 1, payload: Buffer.alloc(16_385) }),
    connection('frameSize'),
  ],
  ['4.3', 'a block that is no block', hpack('40'), connection('compression')],
  [
    '4.3',
    'PRIORITY within a block',
    all(head(callHeaders, 0), frame({ type: 2, stream: 1, payload: '\0\0\0\0\x10' })),
    connection('protocol'),
  ],
  [
    '4.3',
    'HEADERS of another stream within a block',
    all(head(callHeaders, 0), head(callHeaders, WHOLE, 3)),
    connection('protocol'),
  ],
  ['5.1', 'DATA before HEADERS', data('x'), connection('protocol')],
  [
    '5.1',
    'RST_STREAM before HEADERS',
    frame({ type: 3, stream: 1, payload: word(8) }),
    connection('protocol'),
  ],
  [
    '5.1',
    'WINDOW_UPDATE before HEADERS',
    frame({ type: 8, stream: 1, payload: word(1) }),
    connection('protocol'),
  ],
  [
    '5.1',
    'CONTINUATION before HEADERS',
    frame({ type: 9, flags: 4, stream: 1 }),
    connection('protocol'),
  ],
  ['5.1.1', 'an even stream', call(2), connection('protocol')],
  [
    '5.1.1',
    'a stream below another',
    all(call(5), head(callHeaders, 5, 3)),
    connection('protocol'),
  ],
  ['5.5', 'an unknown setting', frame({ type: 4, payload: setting(0xff, 1) }), 'taken'],
  ['6.1', 'DATA without a stream', frame({ type: 0, payload: 'x' }), connection('protocol')],
  [
    '6.1',
    'more padding than DATA',
    all(head(), frame({ type: 0, flags: 9, stream: 1, payload: '\x04{}' })),
    connection('protocol'),
  ],
  [
    '6.1',
    'padded DATA without its length',
    all(head(), frame({ type: 0, flags: 9, stream: 1 })),
    connection('protocol'),
  ],
  ['6.2', 'HEADERS without a stream', head(callHeaders, 5, 0), connection('protocol')],
  [
    '6.2',
    'more padding than HEADERS',
    frame({ type: 1, flags: 0xd, stream: 1, payload: '\x05abc' }),
    connection('protocol'),
  ],
  [
    '6.2',
    'HEADERS shorter than their priority',
    frame({ type: 1, flags: 0x25, stream: 1, payload: 'abc' }),
    connection('protocol'),
  ],
  [
    '6.3',
    'PRIORITY without a stream',
    frame({ type: 2, payload: '\0\0\0\0\x10' }),
    connection('protocol'),
  ],
  [
    '6.3',
    'PRIORITY of another length',
    frame({ type: 2, stream: 1, payload: 'abcd' }),
    connection('frameSize'),
  ],
  [
    '6.4',
    'RST_STREAM without a stream',
    frame({ type: 3, payload: word(8) }),
    connection('protocol'),
  ],
  [
    '6.4',
    'RST_STREAM of another length',
    all(head(), frame({ type: 3, stream: 1, payload: 'abc' })),
    connection('frameSize'),
  ],
  [
    '6.5',
    'an acknowledgement with settings',
    frame({ type: 4, flags: 1, payload: setting(4, 1) }),
    connection('frameSize'),
  ],
  ['6.5', 'SETTINGS of a stream', frame({ type: 4, stream: 1 }), connection('protocol')],
  [
    '6.5',
    'SETTINGS of another length',
    frame({ type: 4, payload: 'abc' }),
    connection('frameSize'),
  ],
  [
    '6.5.2',
    'a push that is neither on nor off',
    frame({ type: 4, payload: setting(2, 2) }),
    connection('protocol'),
  ],
  [
    '6.5.2',
    'a window that is too wide',
    frame({ type: 4, payload: setting(4, 2 ** 31) }),
    connection('flowControl'),
  ],
  [
    '6.5.2',
    'frames that are too short',
    frame({ type: 4, payload: setting(5, 16_383) }),
    connection('protocol'),
  ],
  [
    '6.5.2',
    'frames that are too long',
    frame({ type: 4, payload: setting(5, 2 ** 24) }),
    connection('protocol'),
  ],
  [
    '6.6',
    'PUSH_PROMISE',
    frame({ type: 5, flags: 4, stream: 1, payload: word(2) }),
    connection('protocol'),
  ],
  [
    '6.7',
    'PING of a stream',
    frame({ type: 6, stream: 1, payload: '12345678' }),
    connection('protocol'),
  ],
  ['6.7', 'PING of another length', frame({ type: 6, payload: '123456' }), connection('frameSize')],
  [
    '6.8',
    'GOAWAY of a stream',
    frame({ type: 7, stream: 1, payload: '\0\0\0\0\0\0\0\0' }),
    connection('protocol'),
  ],
  [
    '6.8',
    'GOAWAY that is too short',
    frame({ type: 7, payload: '\0\0\0\0' }),
    connection('frameSize'),
  ],
  [
    '6.9',
    'WINDOW_UPDATE of another length',
    frame({ type: 8, payload: 'abc' }),
    connection('frameSize'),
  ],
  ['6.9', 'WINDOW_UPDATE by nothing', frame({ type: 8, payload: word(0) }), connection('protocol')],
  [
    '6.9.1',
    'a window of the connection beyond the most',
    frame({ type: 8, payload: word(2 ** 31 - 1) }),
    connection('flowControl'),
  ],
  [
    '6.9.2',
    'a first window that makes one too wide',
    all(
      held,
      frame({ type: 8, stream: 1, payload: word(2 ** 31 - 1) }),
      frame({ type: 4, payload: setting(4, 1) }),
    ),
    connection('flowControl'),
  ],
  [
    '6.10',
    'CONTINUATION behind a whole block',
    all(head(), frame({ type: 9, flags: 4, stream: 1 })),
    connection('protocol'),
  ],
  [
    '6.10',
    'CONTINUATION without a stream',
    all(head(callHeaders, 0), frame({ type: 9, flags: 4 })),
    connection('protocol'),
  ],
];

const streamCases: readonly Case[] = [
  ['5.1', 'DATA behind the end of a request', all(held, data('{}')), stream('streamClosed')],
  [
    '5.1',
    'HEADERS behind the end of a request',
    all(held, head(callHeaders, 5)),
    stream('streamClosed'),
  ],
  [
    '6.9.1',
    'a window of a stream beyond the most',
    all(
      held,
      frame({ type: 8, stream: 1, payload: word(2 ** 31 - 1) }),
      frame({ type: 8, stream: 1, payload: word(1) }),
    ),
    stream('flowControl'),
  ],
  ['8.1', 'trailers that do not end', all(head(), head([['x-a', '1']], WHOLE)), stream('protocol')],
  [
    '8.1',
    'trailers with a header with a colon',
    all(head(), data('{}', 0), head([[':method', 'POST']], 5)),
    stream('protocol'),
  ],
  [
    '8.1',
    'trailers with a name in capitals',
    all(head(), data('{}', 0), head([['X-A', '1']], 5)),
    stream('protocol'),
  ],
  [
    '8.1.1',
    'a length that is not that of DATA',
    all(head(besides(['content-length', '3'])), data('{}')),
    stream('protocol'),
  ],
  [
    '8.1.1',
    'a length that is not that of several DATA',
    all(head(besides(['content-length', '3'])), data('{', 0), data('}')),
    stream('protocol'),
  ],
  ['8.1.1', 'a length, and no DATA', head(besides(['content-length', '3']), 5), stream('protocol')],
  ['8.2.1', 'a name in capitals', head(besides(['X-A', 'b']), 5), stream('protocol')],
  ['8.2.1', 'a name with a blank', head(besides(['x a', 'b']), 5), stream('protocol')],
  ['8.2.1', 'a name with a colon', head(besides(['x:a', 'b']), 5), stream('protocol')],
  [
    '8.2.1',
    'a name of a character beyond ASCII',
    head(besides(['x-\xe9', 'b']), 5),
    stream('protocol'),
  ],
  ['8.2.1', 'a line feed in a value', head(besides(['x-a', 'b\nc']), 5), stream('protocol')],
  ['8.2.1', 'a carriage return in a value', head(besides(['x-a', 'b\rc']), 5), stream('protocol')],
  ['8.2.1', 'a NUL in a value', head(besides(['x-a', 'b\0']), 5), stream('protocol')],
  [
    '8.2.1',
    'a value that begins with a blank',
    head(besides(['x-a', ' b']), 5),
    stream('protocol'),
  ],
  ['8.2.1', 'a value that ends with a tab', head(besides(['x-a', 'b\t']), 5), stream('protocol')],
  [
    '8.2.2',
    'a header of a connection',
    head(besides(['connection', 'close']), 5),
    stream('protocol'),
  ],
  ['8.2.2', 'chunks', head(besides(['transfer-encoding', 'chunked']), 5), stream('protocol')],
  ['8.2.2', 'te that is not trailers', head(besides(['te', 'gzip']), 5), stream('protocol')],
  [
    '8.3',
    'a header with a colon that is not known',
    head([[':test', 'ok'], ...callHeaders], 5),
    stream('protocol'),
  ],
  ['8.3', 'a header of answers', head([[':status', '200'], ...callHeaders], 5), stream('protocol')],
  [
    '8.3',
    'a header with a colon behind others',
    head([...without(':path'), [':path', '/']], 5),
    stream('protocol'),
  ],
  ['8.3.1', 'no method', head(without(':method'), 5), stream('protocol')],
  ['8.3.1', 'no scheme', head(without(':scheme'), 5), stream('protocol')],
  ['8.3.1', 'no path', head(without(':path'), 5), stream('protocol')],
  ['8.3.1', 'an empty path', head([[':path', ''], ...without(':path')], 5), stream('protocol')],
  [
    '8.3.1',
    'a path that does not begin with a slash',
    head([[':path', 'x'], ...without(':path')], 5),
    stream('protocol'),
  ],
  ['8.3.1', 'two methods', head([[':method', 'GET'], ...callHeaders], 5), stream('protocol')],
  [
    '8.5',
    'CONNECT',
    head(
      [
        [':method', 'CONNECT'],
        [':authority', 'localhost:1'],
      ],
      5,
    ),
    stream('protocol'),
  ],
];

const headerCases: readonly Case[] = [
  ['2.3.3', 'a number beyond both tables', hpack('ff60'), connection('compression')],
  [
    '4.2',
    'a size behind a header',
    frame({
      type: 1,
      flags: 5,
      stream: 1,
      payload: all(block(callHeaders), Buffer.from('20', 'hex')),
    }),
    connection('compression'),
  ],
  [
    '4.2',
    'two sizes before a header',
    all(
      frame({
        type: 1,
        flags: 4,
        stream: 1,
        payload: all(Buffer.from('203fe11f', 'hex'), block(callHeaders)),
      }),
      data('{}'),
    ),
    'taken',
  ],
  ['5.1', 'a number without end', hpack('ffffffffffffffff7f'), connection('compression')],
  ['5.2', 'padding longer than seven bits', hpack('008518f19fffff0161'), connection('compression')],
  [
    '5.2',
    'padding that is not ones',
    hpack('008310000001 61'.replace(' ', '')),
    connection('compression'),
  ],
  [
    '5.2',
    'the end of a text in it',
    hpack('0085ffffffff ff0161'.replace(' ', '')),
    connection('compression'),
  ],
  ['6.1', 'number zero', hpack('80'), connection('compression')],
  ['6.3', 'a size beyond the most', hpack('3fe21f'), connection('compression')],
];

describe('RFC 9113', () => {
  test.each(connectionCases)('%s: %s', async (_, title, sent, outcome) => {
    const isFirst = title === 'SETTINGS that are not first';
    const first = opening().subarray(0, 24);
    await expectOutcome(sent, { outcome, ...(isFirst && { first }) });
  });

  test.each(streamCases)('%s: %s', async (_, __, sent, outcome) => {
    await expectOutcome(sent, { outcome });
  });

  test('5.1: HEADERS of a stream that is over end the connection', async () => {
    const { server } = await testServer();
    const client = new Http2Client(server.port);
    client.send(call(1));
    await client.until(() => client.isEnded(1));
    client.send(call(1));
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes.streamClosed]);
  });

  test('5.1: what is on its way to a stream that the server gave up ends nothing', async () => {
    const { server } = await testServer();
    const client = new Http2Client(server.port);
    client.send(
      head(without(':path')),
      data('x', 0),
      frame({ type: 8, stream: 1, payload: word(1) }),
    );
    await client.until(() => client.codes(3).length > 0);
    client.send(data('x', 0), head([['x-a', '1']], 5), call(3));
    await client.until(() => client.isEnded(3));
    expect(client.codes(3)).toEqual([errorCodes.protocol]);
  });

  test('6.5.3: settings are acknowledged before anything is sent by them', async () => {
    const { server } = await testServer();
    const client = new Http2Client(server.port, opening(setting(4, 0)));
    client.send(call(1));
    await client.until(() => client.of(1, 1).length > 0);
    client.send(frame({ type: 4, payload: all(setting(4, 5), setting(4, 65_535)) }));
    await client.until(() => client.isEnded(1));
    const kinds = client.frames.map(({ type, flags }) =>
      type === 4 && flags === 1 ? 'ack' : type,
    );
    expect(kinds.lastIndexOf('ack')).toBeLessThan(kinds.indexOf(0));
  });

  test('6.9.2: a window below zero takes nothing until it is above', async () => {
    const release = signal();
    const { server } = await testServer({
      answers: {
        ListStreams: async () => {
          await release.done;
          return { StreamNames: ['a'.repeat(100)], HasMoreStreams: false };
        },
      },
    });
    const client = new Http2Client(server.port, opening(setting(4, 50)));
    client.send(call(1));
    release.fire();
    await client.until(() => client.body(1).length === 50);
    client.send(frame({ type: 4, payload: setting(4, 20) }));
    client.send(
      frame({ type: 8, stream: 1, payload: word(30) }),
      frame({ type: 6, payload: '12345678' }),
    );
    await client.until(() => client.of(6).length === 1);
    expect(client.body(1)).toHaveLength(50);
    client.send(
      frame({ type: 8, stream: 1, payload: word(1) }),
      frame({ type: 6, payload: '12345678' }),
    );
    await client.until(() => client.of(6).length === 2);
    expect(client.body(1)).toHaveLength(51);
    client.send(frame({ type: 8, stream: 1, payload: word(1000) }));
    await client.until(() => client.isEnded(1));
  });
});

describe('RFC 7541', () => {
  test.each(headerCases)('%s: %s', async (_, __, sent, outcome) => {
    await expectOutcome(sent, { outcome });
  });
});
