/** One tab's look at a tail: the rows that its filter chooses, by position, and the ticks that announce them. */
import { type Clock, delay } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Decoder } from '../decode/decoder.ts';
import type { SeekAsked, SeekFound } from '../protocol/histogram.ts';
import type {
  FilterAsked,
  FullRecord,
  FullRecordAsked,
  NewestAsked,
  PageAsked,
  RecordAsked,
  RecordFound,
  RecordRow,
  RecordSought,
  TailMoves,
  TailPage,
  TailTick,
} from '../protocol/tail.ts';
import type { Now } from '../query/values.ts';
import { findRecord } from './findRecord.ts';
import { HeldRecords } from './heldRecords.ts';
import { HistogramFeed } from './histogramFeed.ts';
import type { Masking } from './masking.ts';
import { NewestRows } from './newestRows.ts';
import type { Ring } from './ring.ts';
import type { ChooserParts, TimeBox } from './rowChooser.ts';
import type { HeldRecord, HeldRow } from './rowStore.ts';
import { fullRecord, pageRowsMax, type RowLook, tailRows } from './rows.ts';
import { type SeekReading, seek, seekFromStart } from './seek.ts';
import type { ShardEntry } from './shardTable.ts';
import type { Insertion } from './slotList.ts';
import { TabColumns } from './tabColumns.ts';
import { Ticker } from './ticker.ts';
import { TickPace } from './tickPace.ts';
import { type SliceBudget, View } from './view.ts';

/** What all tabs of a tail are told alike. */
export type TailStatus = Omit<
  TailTick,
  | 'tail'
  | 'view'
  | 'generation'
  | 'moves'
  | 'records'
  | 'isLooking'
  | 'filter'
  | 'filterProblem'
  | 'order'
>;

/** The tail, as a tab sees it. */
export interface TailSource extends SeekReading {
  readonly clock: Clock;
  readonly ring: Ring;
  readonly shardCount: number;
  /** Rows that came late, since the start. */
  readonly lateRows: number;
  /** The rows are of the start before. */
  readonly hasRowsOfBefore: boolean;
  /** They are, and about to go. */
  readonly isStartingAnew: boolean;
  shard(id: string): ShardEntry | undefined;
  status(): TailStatus;
}

export interface TabOptions {
  /** Named in ticks. */
  readonly tail: number;
  readonly decoder: Decoder;
  readonly timeBox: TimeBox;
  /** Absent: nothing is hidden. */
  readonly masking?: Masking | undefined;
  /** `newest`: the rows that came since the tick before, where they were asked for. */
  tick(tick: TailTick, newest?: TailPage): void;
}

/** One slice of a filter's work; others get their turn between two. About as many rows as there is time for: each is listed first. */
const slice: SliceBudget = { rows: 16_384, ms: 10 };
/** The first one is short: its rows are what the user waits for. */
const firstSlice: SliceBudget = { rows: 1000, ms: 10 };
/** Without a filter a row costs next to nothing. */
const unfilteredSlice: SliceBudget = { rows: 200_000, ms: 10 };
const budgetOf = ({ isUnfiltered }: View, filtered = slice): SliceBudget =>
  isUnfiltered ? unfilteredSlice : filtered;

/** Visible until `show` says otherwise; hidden, it runs no timer and tells nothing. */
export class TailTab implements Disposable {
  readonly view: View;
  readonly columns: TabColumns;
  private readonly source: TailSource;
  private readonly options: TabOptions;
  private readonly ticker: Ticker;
  private readonly histogram: HistogramFeed;
  private readonly newest = new NewestRows();
  private readonly pace = new TickPace();
  private slicing: Disposable | undefined;
  private isDisposed = false;
  /** Of the filter in force: its ages and times of day count from there. */
  private filteredAt: Now = { nowMs: 0 };
  /** Those that the last tick told of. */
  private moves: Omit<TailMoves, 'late'> = { revision: 0, from: 0, list: [] };

  constructor(source: TailSource, options: TabOptions) {
    const { ring, clock } = source;
    const { decoder, masking } = options;
    this.source = source;
    this.options = options;
    this.view = new View(ring, this.chooserParts);
    this.ticker = new Ticker(clock, () => this.sendTick());
    this.columns = new TabColumns({
      ...{ ring, clock, decoder, masking, view: this.view },
      isVisible: () => this.isVisible,
      changed: () => this.changed(),
    });
    const changed = (): void => this.changed();
    const mention = (): void => this.mention();
    this.histogram = new HistogramFeed({ ring, view: this.view, clock, changed, mention });
  }

