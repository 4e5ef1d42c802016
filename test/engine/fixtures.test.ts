// Folders of every released format, for ever: read as they were acknowledged, and written on.
import { createHash } from 'node:crypto';
import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import { nodeCipher } from '../../src/cli/nodeCipher.ts';
import { catalogFormat } from '../../src/engine/catalogFile.ts';
import { Engine } from '../../src/engine/engine.ts';
import { FORMAT_VERSION } from '../../src/engine/log/format.ts';
import { nodeCrc32, nodeFiles } from '../../src/engine/log/nodeFiles.ts';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { TestClock } from '../support/testClock.ts';
import { bytesOf, rejection } from './support/testEngine.ts';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures');

interface Expected {
  readonly endedMs: number;
  readonly shards: readonly Shard[];
  readonly records: readonly {
    readonly ShardId: string;
    readonly SequenceNumber: string;
    readonly PartitionKey: string;
    readonly length: number;
    readonly sha256: string;
  }[];
}

/** A copy of a fixture, and how to open it a minute after it was left. */
async function copied(name: string) {
  const folder = await tempFolder();
  await cp(path.join(fixtures, name, 'data'), folder, { recursive: true });
  const text = await readFile(path.join(fixtures, name, 'expected.json'), 'utf8');
  const expected = JSON.parse(text) as Expected;
  const clock = new TestClock(expected.endedMs + 60_000);
  const files = nodeFiles(folder);
  const shared = { random: seededRandom(9), logger: nullLogger, crc32: nodeCrc32 };
  const ports = { ...shared, files, clock, cipher: nodeCipher };
  return { files, clock, expected, open: () => Engine.open(ports) };
}

