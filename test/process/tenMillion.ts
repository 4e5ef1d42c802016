// Ten million records of 200 bytes: written by one process, read whole by another, each promise about depth
// measured and held to its limit: npm run test:tenMillion [-- FOLDER [RECORDS]]. Needs 3 GB of disk.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nullLogger } from '../../src/base/logger.ts';
import { nodeClock } from '../../src/cli/nodeClock.ts';
import { nodeRandom } from '../../src/cli/nodeRandom.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { Files } from '../../src/engine/log/files.ts';
import { nodeCrc32, nodeFiles } from '../../src/engine/log/nodeFiles.ts';

const MIB = 1024 * 1024;
const BATCH = 500;
const SHARDS = 4;
const RECORD_BYTES = 200;
/** Of one shard, every so many records a place is noted to read from later. */
const NOTED_EVERY = 1000;
/** Measurements at one place of the stream; the same number before them warms the code. */
const TURNS = 24;

interface Place {
  readonly SequenceNumber: string;
  readonly timeMs: number;
}

interface Written {
  readonly cpuUsByTenth: number[];
  readonly memoryAtOneTenth: number;
  readonly memoryAtEnd: number;
  readonly places: Place[];
}

/** What was found, and whether it is within its limit; printed as it comes. */
let failures = 0;
function tell(what: string, found: number, limit: number, unit = ''): void {
  const isGood = found <= limit;
  if (!isGood) failures += 1;
  console.log(
    `${isGood ? 'ok    ' : 'FAILED'} ${what}: ${found.toFixed(2)}${unit} (at most ${limit}${unit})`,
  );
}

const cpuUs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return user + system;
};

