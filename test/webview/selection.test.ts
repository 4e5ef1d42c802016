// The active row and its record while answers come late, or rows get other positions by a new filter.
import { describe, expect, test } from 'vitest';
import type { FullRecord, RecordAsked, TailPage, TailTick } from '../../src/protocol/tail.ts';
import { initialModel, type PanelModel } from '../../webview/state/panelModel.ts';
import { Rows } from '../../webview/state/rows.ts';
import { Selection } from '../../webview/state/selection.ts';
import { Store } from '../../webview/state/store.ts';
import { rowHeightPx, topOf } from '../../webview/state/viewport.ts';

const settled = () => new Promise<void>((done) => setImmediate(done));

/** A list of rows by id, shown by position; records and places are answered when the test says so. */
function setUp() {
  const store = new Store<PanelModel>({ ...initialModel, isDetailsOpen: true });
  let [ids, generation] = [Array.from({ length: 1000 }, (_, id) => id), 1];
  const fetch = async ({ from, count }: { from: number; count: number }): Promise<TailPage> => {
    const rows = ids.slice(from, from + count).map((id, index) => ({
      ...{ kind: 'record' as const, position: from + index, id },
    }));
    return { generation, revision: 0, from, rows } as unknown as TailPage;
  };
  const rows = new Rows({
    ...{ store, fetch },
    now: () => 0,
    asked: () => ({}),
    followNewest: () => {},
  });
  const records: { asked: RecordAsked; answer(decoded: string): Promise<void> }[] = [];
  const places: (() => Promise<void>)[] = [];
  const selection = new Selection({
    ...{ store, rows },
    record: (asked) =>
      new Promise((resolve) => {
        const answer = (decoded: string) => {
          resolve({ row: asked, decoded } as unknown as FullRecord);
          return settled();
        };
        records.push({ asked, answer });
      }),
    find: (sought) => {
      const id = 'id' in sought ? sought.id : -1;
      const position = ids.indexOf(id);
      const found = position < 0 ? { id } : { id, position };
      return new Promise((resolve) => {
        places.push(() => {
          resolve(found);
          return settled();
        });
      });
    },
  });
  rows.resized(10 * rowHeightPx);
  const tell = async (): Promise<void> => {
    const { kept } = selection;
    const moves = { revision: 0, from: 0, list: [], late: 0 };
    const view = { first: 0, end: ids.length };
    const isNew = rows.follow({ tail: 1, generation, moves, view } as unknown as TailTick);
    if (isNew) selection.forget(kept);
    await settled();
  };
  const filter = (isShown: (id: number) => boolean): Promise<void> => {
    ids = Array.from({ length: 1000 }, (_, id) => id).filter(isShown);
    generation += 1;
    return tell();
  };
  const shown = (): string => {
    const { details } = store.get();
    return details.kind === 'record' ? details.record.decoded : details.kind;
  };
  /** Pixels from the top of the sight to the active row. */
  const offset = (): number => {
    const { active, viewport } = store.get();
    return topOf(viewport, active ?? Number.NaN) - viewport.top;
  };
  const active = () => store.get().active;
  return { store, rows, selection, records, places, tell, filter, shown, offset, active };
}

describe('reload()', () => {
  test('while another record is on its way fetches that one anew, and not the one before', async () => {
    const { selection, records, tell, shown } = setUp();
    await tell();
    selection.select(995);
    await records[0]!.answer('995');
    selection.select(996);
    void selection.reload();
    expect(records.map(({ asked }) => asked.position)).toEqual([995, 996, 996]);
    expect(selection.isLoading).toBe(true);
    await records[1]!.answer('996 as it was');
    expect(shown()).toBe('995');
    await records[2]!.answer('996 masked');
    expect(shown()).toBe('996 masked');
    expect(selection.isLoading).toBe(false);
  });

  test('fetches the shown record again, and nothing once the details are closed', async () => {
    const { selection, records, tell, shown } = setUp();
    await tell();
    selection.select(995);
    await records[0]!.answer('995');
    void selection.reload();
    await records[1]!.answer('995 masked');
    expect(shown()).toBe('995 masked');
    selection.select(996);
    selection.closeDetails();
    expect(selection.isLoading).toBe(false);
    void selection.reload();
    expect(records).toHaveLength(3);
    await records[2]!.answer('996');
    expect(shown()).toBe('none');
  });
});

describe('under a new filter', () => {
  test('the active row stays selected and where it is on the screen', async () => {
    const { selection, rows, records, places, tell, filter, offset, active, store } = setUp();
    await tell();
    selection.select(500);
    rows.lead(500);
    await settled();
    const before = offset();
    expect(before).toBeGreaterThan(0);
    await filter((id) => id % 10 === 0);
    expect(active()).toBeUndefined();
    expect(store.get().before?.rows.get(500)).toMatchObject({ id: 500 });
    selection.openDetails();
    expect(records).toHaveLength(1);
    await places[0]!();
    expect([active(), offset(), store.get().viewport.follows]).toEqual([50, before, false]);
    await settled();
    expect(store.get().before).toBeUndefined();
    await filter(() => true);
    await places[1]!();
    expect([active(), offset()]).toEqual([500, before]);
  });

  test('whoever has scrolled on before it is found is not pulled back to it', async () => {
    const { selection, rows, places, tell, filter, active, store } = setUp();
    await tell();
    selection.select(500);
    rows.lead(500);
    await settled();
    // Not all are looked through: what has come is shown meanwhile.
    store.update({ tick: { isLooking: true } as unknown as TailTick });
    await filter((id) => id % 2 === 0);
    expect(store.get().before).toBeUndefined();
    rows.scrolled({ scrollTop: 1200, clientHeight: 240, scrollHeight: 12_040 });
    const { top } = store.get().viewport;
    await places[0]!();
    expect([active(), store.get().viewport.top]).toEqual([250, top]);
  });

  test('the row is looked for again by each filter that comes before it was found', async () => {
    const { selection, rows, places, tell, filter, active } = setUp();
    await tell();
    selection.select(500);
    rows.lead(500);
    await settled();
    await filter((id) => id % 2 === 0);
    await filter((id) => id % 10 === 0);
    await places[0]!();
    expect(active()).toBeUndefined();
    await places[1]!();
    expect(active()).toBe(50);
  });

  test('a row that does not match any more is selected no longer, nor one that the user left', async () => {
    const { selection, rows, places, tell, filter, active } = setUp();
    await tell();
    selection.select(501);
    rows.lead(501);
    await settled();
    await filter((id) => id % 2 === 0);
    selection.select(3);
    await places[0]!();
    expect(active()).toBe(3);
    rows.lead(3);
    await settled();
    await filter((id) => id > 100);
    await places[1]!();
    expect(active()).toBeUndefined();
  });

  test('the newest rows are followed on when they were, the active one stays selected', async () => {
    const { selection, places, tell, filter, active, store } = setUp();
    await tell();
    selection.move('last');
    await settled();
    await filter((id) => id % 2 === 1);
    await places[0]!();
    expect([active(), store.get().viewport.follows]).toEqual([499, true]);
  });
});
