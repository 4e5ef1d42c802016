// A disk that is really full: a small tmpfs that the engine's data folder lies on, filled by others.
import { rmSync } from 'node:fs';
import path from 'node:path';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { fillDisk, freeBytes, smallDisk } from '../support/tmpfs.ts';
import { addressOf, clientOf, shardscope } from './support/engineProcess.ts';

const mib = 1024 * 1024;

/** A file system of its own with room for 96 MiB. */
const disk96 = (): string => smallDisk(96 * 1024);

const put = (client: KinesisClient, text: string) =>
  client.send(
    new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'a', Data: Buffer.from(text) }),
  );

/** The engine asks the disk every few seconds; until then puts that fit are taken. */
async function putUntilRefused(client: KinesisClient, stored: string[]): Promise<Error> {
  for (;;) {
    const text = `while full ${stored.length}`;
    const refusal = await put(client, text).then(
      () => undefined,
      (error: Error) => error,
    );
    if (refusal) return refusal;
    stored.push(text);
  }
}

/** The refusal of one put. */
const putOnce = (client: KinesisClient): Promise<Error> =>
  put(client, 'x').then(
    () => expect.unreachable('a put was taken'),
    (error: Error) => error,
  );

/** Of each shard of `orders`, whether it is open. */
async function shapeOf(client: KinesisClient): Promise<boolean[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: 'orders' }));
  return Shards.map(({ SequenceNumberRange }) => !SequenceNumberRange?.EndingSequenceNumber);
}

async function texts(client: KinesisClient, ShardId = '0'): Promise<string[]> {
  const input = { StreamName: 'orders', ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(input));
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data }) => Buffer.from(Data!).toString());
}

test('a full disk refuses puts with a sentence, reads on, takes metadata, and resumes by itself', async () => {
  const disk = disk96();
  const folder = path.join(disk, 'data');
  const engine = shardscope(['serve', '--data', folder, '--port', '0', '--init', 'orders:1,old:1']);
  const client = clientOf(await addressOf(engine));
  await put(client, 'before');

  const filler = fillDisk(disk, 2 * mib);
  const stored = ['before'];
  const refusal = await putUntilRefused(client, stored);
  expect(refusal.name).toBe('LimitExceededException');
  expect(refusal.message).toMatch(/The disk .* free\. Free some space/);
  expect(await texts(client)).toEqual(stored);
  await client.send(new CreateStreamCommand({ StreamName: 'made-while-full', ShardCount: 1 }));
  await client.send(new DeleteStreamCommand({ StreamName: 'old' }));
  const split = { ShardToSplit: '0', NewStartingHashKey: String(2n ** 127n) };
  await client.send(new SplitShardCommand({ StreamName: 'orders', ...split }));
  await expect.poll(() => shapeOf(client), { timeout: 60_000 }).toEqual([false, true, true]);
  expect((await putOnce(client)).name).toBe('LimitExceededException');

  rmSync(filler);
  expect(freeBytes(disk)).toBeGreaterThan(64 * mib);
  await expect.poll(() => put(client, 'after').then(() => 'put'), { timeout: 60_000 }).toBe('put');
  expect(await texts(client)).toEqual(stored);
  expect([...(await texts(client, '1')), ...(await texts(client, '2'))]).toEqual(['after']);
  const { StreamNames } = await client.send(new ListStreamsCommand({}));
  expect(StreamNames).toEqual(['made-while-full', 'orders']);
});

test('a disk without a free byte tears nothing: what was acknowledged is there after a kill', async () => {
  const disk = disk96();
  const folder = path.join(disk, 'data');
  const argv = ['serve', '--data', folder, '--port', '0', '--init', 'orders:1'];
  const engine = shardscope(argv);
  const client = clientOf(await addressOf(engine));
  await put(client, 'before');
  fillDisk(disk, 0);
  const text = (index: number): string => `no room ${index} `.repeat(5000);
  const puts = Array.from({ length: 20 }, (_, index) => put(client, text(index)));
  const results = await Promise.allSettled(puts);
  const stored = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
  engine.child.kill('SIGKILL');
  await engine.exit;
  rmSync(path.join(disk, 'filler'));
  const again = clientOf(await addressOf(shardscope(argv)));
  expect(stored.length).toBeLessThan(20);
  expect(await texts(again)).toEqual(['before', ...stored.map(text)]);
});
