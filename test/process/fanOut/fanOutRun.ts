/**
 * Consumers with a throughput of their own on every shard of a stream of a real engine, through renewals, takeovers
 * and cut connections: each must get every record once, in order, and leave nothing behind.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DescribeStreamConsumerCommand,
  ListShardsCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { type SeededRandom, seededRandom } from '../../support/seededRandom.ts';
import { call } from '../kills/call.ts';
import { type ConnectionKind, WatchedClient } from './connections.ts';
import { type CutCounts, Cutter } from './cutter.ts';
import { EngineUnderTest, type Held } from './engine.ts';
import { Putter } from './putter.ts';
import { type Received, ShardReader, type Tally } from './shardReader.ts';

const STREAM = 'fan';
const MIB = 1024 ** 2;
/** Longer than a subscription lives. */
const stepMs = 301_000;
/** Longer than a subscription is safe from being taken over, and than it stays silent. */
const takeoverMs = 6_000;
/** Deliveries that readers may be behind before more is put. */
const lagMax = 50_000;
/** Calls in a row, each answered, in which nothing comes of what is waited for. */
const idleCallsMax = 5000;
/** What the second lap may add to the memory in use, on the heap and outside it. */
const usedMarginBytes = 2 * MIB;
/** And for each of its records, of which the log keeps where they are. */
const bytesOfRecordMax = 64;
/** And to what is resident: the allocator keeps room that was needed once. */
const residentMarginBytes = 48 * MIB;
/** How often the engine is asked whether all have gone, each time after a collection. */
const looksMax = 200;
/** In each part of a lap as many records are put. */
const partsOfLap = 4;
/** Of each shard before it is read: more than the newest records of a stream that are kept in memory. */
const fillerBytesMin = 9 * MIB;

/** Of five consumers, how each connects. */
const kinds: readonly ConnectionKind[] = ['http2', 'shared', 'http1', 'http2', 'shared'];

export interface FanOutOptions {
  readonly consumers: number;
  readonly shards: number;
  /** Of each shard, that each subscription delivers in the lap that counts. */
  readonly records: number;
  readonly seed: number;
  /** The engine's program. */
  readonly entry: string;
  readonly onPart?: (what: string, report: FanOutReport) => void;
}

export interface FanOutReport extends Omit<Tally, 'moved'> {
  readonly cuts: CutCounts;
  readonly recordsPut: number;
  /** After each lap, when everybody has left. */
  readonly held: readonly Held[];
}

interface Part {
  /** Put to each shard. */
  readonly records: number;
  /** Begun with the first put. */
  during?(): Promise<void>;
  /** What is done after each of `turns` puts or more. */
  disturb?(turns: number): () => void;
}

