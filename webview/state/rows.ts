/** The rows in sight: follows ticks and scrolling, and has missing rows fetched. */
import { messageOf } from '../../src/base/errors.ts';
import type { NewestAsked, TailMoves, TailPage, TailTick } from '../../src/protocol/tail.ts';
import { isSameDay } from '../format.ts';
import { Pager } from './pager.ts';
import type { PanelModel } from './panelModel.ts';
import { RowCache, type ShownRow } from './rowCache.ts';
import { RowSlots } from './rowSlots.ts';
import type { Store } from './store.ts';
import * as view from './viewport.ts';

/** Scrolled pixels are fractions at some zooms. */
const endTolerancePx = 2;

/** An element of the page, as far as it matters here. */
export interface ScrolledElement {
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

export interface RowsParts {
  readonly store: Store<PanelModel>;
  now(): number;
  fetch(params: { from: number; count: number }): Promise<TailPage>;
  /** The cells that rows are to have. */
  asked(): Pick<NewestAsked, 'paths'>;
  /** Ticks are to bring so many of the newest rows along. */
  followNewest(asked: NewestAsked): void;
}

export class Rows {
  private readonly store: Store<PanelModel>;
  private readonly parts: RowsParts;
  private readonly cache = new RowCache();
  private readonly pager: Pager;
  /** Which element each row is drawn in. */
  readonly slots = new RowSlots();
  private tail: number | undefined;
  private isRefreshOwed = false;
  private newestAsked = '';
  /** Of the place that is looked for, to be shown with what comes. */
  private awaited: object | undefined;
  /** What the tail holds; the drawn range may lag behind it until the rows are here. */
  private held: view.RowRange = view.emptyViewport.range;

  constructor(parts: RowsParts) {
    const { store, fetch } = parts;
    this.store = store;
    this.parts = parts;
    this.pager = new Pager({
      cache: this.cache,
      fetch,
      onPage: () => this.pageCame(),
      onFailure: (reason) => {
        store.update({ rowsProblem: `Rows could not be read: ${messageOf(reason)}` });
        this.leaveDrawn();
      },
    });
  }

  /** The row at `position` when it was fetched. */
  get(position: number): ShownRow | undefined {
    return this.cache.get(position);
  }

  /** All rows that are here, in the order in which they came. */
  fetched(): Iterable<ShownRow> {
    return this.cache.values();
  }

  /** Takes the held range of `tick`, and rows that came with it; true when positions mean something else than before. */
  follow(tick: TailTick, newest?: TailPage): boolean {
    const viewport = this.covered(tick);
    const isNew = tick.generation !== this.cache.generation || tick.tail !== this.tail;
    this.held = tick.view;
    if (isNew) this.begin(tick);
    else this.move(tick.moves);
    const hasCome = this.takeNewest(newest);
    if (isNew) this.show(view.restarted(viewport, tick.view));
    else this.keepUp();
    if (hasCome) this.noteRows();
    this.showNew();
    this.cache.trim(view.drawn(this.store.get().viewport));
    return isNew;
  }

  /** Positions mean something else from this tick on: no row is known. */
  private begin({ tail, generation, moves }: TailTick): void {
    if (tail === this.tail) this.keepDrawn();
    else this.store.update({ before: undefined });
    this.tail = tail;
    this.cache.reset(generation, moves.revision);
    this.pager.forget();
    const { before, hasOtherDays } = this.store.get();
    this.store.update({ hasOtherDays: before !== undefined && hasOtherDays, pressed: undefined });
  }

  /** What is drawn stays so, as a picture, until the rows that are to be in sight are here. */
  private keepDrawn(): void {
    const { viewport, before, active } = this.store.get();
    const { first, end } = view.drawn(viewport);
    const rows = new Map<number, ShownRow>();
    for (let position = first; position < end; position += 1) {
      const row = this.cache.get(position);
      if (row) rows.set(position, row);
    }
    if (!before && rows.size > 0) this.store.update({ before: { viewport, active, rows } });
  }

  /** Draws what is in sight now once it is here, and a place that is looked for is found. */
  private showNew(): void {
    const { before, viewport } = this.store.get();
    const isHere = !this.awaited && this.cache.covers(view.inSight(viewport));
    if (before && isHere) this.leaveDrawn();
  }

  private leaveDrawn(): void {
    this.store.update({ before: undefined, hasOtherDays: this.isOtherDayInSight() });
  }

  /** What is drawn stays until `found` is called with the same key. */
  seek(key: object): void {
    this.awaited = key;
  }

  found(key: object): void {
    if (this.awaited !== key) return;
    this.awaited = undefined;
    this.showNew();
  }

  /** In an editor a paused tail says so over the end of the list; elsewhere the foot does. */
  private covered({ state }: TailTick): view.Viewport {
    const { viewport, subject } = this.store.get();
    const isCovered = state === 'paused' && subject?.where !== 'bottom';
    const next = view.withCover(viewport, isCovered);
    this.store.update({ viewport: next });
    return next;
  }

  /** The content was scrolled: by the user, or by the browser because its size changed. */
  scrolled(element: ScrolledElement): void {
    // What was scrolled is about to go.
    if (this.store.get().before) return;
    const { scrollTop: top, clientHeight, scrollHeight } = element;
    const isAtEnd = top + clientHeight >= scrollHeight - endTolerancePx;
    this.show(view.withScroll(this.store.get().viewport, { top, isAtEnd }));
  }

