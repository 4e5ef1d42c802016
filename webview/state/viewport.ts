/**
 * Which rows are in sight. Rows have positions that never change; pixels follow from them, so that a
 * row stays where the eye has it while others are appended below or dropped above. Pure.
 */

import { pageRowsMax, type TailMove } from '../../src/protocol/tail.ts';

/** Height of every row, pixels. */
export const rowHeightPx = 24;
/** Kept free below the newest row, so that what floats there hides nothing; a low panel spares it while nothing does. */
const tailSpacePx = 40;
const lowPanelPx = 240;
const lowTailSpacePx = 4;
/** Rows drawn beyond the sight on either side. */
const overscanRows = 8;
/** Chromium places nothing below this many pixels of the screen; some room is left for what stands below the rows. */
const contentMaxPx = 2 ** 25 - 2 ** 16;

/** Rows that fit one below the other, with so many pixels of the screen for each of the page. */
export const rowsDrawnMax = (pixelRatio: number): number =>
  Math.floor(contentMaxPx / pixelRatio / rowHeightPx);

/** The held rows: `first` inclusive, `end` exclusive. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

export interface Viewport {
  readonly range: RowRange;
  /**
   * The position that lies at pixel 0 of the scrolled content: `range.first`, but where there are more rows than the
   * content can hold, and while it is scrolled.
   */
  readonly origin: number;
  /** Rows that the content can hold: it is moved over the range where that has more. */
  readonly drawnMax: number;
  /** Scrolled pixels. */
  readonly top: number;
  /** Pixels in sight. */
  readonly height: number;
  /** Stays at the newest row. */
  readonly follows: boolean;
  /** One past the newest row when following ended. */
  readonly seenEnd: number;
  /** A finger or thumb is on it: pixels must not be moved under it. */
  readonly isScrolling: boolean;
  /** Something floats over its end for long, as while it is paused. */
  readonly isCovered: boolean;
}

export const emptyViewport: Viewport = {
  range: { first: 0, end: 0 },
  origin: 0,
  drawnMax: rowsDrawnMax(1),
  top: 0,
  height: 0,
  follows: true,
  seenEnd: 0,
  isScrolling: false,
  isCovered: false,
};

/** One past the last row that the content holds. */
const contentEnd = ({ range, origin, drawnMax }: Viewport): number =>
  Math.min(range.end, origin + drawnMax);

/**
 * Pixels of the rows that the content holds and the space below them: a little more than needed, so that the topmost row is
 * whole when scrolled to the end.
 */
export function contentHeight(viewport: Viewport): number {
  const { origin, height, isCovered } = viewport;
  const tailSpace = height < lowPanelPx && !isCovered ? lowTailSpacePx : tailSpacePx;
  const needed = (contentEnd(viewport) - origin) * rowHeightPx + tailSpace;
  const over = needed - height;
  return over <= 0 ? needed : height + Math.ceil(over / rowHeightPx) * rowHeightPx;
}

/** Pixels from the top of the content to the row at `position`, whether it holds it or not. */
export function topOf(viewport: Viewport, position: number): number {
  return (position - viewport.origin) * rowHeightPx;
}

/** Of a row that the content does not hold: above it nobody scrolls. */
const outOfSightPx = -2 * rowHeightPx;

/** Where the row at `position` is drawn, pixels from the top of the content. */
export const drawnTop = (viewport: Viewport, position: number): number =>
  position >= viewport.origin && position < contentEnd(viewport)
    ? topOf(viewport, position)
    : outOfSightPx;

function topMax(viewport: Viewport): number {
  return Math.max(0, contentHeight(viewport) - viewport.height);
}

function clamped(viewport: Viewport): Viewport {
  const topMin = Math.max(0, topOf(viewport, viewport.range.first));
  const held = Math.min(Math.max(viewport.top, topMin), topMax(viewport));
  const top = viewport.follows ? topMax(viewport) : held;
  return top === viewport.top ? viewport : { ...viewport, top };
}

