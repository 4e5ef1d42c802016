/** What the tail of a panel said last: read when it is asked for, since most ticks are only handed on. */
import { type PackedTick, packTick, unpackTick } from '../../protocol/packedTick.ts';
import type { TailTick } from '../../protocol/tail.ts';

export class LastTick {
  private tick: Uint8Array | undefined;
  private value: TailTick | undefined;

  /** Keeps the tick, and none of the rows that came with it. */
  take({ tick }: PackedTick): void {
    this.tick = tick;
    this.value = undefined;
  }

  set(value: TailTick | undefined): void {
    this.tick = undefined;
    this.value = value;
  }

  /** Undefined when there was none. */
  get(): TailTick | undefined {
    if (this.tick) this.set(unpackTick({ tick: this.tick }));
    return this.value;
  }

  /** As it is handed on; undefined when there was none. */
  packed(): PackedTick | undefined {
    const value = this.get();
    return value && packTick(value);
  }
}
