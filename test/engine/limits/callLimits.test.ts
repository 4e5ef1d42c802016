// How often operations may be called, and the quotas, with limits on, counted and off.
import { describe, expect, it } from 'vitest';
import { CallLimits, callBucketsMax } from '../../../src/engine/limits/callLimits.ts';
import { CallTallies } from '../../../src/engine/limits/callTallies.ts';
import { callRates } from '../../../src/kinesis/callRates.ts';
import { limitExceeded } from '../../../src/kinesis/errors.ts';
import { type OperationName, operations } from '../../../src/kinesis/operations.ts';
import { TestClock } from '../../support/testClock.ts';
import { rejection, TestEngine } from '../support/testEngine.ts';

const scope = { account: '000000000000', region: 'us-east-1', own: false, caller: '' };

const tallyOf = (test: TestEngine, operation: OperationName) =>
  test.engine.counters().operations.find((tally) => tally.operation === operation);

describe('CallLimits', () => {
  it.each([...callRates])('%s has its rate, refilled by the second', async (name, rate) => {
    const clock = new TestClock();
    const limits = new CallLimits({ clock, limits: 'aws' });
    const operation = name as OperationName;
    const call = () => limits.admit(operation, { input: { StreamName: 'orders' }, scope });
    for (let second = 0; second < 2; second++) {
      for (let calls = 0; calls < rate.perSecond; calls++) call();
      expect(call).toThrow('Rate exceeded for stream orders under account 000000000000.');
      await clock.advance(1000);
    }
    expect(limits.tallies.list()).toEqual([
      { operation, calls: 2 * rate.perSecond + 2, throttled: 2, overLimit: 0 },
    ]);
  });

  it('has a rate for every operation but those of records, and one that nobody published', () => {
    const names = Object.keys(operations).filter((name) => !callRates.has(name));
    expect(names).toEqual([
      'GetRecords',
      'GetShardIterator',
      'PutRecord',
      'PutRecords',
      'SubscribeToShard',
      'UpdateStreamMode',
    ]);
  });

  it('names the stream of a ResourceARN, also of a consumer', () => {
    for (const end of ['', '/consumer/c:1']) {
      const limits = new CallLimits({ clock: new TestClock(), limits: 'aws' });
      const ResourceARN = `arn:aws:kinesis:us-east-1:000000000000:stream/orders${end}`;
      const tag = () => limits.admit('TagResource', { input: { ResourceARN }, scope });
      for (let calls = 0; calls < 5; calls++) tag();
      expect(tag).toThrow('Rate exceeded for stream orders under account 000000000000.');
    }
  });

  it('keeps accounts, regions and, where AWS does, streams apart', () => {
    const limits = new CallLimits({ clock: new TestClock(), limits: 'aws' });
    const describeLimits = (where: object) =>
      limits.admit('DescribeLimits', { input: {}, scope: { ...scope, ...where } });
    describeLimits({});
    describeLimits({ account: '111111111111' });
    describeLimits({ region: 'eu-west-1' });
    expect(() => describeLimits({})).toThrow('Rate exceeded for account 000000000000.');
    const listShards = (StreamName: string) =>
      limits.admit('ListShards', { input: { StreamName }, scope });
    for (let call = 0; call < 1000; call++) listShards('a');
    expect(() => listShards('a')).toThrow('Rate exceeded for stream a');
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/a';
    expect(() => limits.admit('ListShards', { input: { StreamARN }, scope })).toThrow('stream a');
    listShards('b');
  });

  it('remembers a bounded number of callers, the latest', () => {
    const limits = new CallLimits({ clock: new TestClock(), limits: 'aws' });
    const call = (account: number) =>
      limits.admit('DescribeLimits', {
        input: {},
        scope: { ...scope, account: `${account}`.padStart(12, '0') },
      });
    for (let account = 0; account <= callBucketsMax; account++) call(account);
    expect(() => call(callBucketsMax)).toThrow('Rate exceeded');
    expect(() => call(1)).toThrow('Rate exceeded');
    call(0);
  });

  it('forgets who was idle longest, not who called first', () => {
    const limits = new CallLimits({ clock: new TestClock(), limits: 'aws' });
    const call = (account: number) =>
      limits.admit('DescribeLimits', { input: {}, scope: { ...scope, account: `${account}` } });
    for (let account = 0; account < callBucketsMax; account++) call(account);
    expect(() => call(0)).toThrow('Rate exceeded');
    call(callBucketsMax);
    expect(() => call(0)).toThrow('Rate exceeded');
    call(1);
  });

  it('counts pages by token for the account, and takes an ARN that names no stream', () => {
    const limits = new CallLimits({ clock: new TestClock(), limits: 'aws' });
    const page = (input: object) => limits.admit('ListShards', { input, scope });
    for (let call = 0; call < 1000; call++) page({ NextToken: 'a' });
    expect(() => page({ NextToken: 'b' })).toThrow('Rate exceeded for account 000000000000.');
    expect(() => page({ StreamARN: 'arn:aws:kinesis' })).toThrow('Rate exceeded for account');
    page({ StreamName: 'orders' });
  });

  it('never limits calls for records', () => {
    for (const name of ['PutRecord', 'PutRecords', 'GetRecords', 'GetShardIterator']) {
      expect(callRates.has(name)).toBe(false);
    }
  });
});

