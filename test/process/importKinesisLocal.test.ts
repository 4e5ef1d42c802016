// Streams of kinesis-local, imported by the command into an engine that runs, as an AWS client finds them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, test } from 'vitest';
import { formatShardId } from '../../src/kinesis/shardId.ts';
import { type MadeShard, madeFile, madeRecord, madeStream } from '../migrate/support/keptFile.ts';
import {
  addressOf,
  clientOf,
  type EngineProcess,
  shardscope,
  temporaryFolder,
} from './support/engineProcess.ts';

const StreamName = 'orders';
const createdMs = Date.now() - 3_600_000;
const [half, end] = [2n ** 127n, 2n ** 128n - 1n];

/** A shard that was split, and its children, with `count` records in each. */
function shardsWith(count: number): MadeShard[] {
  const splitMs = createdMs + 1_000_000;
  const ranges = [
    [0n, end],
    [0n, half - 1n],
    [half, end],
  ] as const;
  return ranges.map(([low, high], index) => {
    const fromMs = index === 0 ? createdMs : splitMs;
    const records = Array.from({ length: count }, (_, at) =>
      madeRecord(
        { index, createdMs: fromMs },
        { index: at + 1, timeMs: fromMs + Math.floor((at * 900_000) / count) },
      ),
    );
    const range = [String(low), String(high)] as const;
    const lineage = index === 0 ? { closedMs: splitMs } : { parents: [0] };
    return { index, createdMs: fromMs, range, records, ...lineage };
  });
}

function fileWith(folder: string, shards: readonly MadeShard[], name = StreamName): string {
  const file = path.join(folder, `${name}.json`);
  const stream = madeStream(name, { shards, createdMs, tags: { team: 'a' } });
  writeFileSync(file, JSON.stringify(madeFile({ [name]: stream })));
  return file;
}

async function served(folder: string): Promise<{ engine: EngineProcess; client: KinesisClient }> {
  const engine = shardscope(['serve', '--data', folder, '--port', '0']);
  return { engine, client: clientOf(await addressOf(engine), 'http1') };
}

const importing = (folder: string, ...words: string[]): EngineProcess =>
  shardscope(['import', 'kinesis-local', ...words, '--data', folder]);

async function namesOf(client: KinesisClient): Promise<string[]> {
  return (await client.send(new ListStreamsCommand({}))).StreamNames ?? [];
}

/** Data and number of each record of a shard, from the trim horizon on. */
async function read(client: KinesisClient, index: number): Promise<[string, string][]> {
  const from = { StreamName, ShardId: formatShardId(index) };
  const type = { ShardIteratorType: 'TRIM_HORIZON' } as const;
  let next = (await client.send(new GetShardIteratorCommand({ ...from, ...type }))).ShardIterator;
  const found: [string, string][] = [];
  while (next) {
    const page: GetRecordsCommandOutput = await client.send(
      new GetRecordsCommand({ ShardIterator: next }),
    );
    for (const { Data, SequenceNumber } of page.Records ?? []) {
      found.push([Buffer.from(Data!).toString(), SequenceNumber!]);
    }
    next = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
  }
  return found;
}

async function expectShards(client: KinesisClient, shards: readonly MadeShard[]): Promise<void> {
  const { Shards } = await client.send(new ListShardsCommand({ StreamName }));
  expect(Shards!.map(({ ShardId, ParentShardId }) => [ShardId, ParentShardId])).toEqual([
    [formatShardId(0), undefined],
    [formatShardId(1), formatShardId(0)],
    [formatShardId(2), formatShardId(0)],
  ]);
  for (const { index, records = [] } of shards) {
    const put = records.map(({ Data, SequenceNumber }) => {
      return [Buffer.from(Data, 'base64').toString(), SequenceNumber];
    });
    expect(await read(client, index)).toEqual(put);
  }
}

interface Caught {
  readonly engine: EngineProcess;
  readonly client: KinesisClient;
  readonly run: EngineProcess;
  readonly shards: readonly MadeShard[];
}

