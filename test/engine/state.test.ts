// What only the engine's own tests can see: time, quotas, accounts, restarts, and the engine's own calls.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { FaultyFiles } from '../support/faultyFiles.ts';
import { HeldFiles } from '../support/heldFiles.ts';
import type { MemoryFiles, Operation } from '../support/memoryFiles.ts';
import { settle } from '../support/testClock.ts';
import { bytesOf, dataOf, rejection, TestEngine } from './support/testEngine.ts';

const HOUR_MS = 3_600_000;
const half = (2n ** 127n).toString();

/** Streams' files take longer than the catalog's. */
class SlowLogs extends FaultyFiles {
  protected override async change(operation: Operation): Promise<void> {
    const isLog = 'file' in operation && this.image.names.get(this.catalog()) !== operation.file;
    for (let turn = 0; isLog && turn < 8; turn++) await setImmediate();
    await super.change(operation);
  }

  private catalog(): string {
    return this.paths.find((path) => path.endsWith('.cat')) ?? '';
  }
}

describe('retention', () => {
  it('getRecords() leaves expired records out, and the timer removes their segments', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    await test.put('orders', 'k', 'old');
    await test.clock.advance(23 * HOUR_MS);
    await test.put('orders', 'k', 'new');
    expect(dataOf(await test.read('orders', '0'))).toEqual(['old', 'new']);
    await test.clock.advance(HOUR_MS + 1);
    expect(dataOf(await test.read('orders', '0'))).toEqual(['new']);
    const before = test.engine.folderUse().bytes;
    await test.clock.advance(HOUR_MS);
    expect(test.engine.folderUse().bytes).toBeLessThan(before);
    expect(dataOf(await test.read('orders', '0'))).toEqual(['new']);
  });

  it('listShards() forgets a closed shard when its retention is over, and the timer too', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    await test.put('orders', 'k', 'old');
    const split = { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: half };
    await test.engine.splitShard(split);
    await test.settle();
    await test.clock.advance(23 * HOUR_MS);
    expect(await test.shards('orders')).toHaveLength(3);
    await test.clock.advance(HOUR_MS + 2000);
    expect(await test.shards('orders')).toHaveLength(2);
    await test.clock.advance(HOUR_MS);
    const gone = await rejection(test.read('orders', '0'));
    expect(gone.message).toMatch(/^Shard shardId-000000000000 .* does not exist$/);
    await test.engine.splitShard({ ...split, ShardToSplit: '1', NewStartingHashKey: '99' });
    await test.settle();
    const ids = (await test.shards('orders')).map(({ ShardId }) => ShardId.slice(-1));
    expect(ids).toEqual(['1', '2', '3', '4']);
  });

  it('getRecords() ends a closed shard whose records have expired with its children', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    await test.put('orders', 'k', 'old');
    await test.clock.advance(12 * HOUR_MS);
    await test.engine.splitShard({
      StreamName: 'orders',
      ShardToSplit: '0',
      NewStartingHashKey: half,
    });
    await test.settle();
    await test.clock.advance(13 * HOUR_MS);
    const { records, children } = await test.read('orders', '0');
    expect(records).toEqual([]);
    expect(children).toHaveLength(2);
  });
});

