/** The row the keyboard is at, and what the details pane shows of it. */
import { messageOf } from '../../src/base/errors.ts';
import type {
  FullRecord,
  RecordAsked,
  RecordFound,
  RecordSought,
} from '../../src/protocol/tail.ts';
import type { DetailsContent, PanelModel } from './panelModel.ts';
import type { Rows } from './rows.ts';
import type { Store } from './store.ts';
import { inSight, pageRows, topOf } from './viewport.ts';

export interface SelectionParts {
  readonly store: Store<PanelModel>;
  readonly rows: Rows;
  record(params: RecordAsked, signal: AbortSignal): Promise<FullRecord | undefined>;
  find(params: RecordSought): Promise<RecordFound | undefined>;
}

/** The active row before positions came to mean something else. */
export interface Kept {
  readonly id: number;
  /** Pixels from the top of the sight; undefined: the newest rows were followed, wherever it was. */
  readonly offset: number | undefined;
}

/** Of a record that no filter shows: its id tells it. */
const nowhere = -1;

export type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';

export class Selection {
  private readonly parts: SelectionParts;
  private loading: AbortController | undefined;
  /** What is fetched, while it is. */
  private asked: RecordAsked | undefined;
  /** The row that is looked for under a new filter. */
  private sought: Kept | undefined;
  /** What is fetched is the record of another row, not the shown one anew. */
  private isOther = false;

  constructor(parts: SelectionParts) {
    this.parts = parts;
  }

  /** The active row's record was asked for and is not here yet. */
  get isLoading(): boolean {
    return this.isOther && this.loading !== undefined;
  }

  /** What `forget` needs of the active row, while its position still holds. */
  get kept(): Kept | undefined {
    const { active, viewport } = this.parts.store.get();
    if (active === undefined) return this.sought;
    const row = this.parts.rows.get(active);
    const offset = viewport.follows ? undefined : topOf(viewport, active) - viewport.top;
    return row && { id: row.id, offset };
  }

  /** Makes the row at `position` the active one, where it is. */
  select(position: number): void {
    this.sought = undefined;
    this.parts.rows.holdStill();
    this.parts.store.update({ active: position });
    if (this.parts.store.get().isDetailsOpen) void this.load(position);
  }

  /** Moves from the active row, or from the edge of the sight when there is none. */
  move(move: Move): void {
    const { viewport } = this.parts.store.get();
    const { first, end } = viewport.range;
    if (end === first) return;
    const position = Math.min(Math.max(this.target(move), first), end - 1);
    this.select(position);
    if (move === 'last') this.parts.rows.goToNewest();
    else this.parts.rows.reveal(position);
  }

  /** Selects the row at `position` and brings it into sight. */
  goTo(position: number): void {
    this.select(position);
    this.parts.rows.reveal(position);
  }

  /** Rows are shown otherwise now: the open record, or the one on its way, is fetched again, wherever it stands. */
  async reload(): Promise<void> {
    const { details, isDetailsOpen } = this.parts.store.get();
    if (this.loading && this.asked) return this.show(this.asked);
    if (!isDetailsOpen || details.kind !== 'record') return;
    const { position, id } = details.record.row;
    this.isOther = false;
    await this.show({ position, id });
  }

  openDetails(): void {
    const { active, viewport, before } = this.parts.store.get();
    // Which row is meant is not known yet.
    if (before && active === undefined) return;
    const position = active ?? viewport.range.end - 1;
    this.parts.store.update({ isDetailsOpen: true });
    if (position >= viewport.range.first) this.select(position);
  }

  /** Shows a record in the details, also one that no filter shows now; no row is selected for it. */
  async open({ id, position = nowhere }: RecordFound): Promise<void> {
    this.showDetails({ kind: 'loading' });
    this.isOther = true;
    await this.show({ position, id });
  }

  closeDetails(): void {
    this.cancel();
    this.parts.store.update({ isDetailsOpen: false, details: { kind: 'none' } });
  }

  toggleDetails(): void {
    if (this.parts.store.get().isDetailsOpen) this.closeDetails();
    else this.openDetails();
  }

  /**
   * Positions mean something else: no row is active until the one that was is found again, which stays where it is on
   * the screen. What the details show stays, its marks are new.
   */
  forget(kept?: Kept): void {
    // One object for each search: an earlier one is told by it that it was overtaken.
    this.sought = kept && { ...kept };
    this.parts.store.update({ active: undefined });
    void this.markAnew();
    if (this.sought) void this.findAgain(this.sought);
  }

  /** The oldest rows may have been dropped: true when the active one was among them. None is then. */
  dropActive(): boolean {
    const { active, viewport } = this.parts.store.get();
    if (active === undefined || active >= viewport.range.first) return false;
    this.parts.store.update({ active: undefined });
    return true;
  }

  private async findAgain(kept: Kept): Promise<void> {
    const { rows, store } = this.parts;
    // The first rows that match are shown before all are looked through.
    if (!store.get().tick?.isLooking) rows.seek(kept);
    const found = await this.parts.find({ id: kept.id }).catch(() => undefined);
    if (this.sought === kept) this.takeFound(kept, found);
    rows.found(kept);
  }

  private takeFound(kept: Kept, found: RecordFound | undefined): void {
    this.sought = undefined;
    if (found?.position === undefined) return;
    this.parts.store.update({ active: found.position });
    // Whoever has scrolled meanwhile is not pulled away.
    const { follows, isScrolling } = this.parts.store.get().viewport;
    const isUntouched = follows && !isScrolling;
    if (kept.offset !== undefined && isUntouched)
      this.parts.rows.place(found.position, kept.offset);
  }

  private async markAnew(): Promise<void> {
    const { details } = this.parts.store.get();
    if (details.kind !== 'record' || this.loading) return;
    const { position, id } = details.record.row;
    const content = await this.fetch({ position, id }, new AbortController().signal);
    const isStillThere = this.parts.store.get().details === details;
    if (isStillThere && content.kind === 'record') this.showDetails(content);
  }

  private target(move: Move): number {
    const { active, viewport } = this.parts.store.get();
    const { range } = viewport;
    if (move === 'first') return range.first;
    if (move === 'last') return range.end - 1;
    const steps = { up: -1, down: 1, pageUp: -pageRows(viewport), pageDown: pageRows(viewport) };
    if (active !== undefined) return active + steps[move];
    const sight = inSight(viewport);
    return steps[move] < 0 || viewport.follows ? sight.end - 1 : sight.first;
  }

  private async load(position: number): Promise<void> {
    this.cancel();
    const row = this.parts.rows.get(position);
    if (row?.kind === 'event') return this.showDetails({ kind: 'event', event: row });
    if (this.parts.store.get().details.kind !== 'record') this.showDetails({ kind: 'loading' });
    this.isOther = true;
    await this.show({ position, id: row?.id });
  }

  private async show(asked: RecordAsked): Promise<void> {
    this.cancel();
    this.loading = new AbortController();
    this.asked = asked;
    const { signal } = this.loading;
    const content = await this.fetch(asked, signal);
    if (signal.aborted) return;
    this.loading = undefined;
    this.showDetails(content);
  }

  private cancel(): void {
    this.loading?.abort();
    this.loading = undefined;
  }

  private async fetch(asked: RecordAsked, signal: AbortSignal): Promise<DetailsContent> {
    try {
      const record = await this.parts.record(asked, signal);
      return record ? { kind: 'record', record } : { kind: 'gone' };
    } catch (thrown) {
      return { kind: 'failed', reason: messageOf(thrown) };
    }
  }

  private showDetails(details: DetailsContent): void {
    this.parts.store.update({ details });
  }
}