  get isVisible(): boolean {
    return this.ticker.visible;
  }

  /** Shows only rows that match; finding them among those held is done in slices. */
  filter({ text, timeZone }: FilterAsked): void {
    this.filteredAt = { nowMs: this.source.clock.now(), timeZone };
    this.choose(text);
  }

  /** Records are decoded otherwise now: the filter may choose others. */
  chooseAnew(): void {
    if (!this.view.isUnfiltered) this.choose(this.view.filter);
    this.columns.readAnew();
  }

  /** Ticks are sent only while visible; becoming visible sends one at once. */
  show(visible: boolean): void {
    this.ticker.show(visible);
    this.histogram.show(visible);
    if (visible) this.changed();
    else {
      this.stopSlicing();
      this.columns.stop();
    }
  }

  /** Ticks bring the newest rows along. */
  followNewest(asked: NewestAsked): void {
    this.newest.ask(asked);
  }

  /** Ticks tell of the histogram while it is shown. */
  showHistogram(shown: boolean): void {
    this.histogram.want(shown);
  }

  /** Where in the rows a moment or a record is, once all that are held were compared with the filter. */
  async positionAt(asked: SeekAsked): Promise<SeekFound> {
    await this.chooseAll();
    this.tellChosen();
    const { source, view } = this;
    if (source.isStartingAnew) return seekFromStart(asked, source);
    const found = seek(asked, { ring: source.ring, view, reading: source });
    const isToCome = source.hasRowsOfBefore && found.type === 'notHeld';
    return isToCome ? seekFromStart(asked, source) : found;
  }

  /** Something that a tick tells has changed. */
  changed(): void {
    if (!this.ticker.visible) return;
    if (!this.view.isComplete && !this.slicing) this.advanceView();
    this.columns.changed();
    this.ticker.intervalMs = this.pace.intervalMs(this.source.shardCount);
    this.ticker.changed();
  }

  /** Something that a tick tells has changed, and can wait. */
  mention(): void {
    this.ticker.mention();
  }

  /** The rows at `from` up to `from + count`, at most `pageRowsMax`; later ones when `from` was dropped. */
  page({ from, count, paths }: PageAsked): TailPage {
    const { view, look } = this;
    const { store } = this.source.ring;
    this.tellMovesNow();
    const end = Math.min(view.end, Math.trunc(from) + Math.min(Math.trunc(count), pageRowsMax));
    const first = Math.max(view.first, Math.trunc(from));
    const held: HeldRow[] = [];
    for (let position = first; position < end; position++) {
      held.push(store.row(view.at(position)!));
    }
    const rows = this.columns.dress(tailRows(first, { rows: held, look }), paths);
    const { revision } = this.moves;
    return {
      generation: view.generation,
      revision,
      from: first,
      rows,
      ...(paths ? { paths } : {}),
    };
  }

  /** Undefined when the row was dropped or is an event. */
  record(asked: FullRecordAsked): FullRecord | undefined {
    const { look } = this;
    const record = this.held(asked);
    if (!record) return undefined;
    const shard = this.source.shard(record.shardId);
    const [shown] = tailRows(asked.position, { rows: [record], look });
    const { isWhole = false } = asked;
    return fullRecord(shown as RecordRow, { record, shard, look, isWhole });
  }

  /** The record as it is held, for this turn only; undefined when the row was dropped or is an event. */
  held({ position, id }: RecordAsked): HeldRecord | undefined {
    const { store } = this.source.ring;
    const slot = id === undefined ? this.view.at(position) : store.slotOf(id);
    const row = slot === undefined ? undefined : store.row(slot);
    return row?.kind === 'record' ? row : undefined;
  }

  /** Undefined while the row is not held. All rows are compared with the filter before one is said not to match it. */
  async find(sought: RecordSought): Promise<RecordFound | undefined> {
    await this.chooseAll();
    const { ring, isStartingAnew } = this.source;
    if (isStartingAnew) return undefined;
    const slot = 'id' in sought ? ring.store.slotOf(sought.id) : findRecord(sought, ring);
    if (slot === undefined) return undefined;
    const id = ring.store.idOf(slot);
    const position = this.view.positionOf(slot);
    if (position === undefined) return { id };
    this.tellChosen();
    return { id, position };
  }