describe('time', () => {
  it('arrival times never fall when the clock is set back', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    await test.put('orders', 'k', 'a');
    test.clock.setWall(test.clock.now() - HOUR_MS);
    await test.put('orders', 'k', 'b');
    await test.reopen();
    await test.put('orders', 'k', 'c');
    const { records } = await test.read('orders', '0');
    expect(dataOf({ records })).toEqual(['a', 'b', 'c']);
    expect(new Set(records.map(({ timeMs }) => timeMs)).size).toBe(1);
  });

  it('splits in one second give each generation its own creation second, covering all time', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    for (const shard of ['0', '1', '3']) {
      const open = (await test.shards('orders')).find(({ ShardId }) => ShardId.endsWith(shard))!;
      const end = BigInt(open.HashKeyRange.EndingHashKey);
      await test.engine.splitShard({
        StreamName: 'orders',
        ShardToSplit: shard,
        NewStartingHashKey: ((BigInt(open.HashKeyRange.StartingHashKey) + end) / 2n).toString(),
      });
      await test.settle();
    }
    const created = (await test.shards('orders')).map(
      ({ SequenceNumberRange: range }) =>
        parseSequenceNumber(range.StartingSequenceNumber)!.shardCreatedSeconds,
    );
    expect(new Set(created).size).toBe(4);
    for (let offset = -5000; offset < 8000; offset += 250) {
      const Timestamp = new Date(test.clock.now() + offset);
      const ShardFilter = { Type: 'AT_TIMESTAMP' as const, Timestamp };
      const { Shards } = await test.engine.listShards({ StreamName: 'orders', ShardFilter });
      const width = Shards!.reduce(
        (sum, { HashKeyRange: range }) =>
          sum + BigInt(range.EndingHashKey) - BigInt(range.StartingHashKey) + 1n,
        0n,
      );
      expect(width).toBe(2n ** 128n);
    }
    const put = await test.put('orders', 'k', 'a');
    const parts = parseSequenceNumber(put.SequenceNumber)!;
    expect(parts.seconds).toBeGreaterThanOrEqual(parts.shardCreatedSeconds);
    const Data = bytesOf('b');
    await test.engine.putRecord({
      StreamName: 'orders',
      PartitionKey: 'k',
      Data,
      SequenceNumberForOrdering: put.SequenceNumber,
    });
  });
});

describe('quotas', () => {
  const create = (test: TestEngine, name: string, ShardCount = 1, own = false) =>
    test.engine.createStream({ StreamName: name, ShardCount }, { own });

  it('createStream() refuses a sixth stream in CREATING, except our own', async () => {
    const test = await TestEngine.open({ limits: 'aws', stateDelays: 5000 });
    for (let index = 0; index < 5; index++) await create(test, `s${index}`);
    // The rate of calls is another limit.
    await test.clock.advance(1000);
    const error = await rejection(create(test, 'six'));
    expect(error).toMatchObject({
      name: 'LimitExceededException',
      message:
        'This request would have exceed the limit on the number of streams that can simultaneously ' +
        'be in CREATING or DELETING for the account 000000000000. Limit: 5.',
    });
    await create(test, 'own', 1, true);
    await test.clock.advance(5000);
    await create(test, 'six');
  });

  it('shard quota counts shards to come and holds for splits', async () => {
    const test = await TestEngine.open({ limits: 'aws', shardQuota: 5 });
    await create(test, 'a', 3);
    const error = await rejection(create(test, 'b', 3));
    expect(error).toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringMatching(
        /^This request would exceed the shard limit for the account 000000000000 in us-east-1\. Current shard count for the account: 3\. Limit: 5\. Number of additional shards that would have resulted from this request: 3\. Refer/,
      ),
    });
    await create(test, 'b', 2);
    await test.settle();
    const split = { StreamName: 'b', ShardToSplit: '0', NewStartingHashKey: '9' };
    expect((await rejection(test.engine.splitShard(split))).name).toBe('LimitExceededException');
    await test.engine.splitShard(split, { own: true });
  });

  it('limits off lifts every quota', async () => {
    const test = await TestEngine.open({ shardQuota: 5, limits: 'off' });
    for (let index = 0; index < 9; index++) await create(test, `s${index}`);
    await test.settle();
    const scaling = { StreamName: 's0', TargetShardCount: 9 };
    await test.engine.updateShardCount({ ...scaling, ScalingType: 'UNIFORM_SCALING' });
    await test.settle();
    const summary = await test.engine.describeStreamSummary({ StreamName: 's0' });
    expect(summary.StreamDescriptionSummary.OpenShardCount).toBe(9);
  });

  it('updateShardCount() is refused for the eleventh time in 24 hours, also after a restart', async () => {
    const test = await TestEngine.open({ limits: 'aws' });
    await test.stream('orders', 2);
    const scale = (TargetShardCount: number) =>
      test.engine.updateShardCount({
        StreamName: 'orders',
        TargetShardCount,
        ScalingType: 'UNIFORM_SCALING',
      });
    for (let round = 0; round < 5; round++) {
      for (const count of [3, 2]) {
        await scale(count);
        await test.settle();
      }
    }
    await test.reopen();
    expect((await rejection(scale(3))).name).toBe('LimitExceededException');
    await test.clock.advance(24 * HOUR_MS);
    await scale(3);
  });
});

