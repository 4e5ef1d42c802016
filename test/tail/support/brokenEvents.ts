// Subscriptions over a connection that a test breaks: whoever awaits an event is told, as by a socket.
import type { KinesisApi } from '../../../src/kinesis/kinesisApi.ts';
import type { SubscribeToShardOutput } from '../../../src/kinesis/operations/subscribeToShard.ts';

type Events = SubscribeToShardOutput['EventStream'];
type Event = Events extends AsyncIterable<infer E> ? E : never;

export class BreakableEvents {
  private readonly open = new Set<(error: Error) => void>();
  /** Asked before each event: the error that comes in its place, when it is to break. */
  fault: () => Error | undefined = () => undefined;

  /** Subscriptions that are open. */
  get count(): number {
    return this.open.size;
  }

  breakAll(error: Error): void {
    for (const fail of [...this.open]) fail(error);
  }

  /** `output` of SubscribeToShard, over the connection. */
  over(output: Awaited<ReturnType<KinesisApi['subscribeToShard']>>): SubscribeToShardOutput {
    const EventStream = { [Symbol.asyncIterator]: () => this.iterate(output.EventStream) };
    return { EventStream };
  }

  private iterate(events: Events): AsyncIterator<Event> {
    const source = events[Symbol.asyncIterator]();
    let failed: Error | undefined;
    let fail: (error: Error) => void = () => undefined;
    const broken = new Promise<never>((_, reject) => {
      fail = (error) => {
        failed ??= error;
        this.open.delete(fail);
        reject(error);
        void source.return?.();
      };
    });
    broken.catch(() => undefined);
    this.open.add(fail);
    const next = async (): Promise<IteratorResult<Event>> => {
      if (failed) throw failed;
      const result = await Promise.race([source.next(), broken]);
      const fault = this.fault();
      if (fault) fail(fault);
      if (failed) throw failed;
      if (result.done) this.open.delete(fail);
      return result;
    };
    const leave = async (): Promise<IteratorResult<Event>> => {
      this.open.delete(fail);
      await source.return?.();
      return { done: true, value: undefined };
    };
    return { next, return: leave };
  }
}
