// A disk that is really full: a small tmpfs that the engine's data folder lies on, filled by others.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { expect, onTestFinished, test } from 'vitest';
import { addressOf, clientOf, shardscope, temporaryFolder } from './support/engineProcess.ts';

const mib = 1024 * 1024;

/** A file system of its own with room for 96 MiB. */
function smallDisk(): string {
  const folder = path.join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/** Somebody else's file that leaves `left` bytes of the disk. */
function fill(folder: string, left: number): string {
  const file = path.join(folder, 'filler');
  writeFileSync(file, new Uint8Array(freeBytes(folder) - left));
  return file;
}

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

async function texts(client: KinesisClient): Promise<string[]> {
  const input = { StreamName: 'orders', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(input));
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data }) => Buffer.from(Data!).toString());
}

test('a full disk refuses puts with a sentence, reads on, takes metadata, and resumes by itself', async () => {
  const disk = smallDisk();
  const folder = path.join(disk, 'data');
  const engine = shardscope(['serve', '--data', folder, '--port', '0', '--init', 'orders:1,old:1']);
  const client = clientOf(await addressOf(engine));
  await put(client, 'before');

  const filler = fill(disk, 2 * mib);
  const stored = ['before'];
  const refusal = await putUntilRefused(client, stored);
  expect(refusal.name).toBe('LimitExceededException');
  expect(refusal.message).toMatch(/The disk .* free\. Free some space/);
  expect(await texts(client)).toEqual(stored);
  await client.send(new CreateStreamCommand({ StreamName: 'made-while-full', ShardCount: 1 }));
  await client.send(new DeleteStreamCommand({ StreamName: 'old' }));

  rmSync(filler);
  expect(freeBytes(disk)).toBeGreaterThan(64 * mib);
  await expect.poll(() => put(client, 'after').then(() => 'put'), { timeout: 20_000 }).toBe('put');
  expect(await texts(client)).toEqual([...stored, 'after']);
  const { StreamNames } = await client.send(new ListStreamsCommand({}));
  expect(StreamNames).toContain('made-while-full');
});

test('a disk without a free byte tears nothing: what was acknowledged is there after a kill', async () => {
  const disk = smallDisk();
  const folder = path.join(disk, 'data');
  const argv = ['serve', '--data', folder, '--port', '0', '--init', 'orders:1'];
  const engine = shardscope(argv);
  const client = clientOf(await addressOf(engine));
  await put(client, 'before');
  fill(disk, 0);
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
