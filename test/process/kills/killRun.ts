/** Kills a real engine again and again under sixteen clients, and reads everything back after each start. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Durability } from '../../../src/admin/adminApi.ts';
import { type SeededRandom, seededRandom } from '../../support/seededRandom.ts';
import { call, Refused } from './call.ts';
import {
  type Acknowledged,
  type Order,
  type Progress,
  type Report,
  type Work,
  works,
} from './messages.ts';
import { complaintsAbout, isExpired, openShardsOf, STREAM, statusOf } from './streamCheck.ts';

const HOUR_MS = 3_600_000;
/** Calls of the system that each work makes at least. */
const callsMin: Readonly<Record<Work, number>> = { split: 4, merge: 4, roll: 5, drop: 3 };
/** Of ten kills so many are aimed into a work; the others come at any moment. */
const aimedOfTen = 7;
/** An aimed kill that has not happened by then is a kill at any moment. */
const patienceRecords = 4000;

export interface KillOptions {
  readonly durability: Durability;
  readonly kills: number;
  readonly seed: number;
  readonly onKill?: (report: KillReport) => void;
}

export interface KillReport {
  readonly kills: number;
  /** Kills that happened inside a work, as the engine noted just before. */
  readonly inside: Readonly<Record<Work, number>>;
  readonly acknowledged: number;
  /** Records read back and compared, over all starts. */
  readonly compared: number;
  readonly complaints: readonly string[];
}

