// Encrypted streams: what lies in the files, what survives, how often the key may change, and KMS' failures.
import { describe, expect, it } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import { nodeCipher } from '../../src/cli/nodeCipher.ts';
import { Engine } from '../../src/engine/engine.ts';
import { PASSED_OVER } from '../../src/engine/log/log.ts';
import { nodeCrc32 } from '../../src/engine/log/nodeFiles.ts';
import { RecordSeals } from '../../src/engine/sealedRecords.ts';
import { kmsExceptions } from '../../src/kinesis/encryptionErrors.ts';
import { packedOf } from '../../src/kinesis/packedOutput.ts';
import { PackedRecords } from '../../src/kinesis/packedRecords.ts';
import { MemoryFiles } from '../support/memoryFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { ControlledBench, rejection } from './support/controlledBench.ts';
import { dataOf, TestEngine } from './support/testEngine.ts';

const StreamName = 'orders';
const key = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;

async function start(test: TestEngine): Promise<void> {
  await test.engine.startStreamEncryption(key);
  await test.settle();
}

async function stop(test: TestEngine): Promise<void> {
  await test.engine.stopStreamEncryption(key);
  await test.settle();
}

/** Everything in the log files, a character a byte. */
const filesOf = ({ files }: { files: MemoryFiles }): string =>
  files.paths
    .filter((path) => path.endsWith('.log') && path.startsWith('streams/'))
    .map((path) => Buffer.from(files.raw(path)).toString('latin1'))
    .join();

