// The real worker thread, from source, as the extension host sees it: a channel and what it announced.
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import { Emitter } from '../../../src/base/emitter.ts';
import { Channel } from '../../../src/protocol/channel.ts';
import { unpackTick } from '../../../src/protocol/packedTick.ts';
import type { RecordRow, TailRow, TailTick } from '../../../src/protocol/tail.ts';
import type { PublishProgress, WorkerEvents, WorkerMethods } from '../../../src/protocol/worker.ts';

export class TestWorker {
  readonly channel: Channel<WorkerMethods, WorkerEvents, Record<string, never>>;
  readonly progress: PublishProgress[] = [];
  readonly log: string[] = [];
  private readonly ticks = new Map<number, TailTick>();
  private readonly ticked = new Emitter<TailTick>();

  constructor() {
    const worker = new Worker(new URL('../../../src/worker/main.ts', import.meta.url));
    const messages = new Emitter<unknown>();
    worker.on('message', (message) => messages.fire(message));
    this.channel = new Channel({
      post: (message) => worker.postMessage(message),
      onMessage: messages.event,
    });
    worker.on('error', (error) => this.channel.close(error));
    this.channel.on('tick', (packed) => {
      const tick = unpackTick(packed);
      this.ticks.set(tick.tail, tick);
      this.ticked.fire(tick);
    });
    this.channel.on('progress', (progress) => this.progress.push(progress));
    this.channel.on('log', ({ level, message }) => this.log.push(`${level} ${message}`));
    onTestFinished(async () => {
      await worker.terminate();
    });
  }

  /** The first tick, now or later, for which `holds` is true. */
  tick(tail: number, holds: (tick: TailTick) => boolean): Promise<TailTick> {
    const last = this.ticks.get(tail);
    if (last && holds(last)) return Promise.resolve(last);
    return new Promise((resolve) => {
      const listening = this.ticked.event((tick) => {
        if (tick.tail !== tail || !holds(tick)) return;
        listening.dispose();
        resolve(tick);
      });
    });
  }

  /** Every row of a tail, page by page as the panel asks for them. */
  async rows(tail: number): Promise<TailRow[]> {
    const { view } = await this.tick(tail, () => true);
    const rows: TailRow[] = [];
    for (let from = view.first; from < view.end; ) {
      const count = Math.min(200, view.end - from);
      const page = await this.channel.call('tailPage', { tail, from, count });
      if (page.rows.length === 0) break;
      rows.push(...page.rows);
      from += page.rows.length;
    }
    return rows;
  }

  async records(tail: number): Promise<RecordRow[]> {
    return (await this.rows(tail)).filter((row) => row.kind === 'record');
  }

  async events(tail: number): Promise<string[]> {
    return (await this.rows(tail)).flatMap((row) => (row.kind === 'event' ? [row.text] : []));
  }
}