function memoryAfterCollection(): number {
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function openEngine(folder: string, files: Files = nodeFiles(folder)): Promise<Engine> {
  const ports = { files, clock: nodeClock, random: nodeRandom, logger: nullLogger };
  const settings = { limits: 'off', folderBytesMax: 64 * 1024 * MIB } as const;
  return Engine.open({ ...ports, crc32: nodeCrc32 }, settings);
}

/** Puts of 500, four under way at once; the first eight bytes of a record are its number. */
async function write(folder: string, count: number): Promise<Written> {
  const engine = await openEngine(folder);
  await engine.ensureStreams([{ name: 'deep', shards: SHARDS }]);
  const places: Place[] = [];
  const cpuUsByTenth: number[] = [];
  let [next, ofFirstShard, memoryAtOneTenth] = [0, 0, 0];
  const putOnce = async (): Promise<void> => {
    const Records = Array.from({ length: BATCH }, () => {
      const Data = new Uint8Array(RECORD_BYTES);
      new DataView(Data.buffer).setFloat64(0, next);
      return { PartitionKey: `key-${next++}`, Data };
    });
    const answer = await engine.putRecords({ StreamName: 'deep', Records });
    if (answer.FailedRecordCount) throw new Error('a record was refused');
    for (const { ShardId, SequenceNumber } of answer.Records) {
      if (!ShardId!.endsWith('0') || ofFirstShard++ % NOTED_EVERY !== 0) continue;
      // A copy: the answer's numbers may be parts of one long text.
      const copy = Buffer.from(SequenceNumber!).toString();
      places.push({ SequenceNumber: copy, timeMs: Date.now() });
    }
  };
  for (let tenth = 1; tenth <= 10; tenth++) {
    const start = process.cpuUsage();
    const putter = async (): Promise<void> => {
      while (next < (count * tenth) / 10) await putOnce();
    };
    await Promise.all([putter(), putter(), putter(), putter()]);
    cpuUsByTenth.push(cpuUs(start) / (count / 10));
    if (tenth === 1) memoryAtOneTenth = memoryAfterCollection();
  }
  const memoryAtEnd = memoryAfterCollection();
  await engine.close();
  return { cpuUsByTenth, memoryAtOneTenth, memoryAtEnd, places };
}

/** Bytes read, by kind of file. */
function counted(files: Files): { files: Files; bytes: Map<string, number> } {
  const bytes = new Map<string, number>();
  const count = (name: string, length: number): void => {
    const kind = name.slice(name.lastIndexOf('.') + 1);
    bytes.set(kind, (bytes.get(kind) ?? 0) + length);
  };
  const open: Files['open'] = async (name, mode) => {
    const file = await files.open(name, mode);
    const read = file.read.bind(file);
    file.read = async (target, position) => {
      const length = await read(target, position);
      count(name, length);
      return length;
    };
    return file;
  };
  const readAll: Files['readAll'] = async (name) => {
    const all = await files.readAll(name);
    count(name, all?.length ?? 0);
    return all;
  };
  return { files: Object.assign(Object.create(files), { open, readAll }), bytes };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const shardId = (index: number): string => `shardId-${String(index).padStart(12, '0')}`;

type Start =
  | { readonly ShardIteratorType: 'TRIM_HORIZON' }
  | { readonly ShardIteratorType: 'AT_SEQUENCE_NUMBER'; readonly StartingSequenceNumber: string }
  | { readonly ShardIteratorType: 'AT_TIMESTAMP'; readonly Timestamp: Date };

async function iterator(engine: Engine, start: Start, shard = 0): Promise<string> {
  const from = { StreamName: 'deep', ShardId: shardId(shard), ...start };
  return (await engine.getShardIterator(from)).ShardIterator!;
}

/** Where depth is measured: shares of the stream. */
const shares = [0.01, 0.5, 0.99];

/** The time of one call at each share, in turns, the median of many places there; milliseconds. */
async function timed(
  places: readonly Place[],
  call: (place: Place) => Promise<void>,
): Promise<number[]> {
  const times = shares.map((): number[] => []);
  for (let turn = 0; turn < 2 * TURNS; turn++) {
    for (const [at, share] of shares.entries()) {
      const first = Math.floor((places.length - TURNS) * share);
      const start = performance.now();
      await call(places[first + (turn % TURNS)]!);
      if (turn >= TURNS) times[at]!.push(performance.now() - start);
    }
  }
  return times.map(median);
}

/** Opening, and how much of the files it looked at. */
async function checkOpening(folder: string, segmentBytesMax: number): Promise<Engine> {
  const { files, bytes } = counted(nodeFiles(folder));
  const start = process.cpuUsage();
  const engine = await openEngine(folder, files);
  await iterator(engine, { ShardIteratorType: 'TRIM_HORIZON' });
  tell('opening, CPU', cpuUs(start) / 1e6, 1, ' s');
  const read = (kind: string): number => (bytes.get(kind) ?? 0) / MIB;
  tell('opening, read of segments', read('log'), segmentBytesMax / MIB, ' MiB');
  tell('opening, read of indexes', read('idx'), 4, ' MiB');
  return engine;
}

/** Reads of 1,000 records and AT_TIMESTAMP, at the beginning, in the middle and at the end. */
async function checkDepth(engine: Engine, places: readonly Place[]): Promise<void> {
  const readThousand = async ({ SequenceNumber }: Place): Promise<void> => {
    const type = { ShardIteratorType: 'AT_SEQUENCE_NUMBER' } as const;
    const ShardIterator = await iterator(engine, {
      ...type,
      StartingSequenceNumber: SequenceNumber,
    });
    const { Records } = await engine.getRecords({ ShardIterator, Limit: 1000 });
    if (Records[0]?.SequenceNumber !== SequenceNumber) throw new Error('another record was read');
  };
  const find = async ({ timeMs }: Place): Promise<void> => {
    await iterator(engine, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(timeMs) });
  };
  const times = await timed(places, readThousand);
  console.log(
    `       1,000 records at 1, 50, 99 %: ${times.map((ms) => ms.toFixed(2)).join(', ')} ms`,
  );
  tell('1,000 records, slowest place to fastest', Math.max(...times) / Math.min(...times), 1.5);
  tell('AT_TIMESTAMP, slowest place', Math.max(...(await timed(places, find))), 5, ' ms');
}

/** Reads everything; each record once, in its shard's order. */
async function checkWhole(engine: Engine, count: number): Promise<void> {
  const seen = new Uint8Array(count);
  const start = process.cpuUsage();
  let total = 0;
  for (let shard = 0; shard < SHARDS; shard++) {
    let last = -1;
    let next: string | undefined = await iterator(
      engine,
      { ShardIteratorType: 'TRIM_HORIZON' },
      shard,
    );
    while (next !== undefined) {
      const page: Awaited<ReturnType<Engine['getRecords']>> = await engine.getRecords({
        ShardIterator: next,
      });
      for (const { Data, PartitionKey } of page.Records) {
        const number = new DataView(Data.buffer, Data.byteOffset).getFloat64(0);
        const isRight = number > last && seen[number] === 0 && PartitionKey === `key-${number}`;
        if (!isRight || Data.length !== RECORD_BYTES) throw new Error(`record ${number} is wrong`);
        last = number;
        seen[number] = 1;
        total += 1;
      }
      next = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
    }
  }
  console.log(`       ${total} read, ${(cpuUs(start) / total).toFixed(2)} us of CPU each`);
  tell('records missing', count - total, 0);
}

async function read(folder: string, count: number): Promise<void> {
  const { places } = JSON.parse(readFileSync(path.join(folder, 'written.json'), 'utf8')) as Written;
  const engine = await checkOpening(folder, 33 * MIB);
  await checkDepth(engine, places);
  await checkWhole(engine, count);
  console.log(`       heap + external: ${(memoryAfterCollection() / MIB).toFixed(1)} MiB`);
  await engine.close();
}

async function writeAll(folder: string, count: number): Promise<void> {
  const written = await write(folder, count);
  writeFileSync(path.join(folder, 'written.json'), JSON.stringify(written));
  const { cpuUsByTenth: tenths, memoryAtOneTenth, memoryAtEnd } = written;
  console.log(
    `       us of CPU a record, by tenths: ${tenths.map((us) => us.toFixed(2)).join(' ')}`,
  );
  tell('last tenth to first', tenths.at(-1)! / tenths[0]!, 1.15);
  tell('memory above that at a tenth', (memoryAtEnd - memoryAtOneTenth) / MIB, 48, ' MiB');
}

/** A process of its own; resolves to its exit code. */
function stage(name: string, args: readonly string[]): Promise<number> {
  const argv = ['--expose-gc', import.meta.filename, name, ...args];
  const child = spawn(process.execPath, argv, { stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

async function main([first, second, third]: string[]): Promise<void> {
  if (first === 'write') await writeAll(second!, Number(third));
  else if (first === 'read') await read(second!, Number(third));
  else {
    const folder = first ?? mkdtempSync(path.join(tmpdir(), 'shardscope-deep-'));
    const args = [folder, second ?? '10000000'];
    failures += await stage('write', args);
    failures += await stage('read', args);
    if (!first) rmSync(folder, { recursive: true, force: true });
  }
  process.exitCode = Math.min(failures, 100);
}

await main(process.argv.slice(2));
