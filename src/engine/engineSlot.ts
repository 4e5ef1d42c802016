/**
 * The engine that is open now, behind a gate: everything passes it, so that the engine can be held still
 * for a copy, or replaced by another one on other data, while callers wait and notice nothing else.
 */
import { assert } from '../base/assert.ts';
import { messageOf } from '../base/errors.ts';
import { KinesisError } from '../kinesis/errors.ts';
import type { Engine } from './engine.ts';
import type { EngineClock } from './engineClock.ts';

export class EngineSlot {
  private readonly clock: EngineClock;
  private current: Engine;
  private gate: Promise<void> | undefined;
  private underWay = 0;
  private drained: (() => void) | undefined;
  private failure: KinesisError | undefined;

  constructor(engine: Engine, clock: EngineClock) {
    this.current = engine;
    this.clock = clock;
  }

  get engine(): Engine {
    return this.current;
  }

  /** The engine, if it can be had at once; whoever gets it calls `leave` when done with it. */
  enter(): Engine | undefined {
    if (this.gate || this.failure) return undefined;
    this.underWay++;
    return this.current;
  }

  leave(): void {
    this.underWay--;
    if (this.underWay === 0) this.drained?.();
  }

  /** Runs `work` on the engine once the gate is open. */
  async run<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    while (this.gate) await this.gate;
    this.checkUsable();
    this.underWay++;
    try {
      return await work(this.current);
    } finally {
      this.leave();
    }
  }

  /** Throws InternalFailure once `replace` has failed: what is there then is the next start's to finish. */
  checkUsable(): void {
    if (this.failure) throw this.failure;
  }

  /** Runs `work` while the engine does nothing and all that it acknowledged is on the disk. One at a time. */
  async pause<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    this.checkUsable();
    const open = await this.close();
    this.clock.hold();
    try {
      await this.current.quiet();
      return await work(this.current);
    } finally {
      this.clock.release();
      open();
    }
  }

  /**
   * Closes the engine, runs `change` and opens what `reopen` gives; resolves to what `decide` has against
   * it, while the engine is still open and goes on then. When any of it fails every call is refused with the
   * reason: half of it is not to be used.
   */
  replace(parts: {
    decide(): Promise<unknown>;
    change(): Promise<void>;
    reopen(): Promise<Engine>;
  }): Promise<unknown> {
    return this.pause(async (engine) => {
      try {
        const against = await parts.decide();
        if (against !== undefined) return against;
        await engine.close();
        await parts.change();
        this.current = await parts.reopen();
        return undefined;
      } catch (error) {
        const why = messageOf(error).replace(/\.$/, '');
        const text = `The engine could not be opened again: ${why}. Restart it.`;
        this.failure = new KinesisError('InternalFailure', text);
        throw error;
      }
    });
  }

  /** Shuts the gate and waits until nobody is inside; the result opens it. */
  private async close(): Promise<() => void> {
    assert(!this.gate, 'controls are used one at a time');
    let open = (): void => undefined;
    this.gate = new Promise((resolve) => {
      open = () => {
        this.gate = undefined;
        resolve();
      };
    });
    if (this.underWay > 0) {
      await new Promise<void>((resolve) => {
        this.drained = resolve;
      });
      this.drained = undefined;
    }
    return open;
  }
}