/** Stops at the first start after which something is wrong. */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'shardscope-kills-'));
  const run = new KillRun(options, folder);
  try {
    await run.run();
    return run.report();
  } finally {
    await run.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Engine {
  readonly child: ChildProcess;
  readonly endpoint: string;
  /** The signal that ended it, or its exit code. */
  readonly exit: Promise<string>;
}

class KillRun {
  private readonly options: KillOptions;
  private readonly folder: string;
  private readonly random: SeededRandom;
  private readonly acknowledged = new Map<string, Acknowledged>();
  private readonly complaints: string[] = [];
  private clients: ChildProcess | undefined;
  private engine: Engine | undefined;
  private readBytes = 0;
  private acknowledgedCount = 0;
  private offsetMs = 0;
  private lives = 0;
  private kills = 0;
  private compared = 0;

  constructor(options: KillOptions, folder: string) {
    this.options = options;
    this.folder = folder;
    this.random = seededRandom(options.seed);
  }

  async run(): Promise<void> {
    await this.bundle();
    await this.start();
    await this.create();
    this.clients = fork(this.at('clients.mjs'), [STREAM, this.at('acknowledged')]);
    this.clients.on('message', ({ acknowledged }: Progress) => {
      this.acknowledgedCount = acknowledged;
    });
    while (this.kills < this.options.kills && this.complaints.length === 0) {
      this.clients.send({ endpoint: this.engine!.endpoint, life: this.lives });
      await this.records(this.random.integer(20, 150));
      await this.kill();
      await this.start();
      await this.compare();
      this.options.onKill?.(this.report());
    }
  }

  async end(): Promise<void> {
    this.clients?.kill('SIGKILL');
    this.engine?.child.kill('SIGKILL');
    await this.engine?.exit;
  }

  report(): KillReport {
    const lines = this.linesOf('aimed').map((line) => line.split(' ')[0]);
    const counts = works.map((work) => [work, lines.filter((line) => line === work).length]);
    return {
      kills: this.kills,
      inside: Object.fromEntries(counts) as Record<Work, number>,
      acknowledged: this.acknowledgedCount,
      compared: this.compared,
      complaints: this.complaints,
    };
  }

  private at(name: string): string {
    return path.join(this.folder, name);
  }

  private linesOf(name: string): string[] {
    try {
      return readFileSync(this.at(name), 'utf8').split('\n').slice(0, -1);
    } catch {
      return [];
    }
  }

  /** Bundles start in a fifth of the time. */
  private async bundle(): Promise<void> {
    await build({
      entryPoints: ['target.ts', 'clients.ts'].map((name) => path.join(import.meta.dirname, name)),
      outdir: this.folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
  }

  private async start(): Promise<void> {
    const { durability } = this.options;
    const options = {
      folder: this.at('data'),
      durability,
      offsetMs: this.offsetMs,
      aimFile: this.at('aimed'),
    };
    const child = fork(this.at('target.mjs'), [JSON.stringify(options)], { execArgv: [] });
    const exit = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    });
    const report = new Promise<Report>((resolve) => child.once('message', resolve));
    const first = await Promise.race([report, exit]);
    if (typeof first === 'string' || !('endpoint' in first)) throw new Error(`no start: ${first}`);
    this.lives += 1;
    this.engine = { child, endpoint: first.endpoint, exit };
  }

  private async create(): Promise<void> {
    const { endpoint } = this.engine!;
    await call('CreateStream', { StreamName: STREAM, ShardCount: 2 }, { endpoint });
    await this.active();
  }

  private async active(): Promise<void> {
    while ((await statusOf(this.engine!.endpoint)) !== 'ACTIVE');
  }

  /** Resolves when the clients have so many more acknowledgements, or the engine has ended. */
  private async records(count: number): Promise<void> {
    const { clients, engine } = this;
    const wanted = this.acknowledgedCount + count;
    let look = (_: Progress): void => undefined;
    const reached = new Promise<void>((resolve) => {
      look = ({ acknowledged }) => {
        if (acknowledged >= wanted) resolve();
      };
      clients!.on('message', look);
    });
    await Promise.race([reached, engine!.exit]);
    clients!.off('message', look);
  }

  private async kill(): Promise<void> {
    const engine = this.engine!;
    const work = this.random.integer(1, 10) <= aimedOfTen ? this.random.pick(works) : undefined;
    if (work) {
      await this.order({ aim: work, call: this.random.integer(0, callsMin[work] - 1) });
      await this.begin(work);
      await this.records(patienceRecords);
    }
    engine.child.kill('SIGKILL');
    const exit = await engine.exit;
    if (exit !== 'SIGKILL') this.complaints.push(`the engine ended by itself: ${exit}`);
    this.kills += 1;
  }

  /** Resolves once the order is taken, or the engine has ended. */
  private async order(order: Order): Promise<void> {
    const { child, exit } = this.engine!;
    const taken = new Promise((resolve) => child.once('message', resolve));
    child.send(order);
    await Promise.race([taken, exit]);
  }

  private async begin(work: Work): Promise<void> {
    if (work === 'split' || work === 'merge') await this.reshard(work);
    if (work !== 'drop') return;
    this.offsetMs += 25 * HOUR_MS;
    await this.order({ offsetMs: this.offsetMs });
  }

  /** Keeps two to six open shards, whatever was asked for. */
  private async reshard(work: 'split' | 'merge'): Promise<void> {
    const { endpoint } = this.engine!;
    await this.active();
    const shards = await openShardsOf(endpoint);
    const isSplit = shards.length <= 2 || (work === 'split' && shards.length < 6);
    const at = this.random.integer(0, shards.length - 2);
    const [low, high] = [shards[at]!, shards[at + 1]!];
    const NewStartingHashKey = ((low.start + low.end) / 2n).toString();
    const asked = isSplit
      ? call(
          'SplitShard',
          { StreamName: STREAM, ShardToSplit: low.id, NewStartingHashKey },
          { endpoint },
        )
      : call(
          'MergeShards',
          { StreamName: STREAM, ShardToMerge: low.id, AdjacentShardToMerge: high.id },
          { endpoint },
        );
    // The engine is killed while it answers, most of the time.
    await asked.catch((error: unknown) => {
      if (error instanceof Refused) this.complaints.push(`${work}: ${error.message}`);
    });
  }

  private async compare(): Promise<void> {
    await this.active();
    this.takeAcknowledgements();
    const told = { acknowledged: this.acknowledged, nowMs: Date.now() + this.offsetMs };
    const { complaints, recordCount } = await complaintsAbout(this.engine!.endpoint, told);
    this.complaints.push(...complaints);
    this.compared += recordCount;
  }

  /** What has expired is not expected any more. */
  private takeAcknowledgements(): void {
    const text = readFileSync(this.at('acknowledged'));
    const end = text.lastIndexOf('\n') + 1;
    const lines = text.subarray(this.readBytes, end).toString().split('\n').slice(0, -1);
    this.readBytes = end;
    for (const line of lines) {
      const told = JSON.parse(line) as Acknowledged;
      this.acknowledged.set(told.id, told);
    }
    const nowMs = Date.now() + this.offsetMs;
    for (const [id, { number }] of this.acknowledged) {
      if (isExpired(number, nowMs)) this.acknowledged.delete(id);
    }
  }
}
