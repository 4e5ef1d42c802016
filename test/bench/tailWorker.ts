// The window's worker thread as the extension starts it, its CPU and its memory.
import path from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { Emitter } from '../../src/base/emitter.ts';
import { Channel } from '../../src/protocol/channel.ts';
import { unpackTick } from '../../src/protocol/packedTick.ts';
import type { RecordRow, TailTick } from '../../src/protocol/tail.ts';
import type { OpenTail, WorkerEvents, WorkerMethods } from '../../src/protocol/worker.ts';

const bundle = path.resolve(import.meta.dirname, '../../dist/worker.cjs');

interface Probed {
  readonly heapUsed: number;
  readonly external: number;
}

export class TailWorker {
  private readonly worker: Worker;
  private readonly probe: MessagePort;
  private readonly channel: Channel<WorkerMethods, WorkerEvents, Record<string, never>>;
  private lastTick: TailTick | undefined;
  /** Ticks that came. */
  tickCount = 0;

  private constructor() {
    const { port1, port2 } = new MessageChannel();
    const file = path.join(import.meta.dirname, 'tailThread.cjs');
    const workerData = { probe: port2, bundle };
    this.worker = new Worker(file, { workerData, transferList: [port2] });
    this.probe = port1;
    const messages = new Emitter<unknown>();
    this.worker.on('message', (message) => messages.fire(message));
    this.channel = new Channel({
      post: (message) => this.worker.postMessage(message),
      onMessage: messages.event,
    });
    this.channel.on('tick', (packed) => {
      this.lastTick = unpackTick(packed);
      this.tickCount++;
    });
  }

  /** A thread that knows the engine on `port` as the local one. */
  static async start({ port, nonce }: { port: number; nonce: string }): Promise<TailWorker> {
    const worker = new TailWorker();
    const endpoint = `http://127.0.0.1:${port}`;
    const spec = { kind: 'local', id: 'local', endpoint, nonce, region: 'us-east-1' } as const;
    await worker.channel.call('connect', spec);
    return worker;
  }

  /** Opens a tail; resolves when it is live. */
  async open(asked: Omit<OpenTail, 'connection'>): Promise<number> {
    const { tail } = await this.channel.call('openTail', { connection: 'local', ...asked });
    while (this.lastTick?.state !== 'live') await new Promise((resolve) => setTimeout(resolve, 20));
    return tail;
  }

  get tick(): TailTick {
    if (!this.lastTick) throw new Error('no tick has come yet');
    return this.lastTick;
  }

  /** Every record that is held, the oldest first. */
  async held(tail: number): Promise<RecordRow[]> {
    const { first, end } = this.tick.view;
    const rows: RecordRow[] = [];
    for (let from = first; from < end; from += 200) {
      const page = await this.channel.call('tailPage', { tail, from, count: 200 });
      rows.push(...page.rows.filter((row) => row.kind === 'record'));
    }
    return rows;
  }

  /** Of the thread since it began, in microseconds, and what it holds after a collection, in bytes. */
  async usage(): Promise<{ cpuMicros: number; heldBytes: number }> {
    const answer = new Promise<Probed>((resolve) => this.probe.once('message', resolve));
    // Collecting is not the tail's work.
    const { user, system } = await this.worker.cpuUsage();
    this.probe.postMessage('collect');
    const { heapUsed, external } = await answer;
    return { cpuMicros: user + system, heldBytes: heapUsed + external };
  }

  async stop(): Promise<void> {
    this.probe.close();
    await this.worker.terminate();
  }
}