  /**
   * The records that `filter` chooses, in their order, to be taken in pieces; the tab's own filter may become another
   * meanwhile. Ages count from where those of the filter in force do. Resolves once all that are held were compared
   * with it, also while nobody looks; early when `signal` aborts. Rejects when the filter chooses nothing, or when the
   * tab is closed meanwhile.
   */
  async matching(filter: string, signal: AbortSignal): Promise<HeldRecords> {
    const { clock, ring } = this.source;
    const view = new View(ring, this.chooserParts);
    view.setFilter(filter, this.filteredAt);
    try {
      while (!this.isDisposed && !view.advance(budgetOf(view)) && !signal.aborted) {
        await delay(clock, 0, signal);
      }
      if (this.isDisposed) throw new Error('The tail was closed while its rows were looked for.');
      const { problem } = view;
      // Its rows would be all of them.
      if (problem !== undefined) throw new Error(`The filter chooses nothing: ${problem}`);
      return HeldRecords.of(view, ring.store);
    } finally {
      view.dispose();
    }
  }

  /** The state as it is now, as the next tick would tell it. */
  tick(): TailTick {
    const { view, source } = this;
    return {
      ...source.status(),
      tail: this.options.tail,
      view: { first: view.first, end: view.end },
      generation: view.generation,
      moves: { ...this.moves, late: source.lateRows },
      records: { held: source.ring.records, matching: view.matching },
      ...(view.isLooking ? { isLooking: true } : {}),
      filter: view.filter,
      ...(this.columns.order ? { order: this.columns.order } : {}),
      ...(view.problem === undefined ? {} : { filterProblem: view.problem }),
    };
  }

  /** Nothing is told afterwards. */
  dispose(): void {
    this.isDisposed = true;
    this.stopSlicing();
    this.columns.dispose();
    this.histogram.dispose();
    this.view.dispose();
    this.ticker.dispose();
  }

  private get chooserParts(): ChooserParts {
    const { decoder, timeBox } = this.options;
    return { decoder, timeBox, monotonic: () => this.source.clock.monotonic() };
  }

  /** Also while nobody looks. */
  private async chooseAll(): Promise<void> {
    const { view, source } = this;
    if (view.isComplete) return;
    while (!this.isDisposed && !view.advance(slice)) await delay(source.clock, 0);
    this.changed();
  }

  /** The last tick tells of all rows that match. */
  private tellChosen(): void {
    if (this.ticker.isOwed) this.ticker.tellNow();
    else this.tellMovesNow();
  }

  private choose(text: string): void {
    this.view.setFilter(text, this.filteredAt);
    this.advanceView(firstSlice);
    this.changed();
  }

  /** A slice now and the others later. */
  private advanceView(budget: SliceBudget = slice): void {
    this.stopSlicing();
    const isDone = this.view.advance(budgetOf(this.view, budget));
    if (isDone || !this.ticker.visible) return;
    this.slicing = this.source.clock.schedule(0, () => {
      this.advanceView();
      this.changed();
    });
  }

  private stopSlicing(): void {
    this.slicing?.dispose();
    this.slicing = undefined;
  }

  private sendTick(): void {
    this.tellMoves(this.view.takeMoves());
    const histogram = this.histogram.take();
    const tick = { ...this.tick(), ...(histogram && { histogram }) };
    this.pace.told(tick.received, this.source.clock.monotonic());
    this.options.tick(tick, this.newestPage());
  }

  private newestPage(): TailPage | undefined {
    const { generation, first, end } = this.view;
    const asked = this.newest.next({ generation, revision: this.moves.revision, first, end });
    return asked && this.page(asked);
  }

  /** Positions that are told now are those of the last tick. */
  private tellMovesNow(): void {
    if (this.view.hasMoved && this.ticker.visible) this.ticker.tellNow();
  }

  /** Of too many nobody is told where rows went: whoever shows some asks for them again. */
  private tellMoves(list: readonly Insertion[] | undefined): void {
    const { revision } = this.moves;
    const next = list?.length === 0 ? revision : revision + 1;
    const from = list ? revision : -1;
    this.moves = { revision: next, from, list: list ?? [] };
  }

  private get look(): RowLook {
    const { decoder, masking } = this.options;
    return { decoder, masking, marksIn: (texts) => this.view.marksIn(texts) };
  }
}