/** Lets another row lie at pixel 0, as near to `origin` as there are rows; the row in sight keeps its place on the screen. */
function movedTo(viewport: Viewport, origin: number): Viewport {
  const { range, drawnMax } = viewport;
  const first = Math.max(range.first, Math.min(origin, range.end - drawnMax));
  if (first === viewport.origin) return viewport;
  return { ...viewport, origin: first, top: viewport.top - topOf(viewport, first) };
}

/** With so much of the content before and behind the row as there can be. */
const centredAt = (viewport: Viewport, position: number): Viewport =>
  movedTo(viewport, position - Math.floor(viewport.drawnMax / 2));

/** Lets the content hold the rows around the sight: all that there are, where it can. */
function rebased(viewport: Viewport): Viewport {
  const { range, origin, drawnMax, top, follows } = viewport;
  if (follows) return movedTo(viewport, range.end);
  const topmost = origin + Math.floor(top / rowHeightPx);
  const margin = Math.floor(drawnMax / 8);
  const isNearFront = topmost - origin < margin;
  const isNearEnd = origin + drawnMax - topmost < margin;
  return isNearFront || isNearEnd ? centredAt(viewport, topmost) : movedTo(viewport, origin);
}

/** The held rows changed: appended, dropped, or both. */
export function withRange(viewport: Viewport, range: RowRange): Viewport {
  const next = { ...viewport, range };
  return clamped(viewport.isScrolling && !viewport.follows ? next : rebased(next));
}

/** Positions mean something else now: start over at the newest. */
export function restarted(viewport: Viewport, range: RowRange): Viewport {
  return clamped(rebased({ ...viewport, range, origin: range.first, top: 0, follows: true }));
}

/** Where the row at `position` stands once rows have come to stand before others. */
export function movedPosition(position: number, moves: readonly TailMove[]): number {
  let moved = position;
  for (const { at, count } of moves) if (at <= moved) moved += count;
  return moved;
}

/** One past the row that stands before `end` once rows have come to stand before others. */
export const movedEnd = (end: number, moves: readonly TailMove[]): number =>
  movedPosition(end - 1, moves) + 1;

/** Rows came to stand before others: the row that is looked at, or else the topmost in sight, keeps its place on the screen. */
export function withMoves(
  viewport: Viewport,
  { moves, lookedAt }: { moves: readonly TailMove[]; lookedAt: number | undefined },
): Viewport {
  const topmost = viewport.origin + Math.floor(viewport.top / rowHeightPx);
  const isSeen = lookedAt !== undefined && isInSight(viewport, lookedAt);
  const held = isSeen ? lookedAt : topmost;
  const more = movedPosition(held, moves) - held;
  const seenEnd = movedEnd(viewport.seenEnd, moves);
  return { ...viewport, top: viewport.top + more * rowHeightPx, seenEnd };
}

/** At its end it stays there, whether it follows or not. */
export function withHeight(viewport: Viewport, height: number): Viewport {
  return keptAtEnd(viewport, { ...viewport, height });
}

/** The content can hold more rows than before, or fewer. */
export const withDrawnMax = (viewport: Viewport, drawnMax: number): Viewport =>
  viewport.drawnMax === drawnMax ? viewport : clamped(rebased({ ...viewport, drawnMax }));

/** What floats over the end comes or goes. */
export function withCover(viewport: Viewport, isCovered: boolean): Viewport {
  if (viewport.isCovered === isCovered) return viewport;
  return keptAtEnd(viewport, { ...viewport, isCovered });
}

function keptAtEnd(before: Viewport, next: Viewport): Viewport {
  const isAtEnd = before.height > 0 && topMax(before) - before.top < 1;
  return clamped(isAtEnd ? { ...next, top: topMax(next) } : next);
}

/** What the scrolled element says of itself. It may not have been drawn anew yet. */
export interface Scrolled {
  readonly top: number;
  /** It cannot be scrolled further down. */
  readonly isAtEnd: boolean;
}

/** The content was moved; upwards ends following, the very bottom begins it. */
export function withScroll(viewport: Viewport, { top, isAtEnd }: Scrolled): Viewport {
  if (Math.abs(top - viewport.top) < 1 || (isAtEnd && viewport.follows)) return viewport;
  const next = { ...viewport, top, isScrolling: true };
  return isAtEnd ? { ...next, follows: true } : heldStill(next);
}

