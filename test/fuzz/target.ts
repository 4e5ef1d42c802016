// The engine and server that are fuzzed, in a thread of their own, from any copy of the sources.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { testIdentity } from '../server/support/testCertificate.ts';

export type ToTarget =
  | { readonly type: 'seed' | 'close' }
  | { readonly type: 'story'; readonly clientPort: number };

export type FromTarget =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'reached'; readonly mark: string }
  | { readonly type: 'seeded'; readonly known: ReadonlyMap<string, readonly string[]> }
  | { readonly type: 'story'; readonly story: string }
  | { readonly type: 'closed' };

export interface TargetEvents {
  /** A request with that mark (its `User-Agent`) reached an operation. */
  onReached(mark: string): void;
  /** The thread ended by itself. */
  onFailed(reason: string): void;
}

export class Target {
  readonly port: number;
  /** What the engine gave out, by the member that takes it. */
  known: ReadonlyMap<string, readonly string[]> = new Map();
  private readonly worker: Worker;
  private readonly folder: string;
  /** Requests are sent by several at a time, and each may ask. */
  private readonly waiting: ((message?: FromTarget) => void)[] = [];

  private constructor(
    worker: Worker,
    { port, folder, events }: { port: number; folder: string; events: TargetEvents },
  ) {
    this.worker = worker;
    this.folder = folder;
    this.port = port;
    worker.on('message', (message: FromTarget) => {
      if (message.type === 'reached') return events.onReached(message.mark);
      if (message.type === 'seeded') {
        // What could not be had this time is as good from before.
        const found = [...message.known].filter(([, values]) => values.length > 0);
        this.known = new Map([...this.known, ...found]);
      }
      this.waiting.shift()?.(message);
    });
    const failed = (reason: unknown): void => {
      events.onFailed(reason instanceof Error ? String(reason.stack) : String(reason));
      for (const go of this.waiting.splice(0)) go();
    };
    worker.on('error', failed);
    worker.on('exit', (code) => code !== 0 && failed(`the thread ended with ${code}`));
  }

  /** `sources`: a folder's URL. */
  static async open(sources: URL, events: TargetEvents): Promise<Target> {
    const tls = await testIdentity();
    const thread = new URL('./targetThread.ts', import.meta.url);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'shardscope-fuzz-'));
    const worker = new Worker(thread, { workerData: { sources: sources.href, folder, tls } });
    return new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (message: FromTarget) => {
        worker.off('error', reject);
        if (message.type === 'listening') {
          resolve(new Target(worker, { port: message.port, folder, events }));
        }
      });
    });
  }

  /** Makes what is missing, and takes fresh names, iterators and numbers. */
  seed(): Promise<void> {
    return this.ask({ type: 'seed' }).then(nothing);
  }

  /** Heap and external memory of the thread; one that has ended, which is told elsewhere, holds nothing. */
  async heldBytes(): Promise<number> {
    const statistics = await this.worker.getHeapStatistics().catch(() => undefined);
    return statistics ? statistics.used_heap_size + statistics.external_memory : 0;
  }

  close(): Promise<void> {
    return this.ask({ type: 'close' }).then(nothing);
  }

  /** Whatever it is doing. */
  async end(): Promise<void> {
    this.worker.removeAllListeners('exit');
    await this.worker.terminate();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the server did with the connection from that port of this process. */
  async storyOf(clientPort: number): Promise<string> {
    const answer = await this.ask({ type: 'story', clientPort });
    return answer?.type === 'story' ? answer.story : 'the thread has ended';
  }

  private ask(message: ToTarget): Promise<FromTarget | undefined> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.worker.postMessage(message);
    });
  }
}

const nothing = (): void => undefined;
