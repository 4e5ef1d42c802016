/** Where in the rows that match a moment or a record is. */
import { parseSequenceNumber } from '../kinesis/sequenceNumber.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import type { SeekAsked, SeekFound } from '../protocol/histogram.ts';
import type { TailStart } from '../protocol/tail.ts';
import type { Ring } from './ring.ts';
import { digitsOf } from './rowStore.ts';
import type { ShardEntry } from './shardTable.ts';
import type { View } from './view.ts';

/** Arrival times may fall within a shard: so many rows are looked at for the first one that is late enough. */
const fallingRowsMax = 1000;

const found = (position: number): SeekFound => ({ type: 'found', position });
const notHeld: SeekFound = { type: 'notHeld' };

export interface SeekParts {
  readonly ring: Ring;
  readonly view: View;
  readonly reading: SeekReading;
}

/** Where the rows come from. */
export interface SeekReading {
  readonly start: TailStart;
  /** When it was started, by the stream's clock. */
  readonly startedMs: number;
  shard(id: string): Pick<ShardEntry, 'reachedMs' | 'isCaughtUp'> | undefined;
}

/** Goes through all numbers for a record: some 100 ms with a million rows. */
export function seek(asked: SeekAsked, parts: SeekParts): SeekFound {
  return 'timestampMs' in asked
    ? seekTime(asked.timestampMs, parts)
    : seekRecord(asked.sequenceNumber, parts);
}

/** The same while no row of the start is there: whether it comes to the place. */
export function seekFromStart(asked: SeekAsked, reading: SeekReading): SeekFound {
  const begunMs = begunMsOf(reading);
  if ('timestampMs' in asked) return begunMs > asked.timestampMs ? notHeld : { type: 'notYet' };
  const number = parseSequenceNumber(asked.sequenceNumber);
  return number && begunMs < (number.seconds + 1) * 1000 ? { type: 'notYet' } : notHeld;
}

/** The first row that matches and arrived at that moment or later. */
function seekTime(timestampMs: number, { ring, view, reading }: SeekParts): SeekFound {
  if (heldFromMs(ring, reading) > timestampMs) return notHeld;
  const { store } = ring;
  const low = firstFrom(view, (slot) => store.orderOf(slot) >= timestampMs);
  const end = Math.min(view.end, low + fallingRowsMax);
  for (let position = low; position < end; position++) {
    if (store.arrivalOf(view.at(position)!) >= timestampMs) return found(position);
  }
  if (low < view.end) return found(low);
  return { type: newestMsOf(ring) >= timestampMs ? 'filtered' : 'notYet' };
}

function seekRecord(sequenceNumber: string, parts: SeekParts): SeekFound {
  const { ring, view } = parts;
  const { store } = ring;
  const slot = slotOf(sequenceNumber, ring);
  if (slot === undefined) return isToCome(sequenceNumber, parts) ? { type: 'notYet' } : notHeld;
  const position = firstFrom(view, (other) => store.compare(other, slot) >= 0);
  return view.at(position) === slot ? found(position) : { type: 'filtered' };
}

/** By what its number tells: what is held begins no later than its second, and its shard was not read past it. */
function isToCome(sequenceNumber: string, { ring, reading }: SeekParts): boolean {
  const number = parseSequenceNumber(sequenceNumber);
  if (!number) return false;
  const [fromMs, endMs] = [number.seconds * 1000, (number.seconds + 1) * 1000];
  const shardId = formatShardId(number.shardIndex);
  if (heldFromMs(ring, reading) >= endMs) return false;
  if (newestNumberOf(shardId, ring) > BigInt(sequenceNumber)) return false;
  if (newestMsOf(ring) < endMs) return true;
  const shard = reading.shard(shardId);
  if (!shard || shard.reachedMs >= endMs) return false;
  return !shard.isCaughtUp || fromMs >= reading.startedMs;
}

/** All that arrived from then on is held or still to come. */
function heldFromMs(ring: Ring, reading: SeekReading): number {
  if (ring.dropped > 0) return ring.oldestMs;
  const begunMs = begunMsOf(reading);
  return ring.length > 0 ? Math.min(begunMs, ring.oldestMs) : begunMs;
}

function begunMsOf({ start, startedMs }: SeekReading): number {
  if (start.type === 'LATEST') return startedMs;
  if (start.type === 'TRIM_HORIZON') return Number.NEGATIVE_INFINITY;
  if (start.type === 'AT_TIMESTAMP') return start.timestampMs;
  const seconds = parseSequenceNumber(start.sequenceNumber)?.seconds ?? Number.POSITIVE_INFINITY;
  return seconds * 1000;
}

const newestMsOf = (ring: Ring): number =>
  ring.length > 0 ? ring.store.orderOf(ring.at(ring.length - 1)) : Number.NEGATIVE_INFINITY;

/** Of the newest record held of that shard; 0 without one. Within a shard numbers rise. */
function newestNumberOf(shardId: string, ring: Ring): bigint {
  const { store } = ring;
  for (let index = ring.length - 1; index >= 0; index--) {
    const slot = ring.at(index);
    if (store.isRecord(slot) && store.shardIdOf(slot) === shardId) {
      return BigInt(store.sequenceNumberOf(slot));
    }
  }
  return 0n;
}

/** Of the oldest row with this number. */
function slotOf(sequenceNumber: string, ring: Ring): number | undefined {
  const { store } = ring;
  const digits = digitsOf(sequenceNumber);
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
