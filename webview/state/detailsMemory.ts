/** What of the details survives a reload: whether they are open, and the record in them, found again once it is read. */
import type { PanelState } from '../../src/protocol/panel.ts';
import type { RecordPlace, TailTick } from '../../src/protocol/tail.ts';
import type { PanelModel } from './panelModel.ts';
import type { Selection } from './selection.ts';
import type { Store } from './store.ts';

export interface DetailsMemoryParts {
  readonly store: Store<PanelModel>;
  readonly selection: Selection;
  find(place: RecordPlace): Promise<{ position: number } | undefined>;
}

/** A record that is looked for in vain so often is not among what is read again. */
const attemptsMax = 50;

export class DetailsMemory {
  private readonly parts: DetailsMemoryParts;
  private wanted: RecordPlace | undefined;
  private isLooking = false;
  private attempts = 0;

  constructor(parts: DetailsMemoryParts) {
    this.parts = parts;
  }

  /** Opens the details as they were. */
  restore({ details }: Pick<PanelState, 'details'>): void {
    if (details === undefined) return;
    this.parts.store.update({ isDetailsOpen: true });
    this.wanted = details ?? undefined;
  }

  /** Rows may have come: the record among them is shown again, unless the user has chosen another row meanwhile. */
  async look({ records, state }: TailTick): Promise<void> {
    const { wanted } = this;
    if (!wanted || this.isLooking || records.held === 0) return;
    if (this.isOvertaken()) return this.stop();
    this.isLooking = true;
    const found = await this.parts.find(wanted).catch(() => undefined);
    this.isLooking = false;
    if (this.isOvertaken()) this.stop();
    else if (found) this.show(found.position);
    else if (++this.attempts >= attemptsMax || isAllRead(state)) this.giveUp();
  }

  /** What is to be saved now. */
  get state(): PanelState['details'] {
    const { isDetailsOpen, details } = this.parts.store.get();
    if (!isDetailsOpen) return undefined;
    if (details.kind !== 'record') return this.wanted ?? null;
    const { shardId, sequenceNumber, subSequenceNumber } = details.record.row;
    return { shardId, sequenceNumber, subSequenceNumber };
  }

  private isOvertaken(): boolean {
    const { isDetailsOpen, details } = this.parts.store.get();
    return !isDetailsOpen || details.kind !== 'none';
  }

  private show(position: number): void {
    this.stop();
    this.parts.selection.goTo(position);
  }

  private giveUp(): void {
    this.stop();
    this.parts.store.update({ details: { kind: 'gone' } });
  }

  private stop(): void {
    this.wanted = undefined;
  }
}

/** A tail that was read again up to where it was is paused there. */
const isAllRead = (state: TailTick['state']): boolean => state === 'paused' || state === 'ended';
