/** Links that lead to a panel: followed in its open tail, and owed while its page is not there to be led. */
import type { SeekAsked, SeekFound } from '../../protocol/histogram.ts';
import type { TailStart, TailTick } from '../../protocol/tail.ts';
import { followLink, type LinkedTail, type LinkPlace } from './followLink.ts';

export interface LinkedPanel {
  /** Undefined while no tail is open. */
  tail(): number | undefined;
  lastTick(): TailTick | undefined;
  /** Resolves when the last tick tells how the tail is now; a hidden one was told nothing. */
  show(): Promise<void>;
  open(link: LinkPlace): Promise<void>;
  filter(tail: number, text: string): Promise<void>;
  leadTo(place: SeekAsked): Promise<SeekFound['type']>;
  restart(start: TailStart): Promise<void>;
  /** Tells the user why a link could not be followed. */
  error(thrown: unknown): void;
}

export class PanelLinks {
  private readonly panel: LinkedPanel;
  private hasPage = false;
  private owed: LinkPlace | undefined;

  constructor(panel: LinkedPanel) {
    this.panel = panel;
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

  /** The page is there: it goes where a link was to lead meanwhile. */
  ready(): void {
    this.hasPage = true;
    const { owed } = this;
    this.owed = undefined;
    if (owed) void this.goTo(owed);
  }

  hidden(): void {
    this.hasPage = false;
  }

  private async follow(link: LinkPlace): Promise<void> {
    const { panel } = this;
    const tail = panel.tail();
    if (tail === undefined) return panel.open(link);
    await panel.show();
    await followLink(link, linkedTail(panel, tail));
  }
}

function linkedTail(panel: LinkedPanel, tail: number): LinkedTail {
  return {
    get isLive() {
      const state = panel.lastTick()?.state;
      return state === 'live' || state === 'starting';
    },
    get isEmpty() {
      return (panel.lastTick()?.records.held ?? 0) === 0;
    },
    filter: (text) => panel.filter(tail, text),
    leadTo: (place) => panel.leadTo(place),
    restart: (start) => panel.restart(start),
  };
}