describe('accounts and regions', () => {
  it('keep streams of one name apart, also across a restart', async () => {
    const test = await TestEngine.open({ namespaces: 'separate' });
    const other = { account: '123456789012', region: 'eu-west-1' };
    await test.stream('orders');
    await test.engine.createStream({ StreamName: 'orders', ShardCount: 2 }, other);
    await test.settle();
    await test.reopen();
    expect((await test.engine.listStreams({}, other)).StreamNames).toEqual(['orders']);
    const { StreamDescription: theirs } = await test.engine.describeStream(
      { StreamName: 'orders' },
      other,
    );
    expect(theirs.StreamARN).toBe('arn:aws:kinesis:eu-west-1:123456789012:stream/orders');
    expect(theirs.Shards).toHaveLength(2);
    const { StreamDescription: byArn } = await test.engine.describeStream({
      StreamARN: theirs.StreamARN,
    });
    expect(byArn).toEqual(theirs);
  });
});

describe('the engine’s own calls', () => {
  it('reset() touches no stream that is created while it runs', async () => {
    const files = new HeldFiles();
    const test = await TestEngine.open({}, { files });
    await test.stream('old');
    await test.put('old', 'k', 'gone');
    const letGo = files.holdNext(({ kind }) => kind === 'removeFolder');
    const reset = test.engine.reset();
    await settle();
    await test.stream('late');
    await test.put('late', 'k', 'kept');
    letGo();
    await reset;
    await test.reopenAfterKill();
    expect((await test.engine.listStreams({})).StreamNames).toEqual(['late']);
    expect(dataOf(await test.read('late', '0'))).toEqual(['kept']);
  });

  it('reset() leaves no stream, no file of one, and a working engine', async () => {
    const test = await TestEngine.open();
    for (const name of ['a', 'b']) {
      await test.stream(name);
      await test.put(name, 'k', name);
    }
    await test.engine.createStream({ StreamName: 'creating', ShardCount: 1 });
    await test.engine.reset();
    expect(test.engine.streamCount()).toBe(0);
    const files = test.files as MemoryFiles;
    expect(files.paths.filter((path) => path.startsWith('streams/'))).toEqual([]);
    await test.stream('a');
    await test.put('a', 'k', 'again');
    expect(dataOf(await test.read('a', '0'))).toEqual(['again']);
  });

  it('emptyStream() removes records; shards and rising numbers stay, also after a restart', async () => {
    const test = await TestEngine.open();
    await test.stream('orders', 2);
    const before = await test.put('orders', 'k', 'a');
    await test.engine.emptyStream('orders');
    expect(dataOf(await test.read('orders', before.ShardId))).toEqual([]);
    await test.reopen();
    const after = await test.put('orders', 'k', 'b');
    expect(BigInt(after.SequenceNumber)).toBeGreaterThan(BigInt(before.SequenceNumber));
    expect(dataOf(await test.read('orders', before.ShardId))).toEqual(['b']);
    expect(await test.shards('orders')).toHaveLength(2);
  });

  it('ensureStreams() creates what is missing, finishes what is on its way, keeps the rest', async () => {
    const test = await TestEngine.open({ stateDelays: 'realistic' });
    await test.engine.createStream({ StreamName: 'old', ShardCount: 1 });
    await test.clock.advance(40_000);
    await test.engine.createStream({ StreamName: 'coming', ShardCount: 2 });
    const names = ['old', 'coming', 'new', 'n2', 'n3', 'n4', 'n5', 'n6'];
    await test.engine.ensureStreams(names.map((name) => ({ name, shards: 3 })));
    const counts = await Promise.all(names.map((name) => test.shards(name)));
    expect(counts.map(({ length }) => length)).toEqual([1, 2, 3, 3, 3, 3, 3, 3]);
  });

  it('close() lets what is in flight be stored and refuses what follows', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    await test.put('orders', 'k', 'opens the log');
    const putting = test.put('orders', 'k', 'in flight');
    await test.engine.close();
    await putting;
    const error = await rejection(test.put('orders', 'k', 'late'));
    expect(error).toMatchObject({ name: 'InternalFailure' });
    expect((test.files as MemoryFiles).openCount).toBe(0);
    expect(test.clock.pendingTimers).toBe(0);
  });
});

