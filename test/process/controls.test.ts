// Each control of the engine, used as a command, shown by its effect on an ordinary AWS client.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ClockStatus, JournalEntry } from '../../src/admin/controls.ts';
import type { EngineCounters } from '../../src/admin/counters.ts';
import { formatSequenceNumber, sequenceIndexMax } from '../../src/kinesis/sequenceNumber.ts';
import { formatShardId } from '../../src/kinesis/shardId.ts';
import {
  addressOf,
  type EngineProcess,
  shardscope,
  temporaryFolder,
} from './support/engineProcess.ts';

const StreamName = 'orders';

/** As applications have it: with the SDK's own retries, by HTTP/1.1 or HTTP/2. */
function sdkClient(endpoint: string, version: 'http1' | 'http2' = 'http1'): KinesisClient {
  const client = new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDCONTROLS', secretAccessKey: 'local' },
    ...(version === 'http1' && { requestHandler: new NodeHttpHandler() }),
  });
  onTestFinished(() => client.destroy());
  return client;
}

interface Bench {
  readonly folder: string;
  readonly endpoint: string;
  readonly engine: EngineProcess;
  readonly client: KinesisClient;
  /** Runs `shardscope WORDS`, which must succeed; resolves to its lines of JSON. */
  control<T>(...words: string[]): Promise<T[]>;
  put(data: string): Promise<void>;
  /** The data of a shard, from the trim horizon to the tip, in order. */
  read(shard?: string): Promise<string[]>;
}

async function started(folder = temporaryFolder(), ...more: string[]): Promise<Bench> {
  const data = ['--data', folder];
  const engine = shardscope([
    'serve',
    ...data,
    '--port',
    '0',
    '--init',
    `${StreamName}:1`,
    ...more,
  ]);
  const endpoint = await addressOf(engine);
  const client = sdkClient(endpoint);
  return {
    folder,
    endpoint,
    engine,
    client,
    control: async (...words) => {
      const run = shardscope([...words, ...data]);
      expect([await run.exit, run.stderr()]).toEqual([0, '']);
      return run
        .stdout()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
    put: async (text) => {
      await client.send(putOf(text));
    },
    read: async (shard) => (await recordsOf(client, shard)).map(({ data: text }) => text),
  };
}

const putOf = (text: string): PutRecordCommand =>
  new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from(text) });

async function iteratorOf(client: KinesisClient, ShardId = 'shardId-000000000000') {
  const type = { ShardIteratorType: 'TRIM_HORIZON' } as const;
  const asked = new GetShardIteratorCommand({ StreamName, ShardId, ...type });
  return (await client.send(asked)).ShardIterator!;
}

async function recordsOf(client: KinesisClient, shard?: string) {
  const records: { data: string; timeMs: number }[] = [];
  let next: string | undefined = await iteratorOf(client, shard);
  while (next !== undefined) {
    const page: GetRecordsCommandOutput = await client.send(
      new GetRecordsCommand({ ShardIterator: next }),
    );
    for (const { Data, ApproximateArrivalTimestamp } of page.Records ?? []) {
      const timeMs = ApproximateArrivalTimestamp!.getTime();
      records.push({ data: Buffer.from(Data!).toString(), timeMs });
    }
    next = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
  }
  return records;
}

const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'it succeeded',
    (error: Error) => error.name,
  );

const attemptsOf = async (call: Promise<unknown>): Promise<number | undefined> =>
  ((await call) as { $metadata: { attempts?: number } }).$metadata.attempts;

