/** Where in the rows that match a moment or a record is. */
import type { SeekAsked, SeekFound } from '../protocol/histogram.ts';
import type { Ring } from './ring.ts';
import type { View } from './view.ts';

/** Arrival times may fall within a shard: so many rows are looked at for the first one that is late enough. */
const fallingRowsMax = 1000;

const found = (position: number): SeekFound => ({ type: 'found', position });
const notHeld: SeekFound = { type: 'notHeld' };

/** Goes through all numbers for a record: some 100 ms with a million rows. */
export function seek(asked: SeekAsked, parts: { ring: Ring; view: View }): SeekFound {
  return 'timestampMs' in asked
    ? seekTime(asked.timestampMs, parts)
    : seekRecord(asked.sequenceNumber, parts);
}

/** The first row that matches and arrived at that moment or later. */
function seekTime(timestampMs: number, { ring, view }: { ring: Ring; view: View }): SeekFound {
  if (ring.oldestMs > timestampMs) return notHeld;
  const { store } = ring;
  const low = firstFrom(view, (slot) => store.orderOf(slot) >= timestampMs);
  const end = Math.min(view.end, low + fallingRowsMax);
  for (let position = low; position < end; position++) {
    if (store.arrivalOf(view.at(position)!) >= timestampMs) return found(position);
  }
  if (low < view.end) return found(low);
  const newest = ring.length > 0 ? store.orderOf(ring.at(ring.length - 1)) : timestampMs - 1;
  return { type: newest >= timestampMs ? 'filtered' : 'notYet' };
}

function seekRecord(sequenceNumber: string, parts: { ring: Ring; view: View }): SeekFound {
  const { ring, view } = parts;
  const { store } = ring;
  const slot = slotOf(sequenceNumber, ring);
  if (slot === undefined) return notHeld;
  const position = firstFrom(view, (other) => store.compare(other, slot) >= 0);
  return view.at(position) === slot ? found(position) : { type: 'filtered' };
}

/** Of the oldest row with this number. */
function slotOf(sequenceNumber: string, ring: Ring): number | undefined {
  const { store } = ring;
  const digits = new Uint8Array(sequenceNumber.length);
  for (let place = 0; place < digits.length; place++) {
    digits[place] = sequenceNumber.charCodeAt(place);
  }
  for (let index = 0; index < ring.length; index++) {
    const slot = ring.at(index);
    if (store.isRecord(slot) && store.hasSequenceNumber(slot, digits)) return slot;
  }
  return undefined;
}

/** The first position whose row is far enough; all behind it are, and none before it. */
function firstFrom(view: View, isFarEnough: (slot: number) => boolean): number {
  let [low, high] = [view.first, view.end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isFarEnough(view.at(middle)!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
