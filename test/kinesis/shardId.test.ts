// Shard ids, as laxly as AWS reads them.
import { describe, expect, it } from 'vitest';
import { formatShardId, parseShardId, shortShardId } from '../../src/kinesis/shardId.ts';

describe('parseShardId()', () => {
  it('reads what follows the first dash, or all of it', () => {
    for (const text of ['0', '-0', 'abc-0', 'shardId-0', 'shardId-000000000000', '000']) {
      expect(parseShardId(text)).toBe(0);
    }
    expect(parseShardId('shardId-2147483647')).toBe(2_147_483_647);
  });

  it('knows no index in other text', () => {
    for (const text of ['', '-', 'shardId', 'shardId-2147483648', 'a-b-0', 'shardId--1', '1.5']) {
      expect(parseShardId(text)).toBeUndefined();
    }
  });
});

describe('formatShardId()', () => {
  it('prints twelve digits, and a negative index as AWS does', () => {
    expect(formatShardId(5)).toBe('shardId-000000000005');
    expect(formatShardId(0)).toBe('shardId-000000000000');
    expect(formatShardId(-2147483648)).toBe('shardId--02147483648');
  });
});

describe('shortShardId()', () => {
  it('leaves the zeros out, and other text as it is', () => {
    expect(shortShardId('shardId-000000000005')).toBe('5');
    expect(shortShardId('shardId-000000000120')).toBe('120');
    for (const text of ['other', 'my shardId-000000000005', 'shardId-000000000005b']) {
      expect(shortShardId(text)).toBe(text);
    }
  });
});
