// The capacity mode's quotas and what of a mode survives a restart, a kill and a snapshot of the catalog.
import { describe, expect, it } from 'vitest';
import { rejection, TestEngine } from './support/testEngine.ts';

const StreamName = 'orders';
const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const HOUR_MS = 3_600_000;

const ask = (test: TestEngine, StreamMode: 'PROVISIONED' | 'ON_DEMAND', own = false) =>
  test.engine.updateStreamMode({ StreamARN, StreamModeDetails: { StreamMode } }, { own });

async function switchTo(test: TestEngine, mode: 'PROVISIONED' | 'ON_DEMAND'): Promise<void> {
  await ask(test, mode);
  await test.settle();
}

const summaryOf = async (test: TestEngine) =>
  (await test.engine.describeStreamSummary({ StreamName }, { own: true })).StreamDescriptionSummary;

describe('UpdateStreamMode', () => {
  it('is refused for the third time in 24 hours, also after a restart, except our own', async () => {
    const test = await TestEngine.open({ limits: 'aws' });
    await test.stream(StreamName);
    await switchTo(test, 'ON_DEMAND');
    await test.clock.advance(HOUR_MS);
    await switchTo(test, 'PROVISIONED');
    await test.reopen();
    expect(await rejection(ask(test, 'ON_DEMAND'))).toMatchObject({
      name: 'LimitExceededException',
      message:
        'Stream orders under account 000000000000 can switch its mode at most 2 times in 24 hours.',
    });
    await ask(test, 'PROVISIONED');
    await test.clock.advance(23 * HOUR_MS);
    await switchTo(test, 'ON_DEMAND');
    expect((await rejection(ask(test, 'PROVISIONED'))).name).toBe('LimitExceededException');
    await ask(test, 'PROVISIONED', true);
  });

  it('is admitted for the third time with limits warn, and counted', async () => {
    const test = await TestEngine.open();
    await test.stream(StreamName);
    for (const mode of ['ON_DEMAND', 'PROVISIONED', 'ON_DEMAND'] as const) {
      await switchTo(test, mode);
      expect((await summaryOf(test)).StreamModeDetails).toEqual({ StreamMode: mode });
    }
    expect(test.engine.counters().operations).toContainEqual({
      operation: 'UpdateStreamMode',
      calls: 3,
      throttled: 0,
      overLimit: 1,
    });
  });

  it('back to provisioned needs room in the shard quota', async () => {
    const test = await TestEngine.open({ limits: 'aws', shardQuota: 5 });
    await test.stream('others', 2);
    await test.engine.createStream({ StreamName });
    await test.settle();
    expect((await rejection(ask(test, 'PROVISIONED'))).message).toMatch(
      /^This request would exceed the shard limit .* Current shard count for the account: 2\. Limit: 5\. Number of additional shards .* request: 4\./,
    );
  });

  it('no account has more than 50 on-demand streams in a region', async () => {
    const test = await TestEngine.open({ limits: 'aws' });
    for (let index = 0; index < 50; index++) {
      await test.engine.createStream({ StreamName: `s${index}` });
      await test.clock.advance(1000);
    }
    const message =
      'This request would exceed the limit of on-demand streams for the account 000000000000 ' +
      'in us-east-1. Limit: 50.';
    const error = await rejection(test.engine.createStream({ StreamName: 'more' }));
    expect(error).toMatchObject({ name: 'LimitExceededException', message });
    await test.stream(StreamName);
    expect(await rejection(ask(test, 'ON_DEMAND'))).toMatchObject({ message });
  });

  it.each([
    { name: 'restart', reopen: (test: TestEngine) => test.reopen() },
    { name: 'kill', reopen: (test: TestEngine) => test.reopenAfterKill() },
  ])('goes on after a $name in the middle, and the mode stays', async ({ reopen }) => {
    const test = await TestEngine.open({ stateDelays: 5000 });
    await test.stream(StreamName, 2);
    await test.engine.updateStreamMode({
      StreamARN,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      WarmThroughputMiBps: 5,
    });
    await reopen(test);
    expect(await summaryOf(test)).toMatchObject({
      StreamStatus: 'UPDATING',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      OpenShardCount: 2,
    });
    await test.settle();
    const after = {
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      WarmThroughput: { TargetMiBps: 5, CurrentMiBps: 5 },
      OpenShardCount: 5,
    };
    expect(await summaryOf(test)).toMatchObject(after);
    await reopen(test);
    expect(await summaryOf(test)).toMatchObject(after);
    await switchTo(test, 'PROVISIONED');
    await reopen(test);
    const { WarmThroughput, StreamModeDetails } = await summaryOf(test);
    expect([WarmThroughput, StreamModeDetails]).toEqual([undefined, { StreamMode: 'PROVISIONED' }]);
  });

  it('leaves the records of a stream where they are', async () => {
    const test = await TestEngine.open();
    await test.stream(StreamName, 2);
    for (let index = 0; index < 20; index++) await test.put(StreamName, `key ${index}`, `${index}`);
    const before = await test.readAll(StreamName);
    await switchTo(test, 'ON_DEMAND');
    expect(await test.readAll(StreamName)).toEqual(before);
  });
});
