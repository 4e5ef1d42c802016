/** Finds a row again by what its stream calls it: positions and ids are of one tail alone. */
import type { RecordPlace } from '../protocol/tail.ts';
import type { RowStore } from './rowStore.ts';

/** Rows by position, as a view has them. */
interface Positions {
  readonly first: number;
  readonly end: number;
  at(position: number): number | undefined;
}

/** The newest rows are looked at first. Undefined when the record is not held or does not match the filter. */
export function findRecord(
  place: RecordPlace,
  { view, store }: { view: Positions; store: RowStore },
): { position: number; id: number } | undefined {
  const { shardId, sequenceNumber, subSequenceNumber } = place;
  const isIt = (slot: number): boolean =>
    store.isRecord(slot) &&
    store.subSequenceNumberOf(slot) === subSequenceNumber &&
    store.shardIdOf(slot) === shardId &&
    store.sequenceNumberOf(slot) === sequenceNumber;
  for (let position = view.end - 1; position >= view.first; position--) {
    const slot = view.at(position)!;
    if (isIt(slot)) return { position, id: store.idOf(slot) };
  }
  return undefined;
}
