/** Which key a log that was opened goes on with, so that no number is ever given twice. It keeps no state. */
import type { Log } from './log/log.ts';
import type { ShardEntry } from './streamEntry.ts';

/**
 * A log that was reopened goes on at least this far above its last key: after a power cut acknowledged
 * records may be missing, and a reader's iterator above them must not skip what comes later.
 * @source guessed: numbers of today's streams have gaps.
 */
const reopenGap = 2 ** 30;

/** What was told after one opening and lost before the next is known to the clock only. */
const keysPerMs = 4096;
const clockSinceMs = Date.UTC(2020, 0, 1);
/** A clock that was moved centuries ahead must not use up the keys. */
const clockKeyMax = 2 ** 52;

/** The first key after an opening: above every key that was ever told, whether it is still there or not. */
export function firstKeyAfterOpening({
  log,
  nowMs,
  shards,
}: {
  log: Pick<Log, 'bytes' | 'lastKey'>;
  /** Wall time. */
  nowMs: number;
  shards: readonly Pick<ShardEntry, 'startKey'>[];
}): number {
  // A log without files never took a record.
  const afterLog = log.bytes === 0 ? 1 : Math.max(log.lastKey + 1 + reopenGap, keyOfTime(nowMs));
  const startKey = Math.max(0, ...shards.map((shard) => shard.startKey));
  return startKey > afterLog ? startKey + reopenGap : afterLog;
}

function keyOfTime(nowMs: number): number {
  const key = Math.floor(nowMs - clockSinceMs) * keysPerMs;
  return key <= clockKeyMax ? key : 0;
}
