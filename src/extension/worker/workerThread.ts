/**
 * The window's worker thread, which does all I/O of records: started when first asked, started again
 * after a death. No record is decoded or kept on this side.
 */
import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Logger } from '../../base/logger.ts';
import { apiFrom, type KinesisApi } from '../../kinesis/kinesisApi.ts';
import type { OutputOf } from '../../kinesis/operations.ts';
import { Channel, type Events } from '../../protocol/channel.ts';
import type { ExportProgress } from '../../protocol/export.ts';
import type { PackedTick } from '../../protocol/packedTick.ts';
import type {
  PublishProgress,
  WorkerEvents,
  WorkerMethods,
  WorkerStart,
} from '../../protocol/worker.ts';

type NoEvents = Record<never, never> & Events;
export type WorkerChannel = Channel<WorkerMethods, WorkerEvents, NoEvents>;

/** Tails are bounded by their settings; this bounds a mistake. */
const heapMiBMax = 1024;
/** More tails than a thread opens in its life. */
const tailsOfThreadMax = 1_000_000;

interface Running {
  readonly worker: Worker;
  readonly channel: WorkerChannel;
}

export class WorkerThread implements Disposable {
  private readonly script: string;
  private readonly logger: Logger;
  private readonly started = new Emitter<WorkerChannel>();
  private readonly died = new Emitter<string>();
  private readonly ticks = new Emitter<PackedTick>();
  private readonly progress = new Emitter<PublishProgress>();
  private readonly exportProgress = new Emitter<ExportProgress>();
  private running: Running | undefined;
  private starts = 0;

  /** A thread was started: declare what it must know before anything else is asked of it. */
  readonly onStarted = this.started.event;
  /** The thread died, with the reason; the next call starts another. */
  readonly onDied = this.died.event;
  readonly onTick = this.ticks.event;
  readonly onProgress = this.progress.event;
  readonly onExportProgress = this.exportProgress.event;

  constructor(script: string, logger: Logger) {
    this.script = script;
    this.logger = logger;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Asks the thread; rejects with its failure, or when it dies meanwhile. */
  call<N extends keyof WorkerMethods & string>(
    method: N,
    params: Parameters<WorkerMethods[N]>[0],
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<WorkerMethods[N]>>> {
    return this.channel().call(method, params, signal);
  }

  /** Kinesis through one connection, by the thread. */
  kinesis(connection: string): KinesisApi {
    return apiFrom(async (operation, input, context) => {
      const output = await this.call('call', { connection, operation, input }, context?.signal);
      return output as OutputOf<typeof operation>;
    });
  }

  /** Ends the thread as a death would: what uses it sees that and goes on with another. */
  terminate(): void {
    void this.running?.worker.terminate();
  }

  dispose(): void {
    const { running } = this;
    this.running = undefined;
    running?.channel.dispose();
    void running?.worker.terminate();
  }

  private channel(): WorkerChannel {
    this.running ??= this.startWorker();
    return this.running.channel;
  }

  private startWorker(): Running {
    const workerData: WorkerStart = { tailsAbove: this.starts++ * tailsOfThreadMax };
    const worker = new Worker(this.script, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: heapMiBMax },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    const messages = new Emitter<unknown>();
    worker.on('message', (message) => messages.fire(message));
    const channel: WorkerChannel = new Channel({
      post: (message) => worker.postMessage(message),
      onMessage: messages.event,
    });
    this.listen(worker, channel);
    this.running = { worker, channel };
    this.started.fire(channel);
    return this.running;
  }

  private listen(worker: Worker, channel: WorkerChannel): void {
    let reason = '';
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', (code) => this.ended(channel, reason || `exit code ${code}`));
    for (const stream of [worker.stdout, worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.logger.warn(text.trimEnd()));
    }
    channel.on('tick', (tick) => this.ticks.fire(tick));
    channel.on('progress', (progress) => this.progress.fire(progress));
    channel.on('exportProgress', (said) => this.exportProgress.fire(said));
    channel.on('log', ({ level, message }) => this.logger[level](message));
  }

  private ended(channel: WorkerChannel, reason: string): void {
    if (this.running?.channel !== channel) return;
    this.running = undefined;
    this.logger.error(`worker thread ended: ${reason}`);
    channel.close(new Error(`The worker thread ended: ${reason}.`));
    this.died.fire(reason);
  }
}