describe('clock', () => {
  test('step: an iterator expires after five minutes, a record after its retention', async () => {
    const { client, control, put, read } = await started();
    await put('kept for a day');
    const ShardIterator = await iteratorOf(client);
    const [status] = await control<ClockStatus>('clock', 'step', '301s');
    expect(status).toMatchObject({ aheadMs: 301_000, rate: 1 });
    expect(await nameOf(client.send(new GetRecordsCommand({ ShardIterator })))).toBe(
      'ExpiredIteratorException',
    );
    expect(await read()).toEqual(['kept for a day']);
    await control('clock', 'step', '25h');
    expect(await read()).toEqual([]);
  });

  test('stop, start: arrival times stand still, and go on', async () => {
    const { client, control, put } = await started();
    await control('clock', 'stop');
    for (const text of ['a', 'b', 'c']) await put(text);
    await control('clock');
    await put('d');
    const times = (await recordsOf(client)).map(({ timeMs }) => timeMs);
    expect([times.length, new Set(times).size]).toEqual([4, 1]);
    await control('clock', 'start');
    await put('e');
    const last = (await recordsOf(client)).at(-1)!;
    expect(last.timeMs).toBeGreaterThan(times[0]!);
  });

  test('speed: arrival times go as much faster', async () => {
    const { client, control, put } = await started();
    await control('clock', 'speed', '1000');
    const fromMs = Date.now();
    await put('first');
    const putMs = Date.now();
    while (Date.now() < putMs + 20) await put('between');
    const betweenMs = Date.now() - putMs;
    await put('last');
    const withinMs = Date.now() - fromMs;
    const times = (await recordsOf(client)).map(({ timeMs }) => timeMs);
    const passedMs = times.at(-1)! - times[0]!;
    expect(passedMs).toBeGreaterThanOrEqual((betweenMs - 1) * 1000);
    expect(passedMs).toBeLessThanOrEqual((withinMs + 1) * 1000);
  });

  test('moved, it survives a kill; Date headers and the journal stay on time; reset takes it back', async () => {
    const first = await started();
    await first.control('clock', 'step', '1000h');
    first.engine.child.kill('SIGKILL');
    await first.engine.exit;
    const { client, control, put, endpoint } = await started(first.folder);
    await put('later');
    const hourMs = 3_600_000;
    const ahead = (timeMs: number): number => Math.round((timeMs - Date.now()) / hourMs) || 0;
    expect((await recordsOf(client)).map(({ timeMs }) => ahead(timeMs))).toEqual([1000]);
    const { headers } = await fetch(endpoint);
    expect(ahead(Date.parse(headers.get('date')!))).toBe(0);
    const calls = await control<JournalEntry>('journal');
    expect(calls.map(({ atMs }) => ahead(atMs))).toEqual(calls.map(() => 0));
    await control('reset');
    const [status] = await control<ClockStatus>('clock');
    expect(status).toMatchObject({ aheadMs: 0, rate: 1 });
  });
});

describe('faults', () => {
  test('throttle: the SDK tries again until the rule is spent, and the journal shows every call', async () => {
    const { client, control } = await started();
    await control('faults', 'add', 'throttle', 'operation=PutRecord', 'stream=orders', 'count=2');
    expect(await attemptsOf(client.send(putOf('third time lucky')))).toBe(3);
    const calls = await control<JournalEntry>('journal');
    const throttled = 'ProvisionedThroughputExceededException';
    expect(calls).toMatchObject([
      { operation: 'PutRecord', stream: 'orders', error: throttled },
      { operation: 'PutRecord', error: throttled },
      { operation: 'PutRecord', accessKeyId: 'AKIDCONTROLS' },
    ]);
    expect(calls[2]!.error).toBe(undefined);
    expect(calls[2]!.userAgent).toContain('aws-sdk-js');
    expect(new Set(calls.map(({ requestId }) => requestId)).size).toBe(3);
    expect(await control('faults')).toEqual([]);
  });

  test('throttle: of PutRecords by record, by probability and seed', async () => {
    const { client, control, read } = await started();
    await control('faults', 'add', 'throttle', 'probability=0.4', 'seed=5');
    const Records = Array.from({ length: 200 }, (_, i) => {
      return { PartitionKey: 'k', Data: Buffer.from(`${i}`) };
    });
    const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
    await control('faults', 'clear');
    const codes = answer.Records!.map(({ ErrorCode }) => ErrorCode);
    const stored = Records.flatMap((_, i) => (codes[i] === undefined ? [`${i}`] : []));
    expect(answer.FailedRecordCount).toBe(200 - stored.length);
    expect([stored.length > 80, stored.length < 160]).toEqual([true, true]);
    expect(new Set(codes)).toEqual(new Set([undefined, 'ProvisionedThroughputExceededException']));
    expect(await read()).toEqual(stored);
  });

  test('internalFailure: status 500, which the SDK tries again; nothing is stored twice', async () => {
    const { client, control, read } = await started();
    await control('faults', 'add', 'internalFailure', 'operation=PutRecord', 'count=1');
    expect(await attemptsOf(client.send(putOf('once')))).toBe(2);
    expect(await read()).toEqual(['once']);
  });

  test('duplicate: what the SDK tries again is stored twice', async () => {
    const { client, control, read } = await started();
    await control('faults', 'add', 'duplicate', 'count=1');
    expect(await attemptsOf(client.send(putOf('twice')))).toBe(2);
    expect(await read()).toEqual(['twice', 'twice']);
  });

  test('latency: the call takes so much longer', async () => {
    const { client, control } = await started();
    await control('faults', 'add', 'latency', 'latencyMs=200', 'operation=PutRecord');
    const fromMs = performance.now();
    await client.send(putOf('slow'));
    expect(performance.now() - fromMs).toBeGreaterThanOrEqual(199);
    const [call] = await control<JournalEntry>('journal');
    expect(call!.durationMs).toBeGreaterThanOrEqual(199);
  });

  test('expiredIterator: a reader is told so once, and goes on', async () => {
    const { client, control, put } = await started();
    await put('a');
    await control('faults', 'add', 'expiredIterator', 'shard=shardId-000000000000', 'count=1');
    const ShardIterator = await iteratorOf(client);
    const read = new GetRecordsCommand({ ShardIterator });
    expect(await nameOf(client.send(read))).toBe('ExpiredIteratorException');
    expect((await client.send(read)).Records).toHaveLength(1);
  });

  test('kms: the exception is the one that was asked for', async () => {
    const { client, control, read } = await started();
    await control('faults', 'add', 'kms', 'exception=KMSDisabledException', 'operation=PutRecord');
    expect(await nameOf(client.send(putOf('locked')))).toBe('KMSDisabledException');
    expect(await read()).toEqual([]);
  });

  test.each(['http1', 'http2'] as const)(
    'dropConnection on %s: the SDK tries again on another one',
    async (version) => {
      const { control, endpoint, read } = await started();
      const client = sdkClient(endpoint, version);
      await client.send(new ListStreamsCommand({}));
      await control('faults', 'add', 'dropConnection', 'operation=PutRecord', 'count=1');
      expect(await attemptsOf(client.send(putOf('through')))).toBe(2);
      expect(await read()).toEqual(['through']);
      const calls = await control<JournalEntry>('journal');
      const puts = calls.filter(({ operation }) => operation === 'PutRecord');
      expect(puts.map(({ error }) => error)).toEqual(['ConnectionDropped', undefined]);
    },
  );

  test('a rule removed hits no more', async () => {
    const { client, control } = await started();
    const [rule] = await control<{ id: number }>('faults', 'add', 'kms');
    await control('faults', 'remove', String(rule!.id));
    await client.send(putOf('free'));
  });
});