/** Does `act` while an import is under way; one that was over by then is followed by one twice as long. */
async function caughtInMidst(folder: string, act: (parts: Caught) => void): Promise<Caught> {
  for (let count = 10_000; ; count *= 2) {
    const { engine, client } = await served(folder);
    const shards = shardsWith(count);
    const run = importing(folder, fileWith(folder, shards));
    const caught = { engine, client, run, shards };
    await expect
      .poll(() => namesOf(client), { interval: 5, timeout: 60_000 })
      .toEqual([StreamName]);
    act(caught);
    if ((await run.exit) !== 0) return caught;
    engine.child.kill('SIGKILL');
    await engine.exit;
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  }
}

describe('shardscope import kinesis-local', () => {
  test('brings in streams with their records, which outlive a kill of the engine', async () => {
    const folder = temporaryFolder();
    const first = await served(folder);
    const shards = shardsWith(3_000);
    const run = importing(folder, fileWith(folder, shards));
    expect(await run.exit, run.stderr()).toBe(0);
    expect(JSON.parse(run.stdout())).toEqual({
      stream: StreamName,
      account: '000000000000',
      region: 'us-east-1',
      records: 9_000,
      expired: 0,
      renumbered: 0,
    });
    await expectShards(first.client, shards);
    first.engine.child.kill('SIGKILL');
    await first.engine.exit;
    const { client } = await served(folder);
    await expectShards(client, shards);
    const ExplicitHashKey = '0';
    const put = { StreamName, PartitionKey: 'k', ExplicitHashKey, Data: Buffer.from('new') };
    const { ShardId, SequenceNumber } = await client.send(new PutRecordCommand(put));
    expect(ShardId).toBe(formatShardId(1));
    expect((await read(client, 1)).slice(3_000)).toEqual([['new', SequenceNumber]]);
  });

  test('an engine that is killed in the midst has nothing of it after its next start', async () => {
    const folder = temporaryFolder();
    const { run, shards } = await caughtInMidst(folder, ({ engine }) =>
      engine.child.kill('SIGKILL'),
    );
    expect([await run.exit, run.stderr()]).toEqual([6, expect.stringContaining('went away')]);
    const { client } = await served(folder);
    await expect.poll(() => namesOf(client), { timeout: 60_000 }).toEqual([]);
    const again = importing(folder, fileWith(folder, shards));
    expect(await again.exit).toBe(0);
    const { StreamDescriptionSummary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName }),
    );
    expect(StreamDescriptionSummary).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 2 });
    expect((await read(client, 2)).length).toBe(shards[2]!.records!.length);
  });

  test('stopped by Ctrl+C it leaves nothing', async () => {
    const folder = temporaryFolder();
    const { run, client } = await caughtInMidst(folder, (parts) => parts.run.child.kill('SIGINT'));
    expect([await run.exit, run.stdout(), run.stderr()]).toEqual([
      'SIGINT',
      '',
      expect.stringMatching(/shardscope: The import was stopped; nothing is left of it.\n$/),
    ]);
    expect(await namesOf(client)).toEqual([]);
  });

  test('ends with 2 for a file that is none, with 7 for a name that is in use, with 6 without an engine', async () => {
    const folder = temporaryFolder();
    const { engine, client } = await served(folder);
    const ended = async (...words: string[]): Promise<[number | string, string]> => {
      const run = importing(folder, ...words);
      const code = await run.exit;
      expect(run.stdout()).toBe('');
      return [code, run.stderr()];
    };
    const file = fileWith(folder, shardsWith(2));
    const bad = path.join(folder, 'bad.json');
    writeFileSync(bad, '{"streams": {');
    expect(await ended(bad)).toEqual([
      2,
      expect.stringContaining(`${bad}: at byte 13: the file ends in the midst of something.`),
    ]);
    expect(await ended(folder)).toEqual([2, expect.stringContaining('it is no file.')]);
    expect(await ended(path.join(folder, 'none'))).toEqual([
      2,
      expect.stringContaining('cannot be read: ENOENT'),
    ]);
    expect(await namesOf(client)).toEqual([]);
    expect((await ended(file, 'retentionHours=9000'))[1]).toContain('"retentionHours" must be');
    expect(await importing(folder, file).exit).toBe(0);
    expect(await ended(file)).toEqual([
      7,
      'shardscope: Stream orders under account 000000000000 already exists.\n',
    ]);
    engine.child.kill('SIGTERM');
    await engine.exit;
    expect(await ended(file)).toEqual([6, expect.stringContaining('No engine answers for')]);
  });
});
