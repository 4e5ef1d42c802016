/**
 * A place that a panel is to show and that its tail has not come to yet. It is led there once the rows are there,
 * unless its user does something there first or the tail comes past it.
 */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { SeekAsked, SeekFound } from '../../protocol/histogram.ts';

export interface OwedLead {
  readonly place: SeekAsked;
  /** A filter that hides it is cleared. */
  readonly clearsFilter: boolean;
}

export interface OwingPanel {
  readonly clock: Pick<Clock, 'monotonic' | 'schedule'>;
  /** Its page is there and can be led. */
  hasPage(): boolean;
  find(place: SeekAsked): Promise<SeekFound>;
  reveal(position: number): void;
  clearFilter(): Promise<void>;
  /** The tail has come past a record that is not among its rows. */
  missed(): void;
}

/** A look may go through all rows of the tail. */
const lookEveryMs = 1000;

export class OwedPlace {
  private readonly panel: OwingPanel;
  private owed: OwedLead | undefined;
  private isLooking = false;
  private mayHaveCome = false;
  private lookedMs = Number.NEGATIVE_INFINITY;
  private nextLook: Disposable | undefined;

  constructor(panel: OwingPanel) {
    this.panel = panel;
  }

  owe(lead: OwedLead): void {
    this.owed = lead;
    this.lookedMs = Number.NEGATIVE_INFINITY;
    this.look();
  }

  get isOwed(): boolean {
    return this.owed !== undefined;
  }

  /** The user goes elsewhere. */
  forget(): void {
    this.owed = undefined;
    this.nextLook?.dispose();
    this.nextLook = undefined;
  }

  /** Rows may have come. Never rejects: a tail that is gone leads nowhere. */
  look(): void {
    this.mayHaveCome = true;
    if (!this.owed || this.isLooking || this.nextLook) return;
    const { clock } = this.panel;
    const waitMs = this.lookedMs + lookEveryMs - clock.monotonic();
    if (waitMs <= 0) return void this.lookNow();
    this.nextLook = clock.schedule(waitMs, () => {
      this.nextLook = undefined;
      void this.lookNow();
    });
  }

  private async lookNow(): Promise<void> {
    if (!this.owed || !this.panel.hasPage()) return;
    this.isLooking = true;
    this.mayHaveCome = false;
    this.lookedMs = this.panel.clock.monotonic();
    await this.seek(this.owed).catch(() => undefined);
    this.isLooking = false;
    if (this.mayHaveCome) this.look();
  }

  private async seek(lead: OwedLead): Promise<void> {
    const { panel } = this;
    const found = await panel.find(lead.place);
    if (this.owed !== lead || found.type === 'notYet') return;
    if (found.type === 'filtered') return this.hidden(lead);
    this.owed = undefined;
    if (found.type === 'found') panel.reveal(found.position);
    else if ('sequenceNumber' in lead.place) panel.missed();
  }

  /** Of a time a later row may match; a record that a link's own filter hides is not shown. */
  private async hidden({ place, clearsFilter }: OwedLead): Promise<void> {
    if (clearsFilter) {
      await this.panel.clearFilter();
      this.lookedMs = Number.NEGATIVE_INFINITY;
      this.mayHaveCome = true;
    } else if ('sequenceNumber' in place) this.owed = undefined;
  }
}