  /** What was fetched is not so any more: it is fetched again, and shown until then. */
  refresh(): void {
    this.askNewest();
    // What is on its way is shown first: one tick after another may ask for this.
    this.isRefreshOwed = this.pager.isBusy;
    if (this.isRefreshOwed) return;
    this.cache.expire();
    const { viewport } = this.store.get();
    this.pager.want(view.drawn(viewport), viewport.range);
  }

  settled(): void {
    this.show(view.settled(this.store.get().viewport));
  }

  /** An active row that was in sight stays in sight. */
  resized(height: number): void {
    const { viewport, active } = this.store.get();
    const next = view.withHeight(viewport, height);
    const isKept = active !== undefined && !next.follows && view.isInSight(viewport, active);
    this.show(isKept ? view.revealed(next, active) : next);
  }

  /** So many pixels of the screen make one of the page. */
  scaled(pixelRatio: number): void {
    const { viewport } = this.store.get();
    const scaled = view.withDrawnMax(viewport, view.rowsDrawnMax(pixelRatio));
    // Before it is laid out there is nothing to ask for.
    if (viewport.height === 0) this.store.update({ viewport: scaled });
    else if (scaled !== viewport) this.show(scaled);
  }

  holdStill(): void {
    this.show(view.heldStill(this.store.get().viewport));
  }

  goToNewest(): void {
    this.show(view.following(this.store.get().viewport));
  }

  reveal(position: number): void {
    this.show(view.revealed(this.store.get().viewport, position));
  }

  /** Has a row so many pixels below the top of the sight, or as near to that as it is whole in sight. */
  place(position: number, offset: number): void {
    this.keepDrawn();
    this.show(view.placed(this.store.get().viewport, { position, offset }));
    this.showNew();
  }

  /** Rows before `end` are not new. */
  seen(end: number): void {
    this.store.update({ viewport: view.withSeen(this.store.get().viewport, end) });
  }

  /** Goes to a row far from here: some before it are in sight too. */
  lead(position: number): void {
    this.show(view.led(this.store.get().viewport, position));
  }

  /** Whoever has missed how rows moved has them fetched again. */
  private move({ revision, from, list }: TailMoves): void {
    if (revision === this.cache.revision) return;
    if (from !== this.cache.revision) {
      this.cache.reset(this.cache.generation, revision);
      this.pager.forget();
      this.store.update({ active: undefined, pressed: undefined });
      return;
    }
    this.cache.move(list, revision);
    this.slots.move(list);
    const { viewport, active, pressed } = this.store.get();
    const moved = (position: number | undefined): number | undefined =>
      position === undefined ? undefined : view.movedPosition(position, list);
    this.store.update({
      viewport: view.withMoves(viewport, { moves: list, lookedAt: pressed ?? active }),
      active: moved(active),
      pressed: moved(pressed),
    });
  }

  /** Rows are shown otherwise now: none of those fetched before is shown any more. */
  refetch(): void {
    this.cache.reset(this.cache.generation, this.cache.revision);
    this.pager.forget();
    this.store.update({ before: undefined, rowsVersion: this.store.get().rowsVersion + 1 });
    this.show(this.store.get().viewport);
  }

  /** Draws what is held now; while the newest rows are on their way, the rows before them stay. */
  private keepUp(): void {
    const { viewport } = this.store.get();
    const next = view.withRange(viewport, this.held);
    if (!next.follows || this.cache.covers(view.inSight(next))) {
      this.show(next);
      return;
    }
    const come = { ...this.held, end: Math.min(this.held.end, this.cache.end) };
    const reached = view.withRange(viewport, come);
    const isFurther = come.end > viewport.range.end && this.cache.covers(view.inSight(reached));
    if (isFurther) this.store.update({ viewport: reached });
    this.pager.want(view.drawn(next), next.range);
  }

  private show(viewport: view.Viewport): void {
    this.store.update({ viewport });
    this.askNewest();
    this.pager.want(view.drawn(viewport), viewport.range);
  }

  /** What has other cells than are wanted now is fetched as if it had not come. */
  private takeNewest(newest: TailPage | undefined): boolean {
    const { paths } = this.parts.asked();
    if (!newest || newest.paths?.join() !== paths?.join()) return false;
    return this.cache.add(newest) > 0;
  }

  /** Says how many rows are to come with ticks, where that has changed. */
  private askNewest(): void {
    if (this.tail === undefined) return;
    const asked = { count: view.newestDrawn(this.store.get().viewport), ...this.parts.asked() };
    const words = JSON.stringify([this.tail, asked]);
    if (words === this.newestAsked) return;
    this.newestAsked = words;
    this.parts.followNewest(asked);
  }

  private pageCame(): boolean {
    const isOwed = this.isRefreshOwed;
    this.isRefreshOwed = false;
    this.takeRows();
    if (isOwed) this.cache.expire();
    return isOwed;
  }

  private takeRows(): void {
    if (this.store.get().viewport.follows) this.keepUp();
    this.noteRows();
    this.showNew();
  }

  private noteRows(): void {
    const { rowsVersion, hasOtherDays } = this.store.get();
    this.store.update({
      rowsVersion: rowsVersion + 1,
      rowsProblem: undefined,
      hasOtherDays: hasOtherDays || this.isOtherDayInSight(),
    });
  }

  private isOtherDayInSight(): boolean {
    const { viewport, zone } = this.store.get();
    const { first, end } = view.drawn(viewport);
    const nowMs = this.parts.now();
    for (let position = first; position < end; position += 1) {
      const row = this.cache.get(position);
      if (row?.kind === 'record' && !isSameDay(row.arrivedMs, nowMs, zone)) return true;
    }
    return false;
  }
}
