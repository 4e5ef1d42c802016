// Pages of records are written into buffers that are used again: equal to the general way, and nobody
// ever gets another's bytes, however slowly it reads.
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GetRecordsOutput, getRecords } from '../../src/kinesis/operations/getRecords.ts';
import { encoderOf } from '../../src/server/json/encode.ts';
import { pageBytes } from '../../src/server/json/pageBytes.ts';
import { kinesisHeaders, sendHttp1, sendHttp2 } from './support/rawHttp.ts';
import { testServer } from './support/testServer.ts';

const encode = encoderOf(getRecords.output) as (output: GetRecordsOutput) => string;

const record = fc.record({
  SequenceNumber: fc.bigInt({ min: 0n, max: 2n ** 187n }).map(String),
  ApproximateArrivalTimestamp: fc.date({ noInvalidDate: true }),
  Data: fc.uint8Array({ maxLength: 60 }),
  PartitionKey: fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }),
});

describe('pageBytes()', () => {
  test('equals the general way, over several blocks and whatever the keys', () => {
    const output = fc.record(
      {
        Records: fc.array(record, { maxLength: 150, size: 'max' }),
        NextShardIterator: fc.string({ unit: 'binary' }),
        MillisBehindLatest: fc.nat(),
      },
      { requiredKeys: ['Records'] },
    );
    fc.assert(
      fc.property(output, (value) => {
        const bytes = pageBytes(value, (length) => Buffer.alloc(length, 0xee));
        expect(bytes.toString('utf8')).toBe(Buffer.from(encode(value)).toString('utf8'));
      }),
      { numRuns: 100 },
    );
  });
});

/** A page of records of 2 KiB, every byte of which says whose it is. */
const pageOf = (letter: string, count = 200): GetRecordsOutput => ({
  Records: Array.from({ length: count }, (_, place) => ({
    SequenceNumber: String(place + 1),
    Data: Buffer.alloc(2048, letter),
    PartitionKey: letter,
  })),
  MillisBehindLatest: 0,
});

const headers = kinesisHeaders('GetRecords');
const ask = (letter: string): string => JSON.stringify({ ShardIterator: letter });

describe.each([
  ['HTTP/1.1', sendHttp1],
  ['HTTP/2', sendHttp2],
] as const)('startServer() over %s', (_, send) => {
  test('gives everybody its own page, forty at a time', async () => {
    const { server } = await testServer({
      answers: { GetRecords: ({ ShardIterator }) => pageOf(ShardIterator) },
    });
    const letters = [...'abcdefghijklmnopqrst'];
    const answers = await Promise.all(
      [...letters, ...letters].map(async (letter) => {
        const answer = await send(server.endpoint, { headers, body: ask(letter) });
        return [letter, answer.bytes.toString('utf8')] as const;
      }),
    );
    for (const [letter, text] of answers) expect(text).toBe(encode(pageOf(letter)));
  });
});

test('a client that reads slowly gets its page, though others were served meanwhile', async () => {
  // Seven megabytes: more than the system takes off the server's hands.
  const count = 2500;
  const { server } = await testServer({
    answers: { GetRecords: ({ ShardIterator }) => pageOf(ShardIterator, count) },
  });
  const body = ask('z');
  const lines = Object.entries({ ...headers, host: '127.0.0.1', 'content-length': body.length });
  const socket = connect(server.port, '127.0.0.1').pause();
  socket.write(
    `POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  );
  for (let round = 0; round < 6; round++) {
    const letter = 'abcdef'[round]!;
    const answer = await sendHttp1(server.endpoint, { headers, body: ask(letter) });
    expect(answer.bytes.toString('utf8')).toBe(encode(pageOf(letter, count)));
  }
  const wanted = encode(pageOf('z', count));
  const text = await new Promise<string>((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= wanted.length) return;
      const read = Buffer.concat(chunks).toString('latin1');
      const start = read.indexOf('\r\n\r\n') + 4;
      if (read.length - start >= wanted.length) resolve(read.slice(start));
    });
    socket.resume();
  });
  socket.destroy();
  expect(text).toBe(wanted);
});
