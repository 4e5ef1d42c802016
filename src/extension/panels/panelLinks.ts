/** Where a panel is led: by links and commands, at once, once its page is there, or once its tail has come so far. */
import type { Clock } from '../../base/clock.ts';
import type { SeekAsked, SeekFound } from '../../protocol/histogram.ts';
import type { TailStart, TailTick } from '../../protocol/tail.ts';
import { followLink, type LinkedTail, type LinkPlace, leadOf } from './followLink.ts';
import { type OwedLead, OwedPlace } from './owedPlace.ts';

const missedText =
  'The record is not among those that were read: it has expired, or the stream is another one by now.';
const goneText =
  'What was put is not among the rows: this tail began after it, or holds it no longer. Start the tail elsewhere to see it.';

export interface LinkedPanel {
  readonly clock: Pick<Clock, 'monotonic' | 'schedule'>;
  /** Undefined while no tail is open. */
  tail(): number | undefined;
  lastTick(): TailTick | undefined;
  /** Resolves when the last tick tells how the tail is now; a hidden one was told nothing. */
  show(): Promise<void>;
  open(link: LinkPlace): Promise<void>;
  filter(tail: number, text: string): Promise<void>;
  /** Rejects while no tail is open. */
  find(place: SeekAsked): Promise<SeekFound>;
  /** Shows a row, as of the last tick; the focus goes there where the user has just asked for it. */
  reveal(shown: { readonly position: number; readonly focuses: boolean }): void;
  /** A place is owed: the page tells `left` once its user does something. */
  owes(): void;
  restart(start: TailStart): Promise<void>;
  resume(tail: number): Promise<void>;
  /** Tells the user something. */
  tell(text: string): void;
  /** Tells the user why a link could not be followed. */
  error(thrown: unknown): void;
}

export class PanelLinks {
  private readonly panel: LinkedPanel;
  private readonly place: OwedPlace;
  private hasPage = false;
  private owed: LinkPlace | undefined;

  constructor(panel: LinkedPanel) {
    this.panel = panel;
    this.place = new OwedPlace({
      clock: panel.clock,
      hasPage: () => this.hasPage,
      find: (place) => panel.find(place),
      reveal: (position) => panel.reveal({ position, focuses: false }),
      clearFilter: async () => {
        const tail = panel.tail();
        if (tail !== undefined) await panel.filter(tail, '');
      },
      missed: () => panel.tell(missedText),
    });
  }

  /** A panel that is hidden has no page and goes there once it is shown. Never rejects: what goes wrong is told. */
  async goTo(link: LinkPlace): Promise<void> {
    if (!this.hasPage) {
      this.owed = link;
      return;
    }
    try {
      await this.follow(link);
    } catch (thrown) {
      this.panel.error(thrown);
    }
  }

  /** A tail was opened for a link; one that another tab has open did not start where the link says. */
  opened(link: LinkPlace, isShared: boolean): void {
    if (!isShared) this.began(link);
    else if (leadOf(link)) void this.goTo(link);
  }

  /** The tail begins where the link says. */
  began(link: LinkPlace): void {
    const lead = leadOf(link);
    if (lead) this.owe(lead);
  }

  private owe(lead: OwedLead): void {
    this.place.owe(lead);
    if (this.hasPage) this.panel.owes();
  }

  /** Leads the panel to a place among its rows, if it is there. */
  async leadTo(place: SeekAsked): Promise<SeekFound['type']> {
    this.place.forget();
    const found = await this.panel.find(place);
    if (found.type === 'found') this.panel.reveal({ position: found.position, focuses: true });
    return found.type;
  }

  /** The page is there: it goes where a link was to lead meanwhile. */
  ready(): void {
    this.hasPage = true;
    const { owed } = this;
    this.owed = undefined;
    if (owed) void this.goTo(owed);
    if (!this.place.isOwed) return;
    this.panel.owes();
    this.place.look();
  }

  hidden(): void {
    this.hasPage = false;
  }

  /** Rows may have come. */
  ticked(): void {
    this.place.look();
  }

  /** The user goes elsewhere. */
  left(): void {
    this.place.forget();
  }

  private async follow(link: LinkPlace): Promise<void> {
    const { panel } = this;
    const tail = panel.tail();
    if (tail === undefined) return panel.open(link);
    await panel.show();
    await followLink(link, this.linkedTail(tail));
  }

  private linkedTail(tail: number): LinkedTail {
    const { panel } = this;
    return {
      get isLive() {
        const state = panel.lastTick()?.state;
        return state === 'live' || state === 'starting';
      },
      get isPaused() {
        return panel.lastTick()?.state === 'paused';
      },
      get isEmpty() {
        return (panel.lastTick()?.records.held ?? 0) === 0;
      },
      filter: (text) => panel.filter(tail, text),
      leadTo: (place) => this.leadTo(place),
      restart: (start) => panel.restart(start),
      resume: () => panel.resume(tail),
      owe: (lead) => this.owe(lead),
      missed: () => panel.tell(goneText),
    };
  }
}