describe('concurrency', () => {
  it('createStream() of one name by two callers succeeds once', async () => {
    const test = await TestEngine.open();
    const both = await Promise.allSettled(
      [1, 2].map(() => test.engine.createStream({ StreamName: 'a', ShardCount: 1 })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('puts during a split lose nothing: each is in the shard that answered for it', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    const puts = [];
    for (let index = 0; index < 50; index++) puts.push(test.put('orders', `k${index}`, `${index}`));
    const split = { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: half };
    await test.engine.splitShard(split);
    const settling = test.settle();
    for (let index = 50; index < 150; index++) {
      puts.push(test.put('orders', `k${index}`, `${index}`));
      if (index % 10 === 0) await Promise.resolve();
    }
    await settling;
    for (let index = 150; index < 200; index++)
      puts.push(test.put('orders', `k${index}`, `${index}`));
    const answers = await Promise.all(puts);
    for (const { ShardId } of await test.shards('orders')) {
      const { records } = await test.read('orders', ShardId);
      const expected = answers.filter((answer) => answer.ShardId === ShardId);
      // Calls that do not wait for each other may be numbered in any order; all numbers have one length.
      expect(records.map(({ number }) => number)).toEqual(
        expected.map(({ SequenceNumber }) => SequenceNumber).sort(),
      );
    }
    expect(new Set(answers.map(({ ShardId }) => ShardId)).size).toBe(3);
  });

  it('a reader at the tip of a shard that splits gets all its records before the children', async () => {
    for (let turns = 1; turns < 12; turns++) {
      const test = await TestEngine.open({}, { files: new SlowLogs() });
      await test.engine.createStream({ StreamName: 'orders', ShardCount: 1 });
      await test.settle();
      await test.put('orders', 'k', 'first');
      const split = { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: half };
      await test.engine.splitShard(split);
      const reading = test.read('orders', '0', { untilEnd: true });
      const settling = test.settle();
      const puts = [];
      for (let turn = 0; turn < 30; turn++) {
        if (turn % turns === 0) puts.push(test.put('orders', 'k', `${turn}`));
        await setImmediate();
      }
      await settling;
      const answers = await Promise.all(puts);
      const inParent = answers.filter(({ ShardId }) => ShardId === 'shardId-000000000000');
      const { records } = await reading;
      expect(records.slice(1).map(({ number }) => number)).toEqual(
        inParent.map(({ SequenceNumber }) => SequenceNumber).sort(),
      );
      expect(inParent.length).toBeLessThan(answers.length);
    }
  });
});

describe('power cuts', () => {
  it.each([
    ['some', 1],
    ['all', 0],
  ])(
    'a reader beyond records that were lost, %s of them, still gets what is put afterwards',
    async (_, keptCount) => {
      const files = new FaultyFiles();
      const test = await TestEngine.open({}, { files });
      await test.engine.createStream({ StreamName: 'orders', ShardCount: 1 });
      await test.settle();
      await test.put('orders', 'k', 'kept');
      const kept = files.operations.length - 1 + keptCount;
      let lost = await test.put('orders', 'k', 'lost');
      for (let index = 0; index < 5; index++) lost = await test.put('orders', 'k', 'lost');
      const after = await TestEngine.open({}, { files: files.afterKill(kept), clock: test.clock });
      const { ShardIterator } = await after.engine.getShardIterator({
        StreamName: 'orders',
        ShardId: '0',
        ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
        StartingSequenceNumber: lost.SequenceNumber,
      });
      await after.put('orders', 'k', 'new');
      const { Records } = await after.engine.getRecords({ ShardIterator: ShardIterator! });
      expect(Records).toHaveLength(1);
    },
  );
});
