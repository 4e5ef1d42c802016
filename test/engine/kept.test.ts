// What is set of streams and accounts is there after a restart, a kill and a restored snapshot.
import { describe, expect, it } from 'vitest';
import type { KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import { ControlledBench } from './support/controlledBench.ts';
import { TestEngine } from './support/testEngine.ts';

const StreamName = 'orders';
const arn = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;

const key = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
const policy = JSON.stringify({
  Statement: { Effect: 'Allow', Principal: '*', Action: 'kinesis:*', Resource: arn },
});

/** One setting: how it is changed, that change's look, and what undoes it. */
interface Setting {
  readonly what: string;
  readonly set: (api: KinesisApi) => Promise<unknown>;
  readonly look: (api: KinesisApi) => Promise<unknown>;
  readonly unset: (api: KinesisApi) => Promise<unknown>;
  readonly expected: unknown;
}

const summaryOf = async (api: KinesisApi) =>
  (await api.describeStreamSummary({ StreamName })).StreamDescriptionSummary;

const settings: Setting[] = [
  {
    what: 'a tag of a stream',
    set: (api) => api.addTagsToStream({ StreamName, Tags: { a: '1', b: '' } }),
    look: async (api) => (await api.listTagsForStream({ StreamName })).Tags,
    unset: (api) => api.removeTagsFromStream({ StreamName, TagKeys: ['a', 'b'] }),
    expected: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
    ],
  },
  {
    what: 'a tag of a resource',
    set: (api) => api.tagResource({ ResourceARN: arn, Tags: { 'a:b': '1' } }),
    look: async (api) => (await api.listTagsForResource({ ResourceARN: arn })).Tags,
    unset: (api) => api.untagResource({ ResourceARN: arn, TagKeys: ['a:b'] }),
    expected: [{ Key: 'a:b', Value: '1' }],
  },
  {
    what: 'enhanced monitoring',
    set: (api) =>
      api.enableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['IncomingBytes'] }),
    look: async (api) => (await summaryOf(api)).EnhancedMonitoring,
    unset: (api) => api.disableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['ALL'] }),
    expected: [{ ShardLevelMetrics: ['IncomingBytes'] }],
  },
  {
    what: 'the size of a record',
    set: (api) => api.updateMaxRecordSize({ StreamARN: arn, MaxRecordSizeInKiB: 3000 }),
    look: async (api) => (await summaryOf(api)).MaxRecordSizeInKiB,
    unset: (api) => api.updateMaxRecordSize({ StreamARN: arn, MaxRecordSizeInKiB: 1024 }),
    expected: 3000,
  },
  {
    what: 'encryption',
    set: (api) => api.startStreamEncryption(key),
    look: async (api) => {
      const { EncryptionType, KeyId } = await summaryOf(api);
      return { EncryptionType, KeyId };
    },
    unset: (api) => api.stopStreamEncryption(key),
    expected: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  },
  {
    what: 'a policy',
    set: (api) => api.putResourcePolicy({ ResourceARN: arn, Policy: policy }),
    look: async (api) => (await api.getResourcePolicy({ ResourceARN: arn })).Policy,
    unset: (api) => api.deleteResourcePolicy({ ResourceARN: arn }),
    expected: policy,
  },
];

describe.each(settings)('$what', ({ set, look, unset, expected }) => {
  it('is there after a restart and after a kill, and gone after it was undone', async () => {
    const test = await TestEngine.open();
    await test.stream(StreamName);
    const before = await look(test.engine);
    await set(test.engine);
    await test.settle();
    expect(await look(test.engine)).toEqual(expected);
    await test.reopen();
    expect(await look(test.engine)).toEqual(expected);
    await test.reopenAfterKill();
    expect(await look(test.engine)).toEqual(expected);
    await unset(test.engine);
    await test.settle();
    await test.reopenAfterKill();
    expect(await look(test.engine)).toEqual(before);
    await test.engine.close();
  });

  it('comes true after a kill that came before its delay was over', async () => {
    const test = await TestEngine.open();
    await test.stream(StreamName);
    await set(test.engine);
    await test.reopenAfterKill();
    await test.settle();
    expect(await look(test.engine)).toEqual(expected);
    await test.engine.close();
  });

  it('is in a snapshot and comes back with it', async () => {
    const bench = await ControlledBench.open();
    await bench.streams(StreamName);
    await set(bench.api);
    await bench.clock.advance(30);
    await bench.controls.takeSnapshot('with');
    await unset(bench.api);
    await bench.clock.advance(30);
    expect(await look(bench.api)).not.toEqual(expected);
    await bench.controls.restoreSnapshot('with');
    expect(await look(bench.api)).toEqual(expected);
    await bench.controlled.close();
  });
});
