/** Finds a row again by what its stream calls it: positions and ids are of one tail alone. */
import type { RecordPlace } from '../protocol/tail.ts';
import type { Ring } from './ring.ts';
import { digitsOf } from './rowStore.ts';

/** The slot of the record, whatever the filter; the newest rows are looked at first. Undefined when it is not held. */
export function findRecord(place: RecordPlace, ring: Ring): number | undefined {
  const { shardId, sequenceNumber, subSequenceNumber } = place;
  const { store } = ring;
  const digits = digitsOf(sequenceNumber);
  const isIt = (slot: number): boolean =>
    store.isRecord(slot) &&
    store.hasSequenceNumber(slot, digits) &&
    store.subSequenceNumberOf(slot) === subSequenceNumber &&
    store.shardIdOf(slot) === shardId;
  for (let index = ring.length - 1; index >= 0; index--) {
    const slot = ring.at(index);
    if (isIt(slot)) return slot;
  }
  return undefined;
}
