// Makes the fixture folder of the present formats of log and catalog, once: node test/tools/makeFixture.ts. What is there is what
// users have on their disks, so it is never made anew; a new format gets a folder of its own.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nullLogger } from '../../src/base/logger.ts';
import { nodeCipher } from '../../src/cli/nodeCipher.ts';
import { catalogFormat } from '../../src/engine/catalogFile.ts';
import { Engine } from '../../src/engine/engine.ts';
import { FORMAT_VERSION } from '../../src/engine/log/format.ts';
import { nodeCrc32, nodeFiles } from '../../src/engine/log/nodeFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';

const name = `format-${FORMAT_VERSION}-catalog-${catalogFormat}`;
const folder = path.join(import.meta.dirname, '..', 'fixtures', name);
if (existsSync(folder)) throw new Error(`${folder} is there; a released format does not change.`);
mkdirSync(folder, { recursive: true });

const HASH_KEYS = 2n ** 128n;
const clock = new TestClock();
const ports = {
  files: nodeFiles(path.join(folder, 'data')),
  clock,
  random: seededRandom(1),
  logger: nullLogger,
  crc32: nodeCrc32,
  cipher: nodeCipher,
};
const open = () => Engine.open(ports, { segmentBytesMax: 16 * 1024 });

/** What was acknowledged, as the test reads it back. */
interface Expected {
  readonly ShardId: string;
  readonly SequenceNumber: string;
  readonly PartitionKey: string;
  readonly length: number;
  readonly sha256: string;
}

const expected: Expected[] = [];
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function put(engine: Engine, record: { key: string; length: number; hashKey?: bigint }) {
  const { key, length, hashKey } = record;
  const Data = Uint8Array.from({ length }, (_, at) => (at * 31 + key.length * 17) & 255);
  const ExplicitHashKey = hashKey === undefined ? {} : { ExplicitHashKey: String(hashKey) };
  const input = { StreamName: 'orders', PartitionKey: key, Data, ...ExplicitHashKey };
  const { ShardId, SequenceNumber } = await engine.putRecord(input);
  const sha256 = hashOf(Data);
  expected.push({ ShardId, SequenceNumber, PartitionKey: key, length, sha256 });
}

/** Sizes of all kinds, keys of one to 256 characters, both ways of routing. */
async function putMany(engine: Engine, round: number): Promise<void> {
  for (let index = 0; index < 40; index++) {
    const key = `${round}-${index}-ключ`.padEnd(index === 7 ? 256 : 1, '🔑');
    const hashKey = index % 5 === 0 ? { hashKey: (HASH_KEYS * BigInt(index)) / 40n } : {};
    await put(engine, { key, length: index === 9 ? 9000 : index * 13, ...hashKey });
    await clock.advance(250);
  }
}

/** Until what was pending is done. */
async function pass(engine: Engine): Promise<void> {
  await clock.advance(100);
  await engine.settled();
}

/** Everything that can be set of a stream and of an account. */
async function setAll(engine: Engine): Promise<void> {
  const StreamName = 'empty';
  const ResourceARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
  const Statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'kinesis:*',
    Resource: ResourceARN,
  };
  await engine.addTagsToStream({ StreamName, Tags: { team: 'a', start: '7' } });
  await engine.putResourcePolicy({ ResourceARN, Policy: JSON.stringify({ Statement }) });
  const Status = 'ENABLED';
  await engine.updateAccountSettings({ MinimumThroughputBillingCommitment: { Status } });
  await engine.enableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['IncomingBytes'] });
  await pass(engine);
  await engine.updateMaxRecordSize({ StreamARN: ResourceARN, MaxRecordSizeInKiB: 2048 });
  await pass(engine);
}

const first = await open();
await first.createStream({ StreamName: 'orders', ShardCount: 2 });
await first.createStream({ StreamName: 'empty', ShardCount: 3 });
await pass(first);
await putMany(first, 1);
const key = { StreamName: 'orders', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
await first.startStreamEncryption(key);
await pass(first);
const split = { ShardToSplit: '0', NewStartingHashKey: String(HASH_KEYS / 8n) };
await first.splitShard({ StreamName: 'orders', ...split });
await pass(first);
await putMany(first, 2);
await first.close();

const second = await open();
await second.mergeShards({
  StreamName: 'orders',
  ShardToMerge: 'shardId-000000000003',
  AdjacentShardToMerge: 'shardId-000000000001',
});
await pass(second);
await second.stopStreamEncryption(key);
await pass(second);
await putMany(second, 3);
await setAll(second);
const { Shards } = await second.listShards({ StreamName: 'orders' });
await second.createStream({ StreamName: 'gone', ShardCount: 1 });
await pass(second);
await second.deleteStream({ StreamName: 'gone' });
await pass(second);
// Left pending.
await second.startStreamEncryption({ ...key, StreamName: 'empty' });
await second.close();

const about = { endedMs: clock.now(), shards: Shards, records: expected };
writeFileSync(path.join(folder, 'expected.json'), `${JSON.stringify(about, undefined, 1)}\n`);
