// Reads a subscription on its own, and keeps what it was told.
import type { SubscribeToShardEvent } from '../../../src/kinesis/subscribeToShardEvent.ts';
import { textOf } from './testEngine.ts';

/** A subscription that is read as its events come. */
export class SubscriptionReader {
  readonly events: SubscribeToShardEvent[] = [];
  error: Error | undefined;
  isOver = false;
  private readonly iterator: AsyncIterator<{ SubscribeToShardEvent: SubscribeToShardEvent }>;
  readonly reading: Promise<void>;

  constructor(stream: AsyncIterable<{ SubscribeToShardEvent: SubscribeToShardEvent }>) {
    this.iterator = stream[Symbol.asyncIterator]();
    this.reading = this.read();
  }

  get data(): string[] {
    return this.events.flatMap(({ Records }) => Records.map(({ Data }) => textOf(Data)));
  }

  async leave(): Promise<void> {
    await this.iterator.return?.();
  }

  private async read(): Promise<void> {
    try {
      for (;;) {
        const { value, done } = await this.iterator.next();
        if (done) break;
        this.events.push(value.SubscribeToShardEvent);
      }
    } catch (error) {
      this.error = error as Error;
    }
    this.isOver = true;
  }
}
