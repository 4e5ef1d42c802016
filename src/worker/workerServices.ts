/** Answers the extension host's requests: the methods of protocol/worker over connections, tails and jobs. */
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { listProfiles } from '../client/profiles.ts';
import { callOperation } from '../kinesis/kinesisApi.ts';
import type { OperationName, OutputOf } from '../kinesis/operations.ts';
import type { Channel, Handlers } from '../protocol/channel.ts';
import type { WorkerEvents, WorkerMethods, WorkerStart } from '../protocol/worker.ts';
import { Connections } from './connections.ts';
import { nodeClock } from './nodeClock.ts';
import { recordHandlers } from './recordServices.ts';
import { runExport } from './runExport.ts';
import { runPublish } from './runPublish.ts';
import { StreamReads } from './streamReads.ts';
import { Tails } from './tails.ts';

export type WorkerChannel = Channel<Record<string, never>, Record<string, never>, WorkerEvents>;

/** Serves the channel until disposed. An error of one request is that request's failure, nothing more. */
export class WorkerServices implements Disposable {
  private readonly channel: WorkerChannel;
  private readonly connections = new Connections();
  private readonly reads = new StreamReads(this.connections, nodeClock);
  private readonly tails: Tails;
  private readonly logger: Logger;

  constructor(channel: WorkerChannel, { logger, tailsAbove }: WorkerStart & { logger: Logger }) {
    this.channel = channel;
    this.logger = logger;
    this.tails = new Tails({
      reads: this.reads,
      logger,
      tailsAbove,
      tick: (tick) => channel.emit('tick', tick),
    });
    channel.serve<WorkerMethods>(this.handlers());
  }

  dispose(): void {
    this.tails.dispose();
    this.connections.dispose();
  }

  private handlers(): Handlers<WorkerMethods> {
    const { connections, reads, tails } = this;
    return {
      connect: (spec) => connections.set(spec),
      disconnect: ({ connection }) => connections.delete(connection),
      setWritable: ({ connection, writable }) => connections.setWritable(connection, writable),
      setClock: ({ connection, clock }) => connections.clocks.tell(connection, clock),
      call: async ({ connection, operation, input }, signal) => {
        const api = connections.calls(connection);
        const call = { operation, input, context: { signal } };
        return (await callOperation(api, call)) as OutputOf<OperationName>;
      },
      ...recordHandlers(tails),
      listProfiles: () => listProfiles(),
      openTail: (params) => tails.open(params),
      closeTail: ({ tail }) => tails.close(tail),
      pauseTail: ({ tail }) => tails.get(tail).session.pause(),
      resumeTail: ({ tail }) => tails.get(tail).session.resume(),
      restartTail: ({ tail, start }) => tails.get(tail).session.restart(start),
      stopTail: ({ tail, stop }) => tails.get(tail).session.stopAt(stop),
      filterTail: ({ tail, ...asked }) => tails.get(tail).tab.filter(asked),
      showTail: ({ tail, visible }) => tails.get(tail).tab.show(visible),
      showTailHistogram: ({ tail, shown }) => tails.get(tail).tab.showHistogram(shown),
      tailPositionAt: ({ tail, ...asked }) => tails.get(tail).tab.positionAt(asked),
      tailPage: ({ tail, ...asked }) => tails.get(tail).tab.page(asked),
      followTail: ({ tail, ...asked }) => tails.get(tail).tab.followNewest(asked),
      tailFields: ({ tail, ...asked }) => tails.get(tail).tab.columns.fields(asked),
      watchTailOrder: ({ tail, path }) => tails.get(tail).tab.columns.watchOrder(path),
      nextBroken: ({ tail, ...asked }) => tails.get(tail).tab.columns.nextBroken(asked),
      tailRecord: ({ tail, ...asked }) => tails.get(tail).tab.record(asked),
      publish: (request, signal) =>
        runPublish(request, {
          api: connections.calls(request.connection),
          logger: this.logger,
          signal,
          progress: (progress) => this.channel.emit('progress', progress),
        }),
      exportRecords: (request, signal) =>
        runExport(request, {
          reads,
          tails,
          logger: this.logger,
          signal,
          progress: (progress) => this.channel.emit('exportProgress', progress),
        }),
    };
  }
}
