// How long a press keeps the list still, and what it leaves behind.
import { expect, test } from 'vitest';
import { initialModel, type PanelModel } from '../../webview/state/panelModel.ts';
import { RowPress } from '../../webview/state/rowPress.ts';
import { Store } from '../../webview/state/store.ts';
import * as view from '../../webview/state/viewport.ts';
import { TestClock } from '../support/testClock.ts';

const point = (clientX: number, clientY = 0) => ({ clientX, clientY });

function setUp() {
  const height = 10 * view.rowHeightPx;
  const laidOut = view.withHeight(initialModel.viewport, height);
  const viewport = view.following(view.withRange(laidOut, { first: 0, end: 100 }));
  const store = new Store<PanelModel>({ ...initialModel, viewport });
  const change = (next: (viewport: view.Viewport) => view.Viewport): void =>
    store.update({ viewport: next(store.get().viewport) });
  const clock = new TestClock();
  const press = new RowPress({
    ...{ store, clock },
    rows: {
      holdStill: () => change(view.heldStill),
      goToNewest: () => change(view.following),
    },
  });
  const select = (active: number): void => store.update({ active });
  return { press, clock, change, select, follows: () => store.get().viewport.follows };
}

test('a button that is never let go does not keep the list still for ever', async () => {
  const { press, clock, follows } = setUp();
  press.begin(95, point(0));
  await clock.advance(9000);
  press.move(point(2));
  await clock.advance(9000);
  expect(follows()).toBe(false);
  await clock.advance(1000);
  expect(follows()).toBe(true);
  expect(press.release()).toBeUndefined();
  expect(clock.pendingTimers).toBe(0);
});

test('a press that moved by less than 5 px has chosen its row, one that came back from further has not', () => {
  const { press, follows } = setUp();
  press.begin(95, point(10));
  press.move(point(14));
  expect(press.release()).toBe(95);
  press.begin(95, point(10));
  press.move(point(13, 4));
  press.move(point(10));
  expect(press.release()).toBeUndefined();
  expect(follows()).toBe(false);
});

test('a list that was scrolled while a row was pressed stays where it is', () => {
  const { press, change, follows } = setUp();
  press.begin(95, point(0));
  change((viewport) => view.withScroll(viewport, { top: 100, isAtEnd: false }));
  press.cancel();
  expect(follows()).toBe(false);
});

test('a list that held still before it was pressed holds still afterwards', () => {
  const { press, change, follows } = setUp();
  change(view.heldStill);
  press.begin(95, point(0));
  press.cancel();
  expect(follows()).toBe(false);
});

test('a list in which the keyboard went to another row meanwhile stays where it is', () => {
  const { press, select, follows } = setUp();
  press.begin(95, point(0));
  select(94);
  press.cancel();
  expect(follows()).toBe(false);
});
