/** Which key a log that was opened goes on with, so that no number is ever given twice. It keeps no state. */
import type { Log } from './log/log.ts';
import type { ShardEntry } from './streamEntry.ts';

/**
 * After a power cut acknowledged records may be missing, and a reader's iterator above them must not skip
 * what comes later. What was told and lost is known to the clock only: a key is at least the time of the
 * opening, with room for this many keys in a millisecond.
 * @source guessed: numbers of today's streams have gaps.
 */
const keysPerMs = 4096;
const clockSinceMs = Date.UTC(2020, 0, 1);
/** A clock that was moved centuries ahead must not use up the keys. */
const clockKeyMax = 2 ** 52;
/** Where the clock was set back, a log goes on this far above its last key. */
const reopenGap = 2 ** 30;

/** The first key after an opening: above every key that was ever told, whether it is still there or not. */
export function firstKeyAfterOpening({
  log,
  nowMs,
  shards,
  keyFloor,
}: {
  log: Pick<Log, 'bytes' | 'lastKey'>;
  /** Wall time. */
  nowMs: number;
  shards: readonly Pick<ShardEntry, 'startKey'>[];
  /** Everything below was told before a restore. */
  keyFloor: number;
}): number {
  // A log without files never took a record.
  const afterLog = log.bytes === 0 ? 1 : keyAbove(log.lastKey, nowMs);
  const startKey = Math.max(0, ...shards.map((shard) => shard.startKey));
  return Math.max(keyFloor, startKey > afterLog ? startKey + reopenGap : afterLog);
}

function keyAbove(lastKey: number, nowMs: number): number {
  const byClock = keyByClock(nowMs);
  return byClock !== undefined && byClock > lastKey ? byClock : lastKey + 1 + reopenGap;
}

/** The key that belongs to a wall time; undefined for times too far ahead. */
export function keyByClock(nowMs: number): number | undefined {
  const key = Math.floor(nowMs - clockSinceMs) * keysPerMs;
  return key <= clockKeyMax ? key : undefined;
}