describe('snapshot', () => {
  test('restore: what was put since is gone, without a restart; readers and writers go on', async () => {
    const { client, control, put, read, engine } = await started();
    await put('before');
    await control('snapshot', 'take', 'clean');
    await put('after');
    await control('snapshot', 'restore', 'clean');
    expect(await read()).toEqual(['before']);
    const ShardIterator = await iteratorOf(client);
    await put('again');
    const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records).toHaveLength(2);
    expect(await control('snapshot')).toMatchObject([{ name: 'clean', streamCount: 1 }]);
    await control('snapshot', 'delete', 'clean');
    expect(await control('snapshot')).toEqual([]);
    expect(engine.child.exitCode).toBe(null);
  });

  test('branch: a second engine begins where the snapshot ended', async () => {
    const first = await started();
    await first.put('common');
    await first.control('snapshot', 'take', 'fork');
    await first.put('only here');
    const folder = path.join(temporaryFolder(), 'branch');
    await first.control('snapshot', 'branch', 'fork', folder);
    const second = await started(folder);
    expect(await second.read()).toEqual(['common']);
    await second.put('only there');
    expect(await first.read()).toEqual(['common', 'only here']);
    expect(await second.read()).toEqual(['common', 'only there']);
  });

  test.each(['restore', 'restore.json'])(
    'a restore whose engine is killed when there is a %s leaves the old records or the new ones',
    async (seen) => {
      const bench = await started();
      await bench.put('old');
      await bench.control('snapshot', 'take', 'old');
      await bench.put('new');
      const run = shardscope(['snapshot', 'restore', 'old', '--data', bench.folder]);
      let isOver = false;
      void run.exit.then(() => {
        isOver = true;
      });
      while (!isOver && !existsSync(path.join(bench.folder, seen))) await setImmediate();
      bench.engine.child.kill('SIGKILL');
      await Promise.all([bench.engine.exit, run.exit]);
      const records = await (await started(bench.folder)).read();
      expect([['old'], ['old', 'new']]).toContainEqual(records);
      expect(existsSync(path.join(bench.folder, seen))).toBe(false);
    },
  );
});

/** A stream that was split and merged, as `aws kinesis list-shards` prints one. */
const end = (2n ** 128n - 1n).toString();
const half = (2n ** 127n).toString();
const belowHalf = (2n ** 127n - 1n).toString();
const closedSeconds = Math.floor(Date.now() / 1000) - 600;
const numberOf = (shardIndex: number, of: { created: number; index: bigint; at: number }) =>
  formatSequenceNumber({
    shardCreatedSeconds: of.created,
    shardIndex,
    index: of.index,
    seconds: of.at,
  });
const startOf = (index: number, created: number) =>
  numberOf(index, { created, index: 0n, at: created });
