// Rows in columns and blocks: what goes in comes out, ids are never another row's, and memory is given up.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NewRecord, RowStore } from '../../src/tail/rowStore.ts';

const record = fc.record({
  orderMs: fc.integer({ min: 0, max: 10 ** 13 }),
  shardId: fc.constantFrom('shardId-000000000000', 'shardId-000000000001', 'shardId-000000000412'),
  partitionKey: fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 256 }),
  ),
  sequenceNumber: fc.bigInt({ min: 0n, max: 10n ** 128n - 1n }).map(String),
  subSequenceNumber: fc.option(fc.nat(), { nil: undefined }),
  arrivedMs: fc.integer({ min: 0, max: 10 ** 13 }),
  data: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 5000, size: 'max' })),
});
const deed = fc.oneof(
  { weight: 5, arbitrary: fc.record({ add: record }) },
  { weight: 1, arbitrary: fc.record({ say: fc.string({ maxLength: 50 }) }) },
  { weight: 4, arbitrary: fc.record({ remove: fc.nat() }) },
);

test('rows come out as they went in, under any sequence of additions and removals', () => {
  const property = fc.property(fc.array(deed, { maxLength: 150 }), (deeds) => {
    const store = new RowStore(64 * 1024);
    const held = new Map<number, object>();
    const gone = new Set<number>();
    for (const step of deeds) {
      if ('add' in step) {
        const slot = store.addRecord(step.add);
        const { orderMs, data, ...rest } = step.add;
        const kept = { kind: 'record', id: store.idOf(slot), ...rest, data: Uint8Array.from(data) };
        expect(held.has(kept.id) || gone.has(kept.id)).toBe(false);
        held.set(kept.id, kept);
        expect(store.orderOf(slot)).toBe(orderMs);
        data.fill(0); // what it came in is another's next
      } else if ('say' in step) {
        const slot = store.addEvent({ orderMs: 0, atMs: 5, tone: 'info', text: step.say });
        const id = store.idOf(slot);
        held.set(id, { kind: 'event', id, atMs: 5, tone: 'info', text: step.say });
      } else if (held.size > 0) {
        const id = [...held.keys()][step.remove % held.size]!;
        store.remove(store.slotOf(id)!);
        held.delete(id);
        gone.add(id);
      }
      for (const id of gone) expect(store.slotOf(id)).toBeUndefined();
      for (const [id, row] of held) expect(store.row(store.slotOf(id)!)).toEqual(row);
      expect(store.rows).toBe(held.size);
    }
  });
  fc.assert(property, { numRuns: 150 });
});

const plain = (data: Uint8Array): NewRecord => ({
  ...{ orderMs: 1, shardId: 'shardId-000000000000', partitionKey: 'k', sequenceNumber: '1' },
  ...{ arrivedMs: 1, data },
});

test('bytes of rows that are removed are given up, also of one that is longer than a block', () => {
  const store = new RowStore(1024 * 1024);
  const empty = store.bytes;
  const slots = Array.from({ length: 500 }, () => store.addRecord(plain(new Uint8Array(1000))));
  slots.push(store.addRecord(plain(new Uint8Array(10 * 1024 ** 2))));
  expect(store.bytes).toBeGreaterThan(10 * 1024 ** 2 + 500_000);
  for (const slot of slots) store.remove(slot);
  store.addRecord(plain(new Uint8Array(10)));
  expect(store.bytes - empty).toBeLessThan(40 * 1024);
});

test('explicit hash keys are kept, counted, and gone with their rows', () => {
  const store = new RowStore(1024 * 1024);
  const other = store.addRecord(plain(new Uint8Array(10)));
  const before = store.bytes;
  const slot = store.addRecord({ ...plain(new Uint8Array(10)), explicitHashKey: '17' });
  const without = store.addRecord(plain(new Uint8Array(10)));
  expect([other, slot, without].map((one) => store.explicitHashKeyOf(one))).toEqual([
    undefined,
    '17',
    undefined,
  ]);
  store.remove(without);
  const held = store.bytes;
  store.remove(slot);
  expect(held - store.bytes).toBeGreaterThan(60);
  expect(store.bytes).toBe(before);
  const again = store.addRecord(plain(new Uint8Array(10)));
  expect(store.explicitHashKeyOf(again)).toBeUndefined();
});

test('rows that come and go take no more memory than those that are held', () => {
  const store = new RowStore(1024 * 1024);
  const slots: number[] = [];
  let bytesMax = 0;
  for (let index = 0; index < 20_000; index++) {
    slots.push(store.addRecord(plain(new Uint8Array(1000))));
    if (slots.length > 300) store.remove(slots.shift()!);
    bytesMax = Math.max(bytesMax, store.bytes);
  }
  expect(bytesMax).toBeLessThan(300 * 1100 + 3 * 32 * 1024);
});

test('blocks that a few rows hold are given up once the rows are moved together', () => {
  const store = new RowStore(4 * 1024 * 1024);
  const slots = Array.from({ length: 4000 }, (_, index) =>
    store.addRecord({ ...plain(new Uint8Array(1000).fill(index)), sequenceNumber: String(index) }),
  );
  const kept = slots.filter((_, index) => index % 100 === 0);
  for (const [index, slot] of slots.entries()) if (index % 100 > 0) store.remove(slot);
  const before = store.bytes;
  store.compact();
  expect(store.bytes).toBeLessThan(before / 10);
  for (const slot of kept) {
    const number = Number(store.sequenceNumberOf(slot));
    expect(store.dataOf(slot)).toEqual(new Uint8Array(1000).fill(number));
  }
});
