// What a file of kinesis-local 0.6.2 held is there through the Kinesis API, as kinesis-local itself told it.
import { describe, expect, test } from 'vitest';
import { formatSequenceNumber, sequenceIndexMax } from '../../src/kinesis/sequenceNumber.ts';
import { parseShardId } from '../../src/kinesis/shardId.ts';
import { importKinesisLocal } from '../../src/migrate/importKinesisLocal.ts';
import { ControlledBench, rejection } from '../engine/support/controlledBench.ts';
import { TestClock } from '../support/testClock.ts';
import {
  type Answers,
  expected,
  fixture,
  importInto,
  recordsOf,
  TestFile,
  targetOf,
} from './support/importing.ts';

const file = fixture('kinesis-data.json');
const clock = () => new TestClock(expected.endedMs);
const opened = (settings = {}) => ControlledBench.open({ clock: clock(), settings });

/** When each shard was created and closed, from the file; epoch seconds. */
const times = new Map(
  Object.values((JSON.parse(file) as { streams: Record<string, { shards: object }> }).streams)
    .flatMap(({ shards }) => Object.keys(shards))
    .map((name) => {
      const { SequenceNumberRange, CreatedAtTimestamp, ClosedTimestamp, ShardId } =
        JSON.parse(name);
      const seconds = (text: string | null) => Math.floor(Date.parse(text ?? '') / 1000);
      const found = { created: seconds(CreatedAtTimestamp), closed: seconds(ClosedTimestamp) };
      return [`${ShardId} ${SequenceNumberRange.StartingSequenceNumber}`, found];
    }),
);

/**
 * The shards as kinesis-local listed them, with the numbers that AWS would give: there every closed shard ends
 * with 2^63 - 1, and a merged one begins with the number of one of its parents.
 */
function listedShards({ shards }: Answers): object[] {
  return shards.map(({ ParentShardId, AdjacentParentShardId, ...shard }) => {
    const { StartingSequenceNumber, EndingSequenceNumber } = shard.SequenceNumberRange;
    const { created, closed } = times.get(`${shard.ShardId} ${StartingSequenceNumber}`)!;
    const of = { shardCreatedSeconds: created, shardIndex: parseShardId(shard.ShardId)! };
    const starting = formatSequenceNumber({ ...of, index: 0n, seconds: created });
    if (!AdjacentParentShardId) expect(StartingSequenceNumber).toBe(starting);
    const ending = { ...of, index: sequenceIndexMax, seconds: closed };
    return {
      ...shard,
      ...(ParentShardId && { ParentShardId }),
      ...(AdjacentParentShardId && { AdjacentParentShardId }),
      SequenceNumberRange: {
        StartingSequenceNumber: starting,
        ...(EndingSequenceNumber && { EndingSequenceNumber: formatSequenceNumber(ending) }),
      },
    };
  });
}

async function expectAll(bench: ControlledBench): Promise<void> {
  for (const name of ['orders', 'clicks'] as const) {
    const answers = expected[name];
    const of = { StreamName: name };
    const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
    expect((await bench.api.listShards(of)).Shards).toEqual(listedShards(answers));
    expect(await recordsOf(bench, name)).toEqual(answers.records);
    const { StreamDescriptionSummary: told } = answers.summary;
    const { StreamDescriptionSummary } = await bench.api.describeStreamSummary(of);
    expect(StreamDescriptionSummary).toMatchObject({
      StreamARN,
      StreamStatus: 'ACTIVE',
      ConsumerCount: told.ConsumerCount,
      EncryptionType: told.EncryptionType,
      EnhancedMonitoring: told.EnhancedMonitoring,
      MaxRecordSizeInKiB: told.MaxRecordSizeInKiB ?? 1024,
      OpenShardCount: told.OpenShardCount,
      RetentionPeriodHours: told.RetentionPeriodHours,
      StreamModeDetails: told.StreamModeDetails,
      ...(told.KeyId !== null && { KeyId: told.KeyId }),
      ...(told.WarmThroughput !== null && {
        WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 4 },
      }),
    });
    const { StreamCreationTimestamp: created } = StreamDescriptionSummary;
    expect(created.getTime() / 1000).toBe(Math.floor(Number(told.StreamCreationTimestamp)));
    expect((await bench.api.listTagsForStream(of)).Tags).toEqual(answers.tags.Tags);
    const { Consumers } = await bench.api.listStreamConsumers({ StreamARN });
    const shown = answers.consumers.Consumers.map(({ ConsumerName, ConsumerARN }) => {
      return expect.objectContaining({ ConsumerName, ConsumerARN, ConsumerStatus: 'ACTIVE' });
    });
    expect(Consumers).toEqual(shown);
  }
}

