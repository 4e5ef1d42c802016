// Rows for a ring, by when they arrived.
import { plainDecoder } from '../../../src/decode/decodeRecord.ts';
import type { Ring } from '../../../src/tail/ring.ts';
import type { NewRecord } from '../../../src/tail/rowStore.ts';
import { timeBox } from '../../../src/worker/timeBox.ts';

export const parts = { decoder: plainDecoder, timeBox, monotonic: () => 0 };
const utf8 = new TextEncoder();

export interface Put {
  readonly arrivedMs: number;
  readonly orderMs?: number;
  readonly text?: string;
  readonly shard?: number;
  readonly sequenceNumber?: string;
}

export function recordOf({ arrivedMs, orderMs = arrivedMs, ...more }: Put): NewRecord {
  const { text = 'a', shard = 0, sequenceNumber = '1' } = more;
  const shardId = `shardId-${String(shard).padStart(12, '0')}`;
  const place = { shardId, arrivedMs, orderMs };
  return { ...place, sequenceNumber, partitionKey: 'key', data: utf8.encode(text) };
}

export const put = (ring: Ring, ...records: Put[]): void => {
  const slots = records.map((record) => ring.keepRecord(recordOf(record)));
  ring.show(slots.sort(ring.store.compare));
};
