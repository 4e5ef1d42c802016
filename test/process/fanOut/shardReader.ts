/**
 * One consumer's reading of one shard, as an application does it: it subscribes, reads, and subscribes again behind
 * the last ContinuationSequenceNumber, however a subscription ended. What must not happen it complains about.
 */
import { setImmediate } from 'node:timers/promises';
import {
  SubscribeToShardCommand,
  type SubscribeToShardCommandOutput,
  type SubscribeToShardEvent,
  type SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import type { Carrier, WatchedClient } from './connections.ts';

/** AWS's. */
export const lifeMs = 300_000;
/** Calls for one subscription until it is no longer refused; each is answered before the next. */
const attemptsMax = 1000;

/** What happened to all readers. */
export interface Tally {
  /** How far the engine's clock was moved, milliseconds: by steps that have begun, and by those that are done. */
  readonly moved: { begunMs: number; doneMs: number };
  deliveries: number;
  events: number;
  /** Calls of SubscribeToShard, by how they were answered. */
  subscribed: number;
  refusedInUse: number;
  lostCalls: number;
  /** Subscriptions, by how they ended. */
  renewals: number;
  cutEnds: number;
  takenOver: number;
  readonly complaints: string[];
}

export interface Received {
  readonly number: string;
  readonly id: string;
}

type Stream = NonNullable<SubscribeToShardCommandOutput['EventStream']>;

/** One answer of SubscribeToShard. */
export interface Subscription {
  readonly events: Stream;
  readonly carrier: Carrier | undefined;
  readonly leave: AbortController;
  /** `moved.doneMs` when it was asked for. */
  readonly begunMs: number;
  /** Its socket or stream was cut by us. */
  isCut: boolean;
  /** Nobody reads it any more, and its connection stays. */
  isSilent: boolean;
  /** Another one is to take its place while it is open. */
  isGivenUp: boolean;
  onGivenUp: () => void;
}

export interface ReaderOptions {
  readonly client: WatchedClient;
  readonly consumerArn: string;
  readonly shardId: string;
  /** Reading begins behind it. */
  readonly after: string;
  readonly tally: Tally;
}

export class ShardReader {
  readonly shardId: string;
  readonly client: WatchedClient;
  /** Since it was last emptied. */
  readonly received: Received[] = [];
  /** The one that is read; undefined while the next one is asked for. */
  current: Subscription | undefined;
  /** Events without records. */
  beats = 0;
  private readonly options: ReaderOptions;
  private readonly tally: Tally;
  private continuation: string;
  private last: string;
  private isLeaving = false;
  private running: Promise<void> = Promise.resolve();
  /** Subscriptions that were taken over. */
  private readonly left: { readonly leave: AbortController; readonly reading: Promise<void> }[] =
    [];

  constructor(options: ReaderOptions) {
    this.options = options;
    this.client = options.client;
    this.shardId = options.shardId;
    this.tally = options.tally;
    this.continuation = options.after;
    this.last = options.after;
  }

  start(): void {
    this.isLeaving = false;
    this.running = this.run().catch((error: Error) => this.complain(`gave up: ${error.message}`));
  }

  /** Ends the subscription as an application does that is told to end; resolves when all is over. */
  async leave(): Promise<void> {
    this.isLeaving = true;
    this.current?.leave.abort();
    await this.running;
    const left = this.left.splice(0);
    for (const { leave } of left) leave.abort();
    await Promise.all(left.map(({ reading }) => reading));
  }

  /** The next subscription begins while this one is open. */
  takeOver(): void {
    const { current } = this;
    if (!current) return;
    current.isGivenUp = true;
    current.onGivenUp();
  }

  private async run(): Promise<void> {
    let before: Subscription | undefined;
    while (!this.isLeaving) {
      const next = await this.subscribe(before);
      if (before) this.released(before);
      if (!next) return;
      this.current = next;
      if (this.isLeaving) next.leave.abort();
      const givenUp = new Promise<void>((resolve) => {
        next.onGivenUp = resolve;
      });
      const reading = this.read(next);
      await Promise.race([reading, givenUp]);
      this.current = undefined;
      before = next.isGivenUp ? next : undefined;
      if (before) this.left.push({ leave: next.leave, reading });
    }
  }

  /** Who was silent goes when another one has taken the place. */
  private released(before: Subscription): void {
    if (!before.isSilent) return;
    before.isCut = true;
    before.leave.abort();
  }

  /** Resolves to undefined when it leaves before it was let in. */
  private async subscribe(before: Subscription | undefined): Promise<Subscription | undefined> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      if (this.isLeaving) return undefined;
      const { cutCount, isBeingCut } = this.client;
      try {
        return await this.subscribeOnce();
      } catch (error) {
        const { name, message } = error as Error;
        const mayBeCut = isBeingCut || this.client.cutCount !== cutCount;
        if (name === 'ResourceInUseException') {
          this.tally.refusedInUse += 1;
          if (before) this.complain('no takeover after five seconds');
        } else if (mayBeCut) this.tally.lostCalls += 1;
        else this.complain(`SubscribeToShard: ${name}: ${message}`);
        await setImmediate();
      }
    }
    throw new Error(`${attemptsMax} calls of SubscribeToShard were refused`);
  }

  private async subscribeOnce(): Promise<Subscription> {
    const { client, consumerArn, shardId } = this.options;
    const StartingPosition = {
      Type: 'AFTER_SEQUENCE_NUMBER' as const,
      SequenceNumber: this.continuation,
    };
    const asked = { ConsumerARN: consumerArn, ShardId: shardId, StartingPosition };
    const leave = new AbortController();
    const begunMs = this.tally.moved.doneMs;
    const { EventStream } = await client.sdk.send(new SubscribeToShardCommand(asked), {
      abortSignal: leave.signal,
    });
    this.tally.subscribed += 1;
    const carrier = client.carrierOf(leave.signal);
    const isCut = carrier === undefined || client.wasCut(carrier.socket);
    const ends = { isCut, isSilent: false, isGivenUp: false, onGivenUp: () => undefined };
    return { events: EventStream!, carrier, leave, begunMs, ...ends };
  }

  /** Never rejects. */
  private async read(subscription: Subscription): Promise<void> {
    let failure: Error | undefined;
    try {
      for await (const event of subscription.events) {
        if (subscription.isSilent) await aborted(subscription.leave.signal);
        if (!subscription.isGivenUp) this.take(event);
      }
    } catch (error) {
      failure = error as Error;
    }
    this.judge(subscription, failure);
  }

  /** Whether it ended as it may. */
  private judge(subscription: Subscription, failure: Error | undefined): void {
    const { tally } = this;
    if (subscription.isCut || subscription.isSilent || this.isLeaving) tally.cutEnds += 1;
    else if (subscription.isGivenUp) {
      if (failure?.name === 'ResourceInUseException') tally.takenOver += 1;
      else this.complain(`taken over, it ended with ${failure?.name ?? 'nothing'}`);
    } else if (failure) this.complain(`${failure.name}: ${failure.message}`);
    else if (tally.moved.begunMs - subscription.begunMs < lifeMs) {
      this.complain('it ended before its five minutes');
    } else tally.renewals += 1;
  }

  private take(event: SubscribeToShardEventStream): void {
    const told: SubscribeToShardEvent | undefined = event.SubscribeToShardEvent;
    if (!told) this.complain(`an event of another kind: ${Object.keys(event)}`);
    const { Records: records = [], ContinuationSequenceNumber: continuation = '' } = told ?? {};
    for (const { SequenceNumber: number = '', PartitionKey: id = '', Data } of records) {
      if (number <= this.last) this.complain(`${id} (${number}) is not behind ${this.last}`);
      if (Buffer.from(Data!).toString() !== id) this.complain(`${id} has other bytes`);
      this.last = number;
      this.received.push({ number, id });
    }
    if (continuation < this.last) this.complain(`'${continuation}' goes on before ${this.last}`);
    this.continuation = continuation;
    this.tally.events += 1;
    this.tally.deliveries += records.length;
    if (records.length === 0) this.beats += 1;
  }

  /** Where it stands, for who wonders why nothing goes on. */
  get state(): string {
    const { current, client, shardId } = this;
    const { socket, stream } = current?.carrier ?? {};
    const of =
      socket && `${socket.readyState}, ${stream?.closed ? 'stream closed' : 'stream open'}`;
    return `${shardId} ${client.kind}: ${current ? (current.isCut ? 'cut' : 'reading') : 'asking'}, ${of}`;
  }

  complain(sentence: string): void {
    const { consumerArn, shardId, client } = this.options;
    const consumer = consumerArn.split('/').at(-1);
    this.tally.complaints.push(`${consumer} ${shardId} ${client.kind}: ${sentence}`);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