/** Scrolling came to rest; at the very top of the content that is at the oldest row. */
export function settled(viewport: Viewport): Viewport {
  if (!viewport.isScrolling) return viewport;
  const rest = { ...viewport, isScrolling: false };
  const isAtTop = rest.top < 1 && !rest.follows;
  return clamped(rebased(isAtTop ? { ...rest, origin: rest.range.first } : rest));
}

/** Follows the newest row no longer. */
export function heldStill(viewport: Viewport): Viewport {
  return viewport.follows ? { ...viewport, follows: false, seenEnd: viewport.range.end } : viewport;
}

/** Goes to the newest row and stays there. */
export function following(viewport: Viewport): Viewport {
  return clamped(rebased({ ...viewport, follows: true, isScrolling: false }));
}

/** Scrolls there, also to where the content does not reach yet. */
const scrolledTo = (viewport: Viewport, top: number): Viewport =>
  clamped(rebased({ ...heldStill(viewport), top }));

/** Scrolls as little as needed for the row at `position` to be wholly in sight. */
export function revealed(viewport: Viewport, position: number): Viewport {
  const rowTop = topOf(viewport, position);
  const bottom = rowTop + rowHeightPx - viewport.height;
  return scrolledTo(viewport, rowTop < viewport.top ? rowTop : Math.max(viewport.top, bottom));
}

/** Rows in sight above one that was gone to. */
const rowsAboveLed = 2;

/** Scrolls the row at `position` near the top of the sight. */
export function led(viewport: Viewport, position: number): Viewport {
  return scrolledTo(viewport, topOf(viewport, position - rowsAboveLed));
}

/** Scrolls the row at `position` to `offset` pixels below the top of the sight, within it. */
export function placed(
  viewport: Viewport,
  { position, offset }: { readonly position: number; readonly offset: number },
): Viewport {
  const within = Math.max(0, Math.min(offset, viewport.height - rowHeightPx));
  return scrolledTo(viewport, topOf(viewport, position) - within);
}

/** Positions wholly or partly in sight, never beyond what is held. */
export function inSight(viewport: Viewport): RowRange {
  const { range, origin, top, height } = viewport;
  const first = Math.max(range.first, origin + Math.floor(top / rowHeightPx));
  const end = Math.min(contentEnd(viewport), origin + Math.ceil((top + height) / rowHeightPx));
  return { first: Math.min(first, end), end };
}

/** The rows in sight and those above them, as many as a page has: what is at hand to look at. */
export function atHand(viewport: Viewport): { from: number; count: number } {
  const { end } = inSight(viewport);
  const from = Math.max(viewport.range.first, end - pageRowsMax);
  return { from, count: end - from };
}

/** True when the row at `position` is wholly or partly in sight. */
export function isInSight(viewport: Viewport, position: number): boolean {
  const { first, end } = inSight(viewport);
  return position >= first && position < end;
}

/** What is drawn: a little more than what is in sight. */
export function drawn(viewport: Viewport): RowRange {
  const { first, end } = inSight(viewport);
  return {
    first: Math.max(viewport.range.first, viewport.origin, first - overscanRows),
    end: Math.min(contentEnd(viewport), end + overscanRows),
  };
}

/** What is at hand tells what values there are, so it is not too little. */
const newestRowsStep = 50;

/** How many of the newest rows are drawn, in steps, so that small changes of the height change nothing; 0 while it holds still. */
export function newestDrawn({ follows, height }: Viewport): number {
  const rows = Math.ceil(height / rowHeightPx) + overscanRows;
  return follows && height > 0 ? Math.ceil(rows / newestRowsStep) * newestRowsStep : 0;
}

/** Rows that came since following ended. */
export function newRows(viewport: Viewport): number {
  return viewport.follows ? 0 : Math.max(0, viewport.range.end - viewport.seenEnd);
}

/** Rows from `end` on came since following ended. */
export const withSeen = (viewport: Viewport, end: number): Viewport => ({
  ...viewport,
  seenEnd: Math.min(end, viewport.range.end),
});

/** Whole rows that fit: how far a page key moves. */
export function pageRows(viewport: Viewport): number {
  return Math.max(1, Math.floor(viewport.height / rowHeightPx) - 1);
}
