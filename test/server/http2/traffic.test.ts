// Much at once by Node's own client, in both directions: every byte is the right one, whatever is taken back, read slowly or told anew.
import http2, { type ClientHttp2Session } from 'node:http2';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type SeededRandom, seededRandom } from '../../support/seededRandom.ts';
import { kinesisHeaders, secure, trust } from '../support/rawHttp.ts';
import { testServer } from '../support/testServer.ts';

const calls = 240;
const atOnce = 48;

/** Pages of one byte each, that of the iterator. */
async function pagesServer() {
  return testServer({
    answers: {
      GetRecords: async ({ ShardIterator }: { ShardIterator: string }) => {
        const [code, length] = ShardIterator.split(' ').map(Number) as [number, number];
        const Data = Buffer.alloc(length, code);
        return {
          Records: [{ SequenceNumber: '1', Data, PartitionKey: 'k' }],
          MillisBehindLatest: 0,
        };
      },
    },
  });
}

/** True: it was answered in full, and right; undefined: it was taken back. */
function page(session: ClientHttp2Session, random: SeededRandom): Promise<boolean | undefined> {
  const code = random.integer(0, 255);
  const length = random.pick([10, 20_000, 300_000, random.integer(0, 2_000_000)]);
  const takenBackAfter = random.chance(0.15) ? random.integer(0, length) : Number.POSITIVE_INFINITY;
  const isSlow = random.chance(0.3);
  const body = JSON.stringify({
    ShardIterator: `${code} ${length}`,
    Filler: 'x'.repeat(length >> 2),
  });
  const stream = session.request({ ':method': 'POST', ...kinesisHeaders('GetRecords') });
  const chunks: Buffer[] = [];
  let got = 0;
  return new Promise((resolve) => {
    stream.on('error', () => resolve(undefined));
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      got += chunk.length;
      if (got >= takenBackAfter) return stream.close(http2.constants.NGHTTP2_CANCEL);
      if (!isSlow) return;
      stream.pause();
      setTimeout(() => stream.resume(), 1);
    });
    stream.on('close', () => {
      if (stream.rstCode !== 0) return resolve(undefined);
      const { Records } = JSON.parse(Buffer.concat(chunks).toString());
      resolve(Buffer.alloc(length, code).equals(Buffer.from(Records[0].Data, 'base64')));
    });
    stream.end(body);
  });
}

test.each(['plain', 'in TLS'])('%s', async (kind) => {
  const { server } = await pagesServer();
  const isPlain = kind === 'plain';
  const session = isPlain
    ? http2.connect(server.endpoint)
    : http2.connect(secure(server.endpoint), await trust());
  onTestFinished(() => session.destroy());
  const random = seededRandom(3);
  const results: (boolean | undefined)[] = [];
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun++ < calls) {
      if (random.chance(0.2) && !session.pendingSettingsAck) {
        session.settings({ initialWindowSize: random.pick([1000, 65_535, 2 ** 20, 2 ** 24]) });
      }
      if (random.chance(0.2)) await setImmediate();
      results.push(await page(session, random));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  expect(results).toHaveLength(calls);
  expect(results).not.toContain(false);
  expect(results.filter((one) => one).length).toBeGreaterThan(calls / 2);
});
