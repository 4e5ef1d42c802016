import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as view from '../../webview/state/viewport.ts';

const at = (first: number, end: number): view.Viewport =>
  view.withRange(view.withHeight(view.emptyViewport, 600), { first, end });

/** The user scrolls to `top`, not to the end. */
const scrolledTo = (viewport: view.Viewport, top: number): view.Viewport =>
  view.withScroll(viewport, { top, isAtEnd: false });

/** Where on the screen the row at `position` is. */
const screenTop = (viewport: view.Viewport, position: number): number =>
  view.topOf(viewport, position) - viewport.top;

test('withRange() stays at the newest row while it follows', () => {
  const before = at(0, 1000);
  const after = view.withRange(before, { first: 0, end: 1100 });
  expect(screenTop(after, 1099)).toBe(screenTop(before, 999));
});

test('withRange() holds still when following ended, and counts what came', () => {
  const before = scrolledTo(at(0, 1000), 2400);
  const after = view.withRange(view.settled(before), { first: 50, end: 1200 });
  expect(screenTop(after, 100)).toBe(screenTop(before, 100));
  expect(view.newRows(after)).toBe(200);
});

test('withRange() moves no pixel under a thumb; settled() makes up for it', () => {
  const dragging = scrolledTo(at(0, 1000), 2400);
  const grown = view.withRange(dragging, { first: 50, end: 1100 });
  expect(grown.top).toBe(2400);
  const rest = view.settled(grown);
  expect(rest.origin).toBe(50);
  expect(screenTop(rest, 100)).toBe(screenTop(dragging, 100));
});

test('withRange() goes to the oldest held row when the one in sight was dropped', () => {
  const still = view.settled(scrolledTo(at(0, 1000), 240));
  const after = view.withRange(still, { first: 500, end: 1500 });
  expect(view.inSight(after).first).toBe(500);
  expect(after.top).toBe(0);
});

test('withMoves() keeps the row that is looked at where it is, or else the topmost one', () => {
  const still = view.settled(scrolledTo(at(0, 1000), 2400));
  const moves = [
    { at: 5, count: 2 },
    { at: 110, count: 3 },
    { at: 130, count: 4 },
  ];
  const topOf = (lookedAt: number | undefined, position: number): number =>
    screenTop(view.withMoves(still, { moves, lookedAt }), position) - screenTop(still, 100);
  expect(topOf(115, 120)).toBe(15 * view.rowHeightPx);
  for (const outOfSight of [undefined, 99, 200]) expect(topOf(outOfSight, 102)).toBe(0);
});

test('withScroll() follows again at the very bottom', () => {
  const still = scrolledTo(at(0, 1000), 2400);
  const top = view.contentHeight(still) - 600;
  expect(view.withScroll(still, { top, isAtEnd: true }).follows).toBe(true);
});

test('withScroll() goes on following when the browser moved the content for want of space', () => {
  const follows = at(0, 1000);
  expect(view.withScroll(follows, { top: follows.top - 30, isAtEnd: true })).toBe(follows);
});

test('revealed() scrolls as little as needed', () => {
  const still = view.settled(scrolledTo(at(0, 1000), 2400));
  expect(view.revealed(still, 110).top).toBe(2400);
  expect(screenTop(view.revealed(still, 90), 90)).toBe(0);
  expect(screenTop(view.revealed(still, 300), 300)).toBe(600 - view.rowHeightPx);
});

test('the topmost row is whole when following', () => {
  for (const height of [200, 333, 600, 711]) {
    const viewport = view.withHeight(at(0, 1000), height);
    expect(viewport.top % view.rowHeightPx).toBe(0);
  }
});

test('a row in sight keeps its place under any appending, dropping and settling', () => {
  const step = fc.record({ append: fc.nat(300), drop: fc.nat(40), settle: fc.boolean() });
  fc.assert(
    fc.property(fc.nat(20_000), fc.array(step, { maxLength: 40 }), (top, steps) => {
      let viewport = scrolledTo(at(0, 1000), top);
      const anchor = view.inSight(viewport).first + 3;
      const place = screenTop(viewport, anchor);
      for (const { append, drop, settle } of steps) {
        const { first, end } = viewport.range;
        viewport = view.withRange(viewport, { first: first + drop, end: end + append });
        if (settle) viewport = view.settled(viewport);
        if (viewport.range.first >= anchor - 4 || viewport.follows) return;
        expect(screenTop(viewport, anchor)).toBe(place);
      }
    }),
  );
});

