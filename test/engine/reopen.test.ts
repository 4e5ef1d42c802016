// A stream whose log failed and is opened again while something else goes on with it.
import { describe, expect, it } from 'vitest';
import { FaultyFiles } from '../support/faultyFiles.ts';
import { HeldFiles } from '../support/heldFiles.ts';
import { settle } from '../support/testClock.ts';
import { dataOf, TestEngine } from './support/testEngine.ts';

const HOUR_MS = 3_600_000;

/** The next file of a stream cannot be created. */
function failCreate(files: FaultyFiles): void {
  files.faultFor = (operation) => {
    if (operation.kind !== 'create' || !operation.path.startsWith('streams/')) return undefined;
    files.faultFor = undefined;
    return { code: 'EIO' };
  };
}

describe('a log that failed', () => {
  it('is not opened again while a reshard is written: no record follows in a closing parent', async () => {
    const files = new HeldFiles();
    const test = await TestEngine.open({}, { files });
    await test.stream('orders');
    await test.put('orders', 'k', 'before');
    await test.clock.advance(1.1 * HOUR_MS);
    const NewStartingHashKey = String(2n ** 127n);
    await test.engine.splitShard({ StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey });
    const letGo = files.holdNext(({ kind }) => kind === 'write');
    await test.settle(); // the split's change of the catalog is under way now
    failCreate(files);
    const sweep = test.engine.removeExpired(); // would begin a new segment
    await settle();
    const touch = test.read('orders', '0').catch(() => undefined);
    await settle();
    const put = test.put('orders', 'k', 'after');
    await settle();
    letGo();
    await Promise.all([sweep, touch, put]);
    const shards = await test.readAll('orders');
    expect(dataOf(shards.get('shardId-000000000000')!)).toEqual(['before']);
    const { ShardId } = await put;
    expect(ShardId).not.toBe('shardId-000000000000');
    expect(dataOf(shards.get(ShardId)!)).toEqual(['after']);
  });

  it('by its trim is opened again by the next put, which succeeds', async () => {
    const files = new FaultyFiles();
    const test = await TestEngine.open({}, { files });
    await test.stream('orders');
    await test.put('orders', 'k', 'a');
    await test.clock.advance(1.1 * HOUR_MS);
    failCreate(files);
    await test.engine.removeExpired();
    expect(files.faultFor).toBeUndefined();
    await test.put('orders', 'k', 'b');
    expect(dataOf(await test.read('orders', '0'))).toEqual(['a', 'b']);
  });
});