/** Stops at the first part after which something is wrong. */
export async function runFanOut(options: FanOutOptions): Promise<FanOutReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'shardscope-fan-out-'));
  const { entry, shards } = options;
  const engine = await EngineUnderTest.start({ entry, folder, init: `${STREAM}:${shards}` });
  try {
    const run = await FanOutRun.begin(options, engine);
    try {
      return await run.run();
    } catch (cause) {
      const end = await engine.end();
      throw end === undefined ? cause : new Error(end, { cause });
    } finally {
      await run.abandon();
    }
  } finally {
    engine.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

class FanOutRun {
  private readonly options: FanOutOptions;
  private readonly engine: EngineUnderTest;
  private readonly random: SeededRandom;
  private readonly tally: Tally = {
    moved: { begunMs: 0, doneMs: 0 },
    ...{ deliveries: 0, events: 0, subscribed: 0, refusedInUse: 0, lostCalls: 0 },
    ...{ renewals: 0, cutEnds: 0, takenOver: 0, complaints: [] },
  };
  /** Puts, and asks what is to be asked; nobody cuts it. */
  private readonly caller: WatchedClient;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly clients: WatchedClient[] = [];
  private readonly readers: ShardReader[] = [];
  private readonly held: Held[] = [];
  private putter!: Putter;
  private cutter!: Cutter;

  private constructor(options: FanOutOptions, engine: EngineUnderTest) {
    this.options = options;
    this.engine = engine;
    this.random = seededRandom(options.seed);
    this.caller = new WatchedClient(engine.endpoint, 'shared');
  }

  static async begin(options: FanOutOptions, engine: EngineUnderTest): Promise<FanOutRun> {
    const run = new FanOutRun(options, engine);
    await run.prepare();
    return run;
  }

  async run(): Promise<FanOutReport> {
    const { records } = this.options;
    await this.call();
    const base = await this.engine.held();
    // The first lap fills what the engine keeps anyway: its journal, its counters, its buffers.
    for (const ofLap of [Math.ceil(records / 4), records]) {
      await this.lap(Math.ceil(ofLap / partsOfLap), base);
    }
    this.weigh(this.held[0]!, this.held[1]!);
    await this.end();
    return this.report();
  }

  /** Nobody uses the engine any more, however far it went. */
  async abandon(): Promise<void> {
    for (const { sdk } of [this.caller, ...this.clients]) sdk.destroy();
    this.agent.destroy();
    await Promise.all(this.readers.map((reader) => reader.leave()));
  }

  private report(): FanOutReport {
    const { moved: _, ...told } = this.tally;
    return { ...told, cuts: this.cutter.counts, recordsPut: this.putter.count, held: this.held };
  }

  private async prepare(): Promise<void> {
    const { sdk } = this.caller;
    const { Shards: shards } = await this.active(() =>
      sdk.send(new ListShardsCommand({ StreamName: STREAM })),
    );
    const { consumers, shards: count } = this.options;
    if (shards?.length !== count) throw new Error(`there are ${shards?.length} shards`);
    const arns: string[] = [];
    for (let i = 0; i < consumers; i++) arns.push(await this.register(`consumer-${i}`));
    const of = { client: this.caller, stream: STREAM, random: this.random };
    this.putter = new Putter({ ...of, shards });
    const starts = await this.fill(shards);
    for (const [index, consumerArn] of arns.entries()) {
      const client = new WatchedClient(this.engine.endpoint, kinds[index % kinds.length]!);
      this.clients.push(client);
      for (const { ShardId } of shards) {
        const shardId = ShardId!;
        const after = starts.get(shardId)!;
        const { tally } = this;
        this.readers.push(new ShardReader({ client, consumerArn, shardId, after, tally }));
      }
    }
    this.cutter = new Cutter(this.readers, this.random);
  }

  /** Calls until the stream is no longer being made. */
  private async active<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        const { name } = error as Error;
        if (name !== 'ResourceInUseException' && name !== 'ResourceNotFoundException') throw error;
      }
    }
  }

  /** Resolves to its ARN. */
  private async register(ConsumerName: string): Promise<string> {
    const { sdk } = this.caller;
    const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${STREAM}`;
    const named = { StreamARN, ConsumerName };
    const { Consumer } = await this.active(() =>
      sdk.send(new RegisterStreamConsumerCommand(named)),
    );
    for (;;) {
      const told = await sdk.send(new DescribeStreamConsumerCommand(named));
      if (told.ConsumerDescription!.ConsumerStatus === 'ACTIVE') return Consumer!.ConsumerARN!;
    }
  }

  /** Large records in each shard, so that what comes later finds memory as full as it gets. */
  private async fill(shards: readonly Shard[]): Promise<Map<string, string>> {
    const Data = new Uint8Array(MIB / 2);
    const starts = new Map<string, string>();
    for (let bytes = 0; bytes < fillerBytesMin; bytes += shards.length * Data.length) {
      for (const { HashKeyRange } of shards) {
        const ExplicitHashKey = HashKeyRange!.StartingHashKey!;
        const record = { StreamName: STREAM, PartitionKey: 'filler', ExplicitHashKey, Data };
        const put = await this.caller.sdk.send(new PutRecordCommand(record));
        starts.set(put.ShardId!, put.SequenceNumber!);
      }
    }
    return starts;
  }

  /** Everybody subscribes, gets `records` of each shard in each part, and leaves. */
  private async lap(records: number, base: Held): Promise<void> {
    for (const reader of this.readers) reader.start();
    await this.until('all have subscribed', () => this.isComplete());
    await this.part('cut', { records });
    await this.part('renewed and cut at once', { records, during: () => this.step(stepMs) });
    // Nobody is five seconds old: who is cut can come back only when the engine has let go.
    await this.engine.clock('stop');
    await this.renewed();
    await this.part('cut while the clock stands still', { records });
    await this.engine.clock('start');
    await this.step(takeoverMs);
    await this.part('taken over', { records, disturb: (turns) => this.cutter.takeovers(turns) });
    const { takeover } = this.cutter.counts;
    await this.until('the last is taken over', () => this.tally.takenOver >= takeover);
    await this.engine.clock('stop');
    await this.renewed();
    await this.nothingMore();
    await this.renewed();
    await this.leave(base);
    await this.opensAgain(base);
    await this.engine.clock('start');
    this.held.push(await this.engine.held());
    this.told('left');
  }

  /** Puts records while connections are cut, or otherwise disturbed, and compares what everybody has. */
  private async part(what: string, of: Part): Promise<void> {
    const { records, during, disturb: disturbance = (turns) => this.cutter.tenth(turns) } = of;
    const disturb = disturbance(this.putter.callsFor(records));
    const begun = once(() => during?.());
    const doing: (Promise<void> | undefined)[] = [];
    await this.putter.put(records, async () => {
      doing.push(begun());
      disturb();
      await this.until('readers keep up', () => this.lag() <= lagMax);
    });
    await Promise.all(doing);
    await this.until('all is received', () => this.lag() <= 0);
    await this.until('all have subscribed', () => this.isComplete());
    this.compare();
    this.told(what);
  }

  private lag(): number {
    return this.putter.count * this.options.consumers - this.tally.deliveries;
  }

  private isComplete(): boolean {
    return this.readers.every(({ current }) => current && !current.isCut);
  }

  private compare(): void {
    const put = new Map<string, readonly Received[]>();
    for (const { shardId } of this.readers) {
      if (!put.has(shardId)) put.set(shardId, this.putter.take(shardId));
    }
    for (const reader of this.readers) {
      const complaint = difference(put.get(reader.shardId)!, reader.received.splice(0));
      if (complaint) reader.complain(complaint);
    }
  }

  /** The engine's clock goes forward. */
  private async step(ms: number): Promise<void> {
    const { moved } = this.tally;
    moved.begunMs += ms;
    await this.engine.clock('step', `${ms / 1000}s`);
    moved.doneMs += ms;
  }

  /** The clock goes on by more than five minutes: no subscription outlives that. */
  private async renewed(): Promise<void> {
    const old = new Set(this.readers.map(({ current }) => current));
    await this.step(stepMs);
    await this.until('all are renewed', () =>
      this.readers.every(({ current }) => current !== undefined && !old.has(current)),
    );
  }

  /** What was renewed tells that there is nothing, and tells nothing twice. */
  private async nothingMore(): Promise<void> {
    const beats = new Map(this.readers.map((reader) => [reader, reader.beats]));
    await this.step(takeoverMs);
    await this.until('all are told that there is nothing', () =>
      this.readers.every((reader) => reader.beats > beats.get(reader)!),
    );
    this.compare();
  }

  private async leave(base: Held): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.leave()));
    for (const { sdk } of this.clients) sdk.destroy();
    for (let look = 0; look < looksMax; look++) {
      const { sockets, timers } = await this.engine.held();
      if (sockets <= base.sockets && timers <= base.timers) return;
    }
    const { sockets, timers } = await this.engine.held();
    const more = `${sockets - base.sockets} sockets and ${timers - base.timers} timers`;
    throw new Error(`everybody has left, and the engine has ${more} more than before`);
  }

  /** None is open: while the clock stands still, an open one keeps its pair from being subscribed again. */
  private async opensAgain(base: Held): Promise<void> {
    const { refusedInUse } = this.tally;
    for (const reader of this.readers) reader.start();
    await this.until('all have subscribed again', () => this.isComplete());
    const refused = this.tally.refusedInUse - refusedInUse;
    if (refused > 0) this.tally.complaints.push(`${refused} subscriptions were still open`);
    await this.leave(base);
  }

  /** What the engine holds after a lap and after one with four times as many records. */
  private weigh(before: Held, after: Held): void {
    const usedMore = after.heapUsed + after.external - before.heapUsed - before.external;
    const residentMore = after.rss - before.rss;
    const complain = (what: string, bytes: number): void => {
      this.tally.complaints.push(`${(bytes / MIB).toFixed(1)} MiB more ${what} than a lap ago`);
    };
    const { records, shards } = this.options;
    const margin = usedMarginBytes + records * shards * bytesOfRecordMax;
    if (usedMore > margin) complain('are in use', usedMore);
    if (residentMore > residentMarginBytes) complain('are resident', residentMore);
  }

  private async end(): Promise<void> {
    await this.abandon();
    const { complaints } = this.tally;
    complaints.push(...this.engine.warnings);
    const code = await this.engine.stop();
    if (code !== 0) complaints.push(`the engine ended with ${code}`);
  }

  /** Calls the engine until it is so; throws when nothing goes on any more. */
  private async until(what: string, isSo: () => boolean): Promise<void> {
    let progress = -1;
    for (let idle = 0; !isSo(); idle++) {
      this.throwComplaints();
      const { deliveries, subscribed, cutEnds, renewals, takenOver } = this.tally;
      const now = deliveries + subscribed + cutEnds + renewals + takenOver;
      if (now !== progress) idle = 0;
      progress = now;
      if (idle > idleCallsMax) throw new Error(`nothing goes on before ${what}: ${this.stuck()}`);
      await this.call();
    }
  }

  /** As light as a call can be. */
  private async call(): Promise<void> {
    const { engine, agent } = this;
    await call('DescribeLimits', {}, { endpoint: engine.endpoint, agent });
  }

  private stuck(): string {
    const outside = this.readers.filter(({ current }) => !current || current.isCut);
    const who = outside.map((reader) => reader.state).slice(0, 5);
    const lag = this.lag();
    this.compare();
    const first = this.tally.complaints.slice(0, 5).join('\n');
    return `${outside.length} are not subscribed (${who}), ${lag} records are missing\n${first}`;
  }

  private told(what: string): void {
    this.throwComplaints();
    this.options.onPart?.(what, this.report());
  }

  private throwComplaints(): void {
    const complaints = [...this.tally.complaints, ...this.clients.flatMap((c) => c.complaints)];
    if (complaints.length === 0) return;
    const first = complaints.slice(0, 20).join('\n');
    throw new Error(`${complaints.length} complaints, seed ${this.options.seed}:\n${first}`);
  }
}

/** Where two lists part; undefined: nowhere. */
function difference(put: readonly Received[], got: readonly Received[]): string | undefined {
  const at = put.findIndex(({ number, id }, i) => got[i]?.number !== number || got[i]?.id !== id);
  if (at < 0 && got.length === put.length) return undefined;
  const [wanted, found] = [
    put[at]?.id ?? 'nothing',
    got[at < 0 ? put.length : at]?.id ?? 'nothing',
  ];
  return `of ${put.length} it got ${got.length}; where ${wanted} was put it got ${found}`;
}

function once<T>(task: () => T): () => T | undefined {
  let isDone = false;
  return () => {
    if (isDone) return undefined;
    isDone = true;
    return task();
  };
}
