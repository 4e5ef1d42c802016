// Records of a stream with distribution AUTO that were put without a partition key: what lies in the files, what
// survives, and what counts.
import { describe, expect, it } from 'vitest';
import { ControlledBench } from './support/controlledBench.ts';
import { rejection, TestEngine } from './support/testEngine.ts';

const StreamName = 'orders';
const MIB = 1024 ** 2;
const auto = {
  StreamName,
  StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  RecordDistributionStrategy: 'AUTO',
} as const;
const Data = new Uint8Array([7]);

async function open(): Promise<TestEngine> {
  const test = await TestEngine.open();
  await test.engine.createStream(auto);
  await test.settle();
  return test;
}

/** All keys, shard by shard; empty for none. */
async function keysOf(test: TestEngine): Promise<string[]> {
  const contents = [...(await test.readAll(StreamName)).values()];
  return contents.flatMap(({ records }) => records.map(({ key }) => key));
}

describe('a record without a key', () => {
  it('is there after a restart, a kill and a switch of the strategy', async () => {
    const test = await open();
    const Records = ['a', undefined, 'b', undefined].map((PartitionKey) => ({
      Data,
      PartitionKey,
    }));
    await test.engine.putRecords({ StreamName, Records });
    const all = ['', '', 'a', 'b'];
    await test.reopen();
    expect((await keysOf(test)).sort()).toEqual(all);
    await test.reopenAfterKill();
    expect((await keysOf(test)).sort()).toEqual(all);
    await test.engine.updateStreamRecordDistributionStrategy({
      StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`,
      RecordDistributionStrategy: 'USER_PARTITION_KEY',
    });
    await test.reopen();
    expect((await keysOf(test)).sort()).toEqual(all);
    const refused = await rejection(test.engine.putRecord({ StreamName, Data }));
    expect(refused.name).toBe('ValidationException');
    await test.engine.close();
  });

  it('may be as large as the stream allows, there being no key to count', async () => {
    const test = await open();
    const put = (bytes: number, PartitionKey?: string) =>
      test.engine.putRecord({ StreamName, Data: new Uint8Array(bytes), PartitionKey });
    await put(MIB);
    for (const call of [put(MIB + 1), put(MIB, 'k')]) {
      expect((await rejection(call)).name).toBe('ValidationException');
    }
    await put(MIB - 1, 'k');
    await test.engine.close();
  });
});

it('a rule for faults of a stream hits a put without a key; one of a shard lets it pass', async () => {
  const bench = await ControlledBench.open();
  await bench.api.createStream(auto);
  await bench.clock.advance(30);
  const ofShard = await bench.controls.addFault({
    effect: 'throttle',
    stream: StreamName,
    shard: 'shardId-000000000000',
  });
  for (let count = 0; count < 4; count++) await bench.api.putRecord({ StreamName, Data });
  await bench.controls.removeFault(ofShard.id);
  await bench.controls.addFault({ effect: 'throttle', stream: StreamName });
  const refused = await rejection(bench.api.putRecord({ StreamName, Data }));
  expect(refused.name).toBe('ProvisionedThroughputExceededException');
  await bench.controlled.close();
});