const awsShards: Shard[] = [
  {
    ShardId: 'shardId-000000000004',
    HashKeyRange: { StartingHashKey: '0', EndingHashKey: end },
    SequenceNumberRange: {
      StartingSequenceNumber: startOf(4, closedSeconds - 5000),
      EndingSequenceNumber: numberOf(4, {
        created: closedSeconds - 5000,
        index: sequenceIndexMax,
        at: closedSeconds,
      }),
    },
  },
  {
    ShardId: 'shardId-000000000007',
    ParentShardId: 'shardId-000000000004',
    HashKeyRange: { StartingHashKey: '0', EndingHashKey: belowHalf },
    SequenceNumberRange: { StartingSequenceNumber: startOf(7, closedSeconds + 1) },
  },
  {
    ShardId: 'shardId-000000000008',
    ParentShardId: 'shardId-000000000004',
    HashKeyRange: { StartingHashKey: half, EndingHashKey: end },
    SequenceNumberRange: { StartingSequenceNumber: startOf(8, closedSeconds + 1) },
  },
];

describe('import', () => {
  test('records go to the shards that they go to on AWS, and ids go on from there', async () => {
    const { client, control, folder } = await started();
    const file = path.join(folder, 'shards.json');
    writeFileSync(file, JSON.stringify({ Shards: awsShards }));
    await control('import', 'copied', file);
    const name = { StreamName: 'copied' };
    const { Shards } = await client.send(new ListShardsCommand(name));
    expect(Shards).toEqual(awsShards);
    for (const [ExplicitHashKey, shard] of [
      ['0', 'shardId-000000000007'],
      [belowHalf, 'shardId-000000000007'],
      [half, 'shardId-000000000008'],
    ]) {
      const put = new PutRecordCommand({
        ...name,
        PartitionKey: 'k',
        ExplicitHashKey,
        Data: Buffer.from('x'),
      });
      expect((await client.send(put)).ShardId).toBe(shard);
    }
    const parent = { ...name, ShardId: 'shardId-000000000004' };
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ ...parent, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { ChildShards } = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(ChildShards!.map(({ ShardId }) => ShardId)).toEqual([
      'shardId-000000000007',
      'shardId-000000000008',
    ]);
    const split = { ...name, ShardToSplit: 'shardId-000000000007', NewStartingHashKey: '1000' };
    await client.send(new SplitShardCommand(split));
    const ids = async (): Promise<(string | undefined)[]> =>
      (await client.send(new ListShardsCommand(name))).Shards!.map(({ ShardId }) => ShardId);
    await expect.poll(ids, { timeout: 60_000 }).toEqual([4, 7, 8, 9, 10].map(formatShardId));
    const summary = await client.send(new DescribeStreamSummaryCommand(name));
    expect(summary.StreamDescriptionSummary).toMatchObject({
      StreamStatus: 'ACTIVE',
      OpenShardCount: 3,
    });
  });
});

describe('the others', () => {
  test('counters show what a shard took and gave', async () => {
    const { control, put, read } = await started();
    for (const text of ['a', 'b', 'c']) await put(text);
    await read();
    const [counters] = await control<EngineCounters>('counters', StreamName);
    expect(counters!.streams).toMatchObject([
      {
        stream: StreamName,
        shards: [{ ShardId: 'shardId-000000000000', total: { recordsIn: 3, recordsOut: 3 } }],
      },
    ]);
  });

  test('journal follow tells calls as they come', async () => {
    const { client, folder } = await started();
    const following = shardscope(['journal', 'follow', '--data', folder]);
    await client.send(putOf('seen'));
    const [, line] = await following.says(/^(.*PutRecord.*)$/m);
    expect(JSON.parse(line!)).toMatchObject({ operation: 'PutRecord', stream: StreamName });
  });

  test('status, empty, reset and stop', async () => {
    const { client, control, put, read, engine, endpoint } = await started();
    await put('a');
    expect(await control('status')).toMatchObject([{ endpoint, streamCount: 1 }]);
    await control('empty', StreamName);
    expect(await read()).toEqual([]);
    await control('reset');
    expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    await control('stop');
    expect(await engine.exit).toBe(0);
  });

  test('ends with 6 where no engine runs, with 7 when it is refused, with 2 for a file that is none', async () => {
    const { folder } = await started();
    const ended = async (...words: string[]): Promise<[number | string, string]> => {
      const run = shardscope(words);
      const code = await run.exit;
      expect(run.stdout()).toBe('');
      return [code, run.stderr()];
    };
    const nowhere = path.join(folder, 'nowhere');
    expect(await ended('clock', '--data', nowhere)).toEqual([
      6,
      expect.stringContaining(`No engine answers for ${nowhere}.`),
    ]);
    expect(await ended('snapshot', 'restore', 'x', '--data', folder)).toEqual([
      7,
      'shardscope: There is no snapshot "x".\n',
    ]);
    expect(await ended('faults', 'add', 'explode', '--data', folder)).toEqual([
      7,
      expect.stringContaining('"effect" must be one of throttle, '),
    ]);
    expect(await ended('import', 'a', path.join(folder, 'none'), '--data', folder)).toEqual([
      2,
      expect.stringContaining('cannot be read'),
    ]);
  });
});
