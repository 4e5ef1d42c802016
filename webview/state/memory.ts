/**
 * What of the list and the details survives a page: where the list was, which row was active, and the record that was
 * open. Positions and ids are of one tail alone, so records are found again by what their stream calls them.
 */
import type { ListPlace, ListTop, PanelState } from '../../src/protocol/panel.ts';
import type { RecordFound, RecordPlace, RecordRow, TailTick } from '../../src/protocol/tail.ts';
import type { PanelModel } from './panelModel.ts';
import type { Rows } from './rows.ts';
import type { Selection } from './selection.ts';
import type { Store } from './store.ts';
import { inSight, topOf } from './viewport.ts';

export interface MemoryParts {
  readonly store: Store<PanelModel>;
  readonly rows: Rows;
  readonly selection: Selection;
  find(place: RecordPlace): Promise<RecordFound | undefined>;
}

type Remembered = Pick<PanelState, 'details' | 'list' | 'read'>;

/** What is looked for, in the order in which it is. */
const partNames = ['details', 'top', 'active'] as const;
type PartName = (typeof partNames)[number];

interface Wanted {
  details?: RecordPlace | undefined;
  top?: ListTop | undefined;
  active?: RecordPlace | undefined;
}

/** A record that is looked for in vain so often is not among what is read again. */
const attemptsMax = 50;

export class Memory {
  private readonly parts: MemoryParts;
  private wanted: Wanted = {};
  private hasList = false;
  private read: PanelState['read'];
  private isLooking = false;
  private attempts = 0;
  /** Nothing of what was there before is still to come. */
  private hasAll = false;
  private lastTick: TailTick | undefined;
  /** Of the active row: what was fetched far from the sight is not kept. */
  private activeSeen: { readonly position: number; readonly place: RecordPlace } | undefined;

  constructor(parts: MemoryParts) {
    this.parts = parts;
  }

  /** Opens the details as they were, and has what was shown looked for. */
  restore({ details, list, read }: Remembered): void {
    if (details !== undefined) this.parts.store.update({ isDetailsOpen: true });
    this.wanted = { details: details ?? undefined, top: list?.top, active: list?.active };
    this.hasList = list !== undefined;
    this.read = read;
    this.attempts = 0;
  }

  /** Rows may have come: what is found among them is shown as it was, unless the user is elsewhere by now. */
  async look(tick: TailTick): Promise<void> {
    this.lastTick = tick;
    const isWanted = partNames.some((name) => this.wanted[name]);
    if (!isWanted || this.isLooking || tick.records.held === 0) return;
    this.isLooking = true;
    this.hasAll = this.isAllRead(tick);
    const isLast = ++this.attempts >= attemptsMax || this.hasAll;
    // Each look may go through all rows: what is not there yet is not followed by another one in vain.
    for (const name of partNames) if (!(await this.bring(name, isLast))) break;
    this.isLooking = false;
    // The last one of a paused tail is not to be missed.
    if (this.lastTick !== tick) void this.look(this.lastTick);
  }

  /** What is to be saved now. */
  get state(): Remembered {
    const { tick } = this.parts.store.get();
    const details = this.details;
    const list = this.list;
    // At the newest row, as a panel begins.
    if (!tick || (details === undefined && !list.top && !list.active)) return {};
    const { tail, received } = tick;
    return { details, list, read: { tail, received } };
  }

  private get details(): PanelState['details'] {
    const { isDetailsOpen, details } = this.parts.store.get();
    if (!isDetailsOpen) return undefined;
    return details.kind === 'record' ? placeOf(details.record.row) : (this.wanted.details ?? null);
  }

  private get list(): ListPlace {
    const isOwed = (name: 'top' | 'active'): boolean =>
      this.wanted[name] !== undefined && !this.isOvertaken(name);
    const { top, active } = this.wanted;
    return {
      top: isOwed('top') ? top : this.top,
      active: isOwed('active') ? active : this.active,
    };
  }

  private get top(): ListTop | undefined {
    const { viewport } = this.parts.store.get();
    if (viewport.follows) return undefined;
    const { first, end } = inSight(viewport);
    for (let position = first; position < end; position += 1) {
      const offset = topOf(viewport, position) - viewport.top;
      const row = this.parts.rows.get(position);
      if (offset < 0 || row?.kind !== 'record') continue;
      return { ...placeOf(row), offset, seenRows: viewport.seenEnd - position };
    }
    return undefined;
  }

  private get active(): RecordPlace | undefined {
    const { active: position } = this.parts.store.get();
    if (position === undefined) return undefined;
    const row = this.parts.rows.get(position);
    if (row?.kind === 'record') this.activeSeen = { position, place: placeOf(row) };
    return this.activeSeen?.position === position ? this.activeSeen.place : undefined;
  }

  /** False while the record may still come. */
  private async bring(name: PartName, isLast: boolean): Promise<boolean> {
    const place = this.wanted[name];
    if (!place) return true;
    const found = this.isOvertaken(name) ? undefined : await this.find(place);
    const isOvertaken = this.isOvertaken(name);
    if (!found && !isLast && !isOvertaken) return false;
    const { top } = this.wanted;
    this.wanted[name] = undefined;
    if (isOvertaken) return true;
    if (name === 'details') this.showDetails(found);
    else if (name === 'active') this.parts.store.update({ active: found?.position });
    else if (top) this.showTop(top, found);
    return true;
  }

  private find({ shardId, sequenceNumber, subSequenceNumber }: RecordPlace) {
    const place = { shardId, sequenceNumber, subSequenceNumber };
    return this.parts.find(place).catch(() => undefined);
  }

  /** The user has chosen another place or record meanwhile. */
  private isOvertaken(name: PartName): boolean {
    const { isDetailsOpen, details, active, viewport } = this.parts.store.get();
    if (name === 'details') return !isDetailsOpen || details.kind !== 'none';
    if (active !== undefined) return true;
    return name === 'top' && (!viewport.follows || viewport.isScrolling);
  }

  private showDetails(found: RecordFound | undefined): void {
    const { store, selection } = this.parts;
    if (!found) store.update({ details: { kind: 'gone' } });
    else if (this.hasList || found.position === undefined) void selection.open(found);
    else selection.goTo(found.position);
  }

  /**
   * In the place of one that is gone the oldest is shown, at once or not at all; one that a filter leaves out leads
   * nowhere.
   */
  private showTop({ offset, seenRows }: ListTop, found: RecordFound | undefined): void {
    const { store, rows } = this.parts;
    if (!found && this.hasAll) rows.reveal(store.get().viewport.range.first);
    else if (found?.position !== undefined) {
      rows.place(found.position, offset);
      rows.seen(found.position + seenRows);
    }
  }

  /** A tail that was read again up to where it was is paused there; of one that read on nothing is to come again. */
  private isAllRead({ state, tail, received }: TailTick): boolean {
    if (state === 'paused' || state === 'ended') return true;
    return tail === this.read?.tail && received >= this.read.received;
  }
}

const placeOf = ({ shardId, sequenceNumber, subSequenceNumber }: RecordRow): RecordPlace => ({
  shardId,
  sequenceNumber,
  subSequenceNumber,
});