/** What is drawn has its place in the content, and what is in sight is drawn. */
function expectWhole(viewport: view.Viewport): void {
  const { top, height, drawnMax } = viewport;
  const [sight, drawn] = [view.inSight(viewport), view.drawn(viewport)];
  const rowsMax = (view.contentHeight(viewport) - height) / view.rowHeightPx;
  expect(view.contentHeight(viewport)).toBeLessThanOrEqual((drawnMax + 3) * view.rowHeightPx);
  expect(view.topOf(viewport, drawn.first)).toBeGreaterThanOrEqual(0);
  expect(view.drawnTop(viewport, drawn.end - 1)).toBe(view.topOf(viewport, drawn.end - 1));
  expect(top / view.rowHeightPx).toBeLessThanOrEqual(rowsMax);
  // All but what the space below the newest row takes.
  expect(sight.end - sight.first).toBeGreaterThanOrEqual(Math.floor(height / view.rowHeightPx) - 2);
}

test('of more rows than the content holds each can be gone to, and keeps its place while others come and go', () => {
  const step = fc.record({ to: fc.nat(9999), append: fc.nat(300), drop: fc.nat(40) });
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 3000 }), fc.array(step), (drawnMax, steps) => {
      let viewport = view.withDrawnMax(at(0, 10_000), drawnMax);
      for (const { to, append, drop } of steps) {
        const { first, end } = viewport.range;
        const position = first + 40 + (to % (end - first - 80));
        viewport = view.led(viewport, position);
        const place = screenTop(viewport, position);
        expectWhole(viewport);
        expect(view.isInSight(viewport, position)).toBe(true);
        viewport = view.withRange(viewport, { first: first + drop, end: end + append });
        expectWhole(viewport);
        if (drop < 36) expect(screenTop(viewport, position)).toBe(place);
      }
      const end = view.following(viewport);
      expectWhole(end);
      expect(view.inSight(end).end).toBe(end.range.end);
    }),
  );
});

test('settled() at the very top of a content that does not hold all rows is at the oldest, at its end at the newest', () => {
  const many = view.withDrawnMax(at(0, 10_000), 1000);
  expect(view.inSight(many).end).toBe(10_000);
  const top = view.settled(scrolledTo(many, 0));
  expect(view.inSight(top).first).toBe(0);
  const near = view.settled(scrolledTo(many, 240));
  expect(view.inSight(near).first).toBe(9010);
  expect(view.topOf(near, 9010)).toBeGreaterThan(240);
  const end = view.contentHeight(top) - top.height;
  const newest = view.settled(view.withScroll(top, { top: end, isAtEnd: true }));
  expect([newest.follows, view.inSight(newest).end]).toEqual([true, 10_000]);
});

test.each([true, false])(
  'withHeight() stays at the end of rows that are not followed: %s, with room for what floats there',
  (isCovered) => {
    const covered = view.withCover(view.heldStill(at(0, 1000)), isCovered);
    for (const height of [400, 130, 200, 600]) {
      const after = view.withHeight(covered, height);
      const below = height - screenTop(after, 999) - view.rowHeightPx;
      expect(below).toBeGreaterThanOrEqual(isCovered || height > 240 ? 40 : 4);
      expect(below).toBeLessThan(40 + view.rowHeightPx);
      expect(view.inSight(after).end).toBe(1000);
    }
    const scrolled = scrolledTo(at(0, 1000), 2400);
    expect(view.withCover(view.withHeight(scrolled, 130), isCovered).top).toBe(2400);
  },
);

test('withCover() makes room at once, and none where rows are looked at', () => {
  const low = view.withHeight(at(0, 1000), 130);
  const covered = view.withCover(low, true);
  expect(covered.top).toBeGreaterThan(low.top);
  expect(view.withCover(covered, false).top).toBe(low.top);
});
