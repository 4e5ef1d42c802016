/** The histogram without its looks: whether it is shown, what it shows, and the span that it narrows the list to. */
import { messageOf } from '../../src/base/errors.ts';
import type { SeekAsked, SeekFound } from '../../src/protocol/histogram.ts';
import type { TailTick } from '../../src/protocol/tail.ts';
import { narrowToTime, widenTime } from '../../src/query/narrowTime.ts';
import type { TimeSpan } from '../../src/query/timeSpan.ts';
import type { PanelModel } from './panelModel.ts';
import type { Store } from './store.ts';

export interface TimelineParts {
  readonly store: Store<PanelModel>;
  /** Asks the host for the histogram, or to leave it. */
  show(shown: boolean): void;
  positionAt(asked: SeekAsked): Promise<SeekFound>;
  /** Goes to a row. */
  lead(position: number): void;
  /** Keeps for a reload whether it is shown. */
  save(): void;
  /** Of the clock that the user sees at that moment, minutes east of UTC. */
  utcOffsetMinutes(epochMs: number): number;
  /** Brings a filter into force at once, or once no other one came for a moment. */
  filter(text: string, when: 'now' | 'soon'): void;
}

/** The user's choice, else by the place of the panel: at the bottom there is little room. */
export function isTimelineShown({ isHistogramShown, subject }: PanelModel): boolean {
  return isHistogramShown ?? subject?.where !== 'bottom';
}

export class Timeline {
  private readonly parts: TimelineParts;
  private askedOf: number | undefined;

  constructor(parts: TimelineParts) {
    this.parts = parts;
  }

  /** A tail that tells nothing of it yet. */
  meetTail(): void {
    this.askedOf = undefined;
    this.parts.store.update({ histogram: undefined });
  }

  take({ histogram }: TailTick): void {
    this.settle();
    const { store } = this.parts;
    if (histogram && isTimelineShown(store.get())) store.update({ histogram });
  }

  /** Asks for it once the tail is known, and what the panel is. */
  settle(): void {
    const { subject, tick } = this.parts.store.get();
    if (!subject || !tick || this.askedOf === tick.tail) return;
    this.askedOf = tick.tail;
    if (isTimelineShown(this.parts.store.get())) this.parts.show(true);
  }

  toggle(): void {
    const { store, show } = this.parts;
    const shown = !isTimelineShown(store.get());
    store.update({ isHistogramShown: shown, histogram: undefined });
    show(shown);
    this.parts.save();
  }

  /** Narrows the list to the span, by its filter. */
  narrow(span: TimeSpan, when: 'now' | 'soon'): void {
    const { store, utcOffsetMinutes, filter } = this.parts;
    const offset = utcOffsetMinutes(span.fromMs);
    filter(narrowToTime(store.get().filter, { span, utcOffsetMinutes: offset }), when);
  }

  /** Takes the span out of the filter. */
  widen(when: 'now' | 'soon' = 'now'): void {
    const { store, filter } = this.parts;
    filter(widenTime(store.get().filter), when);
  }

  /** Goes to the first row that arrived at that moment or later; when there is none, nothing happens. */
  async goTo(timestampMs: number): Promise<void> {
    try {
      const found = await this.parts.positionAt({ timestampMs });
      if (found.type === 'found') this.parts.lead(found.position);
    } catch (thrown) {
      this.parts.store.update({ refusal: messageOf(thrown) });
    }
  }
}