describe('an encrypted stream', () => {
  it('has no key and no data of a record in its files, but of those before and after', async () => {
    const test = await TestEngine.open();
    await test.stream(StreamName);
    await test.put(StreamName, 'key-before', 'data-before');
    await start(test);
    const Data = new TextEncoder().encode('data-secret');
    const explicit = { PartitionKey: 'key-secret', ExplicitHashKey: '7', Data };
    await test.engine.putRecord({ StreamName, ...explicit });
    await test.put(StreamName, 'key-secret', 'data-secret');
    await stop(test);
    await test.put(StreamName, 'key-after', 'data-after');
    const text = filesOf(test);
    for (const plain of ['key-before', 'data-before', 'key-after', 'data-after']) {
      expect(text).toContain(plain);
    }
    expect(text).not.toContain('secret');
    const all = ['data-before', 'data-secret', 'data-secret', 'data-after'];
    expect(dataOf(await test.read(StreamName, '0'))).toEqual(all);
    await test.reopen();
    expect(dataOf(await test.read(StreamName, '0'))).toEqual(all);
    await test.engine.close();
  });

  it('reads all after a kill, another key, a split and one more start', async () => {
    const test = await TestEngine.open();
    await test.stream(StreamName);
    await start(test);
    await test.put(StreamName, 'k', 'a');
    await test.reopenAfterKill();
    await test.put(StreamName, 'k', 'b');
    await test.engine.startStreamEncryption({ ...key, KeyId: 'alias/other' });
    await test.settle();
    await test.put(StreamName, 'k', 'c');
    const split = { ShardToSplit: '0', NewStartingHashKey: String(2n ** 127n) };
    await test.engine.splitShard({ StreamName, ...split });
    await test.settle();
    await test.put(StreamName, 'k', 'd');
    await stop(test);
    await start(test);
    await test.put(StreamName, 'k', 'e');
    await test.reopen();
    const contents = [...(await test.readAll(StreamName)).values()];
    expect(contents.flatMap(dataOf).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    await test.engine.close();
  });

  it('is read from a restored snapshot and from a branch', async () => {
    const branch = new MemoryFiles();
    const bench = await ControlledBench.open({
      branchTarget: () => ({ files: branch, name: 'branch' }),
    });
    await bench.streams(StreamName);
    await bench.api.startStreamEncryption(key);
    await bench.clock.advance(30);
    await bench.put(StreamName, 'sealed');
    await bench.controls.takeSnapshot('sealed');
    await bench.api.deleteStream({ StreamName });
    await bench.clock.advance(30);
    await bench.controls.restoreSnapshot('sealed');
    expect(await bench.read(StreamName)).toEqual(['sealed']);
    await bench.controls.branchSnapshot({ name: 'sealed', folder: '/branch' });
    const files = new MemoryFiles();
    for (const path of branch.paths) {
      await files.replace(path.replace(/^branch\//, ''), branch.raw(path));
    }
    const other = await ControlledBench.open({ files });
    expect(await other.read(StreamName)).toEqual(['sealed']);
    await other.controlled.close();
    await bench.controlled.close();
  });

  it('counts records as they were put, and stores none that its shard refuses', async () => {
    const test = await TestEngine.open({ limits: 'aws' });
    await test.stream(StreamName);
    await start(test);
    const Data = new Uint8Array(2 ** 20 - 1).fill(65);
    const large = { PartitionKey: 'k', Data };
    const Records = [large, large, { PartitionKey: 'l', Data: new Uint8Array(0) }];
    const put = await test.engine.putRecords({ StreamName, Records });
    expect(put).toMatchObject({ FailedRecordCount: 2, EncryptionType: 'KMS' });
    expect(put.Records.map(({ ErrorCode }) => ErrorCode === undefined)).toEqual([
      ...[true, false, false],
    ]);
    await test.clock.advance(1000);
    await test.put(StreamName, 'l', 'later');
    const [first, second] = dataOf(await test.read(StreamName, '0'));
    expect([first!.length, second]).toEqual([Data.length, 'later']);
    const [counted] = test.engine.counters().streams;
    expect(counted!.shards[0]!.total).toMatchObject({ recordsIn: 2, bytesIn: 2 ** 20 + 6 });
    await test.engine.close();
  });

  it('has pages of plain records written from where they lie, and others opened', async () => {
    const test = await TestEngine.open();
    await test.stream(StreamName);
    const page = async () => {
      const from = { StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' } as const;
      const { ShardIterator } = await test.engine.getShardIterator(from);
      return test.engine.getRecords({ ShardIterator: ShardIterator! });
    };
    await start(test);
    await stop(test);
    await test.put(StreamName, 'k', 'plain');
    expect(packedOf(await page())?.count).toBe(1);
    await start(test);
    await test.put(StreamName, 'k', 'sealed');
    const mixed = await page();
    const encrypted: boolean[] = [];
    packedOf(mixed)!.visit(({ isEncrypted }) => encrypted.push(isEncrypted));
    expect(encrypted).toEqual([false, true]);
    expect(mixed.Records.map(({ EncryptionType }) => EncryptionType)).toEqual([undefined, 'KMS']);
    await test.engine.close();
  });

  it('is refused by an engine without a cipher, and its records cannot be read by one', async () => {
    const test = await TestEngine.open();
    await test.stream(StreamName);
    await test.stream('plain');
    await start(test);
    await test.put(StreamName, 'k', 'a');
    await test.engine.close();
    const { clock, files } = test;
    const parts = { random: seededRandom(1), logger: nullLogger, crc32: nodeCrc32 };
    const engine = await Engine.open({ clock, files, ...parts });
    const from = { StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await engine.getShardIterator(from);
    const without = { message: 'This engine was opened without a cipher.' };
    await expect(engine.getRecords({ ShardIterator: ShardIterator! })).rejects.toMatchObject(
      without,
    );
    const other = { ...key, StreamName: 'plain' };
    await expect(engine.startStreamEncryption(other)).rejects.toMatchObject(without);
    await engine.close();
  });

  it('may change its key twenty-five times a day, and stop as often', async () => {
    const test = await TestEngine.open({ limits: 'aws' });
    await test.stream(StreamName);
    for (let i = 0; i < 25; i++) {
      await start(test);
      await stop(test);
      await test.clock.advance(1000);
    }
    const refused = { name: 'LimitExceededException' };
    expect(await rejection(test.engine.startStreamEncryption(key))).toMatchObject(refused);
    await test.reopen();
    expect(await rejection(test.engine.startStreamEncryption(key))).toMatchObject(refused);
    await test.clock.advance(24 * 3_600_000);
    await start(test);
    const { StreamDescriptionSummary: summary } = await test.engine.describeStreamSummary({
      StreamName,
    });
    expect(summary.KeyId).toBe(key.KeyId);
    await test.engine.close();
  });
});

describe('rules for faults', () => {
  it.each(kmsExceptions)('answer %s to all that needs a key, as a whole', async (exception) => {
    const bench = await ControlledBench.open();
    await bench.streams(StreamName);
    const from = { StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await bench.api.getShardIterator(from);
    await bench.controls.addFault({ effect: 'kms', exception });
    const Data = new Uint8Array(1);
    const Records = [{ PartitionKey: 'k', Data }];
    const calls = [
      () => bench.api.startStreamEncryption(key),
      () => bench.api.putRecord({ StreamName, PartitionKey: 'k', Data }),
      () => bench.api.putRecords({ StreamName, Records }),
      () => bench.api.getRecords({ ShardIterator: ShardIterator! }),
    ];
    for (const call of calls) expect(await rejection(call())).toMatchObject({ name: exception });
    await bench.api.stopStreamEncryption(key);
    await bench.controlled.close();
  });
});

it('a rule ends a subscription with its exception, once it has begun', async () => {
  const bench = await ControlledBench.open();
  await bench.streams(StreamName);
  const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
  const named = { StreamARN, ConsumerName: 'c' };
  const { Consumer } = await bench.api.registerStreamConsumer(named);
  await bench.clock.advance(30);
  await bench.controls.addFault({
    effect: 'kms',
    operation: 'SubscribeToShard',
    stream: StreamName,
    shard: 'shardId-000000000001',
    exception: 'KMSDisabledException',
  });
  const subscribe = (ShardId: string) =>
    bench.api.subscribeToShard({
      ConsumerARN: Consumer.ConsumerARN,
      ShardId,
      StartingPosition: { Type: 'LATEST' },
    });
  const { EventStream } = await subscribe('1');
  const events = EventStream[Symbol.asyncIterator]();
  expect(await rejection(events.next())).toMatchObject({ name: 'KMSDisabledException' });
  const other = (await subscribe('0')).EventStream[Symbol.asyncIterator]();
  await other.return?.();
  await bench.controlled.close();
});

describe('RecordSeals', () => {
  const secret = '5a'.repeat(32);
  const record = new PackedRecords(Uint8Array.of(0, 7, 9), [3]);
  const sealedBy = (seals: RecordSeals): Uint8Array => {
    const { bytes, ends } = seals.sealed(record, { lanes: [4], secret });
    expect(ends).toEqual([bytes.length]);
    return bytes;
  };
  const entryOf = (bytes: Uint8Array) => ({ key: 5, timeMs: 1, bytes });

  it('opened() gives the same bytes back, and leaves plain entries alone', () => {
    const seals = new RecordSeals({ cipher: nodeCipher, random: seededRandom(1) });
    const plain = entryOf(Uint8Array.of(1, 0, 0));
    const sealed = entryOf(sealedBy(seals));
    const other = new RecordSeals({ cipher: nodeCipher, random: seededRandom(2) });
    const [first, second] = other.opened([plain, sealed], { secret });
    expect(first).toBe(plain);
    expect(second).toMatchObject({ key: 5, timeMs: 1, isSealed: true });
    expect([...second!.bytes]).toEqual([0, 7, 9]);
    const untouched = [plain];
    expect(other.opened(untouched, undefined)).toBe(untouched);
  });

  it('sealed() never seals two records alike', () => {
    const seals = new RecordSeals({ cipher: nodeCipher, random: seededRandom(1) });
    const texts = Array.from({ length: 100 }, () => Buffer.from(sealedBy(seals)).toString('hex'));
    expect(new Set(texts.map((text) => text.slice(42))).size).toBe(100);
  });

  it('sealed() leaves out what is passed over, and what it is given as it was', () => {
    const three = new PackedRecords(Uint8Array.of(0, 1, 0, 2, 2, 0, 3), [2, 5, 7]);
    const seals = new RecordSeals({ cipher: nodeCipher, random: seededRandom(1) });
    const { bytes, ends } = seals.sealed(three, { lanes: [0, PASSED_OVER, 1], secret });
    expect(ends[1]).toBe(ends[0]);
    const parts = [bytes.subarray(0, ends[0]), bytes.subarray(ends[1], ends[2])];
    const plain = seals.opened(parts.map(entryOf), { secret });
    expect(plain.map((entry) => [...entry.bytes])).toEqual([
      [0, 1],
      [0, 3],
    ]);
    expect([...three.bytes]).toEqual([0, 1, 0, 2, 2, 0, 3]);
  });

  it('opened() refuses a changed byte, another secret and a short entry', () => {
    const seals = new RecordSeals({ cipher: nodeCipher, random: seededRandom(1) });
    const whole = sealedBy(seals);
    const open = (bytes: Uint8Array, of: { secret: string } | undefined = { secret }) =>
      seals.opened([entryOf(bytes)], of);
    const corrupt = expect.objectContaining({ code: 'CORRUPT' });
    for (let at = 1; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at]! ^= 1;
      expect(() => open(changed)).toThrow(corrupt);
    }
    const other = new RecordSeals({ cipher: nodeCipher, random: seededRandom(3) });
    expect(() => other.opened([entryOf(whole)], { secret: '00'.repeat(32) })).toThrow(corrupt);
    expect(() => open(whole.slice(0, 30))).toThrow(corrupt);
    expect(() => open(whole, undefined)).not.toThrow();
    expect(() => other.opened([entryOf(whole)], undefined)).toThrow(corrupt);
  });
});