async function readShard(engine: Engine, ShardId: string): Promise<Expected['records']> {
  const from = { StreamName: 'orders', ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  let { ShardIterator: next } = await engine.getShardIterator(from);
  const records: Expected['records'][number][] = [];
  while (next !== undefined) {
    const page = await engine.getRecords({ ShardIterator: next, Limit: 17 });
    for (const { Data, SequenceNumber, PartitionKey } of page.Records) {
      const sha256 = createHash('sha256').update(Data).digest('hex');
      records.push({
        ShardId,
        SequenceNumber,
        PartitionKey: PartitionKey!,
        length: Data.length,
        sha256,
      });
    }
    next = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
  }
  return records;
}

/** Every record, shard by shard. */
async function readAll(engine: Engine, shards: readonly Shard[]): Promise<Expected['records']> {
  const read = await Promise.all(shards.map(({ ShardId }) => readShard(engine, ShardId)));
  return read.flat();
}

const byShard = ({ records, shards }: Expected): Expected['records'] =>
  shards.flatMap(({ ShardId }) => records.filter((record) => record.ShardId === ShardId));

/** Changes one byte of the newest file whose name ends so. */
async function changeByte(
  { files }: Awaited<ReturnType<typeof copied>>,
  of: { folder: string; suffix: string; at: number; by: number },
): Promise<string> {
  const name = (await files.list(of.folder)).filter((each) => each.endsWith(of.suffix)).at(-1)!;
  const bytes = Uint8Array.from((await files.readAll(`${of.folder}/${name}`))!);
  bytes[of.at]! += of.by;
  if (of.suffix === '.cat') {
    new DataView(bytes.buffer).setUint32(12, nodeCrc32(bytes.subarray(0, 12)));
  }
  await files.replace(`${of.folder}/${name}`, bytes);
  return `${of.folder}/${name}`;
}

const released = ['format-1', 'format-1-catalog-2'];

test('there is a fixture of the formats that are written now', async () => {
  const names = (await readdir(fixtures)).filter((name) => name.startsWith('format-'));
  expect(names.sort()).toEqual(released);
  expect(names).toContain(`format-${FORMAT_VERSION}-catalog-${catalogFormat}`);
});

test('format-1-catalog-2 has what was set of streams and account, and finishes what was pending', async () => {
  const { open, clock, expected } = await copied('format-1-catalog-2');
  const engine = await open();
  const StreamName = 'empty';
  const { Tags } = await engine.listTagsForStream({ StreamName });
  expect(Tags).toEqual([
    { Key: 'start', Value: '7' },
    { Key: 'team', Value: 'a' },
  ]);
  const ResourceARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
  const { Policy } = await engine.getResourcePolicy({ ResourceARN });
  expect(JSON.parse(Policy)).toMatchObject({ Statement: { Resource: ResourceARN } });
  const { MinimumThroughputBillingCommitment: told } = await engine.describeAccountSettings({});
  expect(told?.Status).toBe('ENABLED');
  await clock.advance(100);
  await engine.settled();
  const { StreamDescriptionSummary } = await engine.describeStreamSummary({ StreamName });
  expect(StreamDescriptionSummary).toMatchObject({
    StreamStatus: 'ACTIVE',
    EnhancedMonitoring: [{ ShardLevelMetrics: ['IncomingBytes'] }],
    MaxRecordSizeInKiB: 2048,
    EncryptionType: 'KMS',
    KeyId: 'alias/aws/kinesis',
  });
  expect(await readAll(engine, expected.shards)).toEqual(byShard(expected));
  await engine.close();
});

describe.each(released)('%s', (name) => {
  test('is read as it was acknowledged, with and without its caches', async () => {
    const fixture = await copied(name);
    const { expected, files } = fixture;
    const engine = await fixture.open();
    expect(expected.records.length).toBe(120);
    expect((await engine.listStreams({})).StreamNames).toEqual(['empty', 'orders']);
    expect((await engine.listShards({ StreamName: 'orders' })).Shards).toEqual(expected.shards);
    expect(await readAll(engine, expected.shards)).toEqual(byShard(expected));
    expect(engine.notices).toEqual([]);
    await engine.close();
    let removed = 0;
    for (const id of await files.list('streams')) {
      for (const file of await files.list(`streams/${id}`)) {
        if (!file.endsWith('.idx')) continue;
        await files.remove(`streams/${id}/${file}`);
        removed += 1;
      }
    }
    expect(removed).toBeGreaterThan(1);
    const again = await fixture.open();
    expect(await readAll(again, expected.shards)).toEqual(byShard(expected));
    await again.close();
  });

  test('is written on: new records follow the old ones, also after one more start', async () => {
    const fixture = await copied(name);
    const { expected } = fixture;
    const engine = await fixture.open();
    const put = { StreamName: 'orders', PartitionKey: 'new', Data: bytesOf('new') };
    const { ShardId, SequenceNumber } = await engine.putRecord(put);
    await engine.close();
    const again = await fixture.open();
    const records = await readAll(again, expected.shards);
    expect(records).toHaveLength(121);
    const inShard = records.filter((record) => record.ShardId === ShardId);
    expect(inShard.at(-1)).toMatchObject({ SequenceNumber, PartitionKey: 'new' });
    const before = inShard.at(-2);
    if (before) expect(BigInt(SequenceNumber)).toBeGreaterThan(BigInt(before.SequenceNumber));
    await again.close();
  });

  test('a change moves the catalog to the format that is written now', async () => {
    const fixture = await copied(name);
    const { files, expected } = fixture;
    const formatOf = async (): Promise<number> => {
      const [file, ...others] = (await files.list('catalog')).filter((it) => it.endsWith('.cat'));
      expect(others).toEqual([]);
      const bytes = (await files.readAll(`catalog/${file}`))!;
      return new DataView(bytes.buffer, bytes.byteOffset).getUint32(8);
    };
    const before = await formatOf();
    const engine = await fixture.open();
    expect(await formatOf()).toBe(before);
    await engine.addTagsToStream({ StreamName: 'orders', Tags: { a: 'b' } });
    expect(await formatOf()).toBe(catalogFormat);
    await engine.close();
    const again = await fixture.open();
    const { Tags } = await again.listTagsForStream({ StreamName: 'orders' });
    expect(Tags).toEqual([{ Key: 'a', Value: 'b' }]);
    expect(await readAll(again, expected.shards)).toEqual(byShard(expected));
    await again.close();
  });

  test('a newer format is refused with a sentence, and nothing is changed', async () => {
    const fixture = await copied(name);
    const [id] = (await fixture.files.list('streams')).reverse();
    const folder = `streams/${id}`;
    const log = await changeByte(fixture, { folder, suffix: '.log', at: 8, by: 1 });
    const before = await fixture.files.readAll(log);
    const engine = await fixture.open();
    const error = await rejection(readAll(engine, fixture.expected.shards));
    expect(error).toMatchObject({
      name: 'InternalFailure',
      message: expect.stringMatching(/was written by a newer version; this one reads format 1/),
    });
    await engine.close();
    expect(await fixture.files.readAll(log)).toEqual(before);

    const catalog = { folder: 'catalog', suffix: '.cat', at: 11, by: 2 };
    await changeByte(fixture, catalog);
    await expect(fixture.open()).rejects.toMatchObject({
      code: 'FORMAT',
      message: expect.stringMatching(
        /newer Shardscope \(catalog format [34]; this version reads 2\)/,
      ),
    });
  });
});
