/**
 * A pointer that is pressed on a row. The list holds still under it, and the row is known by its record, whatever comes
 * before it or goes; let go without having been dragged, the press has chosen that row.
 */
import type { Clock } from '../../src/base/clock.ts';
import type { Disposable } from '../../src/base/disposable.ts';
import type { PanelModel } from './panelModel.ts';
import type { Rows } from './rows.ts';
import type { Store } from './store.ts';
import { topOf } from './viewport.ts';

/** A press is a click until the pointer has gone so far. */
const dragMinPx = 5;
/** Whether it was let go is not always told. */
const heldMaxMs = 10_000;

/** Of the pointer, pixels of the page. */
export interface PressPoint {
  readonly clientX: number;
  readonly clientY: number;
}

interface Press extends PressPoint {
  /** The list followed the newest row when it was pressed. */
  readonly followed: boolean;
  /** Pixels from the top of the sight to the row. */
  readonly offset: number;
  /** The active row. */
  readonly active: number | undefined;
}

export interface RowPressParts {
  readonly store: Store<PanelModel>;
  readonly rows: Pick<Rows, 'holdStill' | 'goToNewest'>;
  readonly clock: Pick<Clock, 'schedule'>;
}

export class RowPress {
  private readonly parts: RowPressParts;
  private press: Press | undefined;
  private wasDragged = false;
  private timer: Disposable | undefined;

  constructor(parts: RowPressParts) {
    this.parts = parts;
  }

  /** The pointer has gone further than in a click. */
  get isDragged(): boolean {
    return this.wasDragged;
  }

  begin(position: number, { clientX, clientY }: PressPoint): void {
    this.cancel();
    const { active, viewport } = this.parts.store.get();
    const { follows: followed } = viewport;
    this.parts.rows.holdStill();
    this.parts.store.update({ pressed: position });
    this.press = { clientX, clientY, followed, active, offset: this.offset ?? 0 };
    this.wasDragged = false;
    this.wait();
  }

  move({ clientX, clientY }: PressPoint): void {
    if (!this.press) return;
    const { press } = this;
    this.wasDragged ||= Math.hypot(clientX - press.clientX, clientY - press.clientY) >= dragMinPx;
    this.wait();
  }

  /** The position that the row has by now; undefined: it was dragged, or the row is held no more, and nothing is chosen. */
  release(): number | undefined {
    const { held } = this;
    const isChosen = this.press !== undefined && held !== undefined && !this.wasDragged;
    if (isChosen) this.end();
    else this.cancel();
    return isChosen ? held : undefined;
  }

  /** Chooses nothing: a list that followed the newest row does so again, unless the user has left it meanwhile. */
  cancel(): void {
    if (!this.press) return;
    const { followed, offset, active } = this.press;
    const isScrolled = this.offset !== undefined && this.offset !== offset;
    // The keyboard has gone to another row.
    const isWhereItWas = !isScrolled && this.parts.store.get().active === active;
    this.end();
    if (followed && isWhereItWas) this.parts.rows.goToNewest();
  }

  /** Chooses nothing, and leaves the list as it is. */
  end(): void {
    this.timer?.dispose();
    this.press = undefined;
    this.parts.store.update({ pressed: undefined });
  }

  private wait(): void {
    this.timer?.dispose();
    this.timer = this.parts.clock.schedule(heldMaxMs, () => this.cancel());
  }

  /** The row, unless it was dropped. */
  private get held(): number | undefined {
    const { pressed, viewport } = this.parts.store.get();
    return pressed !== undefined && pressed >= viewport.range.first ? pressed : undefined;
  }

  private get offset(): number | undefined {
    const { held } = this;
    const { viewport } = this.parts.store.get();
    return held === undefined ? undefined : topOf(viewport, held) - viewport.top;
  }
}