describe('importKinesisLocal()', () => {
  test('finds streams, lineage, records, numbers, times and settings again, also after a restart', async () => {
    const bench = await opened();
    const { imported } = await importInto(bench, file);
    const count = Object.values(expected.orders.records).flat().length;
    const home = { account: '000000000000', region: 'us-east-1', expired: 0, renumbered: 0 };
    expect(count).toBe(80);
    expect(imported).toEqual([
      { stream: 'clicks', records: 0, ...home },
      { stream: 'orders', records: count, ...home },
    ]);
    await expectAll(bench);
    await expectAll(await bench.reopen());
  });

  test('keeps the policy of a stream and the tags of a consumer', async () => {
    const bench = await opened();
    await importInto(bench, file);
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
    const { Policy } = await bench.api.getResourcePolicy({ ResourceARN: StreamARN });
    const kept = JSON.parse(file) as { resourcePolicies: Record<string, string> };
    expect(Policy).toBe(kept.resourcePolicies[StreamARN]);
    const reader = expected.orders.consumers.Consumers[1]!;
    const { Tags } = await bench.api.listTagsForResource({ ResourceARN: reader.ConsumerARN });
    expect(Tags).toEqual([{ Key: 'of', Value: 'one' }]);
  });

  test('what is put afterwards comes after it, in place, number and time, and a split goes on', async () => {
    const bench = await opened();
    await importInto(bench, file);
    const StreamName = 'orders';
    for (const restarted of [false, true]) {
      const engine = restarted ? await bench.reopen() : bench;
      const put = await engine.put(StreamName, `new ${restarted}`);
      const records = (await recordsOf(engine, StreamName))[put.ShardId]!;
      expect(records.at(-1)).toMatchObject({ SequenceNumber: put.SequenceNumber });
      const numbers = records.map((record) =>
        BigInt((record as { SequenceNumber: string }).SequenceNumber),
      );
      expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
      expect(new Set(numbers).size).toBe(numbers.length);
      if (!restarted) continue;
      const split = { ShardToSplit: put.ShardId, NewStartingHashKey: '' };
      const { Shards = [] } = await engine.api.listShards({ StreamName });
      const { HashKeyRange } = Shards.find(({ ShardId }) => ShardId === put.ShardId)!;
      split.NewStartingHashKey = String(BigInt(HashKeyRange.StartingHashKey) + 5n);
      await engine.api.splitShard({ StreamName, ...split });
      await engine.clock.advance(100);
      const after = (await engine.api.listShards({ StreamName })).Shards ?? [];
      expect(after.map(({ ShardId }) => ShardId).slice(-2)).toEqual([
        'shardId-000000000007',
        'shardId-000000000008',
      ]);
      expect((await recordsOf(engine, StreamName))[put.ShardId]).toHaveLength(records.length);
    }
  });

  test('an iterator finds a record by the sequence number that kinesis-local gave it', async () => {
    const bench = await opened();
    await importInto(bench, file);
    for (const [ShardId, records] of Object.entries(expected.orders.records)) {
      for (const { SequenceNumber, PartitionKey } of records) {
        const { ShardIterator = '' } = await bench.api.getShardIterator({
          StreamName: 'orders',
          ShardId,
          ShardIteratorType: 'AT_SEQUENCE_NUMBER',
          StartingSequenceNumber: SequenceNumber,
        });
        const { Records } = await bench.api.getRecords({ ShardIterator, Limit: 1 });
        expect(Records).toMatchObject([{ SequenceNumber, PartitionKey }]);
      }
    }
  });

  test('two accounts with a stream of one name: apart, or refused with the way out', async () => {
    const both = fixture('two-accounts.json');
    const one = await opened();
    const refusal = await rejection(importInto(one, both));
    expect(refusal.message).toContain('Two of the streams are named orders.');
    expect(refusal.message).toContain('--namespaces separate');
    expect(await one.streamNames()).toEqual([]);
    const separate = await opened({ namespaces: 'separate' });
    const { imported } = await importInto(separate, both);
    expect(imported.map(({ stream, account, records }) => [stream, account, records])).toEqual([
      ['orders', '111122223333', 16],
      ['clicks', '000000000000', 0],
      ['orders', '000000000000', 80],
    ]);
    const place = { account: '111122223333', region: 'eu-west-1' };
    const { Shards } = await separate.api.listShards({ StreamName: 'orders' }, place);
    expect(Shards).toHaveLength(1);
    await expectAll(separate);
  });

  test('a name that is in use refuses the whole file, and nothing has changed', async () => {
    const bench = await opened();
    await bench.streams('orders');
    await bench.put('orders', 'mine');
    const refusal = await rejection(importInto(bench, file));
    expect([refusal.name, refusal.message]).toEqual([
      'ResourceInUseException',
      'Stream orders under account 000000000000 already exists.',
    ]);
    expect(await bench.streamNames()).toEqual(['orders']);
    expect(await bench.read('orders')).toEqual(['mine']);
  });

  test('records past the retention: refused, kept with a longer one, or left out', async () => {
    const late = new TestClock(expected.endedMs + 72 * 3_600_000);
    const bench = await ControlledBench.open({ clock: late });
    const refusal = await rejection(importInto(bench, file));
    expect(refusal.message).toMatch(
      /^Stream orders cannot be imported: its oldest record arrived at /,
    );
    expect(refusal.message).toContain('past its retention of 48 hours');
    expect(refusal.message).toContain('retentionHours=NUMBER');
    expect(await bench.streamNames()).toEqual([]);
    const skipped = await importInto(bench, file, { skipExpired: true });
    expect(skipped.imported.at(-1)).toMatchObject({ records: 0, expired: 80 });
    expect((await bench.read('orders')).length).toBe(0);
    await bench.controls.reset();
    const kept = await importInto(bench, file, { retentionHours: 8760 });
    expect(kept.imported.at(-1)).toMatchObject({ records: 80, expired: 0 });
    expect(await recordsOf(bench, 'orders')).toEqual(expected.orders.records);
  });

  test('what is put has higher numbers than what was left out, also after a restart', async () => {
    const late = new TestClock(expected.endedMs + 72 * 3_600_000);
    for (const isReopened of [false, true]) {
      const bench = await ControlledBench.open({ clock: late });
      await importInto(bench, file, { skipExpired: true });
      const engine = isReopened ? await bench.reopen() : bench;
      for (const data of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
        const { ShardId, SequenceNumber } = await engine.put('orders', data);
        for (const left of expected.orders.records[ShardId]!) {
          expect(BigInt(SequenceNumber)).toBeGreaterThan(BigInt(left.SequenceNumber));
        }
      }
    }
  });

  test('where old records go for new ones, they do not for an import', async () => {
    const settings = { whenFull: 'dropOldest', folderBytesMax: 8_000 } as const;
    const bench = await opened(settings);
    await bench.streams('before');
    await bench.put('before', 'kept');
    const refusal = await rejection(importInto(bench, file));
    expect(refusal.message).toContain('The local data folder is full');
    expect(await bench.read('before')).toEqual(['kept']);
    expect(await bench.streamNames()).toEqual(['before']);
  });

  test('a file ahead of the clock of the engine is refused', async () => {
    const bench = await ControlledBench.open({
      clock: new TestClock(expected.endedMs - 3_600_000),
    });
    const refusal = await rejection(importInto(bench, file));
    expect(refusal.message).toContain("ahead of the engine's clock");
    expect(await bench.streamNames()).toEqual([]);
  });

  test('while it goes on its streams are empty and in CREATING, and puts to them are refused', async () => {
    const bench = await opened();
    const seen: unknown[] = [];
    const look = async (): Promise<void> => {
      const of = { StreamName: 'orders' };
      const { StreamDescriptionSummary } = await bench.api.describeStreamSummary(of);
      seen.push(StreamDescriptionSummary.StreamStatus, StreamDescriptionSummary.OpenShardCount);
      seen.push((await rejection(bench.put('orders', 'early'))).name);
    };
    const target = targetOf(bench);
    const addRecords: typeof target.addRecords = async (batch) => {
      await target.addRecords(batch);
      await look();
    };
    await importKinesisLocal(new TestFile(file), { target: { ...target, addRecords } });
    expect(seen).toEqual(['CREATING', 0, 'ResourceNotFoundException']);
    await expectAll(bench);
  });

  test('a file that changes while it is read is refused, and nothing is left', async () => {
    const bench = await opened();
    const changing = new TestFile(file);
    changing.isChanged = true;
    const refusal = await rejection(importInto(bench, changing));
    expect(refusal.message).toContain('it was changed while it was being read');
    expect(await bench.streamNames()).toEqual([]);
    expect(await bench.files.list('streams')).toEqual([]);
  });

  test('so is one whose records are others when they are read again', async () => {
    const bench = await opened();
    const changing = new TestFile(file);
    const target = targetOf(bench);
    const beginImport: typeof target.beginImport = (plan) => {
      changing.write(file.replaceAll('"PartitionKey":"', '"PartitionKey":7,"a":"'));
      return target.beginImport(plan);
    };
    const call = importKinesisLocal(changing, { target: { ...target, beginImport } });
    expect((await rejection(call)).message).toContain('it was changed while it was being read');
    expect(await bench.streamNames()).toEqual([]);
  });

  test('a stop in the midst leaves nothing', async () => {
    const bench = await opened();
    const stop = new AbortController();
    const onProgress = ({ what }: { what: string }): void => {
      if (what === 'records') stop.abort();
    };
    const target = targetOf(bench);
    const finished: string[] = [];
    const two = JSON.parse(file) as { streams: Record<string, Record<string, unknown>> };
    const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
    two.streams[`${arn}2`] = { ...two.streams[arn], streamArn: `${arn}2`, consumers: {} };
    const call = importKinesisLocal(new TestFile(JSON.stringify(two)), {
      signal: stop.signal,
      onProgress,
      target: {
        ...target,
        finishImport: (id) => {
          finished.push(id);
          return target.finishImport(id);
        },
      },
    });
    expect((await rejection(call)).name).toBe('AbortError');
    expect(finished).toEqual([]);
    expect(await bench.streamNames()).toEqual([]);
  });
});
