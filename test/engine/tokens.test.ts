// Iterators and page tokens: opaque, bound, five minutes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ages } from '../../src/engine/ages.ts';
import { fromBase64, toBase64 } from '../../src/engine/base64.ts';
import { nodeCrc32 } from '../../src/engine/log/nodeFiles.ts';
import { Tokens } from '../../src/engine/tokens.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';

function fresh(startMs?: number) {
  const clock = new TestClock(startMs);
  const ages = new Ages(clock);
  return { clock, tokens: new Tokens({ clock, random: seededRandom(1), crc32: nodeCrc32, ages }) };
}

const content = {
  streamId: '0123456789abcdef',
  account: '000000000000',
  name: 'n'.repeat(128),
  shard: 2 ** 31 - 1,
  fromKey: Number.MAX_SAFE_INTEGER,
};

describe('Tokens', () => {
  it('readIterator() gives back what iterator() was given, within 512 characters', () => {
    const { tokens } = fresh();
    const token = tokens.iterator(content);
    expect(token.length).toBeLessThanOrEqual(512);
    expect(token).toMatch(/^AAAAAAAAAAE/);
    expect(tokens.readIterator(token)).toEqual(content);
    expect(tokens.readIterator(`"${token}"`)).toEqual(content);
    expect(tokens.iterator(content)).not.toBe(token);
  });

  it('readIterator() drops a pair of quotes, not one', () => {
    const { tokens } = fresh();
    const token = tokens.iterator(content);
    for (const text of [`"${token}`, `${token}"`, `x"${token}"`, `"${token}"x`]) {
      expect(() => tokens.readIterator(text)).toThrow('Invalid ShardIterator.');
    }
  });

  it('readIterator() takes no token that ends before its content', () => {
    const { tokens } = fresh();
    const bytes = fromBase64(tokens.iterator(content))!;
    for (let length = 0; length <= 16; length++) {
      const short = toBase64(bytes.subarray(0, length));
      expect(() => tokens.readIterator(short)).toThrow('Invalid ShardIterator.');
    }
    expect(() => tokens.readIterator('!')).toThrow('Invalid ShardIterator.');
  });

  it('streamNameIn() names the stream of an iterator, also of an expired one, and of nothing else', async () => {
    const { clock, tokens } = fresh();
    const token = tokens.iterator(content);
    await clock.advance(400_000);
    expect(tokens.streamNameIn(`"${token}"`)).toBe(content.name);
    expect(tokens.streamNameIn(tokens.streams('a'))).toBeUndefined();
  });

  it('readStreams() gives back what streams() was given, for five minutes', async () => {
    const { clock, tokens } = fresh(Date.UTC(2015, 0, 22, 1, 22, 2));
    const token = tokens.streams('orders');
    await clock.advance(300_000);
    expect(tokens.readStreams(token)).toBe('orders');
    await clock.advance(1);
    expect(() => tokens.readStreams(token)).toThrow(/2015/);
  });

  it('readIterator() expires an iterator after five minutes, in AWS words', async () => {
    const { clock, tokens } = fresh(Date.UTC(2015, 0, 22, 1, 22, 2));
    const token = tokens.iterator(content);
    await clock.advance(300_000);
    expect(tokens.readIterator(token)).toEqual(content);
    await clock.advance(1000);
    expect(() => tokens.readIterator(token)).toThrow(
      'Iterator expired. The iterator was created at time Thu Jan 22 01:22:02 UTC 2015 ' +
        'while right now it is Thu Jan 22 01:27:03 UTC 2015 ' +
        'which is further in the future than the tolerated delay of 300000 milliseconds.',
    );
  });

  it('readIterator() refuses a token with any one character changed', () => {
    const { tokens } = fresh();
    const token = tokens.iterator({ ...content, name: 'orders' });
    for (let at = 0; at < token.length; at++) {
      if (token[at] === '=') continue;
      const other = token[at] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      // The last letter may carry bits that no byte takes.
      if (Buffer.from(changed, 'base64').equals(Buffer.from(token, 'base64'))) continue;
      expect(() => tokens.readIterator(changed)).toThrow('Invalid ShardIterator.');
    }
  });

  it('readIterator() refuses a page token, and readStreams() an iterator', () => {
    const { tokens } = fresh();
    expect(() => tokens.readIterator(tokens.streams('a'))).toThrow('Invalid ShardIterator.');
    expect(() => tokens.readStreams(tokens.iterator(content))).toThrow('Invalid NextToken.');
  });

  it('readStreams() and readShards() expire tokens after five minutes', async () => {
    const { clock, tokens } = fresh();
    const list = tokens.streams('a');
    const shards = tokens.shards({
      streamId: 'a',
      account: 'b',
      name: 'c',
      after: 'd',
      filter: 'AT_LATEST',
      filterMs: 5,
    });
    expect(tokens.readShards(shards)).toMatchObject({ after: 'd', filterMs: 5 });
    await clock.advance(300_001);
    const expired = expect.objectContaining({ name: 'ExpiredNextTokenException' });
    for (const read of [() => tokens.readStreams(list), () => tokens.readShards(shards)]) {
      expect(read).toThrow(expired);
    }
  });
});

describe('toBase64()', () => {
  it('equals what Node writes, and fromBase64() reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect([...fromBase64(toBase64(bytes))!]).toEqual([...bytes]);
      }),
    );
  });
});