describe('underQuota()', () => {
  const refusal = limitExceeded('too many');
  const asked = (mode: 'aws' | 'warn' | 'off', of: { own?: boolean; error?: Error } = {}) => {
    const limits = new CallLimits({ clock: new TestClock(), limits: mode });
    let checks = 0;
    const check = (): void => {
      checks += 1;
      throw of.error ?? refusal;
    };
    const call = { operation: 'SplitShard' as const, scope: { ...scope, own: of.own ?? false } };
    let thrown: unknown;
    try {
      limits.underQuota(call, check);
    } catch (error) {
      thrown = error;
    }
    const { throttled, overLimit } = limits.tallies.of('SplitShard');
    return { thrown, checks, throttled, overLimit };
  };

  it('throws what is against the call with aws, counts it with warn, looks at nothing with off', () => {
    expect(asked('aws')).toEqual({ thrown: refusal, checks: 1, throttled: 1, overLimit: 0 });
    expect(asked('warn')).toEqual({ thrown: undefined, checks: 1, throttled: 0, overLimit: 1 });
    expect(asked('off')).toEqual({ thrown: undefined, checks: 0, throttled: 0, overLimit: 0 });
  });

  it('looks at no call of our own', () => {
    expect(asked('aws', { own: true })).toMatchObject({ thrown: undefined, checks: 0 });
  });

  it('throws any other error as it is, uncounted, also with warn', () => {
    const error = new Error('ours');
    for (const mode of ['aws', 'warn'] as const) {
      expect(asked(mode, { error })).toMatchObject({ thrown: error, throttled: 0, overLimit: 0 });
    }
  });
});

describe('CallTallies', () => {
  it('are listed by name, whoever called first, as they are then', () => {
    const tallies = new CallTallies();
    for (const operation of ['ListShards', 'CreateStream', 'SplitShard'] as const) {
      tallies.of(operation).calls += 1;
    }
    const listed = tallies.list();
    tallies.of('CreateStream').calls += 1;
    expect(listed.map(({ operation }) => operation)).toEqual([
      ...['CreateStream', 'ListShards', 'SplitShard'],
    ]);
    expect(listed[0]).toEqual({ operation: 'CreateStream', calls: 1, throttled: 0, overLimit: 0 });
  });
});

describe('call rates through the engine', () => {
  it('aws refuses the sixth CreateStream of a second; warn only counts it; off does neither', async () => {
    const outcomes = { aws: [1, 0], warn: [0, 1], off: [0, 0] } as const;
    for (const limits of ['aws', 'warn', 'off'] as const) {
      const test = await TestEngine.open({ limits, stateDelays: 0 });
      for (let index = 0; index < 5; index++) await test.stream(`s${index}`);
      const sixth = test.engine.createStream({ StreamName: 'six', ShardCount: 1 });
      if (limits === 'aws') {
        expect(await rejection(sixth)).toMatchObject({
          name: 'LimitExceededException',
          message: 'Rate exceeded for stream six under account 000000000000.',
        });
      } else await sixth;
      const [throttled, overLimit] = outcomes[limits];
      expect(tallyOf(test, 'CreateStream')).toEqual({
        operation: 'CreateStream',
        calls: 6,
        throttled,
        overLimit,
      });
      await test.engine.close();
    }
  });

  it('an invalid call is told so before its rate', async () => {
    const test = await TestEngine.open({ limits: 'aws' });
    for (let call = 0; call < 9; call++) {
      const error = await rejection(test.engine.createStream({ StreamName: 'a b' }));
      expect(error.name).toBe('ValidationException');
    }
    await test.stream('orders');
  });
});

describe('quotas with limits: warn', () => {
  it('are counted and refuse nothing; an operation keeps its own rules', async () => {
    const test = await TestEngine.open({ shardQuota: 5, stateDelays: 5000 });
    for (let index = 0; index < 6; index++) {
      await test.engine.createStream({ StreamName: `s${index}`, ShardCount: 1 });
    }
    expect(tallyOf(test, 'CreateStream')).toMatchObject({ throttled: 0, overLimit: 2 });
    await test.clock.advance(5000);
    const scale = (TargetShardCount: number) =>
      test.engine.updateShardCount({
        StreamName: 's0',
        TargetShardCount,
        ScalingType: 'UNIFORM_SCALING',
      });
    expect((await rejection(scale(3))).message).toMatch(/^UpdateShardCount cannot scale up over/);
    for (let round = 0; round < 12; round++) {
      await scale(round % 2 === 0 ? 2 : 1);
      await test.clock.advance(5000);
    }
    expect(tallyOf(test, 'UpdateShardCount')).toMatchObject({ throttled: 0, overLimit: 7 });
  });
});
