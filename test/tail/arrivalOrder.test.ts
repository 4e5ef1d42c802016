// The order between shards: rows wait for shards that are behind, for two seconds at most, and late ones find their place.
import { expect, test } from 'vitest';
import { ArrivalOrder, waitMsMax } from '../../src/tail/arrivalOrder.ts';
import { Ring } from '../../src/tail/ring.ts';

function setUp({ rowsMax = 1000, bytesMax = 1e9 } = {}) {
  const ring = new Ring({ rowsMax, bytesMax });
  const order = new ArrivalOrder(ring);
  const keep = (text: string, orderMs: number, bytes = 0): number =>
    ring.keepRecord({
      ...{ shardId: 'shardId-000000000000', partitionKey: text, sequenceNumber: '1' },
      ...{ orderMs, arrivedMs: orderMs, data: new Uint8Array(bytes) },
    });
  const shown = (): string =>
    Array.from({ length: ring.length }, (_, index) =>
      ring.store.partitionKeyOf(ring.at(index)),
    ).join('');
  return { ring, order, keep, shown };
}

test('rows are shown up to where every shard has come', () => {
  const { order, keep, shown } = setUp();
  order.add([keep('b', 20), keep('d', 40)], 0);
  order.release(10, 0);
  expect(shown()).toBe('');
  order.add([keep('a', 15), keep('c', 30)], 0);
  order.release(30, 0);
  expect(shown()).toBe('abc');
  order.release(Number.POSITIVE_INFINITY, 0);
  expect([shown(), order.length, order.late]).toEqual(['abcd', 0, 0]);
});

test('a row waits two seconds at most, and those before it are shown with it', () => {
  const { order, keep, shown } = setUp();
  order.add([keep('b', 20)], 0);
  order.add([keep('a', 10), keep('c', 30)], 100);
  expect(order.dueMs).toBe(waitMsMax);
  order.release(0, waitMsMax - 1);
  expect(shown()).toBe('');
  order.release(0, waitMsMax);
  expect([shown(), order.dueMs]).toEqual(['ab', waitMsMax + 100]);
  order.release(0, waitMsMax + 100);
  expect([shown(), order.dueMs]).toEqual(['abc', undefined]);
});

test('what comes later still is put where it belongs, and counted', () => {
  const { order, keep, shown } = setUp();
  order.add([keep('b', 20), keep('d', 40)], 0);
  order.flush();
  order.add([keep('a', 10), keep('c', 30), keep('e', 50)], 0);
  order.release(Number.POSITIVE_INFINITY, 0);
  expect([shown(), order.late]).toEqual(['abcde', 2]);
});

test('of too much that waits the oldest rows are shown', () => {
  const { order, keep, shown } = setUp({ bytesMax: 100_000 });
  order.add([keep('a', 10, 20_000), keep('b', 20, 20_000), keep('c', 30, 1000)], 0);
  order.release(0, 0);
  expect(shown()).toBe('a');
});

test('rows of one time stay as they came', () => {
  const { order, keep, shown } = setUp();
  order.add([keep('a', 10), keep('b', 10)], 0);
  order.add([keep('c', 10)], 0);
  order.flush();
  order.add([keep('d', 10)], 0);
  order.flush();
  expect([shown(), order.late]).toEqual(['abcd', 0]);
});

test('a slot that another row has meanwhile keeps nothing waiting and lets nothing go', () => {
  const { order, keep, shown } = setUp({ rowsMax: 1 });
  order.add([keep('a', 10)], 0);
  order.add([keep('b', 20)], 1);
  order.release(20, 1); // `a` is dropped, and its slot is free
  order.add([keep('d', 900)], 2);
  order.release(0, waitMsMax + 1);
  expect([shown(), order.length]).toEqual(['b', 1]);
});
