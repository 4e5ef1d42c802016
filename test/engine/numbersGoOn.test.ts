// A consumer that goes on reading while records are taken away behind it - by a restore, an emptying, expiry -
// must see every record that is put afterwards: numbers never fall back below what it has been told.
import { describe, expect, test } from 'vitest';
import { keyFloorPath, raiseKeyFloor, readKeyFloor } from '../../src/engine/keyFloor.ts';
import { MemoryFiles } from '../support/memoryFiles.ts';
import { ControlledBench, rejection } from './support/controlledBench.ts';

const hourMs = 3_600_000;
const text = new TextDecoder();
const ShardId = 'shardId-000000000000';
const settings = { segmentBytesMax: 64 * 1024 };

/** Reads one shard from the trim horizon on and never asks for another position. */
class Consumer {
  private iterator: string;

  private constructor(iterator: string) {
    this.iterator = iterator;
  }

  static async open(bench: ControlledBench, StartingSequenceNumber?: string): Promise<Consumer> {
    const { ShardIterator } = await bench.api.getShardIterator({
      StreamName: 'orders',
      ShardId,
      ...(StartingSequenceNumber === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber }),
    });
    return new Consumer(ShardIterator!);
  }

  async poll(bench: ControlledBench): Promise<string[]> {
    const page = await bench.api.getRecords({ ShardIterator: this.iterator });
    this.iterator = page.NextShardIterator!;
    return page.Records.map(({ Data }) => text.decode(Data));
  }
}

async function benchOfOne(): Promise<ControlledBench> {
  const bench = await ControlledBench.open({ files: new MemoryFiles(), settings });
  await bench.controlled.ensureStreams([{ name: 'orders', shards: 1 }]);
  return bench;
}

async function putAll(bench: ControlledBench, mark: string, count: number): Promise<string> {
  let number = '';
  for (let i = 0; i < count; i++) {
    ({ SequenceNumber: number } = await bench.put('orders', `${mark} ${i}`));
  }
  return number;
}

const marked = (mark: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${mark} ${i}`);

type Loss = (bench: ControlledBench) => Promise<ControlledBench>;

/** Takes away everything that the stream holds. */
const losses: [string, Loss][] = [
  [
    'a restore',
    async (bench) => {
      await bench.controls.restoreSnapshot('clean');
      return bench;
    },
  ],
  [
    'a restore of an earlier time',
    async (bench) => {
      await bench.controls.stepClock(hourMs);
      await putAll(bench, 'later', 5);
      await bench.controls.restoreSnapshot('clean');
      return bench;
    },
  ],
  [
    'a restore after a restart',
    async (bench) => {
      const next = await bench.reopen(settings);
      await next.controls.restoreSnapshot('clean');
      return next;
    },
  ],
  [
    'a restore, and a restart',
    async (bench) => {
      await bench.controls.restoreSnapshot('clean');
      return bench.reopen(settings);
    },
  ],
  [
    'emptying, and a restart',
    async (bench) => {
      await bench.controlled.emptyStream('orders');
      return bench.reopen(settings);
    },
  ],
  [
    'expiry, and a restart',
    async (bench) => {
      await bench.controls.stepClock(26 * hourMs);
      return bench.reopen(settings);
    },
  ],
  [
    'a restore of an earlier time, and two restarts',
    async (bench) => {
      await bench.controls.stepClock(26 * hourMs);
      await putAll(bench, 'later', 5);
      await bench.controls.restoreSnapshot('clean');
      return (await bench.reopen(settings)).reopen(settings);
    },
  ],
];

describe('numbers go on', () => {
  test.each(losses)('above what was told before %s', async (_, lose) => {
    const bench = await benchOfOne();
    await bench.controls.takeSnapshot('clean');
    const checkpoint = await putAll(bench, 'first', 20);
    const next = await lose(bench);
    const iterator = await Consumer.open(next, checkpoint);
    const number = await putAll(next, 'second', 3);
    expect(BigInt(number) > BigInt(checkpoint)).toBe(true);
    expect(await iterator.poll(next)).toEqual(marked('second', 3));
  });

  test('for a consumer whose iterator is older than the restore', async () => {
    const bench = await benchOfOne();
    await bench.controls.takeSnapshot('clean');
    const consumer = await Consumer.open(bench);
    await putAll(bench, 'first', 20);
    expect(await consumer.poll(bench)).toEqual(marked('first', 20));
    await bench.controls.restoreSnapshot('clean');
    await putAll(bench, 'second', 3);
    expect(await consumer.poll(bench)).toEqual(marked('second', 3));
  });
});

test('the file that keeps them is refused when it is newer, and no reason to stop when it is damaged', async () => {
  const files = new MemoryFiles();
  await files.replace(keyFloorPath, new TextEncoder().encode('{"format":1,"fr'));
  expect(await readKeyFloor(files)).toBe(0);
  await raiseKeyFloor(files, { upcomingKey: 2 ** 50, nowMs: 0 });
  const floor = await readKeyFloor(files);
  expect(floor).toBeGreaterThan(2 ** 50);
  await raiseKeyFloor(files, { upcomingKey: 1, nowMs: 0 });
  expect(await readKeyFloor(files)).toBeGreaterThan(floor);
  await files.replace(keyFloorPath, new TextEncoder().encode('{"format":2}'));
  const error = await rejection(ControlledBench.open({ files }));
  expect(error).toMatchObject({ name: 'LogError', code: 'FORMAT', path: keyFloorPath });
});
