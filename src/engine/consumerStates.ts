/** Carries out what consumers are about to do - become ACTIVE, go - when their delay is over, also after a restart. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import type { Catalog } from './catalog.ts';
import { consumerChange, consumersOf } from './consumers.ts';
import { type StateDelays, stateDelayMs } from './stateDelays.ts';
import type { ConsumerEntry } from './streamEntry.ts';

/** After a failure (a full disk) it is tried again this much later. */
const retryMs = 1000;

export interface ConsumerStateParts {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly stateDelays: StateDelays;
}

export class ConsumerStates {
  private readonly parts: ConsumerStateParts;
  private readonly timers = new Map<string, Disposable>();

  constructor(parts: ConsumerStateParts) {
    this.parts = parts;
  }

  /** Goes on with everything that was pending when the engine last ended. */
  resume(): void {
    for (const stream of this.parts.catalog.streams()) {
      for (const { name } of consumersOf(stream)) this.start(stream.id, name);
    }
  }

  /** Finishes what is pending of a consumer after its delay. */
  start(streamId: string, name: string): void {
    const status = this.find(streamId, name)?.status;
    if (status === undefined || status === 'ACTIVE') return;
    const { random, stateDelays: delays } = this.parts;
    const kind = status === 'CREATING' ? 'register' : 'deregister';
    this.startAfter({ streamId, name }, stateDelayMs(kind, { delays, random }));
  }

  close(): void {
    for (const timer of this.timers.values()) timer.dispose();
    this.timers.clear();
  }

  private startAfter(of: { streamId: string; name: string }, delayMs: number): void {
    const key = `${of.streamId}/${of.name}`;
    this.timers.get(key)?.dispose();
    const timer = this.parts.clock.schedule(delayMs, () => {
      this.timers.delete(key);
      this.finish(of.streamId, of.name).catch((error: unknown) => {
        this.parts.logger.warn(`consumer ${of.name}: ${messageOf(error)}`);
        this.startAfter(of, retryMs);
      });
    });
    this.timers.set(key, timer);
  }

  private find(streamId: string, name: string): ConsumerEntry | undefined {
    const stream = this.parts.catalog.byId(streamId);
    return stream && consumersOf(stream).find((one) => one.name === name);
  }

  private finish(streamId: string, name: string): Promise<void> {
    const { catalog } = this.parts;
    return catalog.update(() => {
      const stream = catalog.byId(streamId);
      const consumer = this.find(streamId, name);
      if (!stream || !consumer || consumer.status === 'ACTIVE') return [];
      const next = consumer.status === 'CREATING' ? { ...consumer, status: 'ACTIVE' } : undefined;
      return [consumerChange({ stream, consumer }, next as ConsumerEntry | undefined)];
    });
  }
}
