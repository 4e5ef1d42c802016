// The engine's life: streams, records and shapes survive restarts, and pending changes finish.
import { describe, expect, it } from 'vitest';
import { TestEngine } from './support/testEngine.ts';

describe('Engine', () => {
  it('createStream() shows CREATING without shards, then ACTIVE with all of them', async () => {
    const test = await TestEngine.open();
    await test.engine.createStream({ StreamName: 'orders', ShardCount: 3 });
    const before = await test.engine.describeStream({ StreamName: 'orders' });
    expect(before.StreamDescription).toMatchObject({ StreamStatus: 'CREATING', Shards: [] });
    await test.settle();
    const after = await test.engine.describeStream({ StreamName: 'orders' });
    expect(after.StreamDescription.StreamStatus).toBe('ACTIVE');
    expect(after.StreamDescription.Shards.map(({ ShardId }) => ShardId)).toEqual([
      'shardId-000000000000',
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
  });

  it('putRecord() and getRecords() give back what was put, in order', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    const puts = await Promise.all(['a', 'b', 'c'].map((data) => test.put('orders', 'k', data)));
    const { records, children } = await test.read('orders', puts[0]!.ShardId);
    expect(records.map(({ data }) => data)).toEqual(['a', 'b', 'c']);
    expect(records.map(({ number }) => number)).toEqual(puts.map((put) => put.SequenceNumber));
    expect(children).toBeUndefined();
  });

  it('open() finds streams, records and rising sequence numbers after a restart', async () => {
    const test = await TestEngine.open();
    await test.stream('orders', 2);
    const first = await test.put('orders', 'k', 'one');
    await test.reopen();
    const second = await test.put('orders', 'k', 'two');
    expect(BigInt(second.SequenceNumber)).toBeGreaterThan(BigInt(first.SequenceNumber));
    const { records } = await test.read('orders', first.ShardId);
    expect(records.map(({ data }) => data)).toEqual(['one', 'two']);
  });

  it('open() finishes a creation, a split and a deletion that a kill interrupted', async () => {
    const test = await TestEngine.open();
    await test.stream('split');
    await test.stream('gone');
    await test.put('gone', 'k', 'x');
    await test.engine.createStream({ StreamName: 'new', ShardCount: 2 });
    const half = (2n ** 127n).toString();
    const split = { StreamName: 'split', ShardToSplit: '0', NewStartingHashKey: half };
    await test.engine.splitShard(split);
    await test.engine.deleteStream({ StreamName: 'gone' });
    await test.reopenAfterKill();
    expect(test.engine.streamCount()).toBe(3);
    await test.settle();
    expect((await test.engine.listStreams({})).StreamNames).toEqual(['new', 'split']);
    expect(await test.shards('new')).toHaveLength(2);
    expect(await test.shards('split')).toHaveLength(3);
  });

  it('splitShard() shows the parent open until children, its end and ACTIVE appear together', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    await test.put('orders', 'k', 'before');
    const half = (2n ** 127n).toString();
    const split = { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: half };
    await test.engine.splitShard(split);
    const [only, ...none] = await test.shards('orders');
    expect(only!.SequenceNumberRange.EndingSequenceNumber).toBeUndefined();
    expect(none).toEqual([]);
    const during = await test.put('orders', 'k', 'during');
    expect(during.ShardId).toBe('shardId-000000000000');
    await test.settle();
    const after = await test.put('orders', 'k', 'after');
    expect(after.ShardId).not.toBe('shardId-000000000000');
    const parent = await test.read('orders', '0');
    expect(parent.records.map(({ data }) => data)).toEqual(['before', 'during']);
    expect(parent.children).toEqual(['shardId-000000000001', 'shardId-000000000002']);
  });
});
