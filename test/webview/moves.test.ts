// Rows that move under a panel that was told so stand where they belong, each by its id.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { Ring } from '../../src/tail/ring.ts';
import { View } from '../../src/tail/view.ts';
import { timeBox } from '../../src/worker/timeBox.ts';
import { RowCache } from '../../webview/state/rowCache.ts';
import { movedPosition } from '../../webview/state/viewport.ts';

test('each position that the panel keeps has the row that the view has there, whatever comes late', () => {
  const batch = fc.array(fc.nat(2000), { minLength: 1, maxLength: 120, size: 'max' });
  const property = fc.property(fc.array(batch, { minLength: 2, maxLength: 12 }), (batches) => {
    const ring = new Ring({ rowsMax: 300, bytesMax: 1e9 });
    const view = new View(ring, { decoder: plainDecoder, timeBox, monotonic: () => 0 });
    const cache = new RowCache();
    cache.reset(1);
    let [revision, active] = [0, 0];
    let activeId: number | undefined;
    for (const orders of batches) {
      const slots = orders
        .sort((a, b) => a - b)
        .map((orderMs) => {
          const place = { orderMs, arrivedMs: orderMs, shardId: 'shardId-000000000000' };
          return ring.keepRecord({
            ...place,
            partitionKey: 'k',
            sequenceNumber: '1',
            data: new Uint8Array(0),
          });
        });
      ring.show(slots);
      const moves = view.takeMoves()!;
      if (moves.length > 0) cache.move(moves, ++revision);
      active = movedPosition(active, moves);
      const idAt = (position: number) => ring.store.idOf(view.at(position)!);
      for (let position = view.first; position < view.end; position++) {
        const row = cache.get(position);
        if (row) expect(row.id).toBe(idAt(position));
      }
      if (activeId !== undefined && active >= view.first) expect(idAt(active)).toBe(activeId);
      const rows = Array.from({ length: view.end - view.first }, (_, index) => {
        const position = view.first + index;
        return {
          kind: 'event' as const,
          id: idAt(position),
          position,
          atMs: 0,
          tone: 'info' as const,
          text: '',
        };
      });
      cache.add({ generation: 1, revision, from: view.first, rows });
      if (activeId === undefined || active < view.first) {
        active = view.first + Math.floor(rows.length / 2);
        activeId = idAt(active);
      }
    }
  });
  fc.assert(property, { numRuns: 200 });
});
