/** Tells the tree the rates of a panel's tail: at once, then once a second, since reading a tick costs something. */
import type { StreamPlace } from '../tree/streamDirectory.ts';
import type { TrafficRates } from '../tree/trafficRates.ts';
import type { LastTick } from './lastTick.ts';

const everyMs = 1000;

export interface PanelRatesParts {
  readonly rates: TrafficRates;
  readonly tick: LastTick;
  /** Undefined while the panel shows no stream. */
  place(): StreamPlace | undefined;
}

export class PanelRates {
  private readonly parts: PanelRatesParts;
  /** Runs for a second after each time the tree was told. */
  private timer: NodeJS.Timeout | undefined;
  private isOwed = false;

  constructor(parts: PanelRatesParts) {
    this.parts = parts;
  }

  /** A tick came. */
  tick(): void {
    this.isOwed = true;
    if (!this.timer) this.note();
  }

  /** The panel is closed, hidden, or shows another stream: nothing of it is known any more. */
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isOwed = false;
    const place = this.parts.place();
    if (place) this.parts.rates.forget(place);
  }

  private note(): void {
    this.timer = undefined;
    if (!this.isOwed) return;
    this.isOwed = false;
    this.timer = setTimeout(() => this.note(), everyMs);
    const place = this.parts.place();
    const tick = this.parts.tick.get();
    if (place && tick) this.parts.rates.note(place, tick);
  }
}
